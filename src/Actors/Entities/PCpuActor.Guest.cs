using IoScale.Hardware.Numbers;
using IoScale.Hardware.Scheduling;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>The pCPU's guests: scheduling and entries.</summary>
public sealed partial class PCpuActor
{
    /// <summary>A pCPU on which vCPUs wait tells its peers so at most this often (R-L; Xen looks at the peers' state at every wake-up).</summary>
    private const long TicklePausePs = 20 * VirtualDuration.Microsecond;

    private void AskGuest(bool inGuest)
    {
        // To ask a VM of another socket takes time, which is nobody's exit; dom0 waits where netback reads a ring in another socket's memory.
        int vcpu = State.Queue.Current;
        Charge(_host.Vcpus[vcpu].Vm == _host.Dom0 ? CpuCategory.Netback : CpuCategory.Guest);
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
        State.GuestCategory = (CpuCategory)run.Category;
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
        bool posted = State.PostedMeanwhile;
        State.PostedMeanwhile = false;
        if (interrupted)
        {
            Notice();
        }
        else if (State.Waiting.Count > 0)
        {
            StopGuest();
            Leave(CpuCategory.ExitExternalInterrupt, _costs.ExitExternalInterrupt, IsPv(State.Queue.Current));
        }
        else if (posted && !State.ScheduleDue)
        {
            StopGuest();
            AskGuest(inGuest: true);
        }
        else
        {
            Preempt();
        }
    }

    /// <summary>
    /// The notification vector: a guest that runs here takes its posted interrupts without an exit; in the hypervisor it is an interrupt like any other,
    /// and what was posted is seen at the next entry.
    /// </summary>
    private void TakePosted(int vcpu)
    {
        bool here = State.Queue.Current == vcpu;
        if (here && State.Mode == PCpuMode.Guest)
        {
            StopGuest();
            AskGuest(inGuest: true);
        }
        else if (here && State.Mode == PCpuMode.Entering)
        {
            State.PostedMeanwhile = true;
        }
        else
        {
            Queue(new RootWork(RootWorkKind.Timer, CpuCategory.Interrupt, _costs.NativeIrq, 0, 0));
        }
    }

    private void RunGuest()
    {
        Charge(State.GuestCategory);
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
        if (wake.Timer && State.Mode == PCpuMode.Guest && !HasJustEntered())
        {
            StopGuest();
            Leave(CpuCategory.ExitExternalInterrupt, _costs.ExitExternalInterrupt, IsPv(State.Queue.Current));
        }
        else if (wake.Timer)
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
            Leave(CpuCategory.ExitIpi, _costs.ExitIpi, IsPv(State.Queue.Current));
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
}
