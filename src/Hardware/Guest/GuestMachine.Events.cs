using IoScale.Hardware.Numbers;
using IoScale.Hardware.Pv;

namespace IoScale.Hardware.Guest;

/// <summary>
/// Event channels: all interrupts of a paravirtual guest, and those of a vif. Ports are numbered by device slot from 1; behind them, in dom0, the vifs of the host
/// and the device model. A paravirtual guest's timer and own IPIs keep their vectors here and cost what events cost.
/// </summary>
public sealed partial class GuestMachine
{
    private const int VifNic = 0;
    private const int VifPort = 1;

    /// <summary>The guest's event channels; null where it has none.</summary>
    public EventChannels? Events { get; set; }

    /// <summary>The guest's vif; null where it has none.</summary>
    public Netfront? Front { get; set; }

    private bool Paravirtual => _setup.Pv is { Paravirtual: true };

    private int FirstVifPort => VifPort + (Nics.Length * EntriesPerNic);

    private int DeviceModelPort => Events!.Ports - 1;

    /// <summary>A guest's event for a vif of the host has been sent; dom0 only.</summary>
    /// <param name="pcpu">pCPU of the sender, or <see cref="ByIpi"/>.</param>
    public void VifEvent(int vif, int pcpu) => SendSoft(FirstVifPort + vif, pcpu);

    /// <summary>netback's event for the guest's vif has been sent.</summary>
    /// <param name="pcpu">pCPU of the sender, or <see cref="ByIpi"/>.</param>
    public void VifNotified(int pcpu)
    {
        Counters.Notifications++;
        long merged = Events!.Merged;
        SendSoft(VifPort, pcpu);
        Counters.NotificationsMerged += Events.Merged - merged;
    }

    /// <summary>Events that are no device's interrupt and that the guest has not taken.</summary>
    public int PendingEvents() => Events is null ? 0 : Events.PendingCount() - PendingDeviceEvents();

    private bool IsVif(int nic) => Front is not null && nic == VifNic;

    private void CreateEvents()
    {
        if (_setup.Pv is not { } pv)
        {
            return;
        }

        int vifs = pv.Dom0?.ShardOfVif.Count ?? 0;
        Events = EventChannels.Create(pv.Abi, Vcpus.Length, FirstVifPort + vifs + (pv.Dom0 is null ? 0 : 1));
        for (int slot = 0; slot < Nics.Length * EntriesPerNic; slot++)
        {
            Events.Bind(VifPort + slot, _setup.VcpuOf(slot / EntriesPerNic));
        }

        for (int vif = 0; vif < vifs; vif++)
        {
            // Where its shard runs: a tasklet runs on the vCPU that scheduled it.
            Events.Bind(FirstVifPort + vif, pv.Dom0!.ShardOfVif[vif] % Vcpus.Length);
        }

        Front = pv.Vif is null ? null : new Netfront(pv.Vif);
        CreateDriverDomain();
    }

    /// <summary>A device interrupt of a paravirtual guest, taken by the hypervisor on a pCPU: its port becomes pending.</summary>
    private void RaiseEvent(int slot, int pcpu)
    {
        Counters.MergedAtVcpu += Events!.IsPending(VifPort + slot) ? 1 : 0;
        Send(VifPort + slot, pcpu);
    }

    /// <summary>An event that is no device's interrupt.</summary>
    private void SendSoft(int port, int pcpu)
    {
        Counters.EventsMerged += Events!.IsPending(port) ? 1 : 0;
        Send(port, pcpu);
    }

    private void Send(int port, int pcpu)
    {
        if (Events!.Send(port))
        {
            Notify(Events.VcpuOf(port), pcpu, own: false);
        }
    }

    /// <summary>Device interrupts whose ports are pending.</summary>
    private int PendingDeviceEvents()
    {
        int pending = 0;
        for (int slot = 0; Paravirtual && slot < Nics.Length * EntriesPerNic; slot++)
        {
            pending += !IsVif(slot / EntriesPerNic) && Events!.IsPending(VifPort + slot) ? 1 : 0;
        }

        return pending;
    }

    /// <summary>A vCPU that is about to be entered takes its upcall.</summary>
    /// <returns>The hypervisor's work: injecting the callback vector into an HVM guest.</returns>
    private long BeginUpcall(GuestVcpu cpu)
    {
        if (cpu.Handler != HandlerStage.None || Events?.IsUpcallPending(cpu.Index) != true)
        {
            return 0;
        }

        cpu.Soft = cpu.Soft == SoftWork.Halt ? SoftWork.None : cpu.Soft;
        cpu.Handler = HandlerStage.Upcall;
        cpu.HandlerRemainingPs = _setup.Pv!.UpcallPs;
        if (Paravirtual)
        {
            return 0;
        }

        Counters.Injections++;
        return _setup.InjectionPs;
    }

    /// <summary>The upcall's next port: a device's handler, or, without one, a word to who waits for it.</summary>
    private void NextEvent(GuestVcpu cpu)
    {
        for (int port = Events!.TakeNext(cpu.Index); port != EventChannels.None; port = Events.TakeNext(cpu.Index))
        {
            if (port < FirstVifPort)
            {
                cpu.InUpcall = true;
                cpu.HandlerSlot = port - VifPort;
                cpu.Handler = HandlerStage.Body;
                cpu.HandlerRemainingPs = _setup.HandlerPs;
                bool vif = IsVif(cpu.HandlerSlot / EntriesPerNic);
                Counters.Serviced += vif ? 0 : 1;
                Counters.EventsTaken += vif ? 1 : 0;
                return;
            }

            Counters.EventsTaken++;

            if (port != DeviceModelPort)
            {
                _effects.Add(new GuestEffect(GuestEffectKind.VifLook, Nic: port - FirstVifPort));
            }
        }

        cpu.InUpcall = false;
        cpu.Handler = HandlerStage.None;
    }

    /// <summary>What the pCPU's time counts as during the vCPU's next piece.</summary>
    private CpuCategory CategoryOf(GuestVcpu cpu)
    {
        if (_setup.Pv is not { } pv)
        {
            return CpuCategory.Guest;
        }

        return cpu.Handler == HandlerStage.Upcall || (cpu.Handler == HandlerStage.Entry && pv.Paravirtual) ? CpuCategory.EventChannel
            : cpu.Handler == HandlerStage.None && cpu.Soft == SoftWork.Netback ? cpu.ShardCategory
            : pv.Dom0 is null ? CpuCategory.Guest
            : CpuCategory.Dom0Other;
    }
}
