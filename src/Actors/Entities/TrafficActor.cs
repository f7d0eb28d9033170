using IoScale.Actors.Assembly;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of the wire into a port.</summary>
[MemoryPackable]
public sealed partial class TrafficState
{
    /// <summary>Clocks of the flows that start outside, in the order of the actor's flow list.</summary>
    public DepartureClock[] Clocks { get; set; } = [];

    /// <summary>When the wire is free again.</summary>
    public long WireFreePs { get; set; }

    /// <summary>Time the wire has carried bits, preamble and gap included.</summary>
    public long BusyPs { get; set; }

    public long BusyPsBefore { get; set; }

    public long Sent { get; set; }

    public long SentBefore { get; set; }

    /// <summary>Frames lost because the wire's queue was full, by flow.</summary>
    public Dictionary<int, long> Dropped { get; set; } = [];

    public Dictionary<int, long> DroppedBefore { get; set; } = [];
}

/// <summary>
/// The wire into a NIC port and the switch port it hangs on: the stations outside send from here, frames from the fabric come by here. One
/// frame after the other at line rate; a queue of 512 KiB before it (as in a switch of the time, R-L), tail drop behind that.
/// </summary>
public sealed class TrafficActor : WiredActor<TrafficState>
{
    /// <summary>Bytes of frames that may wait for the wire.</summary>
    public const long QueueBytes = 512 * 1024;

    private readonly EntityId _port;
    private readonly long _rateBps;
    private readonly int[] _flows;

    /// <param name="flows">Indexes of the flows that start outside and go to this port.</param>
    public TrafficActor(Wiring wiring, EntityId port, long rateBps, int[] flows)
        : base(wiring)
    {
        _port = port;
        _rateBps = rateBps;
        _flows = flows;
        State = new TrafficState();
    }

    protected override void Start()
    {
        State.Clocks = new DepartureClock[_flows.Length];
        for (int i = 0; i < _flows.Length; i++)
        {
            FlowSpec flow = Wiring.Flows[_flows[i]].Spec;
            State.Clocks[i] = new DepartureClock(Stream(flow.Name));
            Schedule(i, State.Clocks[i].First(flow));
        }
    }

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case Depart depart:
                FlowSpec flow = Wiring.Flows[_flows[depart.Flow]].Spec;
                State.Sent += flow.Burst;
                Carry(new Frames(_flows[depart.Flow], Now, 0, flow.Burst, flow.FrameBytes, Now));
                Schedule(depart.Flow, State.Clocks[depart.Flow].Next(flow, Now));
                break;
            case Frames { Count: > 1 } frames:
                // Frames of others may come between those of a train that arrives one after the other.
                Carry(frames with { Count = 1 });
                After(frames.SpacingPs, frames with { FirstPs = frames.FirstPs + frames.SpacingPs, Count = frames.Count - 1 });
                break;
            case Frames frames:
                Carry(frames);
                break;
            case MeasureStart:
                State.BusyPsBefore = State.BusyPs;
                State.SentBefore = State.Sent;
                State.DroppedBefore = new Dictionary<int, long>(State.Dropped);
                break;
            default:
                throw new InvalidOperationException($"the wire does not understand {message.GetType().Name}");
        }
    }

    private void Schedule(int flow, long atPs)
    {
        if (atPs < Wiring.Flows[_flows[flow]].Spec.StopPs)
        {
            After(atPs - Now, new Depart(flow));
        }
    }

    /// <summary>Frames that are here together. One is taken while the backlog before it is within the limit.</summary>
    private void Carry(Frames frames)
    {
        long frameTime = Ethernet.FrameTimePs(frames.FrameBytes, _rateBps);
        long limit = (long)((UInt128)(8 * QueueBytes) * 1_000_000_000_000 / (ulong)_rateBps);
        long start = Math.Max(Now, State.WireFreePs);
        long backlog = start - Now;
        int taken = backlog > limit ? 0 : (int)Math.Min(frames.Count, ((limit - backlog) / frameTime) + 1);
        if (taken < frames.Count)
        {
            State.Dropped[frames.Flow] = State.Dropped.GetValueOrDefault(frames.Flow) + frames.Count - taken;
        }

        if (taken > 0)
        {
            State.WireFreePs = start + (taken * frameTime);
            State.BusyPs += taken * frameTime;
            long first = start + frameTime;
            Send(_port, frames with { FirstPs = first, SpacingPs = frameTime, Count = taken }, first - Now);
        }
    }
}
