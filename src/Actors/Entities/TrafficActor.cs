using IoScale.Actors.Assembly;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of the wire into a port.</summary>
[MemoryPackable]
public sealed partial class TrafficState : ISendingState
{
    public FlowSource[] Sources { get; set; } = [];

    /// <summary>When the wire is free again.</summary>
    public long WireFreePs { get; set; }

    /// <summary>Time the wire has carried bits, preamble and gap included.</summary>
    public long BusyPs { get; set; }

    public long BusyPsBefore { get; set; }

    /// <summary>Time the wire has carried bits up to now: what is booked beyond has not been on it.</summary>
    public long BusyBy(long nowPs) => BusyPs - Math.Max(0, WireFreePs - nowPs);

    public long Sent { get; set; }

    public long SentBefore { get; set; }

    /// <summary>Frames lost because the wire's queue was full, by flow.</summary>
    public Dictionary<int, long> Dropped { get; set; } = [];

    public Dictionary<int, long> DroppedBefore { get; set; } = [];
}

/// <summary>
/// The wire into a NIC port and the switch port it hangs on: the stations outside send from here, frames from the fabric come by here. One
/// frame after the other at line rate; a queue of 512 KiB before it (as in a switch of the time, R-L), tail drop behind that. Stations acknowledge
/// and answer at once what reaches them.
/// </summary>
public sealed class TrafficActor : SendingActor<TrafficState>
{
    /// <summary>Bytes of frames that may wait for the wire.</summary>
    public const long QueueBytes = 512 * 1024;

    private readonly EntityId _port;
    private readonly long _rateBps;

    /// <param name="flows">Indexes of the flows that start outside and go to this port.</param>
    public TrafficActor(Wiring wiring, EntityId port, long rateBps, int[] flows)
        : base(wiring, flows)
    {
        _port = port;
        _rateBps = rateBps;
        State = new TrafficState();
    }

    protected override void Start() => StartSources();

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case Frames { Count: > 1, SpacingPs: > 0 } frames:
                // Frames of others may come between those of a train that arrives one after the other.
                Carry(frames with { Count = 1 });
                After(frames.SpacingPs, frames with { FirstPs = frames.FirstPs + frames.SpacingPs, Count = frames.Count - 1 });
                break;
            case Frames frames:
                Carry(frames);
                break;
            case ReachedStation reached:
                Answer(reached);
                break;
            case MeasureStart:
                State.BusyPsBefore = State.BusyBy(Now);
                State.SentBefore = State.Sent;
                State.DroppedBefore = new Dictionary<int, long>(State.Dropped);
                MeasureSources();
                break;
            default:
                if (!HandleSource(message))
                {
                    throw new InvalidOperationException($"the wire does not understand {message.GetType().Name}");
                }

                break;
        }
    }

    /// <summary>A station sends frames; they reach the wire after its distance.</summary>
    protected override void Emit(int flow, FlowSpec spec, int count)
    {
        State.Sent += count;
        long distance = spec.Transport == TransportKind.Udp ? 0 : spec.DistancePs;
        Frames frames = new(flow, Now + distance, 0, count, spec.FrameBytes, Now);
        if (distance == 0)
        {
            Carry(frames);
        }
        else
        {
            After(distance, frames);
        }
    }

    private void Answer(ReachedStation reached)
    {
        FlowWiring flow = Wiring.Flows[reached.Flow];
        if (flow.IsResponse)
        {
            Responded(reached.Flow, reached.SentPs, reached.Count, reached.SpacingPs);
            return;
        }

        bool answers = flow.Spec.Transport == TransportKind.RequestResponse;
        SendInHost(flow.Sender, new Acknowledge(reached.Flow, reached.Count, reached.SentPs, answers ? Now : 0), flow.Spec.DistancePs);
        if (answers)
        {
            Emit(flow.Partner, Wiring.Flows[flow.Partner].Spec, reached.Count);
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
