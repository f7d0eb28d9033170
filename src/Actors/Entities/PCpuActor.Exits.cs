using IoScale.Hardware.Numbers;
using IoScale.Hardware.Scheduling;
using IoScale.Protocol.Messages;

namespace IoScale.Actors.Entities;

/// <summary>How guests leave: VM exits, and a paravirtual guest's hypercalls and interrupts.</summary>
public sealed partial class PCpuActor
{
    private void GuestPieceOver()
    {
        State.RanPs += State.GuestPs;
        State.Completed = true;
        State.Mode = PCpuMode.Root;
        if (State.GuestStop != GuestStop.Continue && IsPv(State.Queue.Current))
        {
            Hypercall(State.GuestStop);
            return;
        }

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
            case GuestStop.Icr:
                Exit(CpuCategory.ExitIcr, _costs.ExitIcr);
                break;
            case GuestStop.ApicOther:
                Exit(CpuCategory.ExitApicOther, _costs.ExitApicOther);
                break;
            case GuestStop.MsixMask:
                Exit(CpuCategory.ExitOther, _costs.ExitMsixMask);
                break;
            case GuestStop.DeviceModel:
                Exit(CpuCategory.ExitOther, _costs.ExitDeviceModel);
                break;
            case GuestStop.SendEvent:
                // An HVM guest leaves for the hypercall like for any other; the work is the same.
                State.Waiting.Enqueue(new RootWork(RootWorkKind.Timer, CpuCategory.EventChannel, _costs.EvtchnSend, 0, 0));
                Exit(CpuCategory.ExitOther, _costs.ExitHypercall);
                break;
            default:
                AskGuest(inGuest: true);
                break;
        }
    }

    /// <summary>A paravirtual guest, which enters the hypervisor by hypercalls and leaves it for interrupts without VM exits.</summary>
    private bool IsPv(int vcpu) => vcpu != CreditRunQueue.Idle && _host.Vcpus[vcpu].Pv;

    /// <summary>A guest that ran has been stopped by an interrupt.</summary>
    private void Leave(CpuCategory exit, long exitPs, bool pv)
    {
        if (!pv)
        {
            CountExit(exit);
        }

        Begin(new RootWork(RootWorkKind.Timer, pv ? CpuCategory.Interrupt : exit, pv ? _costs.NativeIrq : exitPs, 0, 0));
    }

    private void Hypercall(GuestStop stop)
    {
        bool sends = stop is GuestStop.Icr or GuestStop.SendEvent;
        Begin(new RootWork(
            RootWorkKind.Exit,
            sends ? CpuCategory.EventChannel : CpuCategory.Scheduler,
            sends ? _costs.EvtchnSend : _costs.Hypercall,
            0,
            State.Queue.Current));
    }

    private void Exit(CpuCategory category, long costPs)
    {
        CountExit(category);
        Begin(new RootWork(RootWorkKind.Exit, category, costPs, 0, State.Queue.Current));
    }
}
