using IoScale.Hardware.Numbers;
using IoScale.Hardware.Scheduling;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>vCPUs that come and go: moved by the hypervisor, given to and asked of peers.</summary>
public sealed partial class PCpuActor
{
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
            EntityId vm = _host.Vcpus[handOver.Vcpu].Vm;
            bool near = Wiring.PartitionOf[vm.Value] == Wiring.PartitionOf[Id.Value];

            // dom0 may itself wait for a guest on another socket.
            bool atOnce = near && (vm != _host.Dom0 || _host.Spec.Sockets == 1);
            After(atOnce ? 0 : Wiring.CrossSocketPs, handOver);
            return;
        }

        bool current = State.Queue.Current == handOver.Vcpu;
        bool running = current && State.Mode == PCpuMode.Guest;
        bool pv = IsPv(handOver.Vcpu);
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
            Leave(CpuCategory.ExitIpi, _costs.ExitIpi, pv);
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
