using IoScale.Hardware.Apic;

namespace IoScale.Hardware.Guest;

/// <summary>The way of interrupts into the guest: by way of vCPU 0, posted, injected, delivered by hardware; kicks and wake-ups.</summary>
public sealed partial class GuestMachine
{
    /// <summary>Vector at which the guest takes a device's interrupt.</summary>
    public static int VectorOf(int nic, int entry) => FirstGuestVector + (nic * EntriesPerNic) + entry;

    /// <summary>Whose interrupt a guest's vector is.</summary>
    public static (int Nic, int Entry) SourceOf(int vector) => Math.DivRem(vector - FirstGuestVector, EntriesPerNic);

    /// <summary>
    /// A device interrupt of the VF, taken by the hypervisor on <paramref name="pcpu"/>. It becomes pending for its vCPU at once, or, by way
    /// of vCPU 0, at vCPU 0's next entry; where the vCPU is on another pCPU an IPI is asked for.
    /// </summary>
    /// <param name="pcpu">A pCPU that does not enter a guest before this call, or <see cref="ByIpi"/>.</param>
    public void Raise(int nic, int entry, int pcpu)
    {
        int slot = (nic * EntriesPerNic) + entry;
        if (Paravirtual)
        {
            RaiseEvent(slot, pcpu);
            return;
        }

        if (_setup.ByWayOfVcpu0)
        {
            if (_assist[slot])
            {
                Counters.MergedOnTheWay++;
                return;
            }

            _assist[slot] = true;
            Notify(0, pcpu, own: false);
            return;
        }

        Request(slot, pcpu);
    }

    /// <summary>An IPI for the vCPU has arrived on its pCPU.</summary>
    public void Kicked(int vcpu)
    {
        Vcpus[vcpu].KickPending = false;
        if (Vcpus[vcpu].RunState == VcpuRunState.Blocked)
        {
            Wake(vcpu, timer: false);
        }
    }

    /// <summary>The IOMMU posts a device interrupt of the VF to the vCPU that the guest sends it to.</summary>
    public void Post(int nic, int entry)
    {
        GuestVcpu cpu = Vcpus[_setup.VcpuOf(nic)];
        switch (cpu.Posted.Post(VectorOf(nic, entry)))
        {
            case PostResult.Merged:
                Counters.MergedAtVcpu++;
                break;
            case PostResult.Suppressed:
                Counters.PostedSuppressed++;
                break;
            case PostResult.Notify:
                Counters.PostedNotifications++;
                _effects.Add(new GuestEffect(GuestEffectKind.PostedNotification, Vcpu: cpu.Index, PCpu: cpu.PCpu));
                break;
            default:
                Counters.PostedWakeups++;
                _effects.Add(new GuestEffect(GuestEffectKind.PostedWakeup, Vcpu: cpu.Index, PCpu: cpu.PCpu));
                break;
        }
    }

    /// <summary>A vCPU's timer fires, if it is still armed for this time.</summary>
    public void Tick(int vcpu, long atPs)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        if (cpu.NextTickPs != atPs)
        {
            return;
        }

        cpu.NextTickPs = NoTick;
        cpu.Apic.Accept(TimerVector);
        if (cpu.RunState == VcpuRunState.Running)
        {
            Wake(vcpu, timer: true);
        }
    }

    /// <summary>dom0's device model has done what the vCPU waited for.</summary>
    public void DeviceModelDone(int vcpu)
    {
        Vcpus[vcpu].AwaitsDeviceModel = false;
        if (Vcpus[vcpu].RunState == VcpuRunState.Blocked)
        {
            Wake(vcpu, timer: false);
        }
    }

    private void Request(int slot, int pcpu)
    {
        int vcpu = _setup.VcpuOf(slot / EntriesPerNic);
        if (Vcpus[vcpu].Apic.Accept(FirstGuestVector + slot, _setup.Level) == AcceptResult.Merged)
        {
            Counters.MergedAtVcpu++;
        }

        Notify(vcpu, pcpu, own: false);
    }

    /// <summary>Makes a vCPU look at what is pending: nothing to do where it is about to enter, a wake-up on this pCPU, an IPI to another.</summary>
    /// <param name="own">For the guest's own IPI, not a device's interrupt.</param>
    private void Notify(int vcpu, int pcpu, bool own)
    {
        GuestVcpu cpu = Vcpus[vcpu];
        if (cpu.RunState == VcpuRunState.Runnable || cpu.KickPending || cpu.AwaitsDeviceModel)
        {
            return;
        }

        if (cpu.PCpu != pcpu)
        {
            cpu.KickPending = true;
            _effects.Add(new GuestEffect(GuestEffectKind.Kick, Vcpu: vcpu, PCpu: pcpu, Count: cpu.PCpu, Flag: own));
        }
        else if (cpu.RunState == VcpuRunState.Blocked)
        {
            Wake(vcpu, timer: false);
        }
    }

    private void Wake(int vcpu, bool timer)
    {
        if (Vcpus[vcpu].RunState == VcpuRunState.Blocked)
        {
            Vcpus[vcpu].RunState = VcpuRunState.Runnable;
        }

        _effects.Add(new GuestEffect(GuestEffectKind.Wake, Vcpu: vcpu, Flag: timer));
    }

    private void RunAssists(int pcpu)
    {
        for (int slot = 0; slot < _assist.Length; slot++)
        {
            if (_assist[slot])
            {
                _assist[slot] = false;
                Request(slot, pcpu);
            }
        }
    }

    /// <summary>The hypervisor's part at VM entry.</summary>
    /// <returns>Its work.</returns>
    private long Inject(GuestVcpu cpu)
    {
        if (cpu.Apic.HighestDeliverable < 0)
        {
            return 0;
        }

        if (cpu.Handler != HandlerStage.None)
        {
            // With virtual-interrupt delivery the hardware notices by itself when the guest is interruptible again.
            cpu.WindowRequested = !_setup.VirtualDelivery && !Paravirtual;
            return 0;
        }

        Dispatch(cpu);
        Counters.Injections += Paravirtual ? 0 : 1;
        return _setup.Posted ? 0 : _setup.InjectionPs;
    }

    /// <summary>An interruptible vCPU goes to its handler for the highest interrupt that waits.</summary>
    private void Dispatch(GuestVcpu cpu)
    {
        if (cpu.Handler != HandlerStage.None || cpu.Apic.HighestDeliverable < 0)
        {
            return;
        }

        // The interrupt ends a HLT that was on its way; the idle loop executes another one.
        cpu.Soft = cpu.Soft == SoftWork.Halt ? SoftWork.None : cpu.Soft;
        cpu.HandlerSlot = cpu.Apic.Dispatch() - FirstGuestVector;
        cpu.Handler = HandlerStage.Entry;
        cpu.HandlerRemainingPs = _setup.IrqEntryPs + _setup.EoiInGuestPs + (_setup.Posted ? _setup.PostedPs : 0);
        if (_setup.MaskPerInterrupt is not null && IsDevice(cpu.HandlerSlot))
        {
            cpu.Accesses.Enqueue(GuestAccess.Mask);
        }
    }

    private bool IsDevice(int slot) => slot < Nics.Length * EntriesPerNic;

    /// <summary>Moves what the IOMMU has posted to the virtual APIC.</summary>
    private void TakePosted(GuestVcpu cpu)
    {
        if (!_setup.Posted)
        {
            return;
        }

        cpu.Posted.ScheduledIn();
        for (int vector = cpu.Posted.TakeNext(); vector >= 0; vector = cpu.Posted.TakeNext())
        {
            Counters.MergedAtVcpu += cpu.Apic.Accept(vector) == AcceptResult.Merged ? 1 : 0;
        }
    }
}
