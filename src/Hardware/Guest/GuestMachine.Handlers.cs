using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Guest;

/// <summary>Interrupt handlers, the end of interrupt, and the register accesses around them.</summary>
public sealed partial class GuestMachine
{
    private const int TimerSlot = TimerVector - FirstGuestVector;
    private const int RescheduleSlot = RescheduleVector - FirstGuestVector;

    /// <summary>Whether the handler's end of interrupt leaves the guest.</summary>
    private bool EoiExits(GuestVcpu cpu) => !Paravirtual && _setup.Eoi switch
    {
        // The hypervisor wants to know of a level-triggered one: the pin must be looked at again.
        EoiMode.Apicv => _setup.Level && IsDevice(cpu.HandlerSlot),

        // The hypervisor takes its permission back while another interrupt waits, which it has to inject, and does not give it for the IO-APIC's.
        EoiMode.Pv => cpu.Apic.RequestedCount > 0 || (_setup.Level && IsDevice(cpu.HandlerSlot)),
        _ => true,
    };

    private void FinishHandlerStage(GuestVcpu cpu)
    {
        if (cpu.Handler == HandlerStage.Upcall)
        {
            NextEvent(cpu);
            return;
        }

        if (cpu.Handler == HandlerStage.Entry)
        {
            if (_setup.ComplexEoi && _setup.Eoi == EoiMode.Fast)
            {
                // The instruction was skipped, not executed: the guest's pointer register stays where it was.
                Counters.SideEffects++;
                _effects.Add(new GuestEffect(GuestEffectKind.SideEffect, Vcpu: cpu.Index));
            }

            cpu.Apic.Eoi();
            cpu.Handler = HandlerStage.Body;
            cpu.HandlerRemainingPs = IsDevice(cpu.HandlerSlot) ? _setup.HandlerPs : 0;
            Counters.Serviced += IsDevice(cpu.HandlerSlot) ? 1 : 0;
            return;
        }

        cpu.Handler = HandlerStage.None;
        cpu.WindowRequested = false;
        if (cpu.HandlerSlot is TimerSlot or RescheduleSlot)
        {
            return;
        }

        (int nicIndex, int entry) = Math.DivRem(cpu.HandlerSlot, EntriesPerNic);
        GuestNic nic = Nics[nicIndex];
        switch (entry)
        {
            case 0:
                nic.RxInterrupts++;
                nic.PolledInBudget = 0;
                cpu.PollPending |= nic.Up ? 1UL << nicIndex : 0;
                break;
            case 1:
                nic.TxInterrupts++;
                cpu.CleanPending |= nic.Up ? 1UL << nicIndex : 0;
                break;
            default:
                nic.MailboxInterrupts++;
                break;
        }

        if (_setup.MaskPerInterrupt is not null)
        {
            cpu.Accesses.Enqueue(GuestAccess.Unmask);
        }

        if (IsVif(nicIndex))
        {
            FrontNotified(cpu);
        }

        if (cpu.InUpcall)
        {
            NextEvent(cpu);
        }
    }

    private GuestStepEnd EndOf(GuestAccess access) => access switch
    {
        GuestAccess.Mask or GuestAccess.Unmask => _setup.MaskPerInterrupt == MsixMaskOwner.Dom0 ? GuestStepEnd.DeviceModel : GuestStepEnd.MsixMask,
        GuestAccess.Icr => GuestStepEnd.Icr,
        _ => GuestStepEnd.ApicOther,
    };

    private void FinishAccess(GuestVcpu cpu, GuestAccess access, long nowPs)
    {
        switch (access)
        {
            case GuestAccess.Mask or GuestAccess.Unmask when _setup.MaskPerInterrupt == MsixMaskOwner.Dom0:
                cpu.AwaitsDeviceModel = true;
                _effects.Add(new GuestEffect(GuestEffectKind.DeviceModel, Vcpu: cpu.Index));
                break;
            case GuestAccess.Timer:
                cpu.TimerWritePending = false;

                // vCPUs tick one after the other, not all at once.
                long phase = _setup.TickPs * cpu.Index / Vcpus.Length;
                cpu.NextTickPs = phase + ((((nowPs - phase) / _setup.TickPs) + 1) * _setup.TickPs);
                _effects.Add(new GuestEffect(GuestEffectKind.ArmTick, Vcpu: cpu.Index, SentPs: cpu.NextTickPs));
                break;
            case GuestAccess.Icr:
                Counters.GuestIpis++;
                Vcpus[_setup.ApplicationVcpu].Apic.Accept(RescheduleVector);
                Notify(_setup.ApplicationVcpu, cpu.PCpu, own: true);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// A vCPU that runs has its timer armed: after each tick, and after waking from HLT, for which dynamic ticks had stopped it (R-M), the guest writes
    /// the timer's count.
    /// </summary>
    private void RunTimer(GuestVcpu cpu)
    {
        if (_setup.TickPs > 0 && cpu.NextTickPs == NoTick && !cpu.TimerWritePending && !cpu.Apic.IsRequested(TimerVector))
        {
            cpu.TimerWritePending = true;
            cpu.Accesses.Enqueue(GuestAccess.Timer);
        }
    }
}
