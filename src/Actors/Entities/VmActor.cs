using IoScale.Actors.Assembly;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>State of a VM.</summary>
[MemoryPackable]
public sealed partial class VmState : ISendingState
{
    public GuestMachine Guest { get; set; } = null!;

    public FlowSource[] Sources { get; set; } = [];

    public long Sent { get; set; }

    public long SentBefore { get; set; }

    public GuestCounters CountersBefore { get; set; } = new();

    /// <summary>Interrupts of each VF and entry up to the measured window.</summary>
    public long[] InterruptsBefore { get; set; } = [];

    public long[] TransmittedBefore { get; set; } = [];

    public long[] DroppedBefore { get; set; } = [];

    /// <summary>Interrupts that affinity tracking could not follow.</summary>
    public long Fallbacks { get; set; }

    public long FallbacksBefore { get; set; }

    /// <summary>A VF's interrupt that came when its driver was gone.</summary>
    public long StrayInterrupts { get; set; }

    public long StrayInterruptsBefore { get; set; }

    /// <summary>dom0: frames of each flow that its NICs lost before the measured window.</summary>
    public long[] FlowDropsBefore { get; set; } = [];

    /// <summary>netfront's timer that counts; an older one is ignored.</summary>
    public int TimerGeneration { get; set; }
}

/// <summary>A VM: asks its guest what it does next, and carries what comes out to pCPUs and VFs.</summary>
public sealed partial class VmActor : SendingActor<VmState>
{
    private readonly HostWiring _host;
    private readonly VmSpec _spec;
    private readonly GuestSetup _setup;
    private readonly int _firstVcpu;
    private readonly int[] _functions;
    private readonly string? _fallback;
    private readonly long _doorbellPs;
    private readonly long _notificationPs;
    private readonly int _vif;

    /// <param name="firstVcpu">Number in the host of the VM's vCPU 0.</param>
    /// <param name="functions">The VM's VFs as indexes in the host's list of functions.</param>
    /// <param name="flows">Indexes of the flows that the VM sends.</param>
    /// <param name="doorbellPs">A posted write from CPU to device.</param>
    /// <param name="notificationPs">From posting an interrupt to its notification.</param>
    public VmActor(
        Wiring wiring, HostWiring host, VmSpec spec, GuestSetup setup, int firstVcpu, int[] functions, int[] flows, long doorbellPs, long notificationPs)
        : base(wiring, flows)
    {
        _host = host;
        _spec = spec;
        _setup = setup;
        _firstVcpu = firstVcpu;
        _functions = functions;
        _fallback = host.Spec.Delivery == DeliveryMode.Static ? null
            : spec.Interrupts == InterruptKind.IntX ? "io-apic"
            : spec.MultiDestination ? "multi-destination"
            : spec.Virtualization == VirtualizationKind.Pv && host.Spec.Delivery == DeliveryMode.Posted ? "paravirtual"
            : null;
        _doorbellPs = doorbellPs;
        _notificationPs = notificationPs;
        _vif = spec.Vif is null ? -1 : host.VifOf(spec.Name);
        State = new VmState { Guest = GuestMachine.Create(setup, spec.Starts) };
    }

    public VmSpec Spec => _spec;

    /// <summary>Why the VM's interrupts cannot follow a vCPU or be posted to one; null when they can, or need not.</summary>
    public string? Fallback => _fallback;

    protected override void Start()
    {
        StartSources();
        for (int i = 0; i < _spec.Pins.Count; i++)
        {
            // A busy guest's vCPUs are in the run queues from the start; the others wait for their first interrupt.
            if (_spec.Busy)
            {
                State.Guest.Vcpus[i].RunState = VcpuRunState.Runnable;
            }
        }

        if (_vif >= 0)
        {
            State.Guest.Connect(Now);
        }

        Act();
    }

    protected override void OnRestored() => State.Guest.Attach(_setup);

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case VmEntry entry:
                Enter(entry);
                break;
            case Received received:
                State.Guest.Receive(
                    received.Vf,
                    new FrameTrain(received.FirstPs, received.SpacingPs, received.Count, received.FrameBytes, received.Flow, received.SentPs),
                    Now);
                break;
            case DeviceInterrupt interrupt:
                Take(interrupt);
                break;
            case PostInterrupt post when State.Guest.Nics[post.Vf].Up:
                State.Guest.Post(post.Vf, post.MsixEntry);
                break;
            case PostInterrupt:
                State.StrayInterrupts++;
                break;
            case GuestTick tick:
                State.Guest.Tick(tick.Vcpu, tick.AtPs);
                break;
            case DeviceModelDone done:
                State.Guest.DeviceModelDone(done.Vcpu - _firstVcpu);
                break;
            case Kicked kicked:
                State.Guest.Kicked(kicked.Vcpu - _firstVcpu);
                break;
            case Descheduled descheduled:
                State.Guest.Descheduled(descheduled.Vcpu - _firstVcpu, Now, descheduled.RanPs, descheduled.Completed);
                break;
            case TransmitWriteback writeback:
                State.Guest.TransmitDone(writeback.Vf, writeback.Descriptors);
                break;
            case VcpuPlaced placed:
                State.Guest.Vcpus[placed.Vcpu - _firstVcpu].PCpu = placed.PCpu;
                SendInHost(_host.Hypervisor, placed);
                break;
            case FunctionUp up:
                State.Guest.BringUp(Array.IndexOf(_functions, up.Function), Now);
                break;
            case FunctionDown down:
                State.Guest.TakeDown(Array.IndexOf(_functions, down.Function), Now);
                break;
            case MeasureStart:
                BeginMeasuring();
                break;
            default:
                if (!HandlePv(message) && !HandleSource(message))
                {
                    throw new InvalidOperationException($"a VM does not understand {message.GetType().Name}");
                }

                break;
        }

        Act();
    }

    private void Enter(VmEntry entry)
    {
        int vcpu = entry.Vcpu - _firstVcpu;
        Answer(vcpu, State.Guest.Step(vcpu, Now, entry.RanPs, entry.Completed, entry.InGuest));
    }

    /// <summary>Tells the pCPU that waits what its vCPU does, or asks the netback shard whose turn it is.</summary>
    private void Answer(int vcpu, GuestStep step)
    {
        GuestStop stop = step.End switch
        {
            GuestStepEnd.Continue => GuestStop.Continue,
            GuestStepEnd.Eoi => GuestStop.Eoi,
            GuestStepEnd.Halt => GuestStop.Halt,
            GuestStepEnd.InterruptWindow => GuestStop.InterruptWindow,
            GuestStepEnd.Icr => GuestStop.Icr,
            GuestStepEnd.ApicOther => GuestStop.ApicOther,
            GuestStepEnd.MsixMask => GuestStop.MsixMask,
            GuestStepEnd.DeviceModel => GuestStop.DeviceModel,
            GuestStepEnd.SendEvent => GuestStop.SendEvent,
            _ => GuestStop.Block,
        };

        // Kicks go out first: the pCPU must see them before it enters.
        Act();
        GuestVcpu cpu = State.Guest.Vcpus[vcpu];
        if (step.End == GuestStepEnd.AskShard)
        {
            Send(_host.Shards[cpu.SoftShard], new AskShard(cpu.SoftShard, cpu.ShardBegins), 0);
        }
        else
        {
            SendInHost(_host.PCpus[cpu.PCpu], new GuestRun(_firstVcpu + vcpu, step.InjectPs, step.RunPs, stop, (int)step.Category));
        }
    }

    private void Take(DeviceInterrupt interrupt)
    {
        if (!State.Guest.Nics[interrupt.Vf].Up)
        {
            State.StrayInterrupts++;
            return;
        }

        State.Fallbacks += _fallback is null ? 0 : 1;
        bool here = _host.SocketOf(interrupt.PCpu) == _spec.HomeSocket;
        State.Guest.Raise(interrupt.Vf, interrupt.MsixEntry, here ? interrupt.PCpu : GuestMachine.ByIpi);
    }

    /// <summary>Turns what the guest caused into messages.</summary>
    private void Act()
    {
        List<GuestEffect> effects = State.Guest.Effects;
        for (int i = 0; i < effects.Count; i++)
        {
            GuestEffect effect = effects[i];
            switch (effect.Kind)
            {
                case GuestEffectKind.RxEnable:
                    SendInHost(Vf(effect.Nic), new RxEnable(effect.Count, effect.Bytes), _doorbellPs);
                    break;
                case GuestEffectKind.TxEnable:
                    SendInHost(Vf(effect.Nic), new TxEnable(), _doorbellPs);
                    break;
                case GuestEffectKind.Transmit:
                    SendInHost(Vf(effect.Nic), new Transmit(effect.Flow, effect.Count, effect.FrameBytes, effect.SentPs), _doorbellPs);
                    break;
                case GuestEffectKind.Kick when effect.PCpu != GuestMachine.ByIpi:
                    SendInHost(
                        _host.PCpus[effect.PCpu],
                        new KickVcpu(effect.Count, _firstVcpu + effect.Vcpu, effect.Flag ? IpiPurpose.Guest : IpiPurpose.Delivery));
                    break;
                case GuestEffectKind.PostedNotification:
                    SendInHost(_host.PCpus[effect.PCpu], new PostedNotification(_firstVcpu + effect.Vcpu), _notificationPs);
                    break;
                case GuestEffectKind.PostedWakeup:
                    SendInHost(_host.PCpus[effect.PCpu], new WakeVcpu(_firstVcpu + effect.Vcpu, Timer: true), _notificationPs);
                    break;
                case GuestEffectKind.ArmTick:
                    After(effect.SentPs - Now, new GuestTick(effect.Vcpu, effect.SentPs));
                    break;
                case GuestEffectKind.SideEffect:
                    // The guest is another from here on; its registers are nobody else's business.
                    Remember((ulong)effect.Vcpu);
                    break;
                case GuestEffectKind.DeviceModel:
                    SendInHost(_host.Dom0!.Value, new DeviceModelRequest(_firstVcpu + effect.Vcpu));
                    break;
                case GuestEffectKind.Delivered:
                    Delivered(effect.Flow, effect.Count, effect.FrameBytes, effect.SentPs);
                    break;
                case GuestEffectKind.Kick:
                    // The pCPU of another socket sent its IPI together with the interrupt: it is here now.
                    SendInHost(_host.PCpus[effect.Count], new Ipi(HostVectors.EventCheck, IpiPurpose.Delivery, _firstVcpu + effect.Vcpu));
                    break;
                case GuestEffectKind.Wake:
                    SendInHost(_host.PCpus[State.Guest.Vcpus[effect.Vcpu].PCpu], new WakeVcpu(_firstVcpu + effect.Vcpu, effect.Flag));
                    break;
                default:
                    ActPv(effect);
                    break;
            }
        }

        effects.Clear();
        FlushBridge();
    }

    private EntityId Vf(int nic) => _host.Functions[_functions[nic]].Entity;

    private void BeginMeasuring()
    {
        MeasureSources();
        GuestMachine guest = State.Guest;
        State.SentBefore = State.Sent;
        State.CountersBefore = guest.Counters.Clone();
        guest.Latency = new LatencyHistogram(GuestMachine.LatencyDigits);
        State.FallbacksBefore = State.Fallbacks;
        State.StrayInterruptsBefore = State.StrayInterrupts;
        State.InterruptsBefore = [.. guest.Nics.SelectMany(n => new[] { n.RxInterrupts, n.TxInterrupts, n.MailboxInterrupts })];
        State.TransmittedBefore = [.. guest.Nics.Select(n => n.TxFrames)];
        State.FlowDropsBefore = _setup.Pv?.Dom0 is null ? [] : [.. Enumerable.Range(0, Wiring.Flows.Count).Select(guest.DroppedOf)];
        State.DroppedBefore = [.. guest.Nics.SelectMany(n => new[] { n.Ring.Dropped, n.TxRingFullDrops, n.SocketDrops })];
    }
}
