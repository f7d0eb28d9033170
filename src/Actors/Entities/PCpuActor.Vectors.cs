using IoScale.Hardware.Apic;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Scheduling;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Messages;
using IoScale.VirtualTime;

namespace IoScale.Actors.Entities;

/// <summary>The pCPU's vectors: the hypervisor's questions, the cleanup interrupt, going offline.</summary>
public sealed partial class PCpuActor
{
    private void Answer(AskVector ask)
    {
        VectorAsk kind = (VectorAsk)ask.Ask;
        VectorReply reply = State.Vectors.Answer(
            new VectorRequest(kind, _pcpu, ask.Irq, ask.Vector, ask.Offset, ask.Stop, ask.Watch, ask.Managed));
        bool installs = kind is VectorAsk.Propose or VectorAsk.TryClaim or VectorAsk.Install or VectorAsk.MatrixAlloc or VectorAsk.MatrixAllocManaged;
        if (installs && reply.Granted)
        {
            State.Owners[reply.Vector] = ask.Owner;
        }

        Report(reply);
    }

    private void Report(in VectorReply reply)
    {
        MatrixCounts counts = reply.Counts;
        SendInHost(_host.Hypervisor, new VectorAnswer(
            (int)reply.Ask, reply.Cpu, reply.Irq, reply.Vector, reply.Offset, reply.Erased, reply.Warned,
            counts.Available, counts.Allocated, counts.Managed, counts.ManagedAllocated, counts.Online));
    }

    private void Cleanup()
    {
        VectorBits requested = default;
        for (int vector = State.Vectors.Retired.NextMember(0); vector >= 0; vector = vector == 255 ? -1 : State.Vectors.Retired.NextMember(vector + 1))
        {
            if (State.Apic.IsRequested(vector))
            {
                requested.Set(vector);
            }
        }

        _cleaned.Clear();
        if (State.Vectors.Cleanup(requested, _cleaned))
        {
            State.Apic.Accept(State.CleanupVector);
        }

        foreach (VectorReply reply in _cleaned)
        {
            Report(reply);
        }
    }

    /// <summary>The vCPUs have been handed over or never ran here, and what was requested has been taken: from now on this pCPU takes no interrupt.</summary>
    private void GoOffline()
    {
        if (Now < State.OfflineAtPs)
        {
            // Back online meanwhile.
            return;
        }

        if (State.Mode != PCpuMode.Idle || State.Queue.Units.Count > 0)
        {
            After(DrainPs, new OfflinePCpu(_pcpu));
            return;
        }

        Charge(CpuCategory.Idle);
        State.Mode = PCpuMode.Offline;
        State.LookAgainPs = long.MaxValue;
    }

    /// <summary>A pCPU that comes back begins with a reset local APIC: what was requested while it was away is lost.</summary>
    private void GoOnline()
    {
        State.OfflineAtPs = VirtualDuration.Never;
        if (State.Mode != PCpuMode.Offline)
        {
            return;
        }

        for (int vector = 0; vector < 256; vector++)
        {
            State.Counters.Unhandled += State.Apic.IsRequested(vector) && State.IsDeviceVector(vector) ? 1 : 0;
        }

        State.Apic = new LocalApic();
        State.Mode = State.WorkUnderWay ? PCpuMode.Root : PCpuMode.Idle;
        if (State.Mode == PCpuMode.Idle)
        {
            Next();
        }
    }
}
