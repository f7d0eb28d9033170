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
public sealed partial class VmState
{
    public GuestMachine Guest { get; set; } = null!;

    /// <summary>Clocks of the flows that the VM's applications send.</summary>
    public DepartureClock[] Clocks { get; set; } = [];

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
}

/// <summary>A VM: asks its guest what it does next, and carries what comes out to pCPUs and VFs.</summary>
public sealed class VmActor : WiredActor<VmState>
{
    private readonly HostWiring _host;
    private readonly VmSpec _spec;
    private readonly GuestSetup _setup;
    private readonly int _firstVcpu;
    private readonly int[] _functions;
    private readonly int[] _flows;
    private readonly bool _fallsBack;
    private readonly long _doorbellPs;

    /// <param name="firstVcpu">Number in the host of the VM's vCPU 0.</param>
    /// <param name="functions">The VM's VFs as indexes in the host's list of functions.</param>
    /// <param name="flows">Indexes of the flows that the VM sends.</param>
    /// <param name="doorbellPs">A posted write from CPU to device.</param>
    public VmActor(
        Wiring wiring, HostWiring host, VmSpec spec, GuestSetup setup, int firstVcpu, int[] functions, int[] flows, long doorbellPs)
        : base(wiring)
    {
        _host = host;
        _spec = spec;
        _setup = setup;
        _firstVcpu = firstVcpu;
        _functions = functions;
        _flows = flows;
        _fallsBack = host.Spec.Delivery == DeliveryMode.FollowVcpu && spec.MultiDestination;
        _doorbellPs = doorbellPs;
        State = new VmState { Guest = GuestMachine.Create(setup, spec.Starts) };
    }

    public VmSpec Spec => _spec;

    protected override void Start()
    {
        State.Clocks = new DepartureClock[_flows.Length];
        for (int i = 0; i < _flows.Length; i++)
        {
            FlowSpec flow = Wiring.Flows[_flows[i]].Spec;
            State.Clocks[i] = new DepartureClock(Stream(flow.Name));
            Schedule(i, State.Clocks[i].First(flow));
        }

        for (int i = 0; i < _spec.Pins.Count; i++)
        {
            // A busy guest's vCPUs are in the run queues from the start; the others wait for their first interrupt.
            if (_spec.Busy)
            {
                State.Guest.Vcpus[i].RunState = VcpuRunState.Runnable;
            }
        }

        Act();
    }

    protected override void OnRestored() => State.Guest.Attach(_setup);

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case VmEntry entry:
                Enter(sender, entry);
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
            case Kicked kicked:
                State.Guest.Kicked(kicked.Vcpu - _firstVcpu);
                break;
            case Descheduled descheduled:
                State.Guest.Descheduled(descheduled.Vcpu - _firstVcpu, Now, descheduled.RanPs, descheduled.Completed);
                break;
            case TransmitWriteback writeback:
                State.Guest.TransmitDone(writeback.Vf, writeback.Descriptors);
                break;
            case Depart depart:
                Depart(depart.Flow);
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
                throw new InvalidOperationException($"a VM does not understand {message.GetType().Name}");
        }

        Act();
    }

    private void Enter(EntityId pcpu, VmEntry entry)
    {
        GuestStep step = State.Guest.Step(entry.Vcpu - _firstVcpu, Now, entry.RanPs, entry.Completed, entry.InGuest);
        GuestStop stop = step.End switch
        {
            GuestStepEnd.Continue => GuestStop.Continue,
            GuestStepEnd.Eoi => GuestStop.Eoi,
            GuestStepEnd.Halt => GuestStop.Halt,
            GuestStepEnd.InterruptWindow => GuestStop.InterruptWindow,
            _ => GuestStop.Block,
        };

        // Kicks go out first: the pCPU must see them before it enters.
        Act();
        SendInHost(pcpu, new GuestRun(entry.Vcpu, step.InjectPs, step.RunPs, stop));
    }

    private void Take(DeviceInterrupt interrupt)
    {
        if (!State.Guest.Nics[interrupt.Vf].Up)
        {
            State.StrayInterrupts++;
            return;
        }

        State.Fallbacks += _fallsBack ? 1 : 0;
        bool here = _host.SocketOf(interrupt.PCpu) == _spec.HomeSocket;
        State.Guest.Raise(interrupt.Vf, interrupt.MsixEntry, here ? interrupt.PCpu : GuestMachine.ByIpi);
    }

    private void Depart(int index)
    {
        FlowSpec flow = Wiring.Flows[_flows[index]].Spec;
        State.Sent += flow.Burst;
        State.Guest.Send(flow.FromVf, new OutgoingFrames(_flows[index], flow.Burst, flow.FrameBytes, Now));
        Schedule(index, State.Clocks[index].Next(flow, Now));
    }

    private void Schedule(int index, long atPs)
    {
        if (atPs < Wiring.Flows[_flows[index]].Spec.StopPs)
        {
            After(atPs - Now, new Depart(index));
        }
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
                    SendInHost(_host.PCpus[effect.PCpu], new KickVcpu(effect.Count, _firstVcpu + effect.Vcpu));
                    break;
                case GuestEffectKind.Kick:
                    // The pCPU of another socket sent its IPI together with the interrupt: it is here now.
                    SendInHost(_host.PCpus[effect.Count], new Ipi(HostVectors.EventCheck, IpiPurpose.Delivery, _firstVcpu + effect.Vcpu));
                    break;
                default:
                    SendInHost(_host.PCpus[State.Guest.Vcpus[effect.Vcpu].PCpu], new WakeVcpu(_firstVcpu + effect.Vcpu, effect.Flag));
                    break;
            }
        }

        effects.Clear();
    }

    private EntityId Vf(int nic) => _host.Functions[_functions[nic]].Entity;

    private void BeginMeasuring()
    {
        GuestMachine guest = State.Guest;
        State.SentBefore = State.Sent;
        State.CountersBefore = guest.Counters.Clone();
        guest.Latency = new LatencyHistogram(GuestMachine.LatencyDigits);
        State.FallbacksBefore = State.Fallbacks;
        State.StrayInterruptsBefore = State.StrayInterrupts;
        State.InterruptsBefore = [.. guest.Nics.SelectMany(n => new[] { n.RxInterrupts, n.TxInterrupts, n.MailboxInterrupts })];
        State.TransmittedBefore = [.. guest.Nics.Select(n => n.TxFrames)];
        State.DroppedBefore = [.. guest.Nics.SelectMany(n => new[] { n.Ring.Dropped, n.TxRingFullDrops })];
    }
}
