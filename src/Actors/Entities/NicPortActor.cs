using IoScale.Actors.Assembly;
using IoScale.Hardware.Nics;
using IoScale.Hardware.Numbers;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of a NIC port.</summary>
[MemoryPackable]
public sealed partial class NicPortState
{
    /// <summary>When the port can begin to send the next frame.</summary>
    public long EgressFreePs { get; set; }

    /// <summary>When the path from VF to VF inside the card is free.</summary>
    public long LoopbackFreePs { get; set; }

    /// <summary>Frames sent to a station outside.</summary>
    public long SentOutside { get; set; }

    public InterruptSource Pf { get; set; } = null!;

    /// <summary>VFs (indexes of functions) whose mailbox message the PF's driver has not read yet.</summary>
    public Queue<int> MailboxWaiting { get; set; } = new();

    public long PfInterruptsServiced { get; set; }
}

/// <summary>A port of a NIC and its PF: the switch that sorts received frames to VFs, the line out, the PF's mailbox.</summary>
public sealed class NicPortActor : WiredActor<NicPortState>
{
    private const int MailboxEntry = 2;

    private readonly NicModel _model;
    private readonly HostWiring _host;
    private readonly int _pf;
    private readonly EntityId? _fabric;
    private readonly long _fabricLatencyPs;
    private readonly long _msiLatencyPs;

    /// <param name="pf">Index of the PF in the host's list of functions.</param>
    /// <param name="fabric">The switch the port's wire goes to, or null: a station outside.</param>
    public NicPortActor(Wiring wiring, HostWiring host, NicModel model, int pf, EntityId? fabric, long fabricLatencyPs, long msiLatencyPs)
        : base(wiring)
    {
        _host = host;
        _model = model;
        _pf = pf;
        _fabric = fabric;
        _fabricLatencyPs = fabricLatencyPs;
        _msiLatencyPs = msiLatencyPs;
        State = new NicPortState { Pf = new InterruptSource(host.Functions[pf].Function.TableSize) };
    }

    private FunctionWiring Pf => _host.Functions[_pf];

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case Frames frames:
                Forward(frames);
                break;
            case Transmit transmit:
                Transmit(sender, transmit);
                break;
            case Acknowledge acknowledge:
                Return(acknowledge);
                break;
            case Mailbox mailbox:
                State.MailboxWaiting.Enqueue(mailbox.Function);
                Write(Pf.Function.Vectors > MailboxEntry ? State.Pf.Raise(MailboxEntry, Pf.SourceId) : null);
                break;
            case HostInterrupt:
                State.PfInterruptsServiced++;
                while (State.MailboxWaiting.TryDequeue(out int function))
                {
                    Send(_host.Functions[function].Entity, new Mailbox(function), 0);
                }

                break;
            case WriteMsix write:
                Write(State.Pf.Write(write, Pf.SourceId));
                break;
            case FunctionUp:
                State.Pf.Table.SetEnabled(true);
                break;
            case FunctionDown:
                State.Pf.Reset();
                break;
            case MeasureStart:
                State.Pf.MeasureStart();
                break;
            default:
                throw new InvalidOperationException($"a NIC port does not understand {message.GetType().Name}");
        }
    }

    private void Write(MsiWrite? message)
    {
        if (message is not null)
        {
            Send(Pf.Iommu, message, _msiLatencyPs);
        }
    }

    /// <summary>Received frames: to the pool of their VF, written to memory after the card's latency.</summary>
    private void Forward(Frames frames) =>
        Send(
            Wiring.Flows[frames.Flow].ToVf!.Value,
            frames with { FirstPs = frames.FirstPs + _model.RxLatencyPs },
            _model.RxLatencyPs);

    private void Transmit(EntityId vf, Transmit transmit)
    {
        FlowWiring flow = Wiring.Flows[transmit.Flow];
        bool loopback = flow.ToPort == Id;
        long rate = loopback ? _model.LoopbackBps : _model.PortRateBps;
        long frameTime = Ethernet.FrameTimePs(transmit.FrameBytes, rate);
        long start = Math.Max(Now, loopback ? State.LoopbackFreePs : State.EgressFreePs);
        long first = start + frameTime;
        long last = start + (transmit.Count * frameTime);
        if (loopback)
        {
            State.LoopbackFreePs = last;
        }
        else
        {
            State.EgressFreePs = last;
        }

        Send(vf, new TransmitDone(transmit.Count, (long)transmit.Count * transmit.FrameBytes), last - Now);
        Frames frames = new(transmit.Flow, first, frameTime, transmit.Count, transmit.FrameBytes, transmit.SentPs);
        if (loopback)
        {
            Send(flow.ToVf!.Value, frames with { FirstPs = first + _model.RxLatencyPs }, first + _model.RxLatencyPs - Now);
        }
        else if (flow.ToWire is null)
        {
            State.SentOutside += transmit.Count;
            if (flow.IsWatched)
            {
                Send(flow.Station!.Value, new ReachedStation(transmit.Flow, transmit.Count, frameTime, transmit.SentPs), last + flow.Spec.DistancePs - Now);
            }
        }
        else
        {
            Send(_fabric!.Value, frames with { FirstPs = first + _fabricLatencyPs }, first + _fabricLatencyPs - Now);
        }
    }

    /// <summary>An acknowledgement goes back the way its frames came.</summary>
    private void Return(Acknowledge acknowledge)
    {
        FlowWiring flow = Wiring.Flows[acknowledge.Flow];
        if (flow.FromPort is null)
        {
            Send(flow.Sender, acknowledge, flow.Spec.DistancePs);
        }
        else if (flow.FromPort == Id || (flow.ToVif >= 0 && _host.Vifs.Any(v => v.Vm == flow.Sender)))
        {
            SendInHost(flow.Sender, acknowledge);
        }
        else
        {
            Send(_fabric!.Value, acknowledge, _fabricLatencyPs);
        }
    }
}
