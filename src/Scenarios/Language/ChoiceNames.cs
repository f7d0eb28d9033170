using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;

namespace IoScale.Scenarios.Language;

/// <summary>The words of the language for the choices of the model, both ways.</summary>
internal sealed class ChoiceNames<T>
    where T : struct, Enum
{
    private readonly (string Word, T Choice)[] _pairs;

    public ChoiceNames(params (string Word, T Choice)[] pairs)
    {
        _pairs = pairs;
        Words = [.. pairs.Select(p => p.Word)];
    }

    public IReadOnlyList<string> Words { get; }

    public T Choice(string word) => _pairs.First(p => p.Word == word).Choice;

    public string Word(T choice) => _pairs.First(p => EqualityComparer<T>.Default.Equals(p.Choice, choice)).Word;
}

internal static class ChoiceNames
{
    /// <summary>Interrupt moderation switched off: the policy <c>fixed</c> without a rate.</summary>
    public const string NoCoalescing = "none";

    public static ChoiceNames<VectorAllocatorKind> Allocators { get; } = new(
        ("slide-global", VectorAllocatorKind.SlideGlobal),
        ("xen-2009-global", VectorAllocatorKind.Xen2009Global),
        ("xen-2009-percpu", VectorAllocatorKind.Xen2009PerCpu),
        ("xen", VectorAllocatorKind.Xen),
        ("linux-2.6.32", VectorAllocatorKind.Linux2632),
        ("linux", VectorAllocatorKind.Linux));

    public static ChoiceNames<DestinationMode> Destinations { get; } = new(
        ("physical", DestinationMode.Physical), ("flat", DestinationMode.Flat), ("x2apic", DestinationMode.X2Apic));

    public static ChoiceNames<DeliveryMode> Deliveries { get; } = new(
        ("static", DeliveryMode.Static), ("follow-vcpu", DeliveryMode.FollowVcpu), ("posted", DeliveryMode.Posted));

    public static ChoiceNames<EoiMode> Eois { get; } = new(
        ("emulate", EoiMode.Emulate), ("fast", EoiMode.Fast), ("x2apic", EoiMode.X2Apic), ("apicv", EoiMode.Apicv), ("pv", EoiMode.Pv));

    public static ChoiceNames<VirtualizationKind> Virtualizations { get; } = new(
        ("hvm", VirtualizationKind.Hvm), ("pv", VirtualizationKind.Pv));

    public static ChoiceNames<EoiInstruction> EoiInstructions { get; } = new(
        ("mov", EoiInstruction.Mov), ("stos", EoiInstruction.Stos));

    public static ChoiceNames<InterruptKind> Interrupts { get; } = new(
        ("msi", InterruptKind.Msi), ("intx", InterruptKind.IntX));

    public static ChoiceNames<MsixMaskOwner> MaskOwners { get; } = new(
        ("hypervisor", MsixMaskOwner.Hypervisor), ("dom0", MsixMaskOwner.Dom0));

    public static ChoiceNames<ShardAssignment> Assignments { get; } = new(
        ("single", ShardAssignment.Single),
        ("domid", ShardAssignment.Domid),
        ("least-loaded", ShardAssignment.LeastLoaded),
        ("per-vif-thread", ShardAssignment.PerVifThread));

    public static ChoiceNames<NetbackExecution> Executions { get; } = new(
        ("tasklet", NetbackExecution.Tasklet), ("kthread", NetbackExecution.Kthread));

    public static ChoiceNames<NotificationPolicy> Notifications { get; } = new(
        ("every", NotificationPolicy.Every),
        ("netback-rate", NotificationPolicy.NetbackRate),
        ("netfront-poll", NotificationPolicy.NetfrontPoll));

    public static ChoiceNames<EventChannelAbi> EventChannels { get; } = new(
        ("2-level", EventChannelAbi.TwoLevel), ("fifo", EventChannelAbi.Fifo));

    public static ChoiceNames<TransportKind> Transports { get; } = new(
        ("udp", TransportKind.Udp), ("tcp", TransportKind.Tcp), ("request-response", TransportKind.RequestResponse));

    public static ChoiceNames<CoalescingPolicy> Policies { get; } = new(
        ("fixed", CoalescingPolicy.Fixed),
        ("ixgbe-dynamic", CoalescingPolicy.IxgbeDynamic),
        ("igbvf-dynamic", CoalescingPolicy.IgbvfDynamic),
        ("aic", CoalescingPolicy.Aic));

    public static ChoiceNames<ArrivalKind> Arrivals { get; } = new(
        ("constant", ArrivalKind.Constant), ("poisson", ArrivalKind.Poisson), ("on-off", ArrivalKind.OnOff));

    public static ChoiceNames<CostName> Costs { get; } = new([.. Enum.GetValues<CostName>().Select(c => (CostNames.Names.Of(c), c))]);
}
