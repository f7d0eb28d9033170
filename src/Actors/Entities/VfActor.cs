using IoScale.Actors.Assembly;
using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of a virtual function.</summary>
[MemoryPackable]
public sealed partial class VfState
{
    /// <summary>The driver has its vectors and has set the VF up.</summary>
    public bool Up { get; set; }

    public InterruptSource Interrupts { get; set; } = null!;

    public Coalescer RxModeration { get; set; } = null!;

    public Coalescer TxModeration { get; set; } = null!;

    /// <summary>Trains written to memory of which a frame may still have to be signalled.</summary>
    public TrainQueue Arriving { get; set; } = new();

    public bool RxEnabled { get; set; }

    public bool TxEnabled { get; set; }

    /// <summary>Frames that arrived up to here have been signalled.</summary>
    public long SignalledPs { get; set; } = -1;

    /// <summary>Descriptors sent that have not been signalled.</summary>
    public bool TxCause { get; set; }

    /// <summary>Moderation timers that count; an older one is ignored.</summary>
    public int RxGeneration { get; set; }

    public int TxGeneration { get; set; }

    /// <summary>When the current receive timer is due; never when none runs.</summary>
    public long RxDuePs { get; set; } = VirtualDuration.Never;

    public int FramesLastPoll { get; set; }

    public long BytesLastPoll { get; set; }

    /// <summary>Descriptors and bytes sent since the last transmit interrupt.</summary>
    public long TxDescriptors { get; set; }

    public long TxBytes { get; set; }

    /// <summary>Frames that a driver handed over before a reset and that came after it.</summary>
    public long ResetDrops { get; set; }

    public long ResetDropsBefore { get; set; }

    /// <summary>Frames for a VF that is not up.</summary>
    public long NoDriverDrops { get; set; }

    public long NoDriverDropsBefore { get; set; }

    /// <summary>Frames written to the VM's memory.</summary>
    public long Received { get; set; }

    public int Resets { get; set; }
}

/// <summary>A virtual function: hands received frames to its VM's memory, frames to send to its port, and raises moderated interrupts.</summary>
public sealed class VfActor : WiredActor<VfState>
{
    private const int RxEntry = 0;
    private const int TxEntry = 1;
    private const int MailboxEntry = 2;

    private readonly HostWiring _host;
    private readonly int _function;
    private readonly EntityId _port;
    private readonly NicSpec _nic;
    private readonly long _msiLatencyPs;

    /// <param name="function">Index in the host's list of functions.</param>
    public VfActor(Wiring wiring, HostWiring host, int function, EntityId port, NicSpec nic, long msiLatencyPs)
        : base(wiring)
    {
        _host = host;
        _function = function;
        _port = port;
        _nic = nic;
        _msiLatencyPs = msiLatencyPs;
        State = new VfState
        {
            Interrupts = new InterruptSource(host.Functions[function].Function.TableSize),
            RxModeration = new Coalescer(nic.RxCoalescing, nic.Model, nic.RxRing),
            TxModeration = new Coalescer(nic.TxCoalescing, nic.Model, nic.TxRing),
        };
    }

    private FunctionWiring Function => _host.Functions[_function];

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case Frames frames:
                Receive(frames);
                break;
            case ModerationDue due:
                ModerationOver(due);
                break;
            case RxEnable enable:
                State.FramesLastPoll = enable.Frames;
                State.BytesLastPoll = enable.Bytes;
                State.RxEnabled = State.Up;
                ArmReceive();
                break;
            case Transmit transmit:
                if (State.Up)
                {
                    Send(_port, transmit, 0);
                }
                else
                {
                    // Handed over before a reset: lost with the ring.
                    State.ResetDrops += transmit.Count;
                }

                break;
            case TransmitDone done:
                if (State.Up)
                {
                    SendInHost(Function.Vm!.Value, new TransmitWriteback(Function.VfOfVm, done.Descriptors));
                    State.TxDescriptors += done.Descriptors;
                    State.TxBytes += done.Bytes;
                    State.TxCause = true;
                    ArmTransmit();
                }

                break;
            case TxEnable:
                State.TxEnabled = State.Up;
                ArmTransmit();
                break;
            case Mailbox:
                if (State.Up && Function.Function.Vectors > MailboxEntry)
                {
                    Raise(MailboxEntry);
                }

                break;
            case WriteMsix write:
                Write(State.Interrupts.Write(write, Function.SourceId));
                break;
            case FunctionUp:
                State.Up = true;
                State.Interrupts.Table.SetEnabled(true);
                if (Function.Function.Queue < 0)
                {
                    Send(_port, new Mailbox(_function), 0);
                }

                break;
            case FunctionDown:
                TakeDown();
                break;
            case MeasureStart:
                State.Interrupts.MeasureStart();
                State.NoDriverDropsBefore = State.NoDriverDrops;
                State.ResetDropsBefore = State.ResetDrops;
                break;
            default:
                throw new InvalidOperationException($"a VF does not understand {message.GetType().Name}");
        }
    }

    private void Receive(Frames frames)
    {
        if (!State.Up)
        {
            State.NoDriverDrops += frames.Count;
            return;
        }

        State.Received += frames.Count;
        FrameTrain train = new(frames.FirstPs, frames.SpacingPs, frames.Count, frames.FrameBytes, frames.Flow);
        State.Arriving.Enqueue(train);
        long shift = Wiring.PartitionOf[Function.Vm!.Value.Value] == Wiring.PartitionOf[Id.Value] ? 0 : Wiring.CrossSocketPs;
        SendInHost(
            Function.Vm.Value,
            new Received(Function.VfOfVm, frames.Flow, frames.FirstPs + shift, frames.SpacingPs, frames.Count, frames.FrameBytes, frames.SentPs));
        ArmReceive();
    }

    /// <summary>The receive interrupt is due when a frame is there that has not been signalled, the driver allows it, and the interval is over.</summary>
    private void ArmReceive()
    {
        // Looked for only where it matters: while the driver polls, what has arrived may grow long.
        long cause = State.RxEnabled ? NextUnsignalled() : VirtualDuration.Never;
        if (cause == VirtualDuration.Never)
        {
            return;
        }

        long due = Math.Max(State.RxModeration.NextAllowedPs(Now), cause);
        if (due < State.RxDuePs)
        {
            State.RxDuePs = due;
            After(due - Now, new ModerationDue(RxEntry, ++State.RxGeneration));
        }
    }

    private long NextUnsignalled()
    {
        long next = VirtualDuration.Never;
        for (int i = 0; i < State.Arriving.Count;)
        {
            FrameTrain train = State.Arriving[i];
            if (train.LastPs <= State.SignalledPs)
            {
                State.Arriving.RemoveAt(i);
                continue;
            }

            next = Math.Min(next, train.AtPs(train.ArrivedBy(State.SignalledPs)));
            i++;
        }

        return next;
    }

    private void ArmTransmit()
    {
        if (State.TxEnabled && State.TxCause)
        {
            After(State.TxModeration.NextAllowedPs(Now) - Now, new ModerationDue(TxEntry, ++State.TxGeneration));
        }
    }

    private void ModerationOver(ModerationDue due)
    {
        if (due.MsixEntry == RxEntry && due.Generation == State.RxGeneration && State.RxEnabled)
        {
            State.RxDuePs = VirtualDuration.Never;
            State.RxEnabled = false;
            State.SignalledPs = Now;
            State.RxModeration.OnInterrupt(Now, State.FramesLastPoll, State.BytesLastPoll);
            Raise(RxEntry);
        }
        else if (due.MsixEntry == TxEntry && due.Generation == State.TxGeneration && State.TxEnabled && State.TxCause)
        {
            State.TxCause = false;
            State.TxEnabled = false;
            State.TxModeration.OnInterrupt(Now, State.TxDescriptors, State.TxBytes);
            State.TxDescriptors = 0;
            State.TxBytes = 0;
            Raise(TxEntry);
        }
    }

    private void Raise(int entry)
    {
        if (entry < Function.Function.Vectors)
        {
            Write(State.Interrupts.Raise(entry, Function.SourceId));
        }
    }

    private void Write(MsiWrite? message)
    {
        if (message is not null)
        {
            Send(Function.Iommu, message, _msiLatencyPs);
        }
    }

    private void TakeDown()
    {
        State.Up = false;
        State.Resets++;
        State.RxEnabled = false;
        State.TxEnabled = false;
        State.TxCause = false;
        State.TxDescriptors = 0;
        State.TxBytes = 0;
        State.RxDuePs = VirtualDuration.Never;
        State.RxGeneration++;
        State.TxGeneration++;
        State.Arriving.Clear();
        State.Interrupts.Reset();
        State.RxModeration = new Coalescer(_nic.RxCoalescing, _nic.Model, _nic.RxRing, Now);
        State.TxModeration = new Coalescer(_nic.TxCoalescing, _nic.Model, _nic.TxRing, Now);
    }
}
