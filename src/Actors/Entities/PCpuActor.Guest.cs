using IoScale.Hardware.Numbers;
using IoScale.Hardware.Scheduling;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>The pCPU's guests: scheduling, entries, exits, migration.</summary>
public sealed partial class PCpuActor
{
    /// <summary>A pCPU on which vCPUs wait tells its peers so at most this often (R-L; Xen looks at the peers' state at every wake-up).</summary>
    private const long TicklePausePs = 20 * VirtualDuration.Microsecond;

    private void AskGuest(bool inGuest)
    {
        // To ask a VM of another socket takes time, which is nobody's exit.
        Charge(CpuCategory.Guest);
        int vcpu = State.Queue.Current;
        State.Mode = PCpuMode.Entering;
        State.InGuest = inGuest;
        VmEntry entry = new(vcpu, _pcpu, State.RanPs, State.Completed, inGuest);
        State.RanPs = 0;
        State.Completed = false;
        SendInHost(_host.Vcpus[vcpu].Vm, entry);
    }

    /// <summary>The VM says what its vCPU does.</summary>
    private void Enter(GuestRun run)
    {
        if (State.Mode != PCpuMode.Entering || run.Vcpu != State.Queue.Current)
        {
            throw new InvalidOperationException($"pCPU {_pcpu} did not ask what vCPU {run.Vcpu} does next");
        }

        if (run.Stop == GuestStop.Block)
        {
            State.Mode = PCpuMode.Root;
            State.Queue.Block(Now);
            Next();
            return;
        }

        State.GuestPs = run.GuestPs;
        State.GuestStop = run.Stop;
        if (run.InjectPs > 0)
        {
            State.Mode = PCpuMode.Root;
            Begin(new RootWork(RootWorkKind.Inject, CpuCategory.Interrupt, run.InjectPs, 0, 0));
            return;
        }

        bool interrupted = State.Apic.HighestDeliverable >= 0;
        if (!State.InGuest && (interrupted || State.Waiting.Count > 0 || State.ScheduleDue))
        {
            State.Mode = PCpuMode.Root;
            Next();
            return;
        }

        RunGuest();
        if (interrupted)
        {
            Notice();
        }
        else if (State.Waiting.Count > 0)
        {
            StopGuest();
            CountExit(CpuCategory.ExitExternalInterrupt);
            Begin(new RootWork(RootWorkKind.Timer, CpuCategory.ExitExternalInterrupt, _costs.ExitExternalInterrupt, 0, 0));
        }
        else
        {
            Preempt();
        }
    }

    private void RunGuest()
    {
        Charge(CpuCategory.Guest);
        State.Mode = PCpuMode.Guest;
        State.GuestStartPs = Now;
        After(State.GuestPs, new ActivityDone(++State.Token));
    }

    /// <summary>The guest is taken off in the middle of its piece of work.</summary>
    private void StopGuest()
    {
        State.RanPs += Now - State.GuestStartPs;
        State.Token++;
        State.Mode = PCpuMode.Root;
    }

    private void GuestPieceOver()
    {
        State.RanPs += State.GuestPs;
        State.Completed = true;
        State.Mode = PCpuMode.Root;
        switch (State.GuestStop)
        {
            case GuestStop.Eoi:
                Exit(CpuCategory.ExitEoi, _costs.ExitEoi);
                break;
            case GuestStop.Halt:
                Exit(CpuCategory.ExitHlt, _costs.ExitHlt);
                break;
            case GuestStop.InterruptWindow:
                Exit(CpuCategory.ExitInterruptWindow, _costs.ExitInterruptWindow);
                break;
            default:
                AskGuest(inGuest: true);
                break;
        }
    }

    private void Exit(CpuCategory category, long costPs)
    {
        CountExit(category);
        Begin(new RootWork(RootWorkKind.Exit, category, costPs, 0, State.Queue.Current));
    }

    private void Wake(WakeVcpu wake)
    {
        if (!State.Queue.Has(wake.Vcpu))
        {
            if (State.MovedTo.TryGetValue(wake.Vcpu, out int pcpu))
            {
                SendInHost(_host.PCpus[pcpu], wake);
            }

            return;
        }

        State.ScheduleDue |= State.Queue.Wake(wake.Vcpu);
        if (wake.Timer)
        {
            Queue(new RootWork(RootWorkKind.Timer, CpuCategory.Interrupt, _costs.NativeIrq, 0, 0));
        }
        else if (State.Mode == PCpuMode.Idle)
        {
            Next();
        }
        else
        {
            Preempt();
            TicklePeers();
        }
    }

    /// <summary>A guest that runs while another decision is due exits, as for the IPI or softirq that says so.</summary>
    private void Preempt()
    {
        if (!State.ScheduleDue)
        {
            return;
        }

        if (HasJustEntered())
        {
            StopGuest();
            Next();
        }
        else if (State.Mode == PCpuMode.Guest)
        {
            StopGuest();
            CountExit(CpuCategory.ExitIpi);
            Begin(new RootWork(RootWorkKind.Timer, CpuCategory.ExitIpi, _costs.ExitIpi, 0, 0));
        }
    }

    private void Tick()
    {
        After(_host.Spec.Scheduler.TickPs, new SchedulerTick());
        State.ScheduleDue |= State.Queue.Tick(Now) || (State.Queue.Current != CreditRunQueue.Idle && Now >= State.LookAgainPs);
        if (State.Mode == PCpuMode.Guest)
        {
            Queue(new RootWork(RootWorkKind.Timer, CpuCategory.Scheduler, 0, 0, 0));
        }

        TicklePeers();
    }

    private void Schedule()
    {
        int before = State.Queue.Current;
        bool fromIdle = State.CameFromIdle || State.Mode == PCpuMode.Idle;
        State.CameFromIdle = false;
        State.ScheduleDue = false;
        ScheduleDecision decision = State.Queue.Schedule(Now);
        State.LookAgainPs = decision.LookAgainPs;
        if (before != CreditRunQueue.Idle && decision.Unit != before)
        {
            Deschedule(before);
        }

        if (decision.Unit == CreditRunQueue.Idle)
        {
            Charge(CpuCategory.Idle);
            State.Mode = PCpuMode.Idle;
            return;
        }

        if (decision.Unit != State.LastVcpu)
        {
            State.Counters.ContextSwitches++;
            State.Waiting.Enqueue(new RootWork(RootWorkKind.Switch, CpuCategory.Scheduler, _costs.ContextSwitch, 0, 0));
        }

        State.LastVcpu = decision.Unit;
        if (fromIdle)
        {
            // Time, not work: the pCPU leaves its idle state and comes to the vCPU.
            Begin(new RootWork(RootWorkKind.Wake, CpuCategory.Idle, _costs.WakeLatency, 0, 0));
        }
        else
        {
            Next();
        }
    }

    /// <summary>Tells the VM that its runnable vCPU waits now, and how far it came.</summary>
    private void Deschedule(int vcpu)
    {
        SendInHost(_host.Vcpus[vcpu].Vm, new Descheduled(vcpu, State.RanPs, State.Completed));
        State.RanPs = 0;
        State.Completed = false;
    }

    private void HandOver(HandOverVcpu handOver)
    {
        if (!State.Queue.Has(handOver.Vcpu))
        {
            if (State.MovedTo.TryGetValue(handOver.Vcpu, out int pcpu))
            {
                SendInHost(_host.PCpus[pcpu], handOver);
            }

            return;
        }

        if (State.Mode == PCpuMode.Entering && State.Queue.Current == handOver.Vcpu)
        {
            // The VM's answer is on its way, at this very time or from another socket; first that.
            bool near = Wiring.PartitionOf[_host.Vcpus[handOver.Vcpu].Vm.Value] == Wiring.PartitionOf[Id.Value];
            After(near ? 0 : Wiring.CrossSocketPs, handOver);
            return;
        }

        bool current = State.Queue.Current == handOver.Vcpu;
        bool running = current && State.Mode == PCpuMode.Guest;
        if (running)
        {
            StopGuest();
        }

        if (current)
        {
            Deschedule(handOver.Vcpu);
        }

        RunUnit unit = State.Queue.Remove(handOver.Vcpu, Now);
        unit.Pin = handOver.Pin ? handOver.PCpu : unit.Pin == _pcpu ? RunUnit.AnyPCpu : unit.Pin;
        SendUnit(unit, handOver.PCpu);
        if (running)
        {
            CountExit(CpuCategory.ExitIpi);
            Begin(new RootWork(RootWorkKind.Timer, CpuCategory.ExitIpi, _costs.ExitIpi, 0, 0));
        }
    }

    private void SendUnit(RunUnit unit, int pcpu)
    {
        State.MovedTo[unit.Id] = pcpu;
        if (State.LastVcpu == unit.Id)
        {
            State.LastVcpu = -1;
        }

        SendInHost(
            _host.PCpus[pcpu],
            new VcpuArrives(unit.Id, unit.Weight, unit.Pin, unit.Credit, (int)unit.Priority, unit.Active, unit.Runnable, unit.UnpaidPs));
    }

    private void Arrive(VcpuArrives arrives)
    {
        State.Stealing = false;
        State.MovedTo.Remove(arrives.Vcpu);
        RunUnit unit = new(arrives.Vcpu, arrives.Weight, arrives.Pin)
        {
            Credit = arrives.Credit,
            Priority = (RunPriority)arrives.Priority,
            Active = arrives.Active,
            Runnable = arrives.Runnable,
            UnpaidPs = arrives.UnpaidPs,
        };
        State.ScheduleDue |= State.Queue.Insert(unit);
        SendInHost(_host.Vcpus[arrives.Vcpu].Vm, new VcpuPlaced(arrives.Vcpu, _pcpu));
        if (State.Mode == PCpuMode.Idle && unit.Runnable)
        {
            Next();
        }
        else
        {
            Preempt();
        }
    }

    /// <summary>A vCPU has to wait here: tells the other pCPUs of the socket, of which an idle one will ask for it.</summary>
    private void TicklePeers()
    {
        bool waiting = State.Queue.Current != CreditRunQueue.Idle && State.Queue.RunnableCount > 1;
        if (!_host.Spec.Scheduler.Balance || !waiting || Now < State.NextTicklePs)
        {
            return;
        }

        State.NextTicklePs = Now + TicklePausePs;
        int peers = _host.PCpusPerSocket;
        int first = _host.SocketOf(_pcpu) * peers;
        for (int distance = 1; distance < peers; distance++)
        {
            SendInHost(_host.PCpus[first + ((_pcpu - first + distance) % peers)], new Tickle());
        }
    }

    private void Steal(EntityId peer)
    {
        if (State.Mode == PCpuMode.Idle && !State.Stealing && State.OfflineAtPs == VirtualDuration.Never)
        {
            State.Stealing = true;
            SendInHost(peer, new StealRequest(_pcpu, (int)RunPriority.Idle));
        }
    }

    private void GiveAway(EntityId thief, StealRequest request)
    {
        if (State.Queue.TryTakeFor((RunPriority)request.Priority, request.PCpu, out RunUnit? unit))
        {
            SendUnit(unit!, request.PCpu);
        }
        else
        {
            SendInHost(thief, new StealRefused());
        }
    }
}
