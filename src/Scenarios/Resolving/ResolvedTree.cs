using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Building;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;
using static IoScale.Scenarios.Resolving.Trees;

namespace IoScale.Scenarios.Resolving;

/// <summary>Writes a system in the language, with nothing left to defaults.</summary>
internal static class ResolvedTree
{
    /// <summary>The entries of the scenario's mapping from <c>seed</c> to <c>timeline</c>.</summary>
    public static YamlMap Of(SystemSpec system, IHardwareCatalogue hardware) => Map(
        ("seed", Number(system.Seed)),
        ("duration", Time(system.DurationPs)),
        ("warmUp", Time(system.WarmUpPs)),
        ("costProfile", Word(system.Costs.Name)),
        ("costs", Costs(system.Costs, hardware)),
        ("hosts", List(system.Hosts.Select(Host))),
        ("fabric", system.Fabric is { } f ? Map(("name", Word(f.Name)), ("latency", Time(f.LatencyPs))) : null),
        ("vms", List(system.Vms.Select(Vm))),
        ("traffic", List(system.Flows.Select(Flow))),
        ("timeline", List(system.Timeline.Select(Step))));

    /// <summary>Words of the language are lower case; the names of the trade (E810) are not.</summary>
    public static string ModelWord(string model) => model.ToLowerInvariant();

    private static YamlMap? Costs(CostProfile costs, IHardwareCatalogue hardware)
    {
        if (!hardware.TryGetCostProfile(costs.Name, out CostProfile? profile))
        {
            return null;
        }

        (string, YamlNode?)[] changed =
        [
            .. costs.Constants.Zip(profile.Constants).Where(p => p.First.Value != p.Second.Value || p.First.Unit != p.Second.Unit)
                .Select(p => (ChoiceNames.Costs.Word(p.First.Name), (YamlNode?)Measure(p.First.Value, CostBuilder.Of(p.First.Unit)))),
        ];
        return changed.Length == 0 ? null : Map(changed);
    }

    private static YamlMap Host(HostSpec host) => Map(
        ("name", Word(host.Name)),
        ("sockets", Number(host.Sockets)),
        ("pcpus", Number(host.PCpus)),
        ("vectors", Map(
            ("allocator", Word(ChoiceNames.Allocators.Word(host.Allocator))),
            ("destination", Word(ChoiceNames.Destinations.Word(host.Destination))),
            ("platformVectors", Number(host.PlatformVectors)))),
        ("delivery", Word(ChoiceNames.Deliveries.Word(host.Delivery))),
        ("eoi", Word(ChoiceNames.Eois.Word(host.Eoi))),
        ("iommu", Map(("remapping", Flag(host.Iommu.Remapping)), ("entries", Number(host.Iommu.Entries)))),
        ("scheduler", Map(
            ("slice", Time(host.Scheduler.SlicePs)),
            ("tick", Time(host.Scheduler.TickPs)),
            ("rateLimit", Time(host.Scheduler.RateLimitPs)),
            ("balance", Flag(host.Scheduler.Balance)),
            ("boost", Flag(host.Scheduler.Boost)))),
        ("dom0", host.Dom0 is { } dom0 ? Dom0(dom0, Bridged(host)) : null),
        ("netback", Bridged(host) ? Netback(host.Netback) : null),
        ("eventChannels", Word(ChoiceNames.EventChannels.Word(host.EventChannels))),
        ("msixMask", Word(ChoiceNames.MaskOwners.Word(host.MsixMask))),
        ("nics", List(host.Nics.Select(Nic))));

    /// <summary>A VM of the host has a vif; without, the language refuses the keys that serve vifs.</summary>
    private static bool Bridged(HostSpec host) => host.Nics.Any(n => n.Dom0Queues.Any(q => q > 0));

    private static YamlMap Dom0(Dom0Spec dom0, bool bridged) => Map(
        ("vcpus", Number(dom0.Pins.Count)),
        ("socket", Number(dom0.HomeSocket)),
        ("pin", Pins(dom0.Pins)),
        ("start", Numbers(dom0.Starts)),
        ("weight", Number(dom0.Weight)),
        ("nicQueues", bridged ? Number(dom0.NicQueues) : null),
        ("busy", Flag(dom0.Busy)));

    private static YamlMap Netback(NetbackSpec netback) => Map(
        ("assignment", Word(ChoiceNames.Assignments.Word(netback.Assignment))),
        ("shards", Number(netback.Shards)),
        ("execution", Word(ChoiceNames.Executions.Word(netback.Execution))));

    private static YamlMap Nic(NicSpec nic) => Map(
        ("name", Word(nic.Name)),
        ("model", Word(ModelWord(nic.Model.Name))),
        ("socket", Number(nic.Socket)),
        ("vfs", Numbers(nic.VfsPerPort)),
        ("vectorsPerVf", Number(nic.VectorsPerVf)),
        ("vectorsPerPf", Number(nic.VectorsPerPf)),
        ("rxRing", Number(nic.RxRing)),
        ("txRing", Number(nic.TxRing)),
        ("coalescing", Map(("rx", Coalescing(nic.RxCoalescing)), ("tx", Coalescing(nic.TxCoalescing)))));

    /// <summary>Only the keys that belong to the policy; the language refuses the others beside it.</summary>
    private static YamlMap Coalescing(CoalescingSpec spec)
    {
        bool none = spec is { Policy: CoalescingPolicy.Fixed, RateHz: 0 };
        bool aic = spec.Policy == CoalescingPolicy.Aic;
        return Map(
            ("policy", Word(none ? ChoiceNames.NoCoalescing : ChoiceNames.Policies.Word(spec.Policy))),
            ("rate", spec.Policy == CoalescingPolicy.Fixed && !none ? Measure(spec.RateHz, Dimension.Frequency) : null),
            ("redundancy", aic ? Measure(spec.AicRedundancyPercent, Dimension.Percent) : null),
            ("applicationBuffers", aic ? Number(spec.AicApplicationBuffers) : null),
            ("lowestRate", aic ? Measure(spec.AicLowestHz, Dimension.Frequency) : null),
            ("sample", aic ? Measure(spec.AicSamplePs, Dimension.Time) : null));
    }

    private static YamlMap Vm(VmSpec vm) => Map(
        ("name", Word(vm.Name)),
        ("host", Word(vm.Host)),
        ("socket", Number(vm.HomeSocket)),
        ("vcpus", Number(vm.Pins.Count)),
        ("pin", Pins(vm.Pins)),
        ("start", Numbers(vm.Starts)),
        ("virtualization", Word(ChoiceNames.Virtualizations.Word(vm.Virtualization))),
        ("domid", Number(vm.Domid)),
        ("interruptVcpu", Number(vm.InterruptVcpu)),
        ("multiDestination", Flag(vm.MultiDestination)),
        ("applicationCycles", Measure(vm.ApplicationCycles, Dimension.Cycles)),
        ("busy", Flag(vm.Busy)),
        ("weight", Number(vm.Weight)),
        ("vfs", vm.Vif is null ? List(vm.Vfs.Select(v => Word(Function(v)))) : null),
        ("vif", vm.Vif is { } vif ? Word(new PortName(vif.Nic, vif.Port).ToString()) : null),
        ("notification", vm.Vif is { } v ? Map(Notification(v.Notification)) : null),
        ("interrupts", Word(ChoiceNames.Interrupts.Word(vm.Interrupts))),
        ("maskPerInterrupt", Flag(vm.MaskPerInterrupt)),
        ("eoiInstruction", Word(ChoiceNames.EoiInstructions.Word(vm.EoiInstruction))),
        ("tick", Measure(vm.TickHz, Dimension.Frequency)),
        ("applicationVcpu", vm.ApplicationVcpu < 0 ? null : Number(vm.ApplicationVcpu)),
        ("socketBuffer", vm.ApplicationVcpu < 0 ? null : Number(vm.SocketBuffer)));

    private static (string, YamlNode?)[] Notification(NotificationSpec spec) =>
    [
        ("policy", Word(ChoiceNames.Notifications.Word(spec.Policy))),
        ("rate", spec.Policy == NotificationPolicy.Every ? null : Measure(spec.RateHz, Dimension.Frequency)),
    ];

    private static YamlMap Flow(FlowSpec flow)
    {
        bool onOff = flow.Arrival == ArrivalKind.OnOff;
        return Map(
            ("name", Word(flow.Name)),
            ("from", Word(flow.FromVm ?? NameRules.External)),
            ("to", Word(flow.ToVm ?? NameRules.External)),
            ("fromVf", Number(flow.FromVf)),
            ("toVf", Number(flow.ToVf)),
            ("transport", Word(ChoiceNames.Transports.Word(flow.Transport))),
            ("window", flow.Transport == TransportKind.Udp ? null : Number(flow.Window)),
            ("response", flow.Transport == TransportKind.RequestResponse ? Measure(flow.ResponseBytes, Dimension.Length) : null),
            ("distance", flow.Transport == TransportKind.Udp || flow.DistancePs == 0 ? null : Time(flow.DistancePs)),
            ("rate", Measure(flow.RateBps, Dimension.BitRate)),
            ("frame", Measure(flow.FrameBytes, Dimension.Length)),
            ("arrival", Word(ChoiceNames.Arrivals.Word(flow.Arrival))),
            ("on", onOff ? Time(flow.OnPs) : null),
            ("off", onOff ? Time(flow.OffPs) : null),
            ("burst", Number(flow.Burst)),
            ("start", Time(flow.StartPs)),
            ("stop", Time(flow.StopPs)));
    }

    private static YamlMap Step(TimelineStep step)
    {
        YamlScalar at = Time(step.AtPs);
        return step switch
        {
            MigrateVcpuStep s => Map(("at", at), ("do", Word(StepKinds.MigrateVcpu)), ("vm", Word(s.Vm)), ("vcpu", Number(s.Vcpu)), ("pcpu", Number(s.ToPCpu))),
            SetAffinityStep s => Map(
                ("at", at),
                ("do", Word(StepKinds.SetAffinity)),
                ("host", Word(s.Function.Host)),
                ("device", Word(Function(s.Function))),
                ("vector", s.Vector < 0 ? null : Number(s.Vector)),
                ("pcpus", Numbers(s.PCpus))),
            OfflinePCpuStep s => Map(("at", at), ("do", Word(StepKinds.OfflinePCpu)), ("host", Word(s.Host)), ("pcpu", Number(s.PCpu))),
            OnlinePCpuStep s => Map(("at", at), ("do", Word(StepKinds.OnlinePCpu)), ("host", Word(s.Host)), ("pcpu", Number(s.PCpu))),
            ResetDeviceStep s => Map(("at", at), ("do", Word(StepKinds.ResetDevice)), ("host", Word(s.Function.Host)), ("device", Word(Function(s.Function)))),
            SetNotificationStep s => Map([("at", at), ("do", Word(StepKinds.SetNotification)), ("vm", Word(s.Vm)), .. Notification(s.Notification)]),
            _ => throw new NotSupportedException($"the language has no word for {step.GetType().Name}"),
        };
    }

    private static YamlList Pins(IReadOnlyList<int> pins) => List(pins.Select(p => p < 0 ? Word(GuestKeys.Float) : Number(p)));

    private static YamlList Numbers(IReadOnlyList<int> numbers) => List(numbers.Select(n => Number(n)));

    private static string Function(VfRef vf) => new FunctionName(vf.Nic, vf.Port, vf.Vf).ToString();
}
