using IoScale.Hardware.Costs;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;
using IoScale.VirtualTime;

namespace IoScale.Actors.Assembly;

/// <summary>What each guest's work costs and how it is set up.</summary>
internal static class GuestSetups
{
    public static GuestSetup Of(HostPlan plan, VmPlan vm, CostProfile costs, IReadOnlyList<FlowWiring> flows)
    {
        GuestSetup setup = vm == plan.Dom0 ? OfDom0(plan, vm.Spec, costs, flows.Count) : OfGuest(plan, vm.Spec, costs);
        setup = vm.Spec.Virtualization == VirtualizationKind.Pv ? Paravirtual(setup, costs) : setup;
        return setup with { WatchedFlows = [.. flows.Select(f => f.IsWatched)] };
    }

    private static GuestSetup OfGuest(HostPlan plan, VmSpec vm, CostProfile costs)
    {
        HostSpec host = plan.Host;
        bool single = !vm.MultiDestination && vm.Interrupts == InterruptKind.Msi;
        bool posted = host.Delivery == DeliveryMode.Posted && single && vm.Vif is null;
        bool vif = vm.Vif is not null;
        NicSpec? nic = vm.Vfs.Count == 0 ? null : host.Nics[plan.NicIndex(vm.Vfs[0].Nic)];
        return new GuestSetup(
            vm.Pins.Count,
            vif ? 1 : vm.Vfs.Count,
            vm.InterruptVcpu,
            host.Delivery == DeliveryMode.Static || !single,
            vm.Busy,
            costs.Ps(CostName.NativeIrq),
            costs.Ps(CostName.NapiFixed),
            costs.Ps(vif ? CostName.NetfrontPacket : CostName.RxPacket) + (vm.ApplicationVcpu < 0 ? costs.CyclesToPs(vm.ApplicationCycles) : 0),
            costs.Ps(vif ? CostName.NetfrontPacket : CostName.TxPacket),
            vif ? 0 : costs.Ps(CostName.TxClean),
            costs.Ps(CostName.Injection),
            vif ? SharedRing.Slots : nic?.RxRing ?? 1,
            vif ? SharedRing.Slots : nic?.TxRing ?? 1)
        {
            Eoi = host.Eoi,
            EoiInGuestPs = host.Eoi switch { EoiMode.Apicv => costs.Ps(CostName.EoiApicv), EoiMode.Pv => costs.Ps(CostName.EoiPv), _ => 0 },
            ComplexEoi = vm.EoiInstruction == EoiInstruction.Stos,
            Level = vm.Interrupts == InterruptKind.IntX && !vif,
            Posted = posted,
            PostedPs = posted ? costs.Ps(CostName.PostedDelivery) : 0,
            MaskPerInterrupt = vm.MaskPerInterrupt && !vif ? host.MsixMask : null,
            ApplicationVcpu = vm.ApplicationVcpu,
            ApplicationPs = costs.CyclesToPs(vm.ApplicationCycles),
            SocketBuffer = vm.SocketBuffer,
            TickPs = vm.TickHz == 0 ? 0 : VirtualDuration.Second / vm.TickHz,
            Pv = vif || vm.Virtualization == VirtualizationKind.Pv
                ? new PvSetup(vm.Virtualization == VirtualizationKind.Pv, host.EventChannels, costs.Ps(CostName.EvtchnUpcall)) { Vif = vm.Vif?.Notification }
                : null,
        };
    }

    /// <summary>dom0: what a guest does for a frame, the bridge does, the NIC's driver included; cleaning is part of it.</summary>
    private static GuestSetup OfDom0(HostPlan plan, VmSpec vm, CostProfile costs, int flows)
    {
        HostSpec host = plan.Host;
        int[] queues = plan.FunctionsOf(plan.Dom0!);
        NicSpec? nic = queues.Length == 0 ? null : host.Nics[plan.Functions[queues[0]].Nic];
        return new GuestSetup(
            vm.Pins.Count,
            queues.Length,
            0,
            ByWayOfVcpu0: false,
            vm.Busy,
            0,
            costs.Ps(CostName.NapiFixed),
            costs.Ps(CostName.BridgePacket),
            0,
            0,
            0,
            nic?.RxRing ?? 1,
            nic?.TxRing ?? 1)
        {
            NicVcpus = [.. queues.Select((_, i) => i % vm.Pins.Count)],
            Pv = new PvSetup(true, host.EventChannels, costs.Ps(CostName.EvtchnUpcall))
            {
                Dom0 = new DriverDomainSetup(
                    host.Netback.Shards,
                    [.. plan.Vifs.Select(v => v.Shard)],
                    host.Netback.Execution,
                    costs.Ps(CostName.ThreadSwitch),
                    costs.Ps(CostName.MsixMaskDom0))
                { Flows = flows },
            },
        };
    }

    /// <summary>Interrupts are events, taken by upcalls; there is no APIC and no exit: timers and IPIs are hypercalls.</summary>
    private static GuestSetup Paravirtual(GuestSetup setup, CostProfile costs) => setup with
    {
        ByWayOfVcpu0 = false,
        IrqEntryPs = costs.Ps(CostName.EvtchnUpcall),
        InjectionPs = 0,
        Eoi = EoiMode.X2Apic,
        EoiInGuestPs = 0,
        ComplexEoi = false,
        Level = false,
        Posted = false,
        PostedPs = 0,
        MaskPerInterrupt = null,
    };
}
