using IoScale.Actors.Assembly;
using IoScale.Hardware.Apic;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Scheduling;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>
/// A pCPU: takes interrupts, runs vCPUs in the order of its run queue, does the hypervisor's work, and knows where every cycle went. Only here
/// is it known which irq a vector stands for.
/// </summary>
public sealed partial class PCpuActor : WiredActor<PCpuState>
{
    /// <summary>Time for interrupts under way before a pCPU stops (Linux and Xen: 1 ms).</summary>
    private const long DrainPs = VirtualDuration.Millisecond;

    private readonly HostWiring _host;
    private readonly int _pcpu;
    private readonly PCpuCosts _costs;
    private readonly List<VectorReply> _cleaned = [];

    public PCpuActor(Wiring wiring, HostWiring host, int pcpu, PCpuCosts costs)
        : base(wiring)
    {
        _host = host;
        _pcpu = pcpu;
        _costs = costs;
        State = new PCpuState
        {
            Vectors = new CpuVectors(host.Spec.Allocator, pcpu),
            Ledger = new CycleLedger(0),
            Queue = new CreditRunQueue(pcpu, host.Spec.Scheduler),
            CleanupVector = HostVectors.Cleanup(host.Spec.Allocator),
        };
    }

    protected override void Start()
    {
        for (int vcpu = 0; vcpu < _host.Vcpus.Count; vcpu++)
        {
            VcpuWiring wiring = _host.Vcpus[vcpu];
            if (wiring.Start == _pcpu)
            {
                State.Queue.Insert(new RunUnit(vcpu, wiring.Weight, wiring.Pin) { Runnable = wiring.Busy });
            }
        }

        if (State.Queue.RunnableCount > 0)
        {
            Next();
            TicklePeers();
        }

        After(_host.Spec.Scheduler.TickPs, new SchedulerTick());
    }

    protected override void Handle(EntityId sender, VirtualMessage message)
    {
        switch (message)
        {
            case ActivityDone done:
                if (done.Token == State.Token)
                {
                    ActivityOver();
                }

                break;
            case GuestRun run:
                Enter(run);
                break;
            case Interrupt interrupt:
                State.Counters.Merged += State.Apic.Accept(interrupt.Vector) == AcceptResult.Merged ? 1 : 0;
                Notice();
                break;
            case Ipi ipi:
                if (ipi.Vcpu >= 0)
                {
                    State.Kicks.Add(ipi.Vcpu);
                }

                State.Apic.Accept(ipi.Vector);
                Notice();
                break;
            case KickVcpu kick:
                RootWorkKind kind = kick.Purpose == IpiPurpose.Guest ? RootWorkKind.GuestIpi : RootWorkKind.Kick;
                Queue(new RootWork(kind, CpuCategory.IpiSend, _costs.IpiSend, kick.PCpu, kick.Vcpu));
                break;
            case PostedNotification posted:
                TakePosted(posted.Vcpu);
                break;
            case WakeVcpu wake:
                Wake(wake);
                break;
            case SchedulerTick:
                Tick();
                break;
            case AskVector ask:
                Answer(ask);
                break;
            case SendCleanup cleanup:
                Queue(new RootWork(RootWorkKind.Cleanup, CpuCategory.IpiSend, _costs.IpiSend, cleanup.PCpu, 0));
                break;
            case HandOverVcpu handOver:
                HandOver(handOver);
                break;
            case VcpuArrives arrives:
                Arrive(arrives);
                break;
            case StealRequest request:
                GiveAway(sender, request);
                break;
            case StealRefused:
                State.Stealing = false;
                break;
            case Tickle:
                Steal(sender);
                break;
            case OfflinePCpu when sender != Id:
                State.OfflineAtPs = Now + DrainPs;
                After(DrainPs, message);
                break;
            case OfflinePCpu:
                GoOffline();
                break;
            case OnlinePCpu:
                GoOnline();
                break;
            case MeasureStart:
                State.Ledger.Charge(State.Category, Now);
                State.LedgerBefore = State.Ledger.Picoseconds.ToArray();
                State.CountersBefore = State.Counters.Clone();
                State.MeasuredFromPs = Now;
                break;
            default:
                throw new InvalidOperationException($"a pCPU does not understand {message.GetType().Name}");
        }
    }

    /// <summary>An interrupt has been requested: an idle pCPU wakes up, a guest exits; hypervisor work goes on to its end.</summary>
    private void Notice()
    {
        if (State.Apic.HighestDeliverable < 0)
        {
            return;
        }

        if (State.Mode == PCpuMode.Idle)
        {
            Next();
        }
        else if (State.Mode == PCpuMode.Guest)
        {
            StopGuest();
            TakeInterrupt(fromGuest: !IsPv(State.Queue.Current));
        }
    }

    /// <summary>Hypervisor work has come up. A guest that runs here exits for it, as for an interrupt.</summary>
    private void Queue(in RootWork work)
    {
        State.Waiting.Enqueue(work);
        if (State.Mode == PCpuMode.Idle || (State.Mode == PCpuMode.Offline && !State.WorkUnderWay))
        {
            Next();
        }
        else if (HasJustEntered())
        {
            StopGuest();
            Next();
        }
        else if (State.Mode == PCpuMode.Guest)
        {
            StopGuest();
            Leave(CpuCategory.ExitExternalInterrupt, _costs.ExitExternalInterrupt, IsPv(State.Queue.Current));
        }
    }

    /// <summary>The hypervisor let the guest in at this very time: work that the same interrupt caused was done before, no exit is needed for it.</summary>
    private bool HasJustEntered() => State.Mode == PCpuMode.Guest && !State.InGuest && State.GuestStartPs == Now;

    /// <summary>What next: an interrupt, hypervisor work, another vCPU, the guest, or nothing.</summary>
    private void Next()
    {
        if (State.Apic.HighestDeliverable >= 0 && State.Mode != PCpuMode.Offline)
        {
            TakeInterrupt(fromGuest: false);
        }
        else if (State.Waiting.TryDequeue(out RootWork work))
        {
            Begin(work);
        }
        else if (State.Mode == PCpuMode.Offline)
        {
            Charge(CpuCategory.Idle);
        }
        else if (State.ScheduleDue || State.Queue.Current == CreditRunQueue.Idle)
        {
            Schedule();
        }
        else
        {
            AskGuest(inGuest: false);
        }
    }

    private void TakeInterrupt(bool fromGuest)
    {
        int vector = State.Apic.Dispatch();
        bool ipi = !State.IsDeviceVector(vector);
        CpuCategory category = !fromGuest ? CpuCategory.Interrupt : ipi ? CpuCategory.ExitIpi : CpuCategory.ExitExternalInterrupt;
        if (fromGuest)
        {
            CountExit(category);
        }

        Begin(new RootWork(RootWorkKind.Interrupt, category, !fromGuest ? _costs.NativeIrq : ipi ? _costs.ExitIpi : _costs.ExitExternalInterrupt, vector, 0));
    }

    private void Begin(in RootWork work)
    {
        Charge(work.Category);
        State.CameFromIdle |= State.Mode == PCpuMode.Idle;
        State.Mode = State.Mode == PCpuMode.Offline ? PCpuMode.Offline : PCpuMode.Root;
        State.Work = work;
        State.WorkUnderWay = true;
        After(work.Ps, new ActivityDone(++State.Token));
    }

    /// <summary>Charges the time up to now to what was going on and notes what goes on from now.</summary>
    private void Charge(CpuCategory next)
    {
        State.Ledger.Charge(State.Category, Now);
        State.Category = next;
    }

    private void CountExit(CpuCategory category) => State.Counters.Exits[(int)category]++;

    private void ActivityOver()
    {
        if (State.Mode == PCpuMode.Guest)
        {
            GuestPieceOver();
            return;
        }

        RootWork work = State.Work;
        State.WorkUnderWay = false;
        switch (work.Kind)
        {
            case RootWorkKind.Interrupt:
                Dispatch(work.A);
                break;
            case RootWorkKind.Kick or RootWorkKind.GuestIpi:
                IpiPurpose purpose = work.Kind == RootWorkKind.Kick ? IpiPurpose.Delivery : IpiPurpose.Guest;
                State.Counters.Ipis[(int)purpose]++;
                SendInHost(_host.PCpus[work.A], new Ipi(HostVectors.EventCheck, purpose, work.B), _costs.IpiFlight);
                break;
            case RootWorkKind.Cleanup:
                State.Counters.Ipis[(int)IpiPurpose.Cleanup]++;
                SendInHost(_host.PCpus[work.A], new Ipi(State.CleanupVector, IpiPurpose.Cleanup, -1), _costs.IpiFlight);
                break;
            case RootWorkKind.HostHandler:
                SendInHost(_host.Functions[work.A].Entity, new HostInterrupt(work.B));
                break;
            case RootWorkKind.Forward:
                State.Counters.Ipis[(int)IpiPurpose.Delivery]++;
                FunctionWiring function = _host.Functions[work.A];
                SendInHost(function.Vm!.Value, new DeviceInterrupt(function.VfOfVm, work.B, _pcpu), _costs.IpiFlight);
                break;
            case RootWorkKind.Inject when MayEnter():
                RunGuest();
                return;
            default:
                break;
        }

        Next();
    }

    /// <summary>Nothing has come up since the VM said what its vCPU does, and the vCPU is still here.</summary>
    private bool MayEnter() =>
        State.Apic.HighestDeliverable < 0 && State.Waiting.Count == 0 && !State.ScheduleDue && State.Queue.Current != CreditRunQueue.Idle;

    /// <summary>An interrupt has been taken and acknowledged: who is it for?</summary>
    private void Dispatch(int vector)
    {
        State.Apic.Eoi();
        if (vector == HostVectors.EventCheck)
        {
            foreach (int vcpu in State.Kicks)
            {
                SendInHost(_host.Vcpus[vcpu].Vm, new Kicked(vcpu, _pcpu));
            }

            State.Kicks.Clear();
            return;
        }

        if (vector == State.CleanupVector)
        {
            Cleanup();
            return;
        }

        State.Counters.Taken++;
        bool report = State.Vectors.Take(vector, out int irq);
        if (irq < 0)
        {
            State.Counters.Unhandled++;
            return;
        }

        if (report)
        {
            SendInHost(_host.Hypervisor, new VectorTaken(_pcpu, irq, vector));
        }

        Deliver(State.Owners[vector]);
    }

    private void Deliver(VectorOwner owner)
    {
        FunctionWiring function = _host.Functions[owner.Function];
        if (function.Vm is not { } vm)
        {
            State.Waiting.Enqueue(new RootWork(RootWorkKind.HostHandler, CpuCategory.Dom0Other, _costs.HostHandler, owner.Function, owner.MsixEntry));
        }
        else if (Wiring.PartitionOf[vm.Value] == Wiring.PartitionOf[Id.Value])
        {
            Send(vm, new DeviceInterrupt(function.VfOfVm, owner.MsixEntry, _pcpu), 0);
        }
        else
        {
            // All vCPUs of the VM are on another socket: the interrupt goes on by IPI in any case.
            State.Waiting.Enqueue(new RootWork(RootWorkKind.Forward, CpuCategory.IpiSend, _costs.IpiSend, owner.Function, owner.MsixEntry));
        }
    }
}
