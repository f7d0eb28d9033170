using IoScale.Scenarios.Values;
using static IoScale.Scenarios.Language.Types;

namespace IoScale.Scenarios.Language;

/// <summary>One thing the timeline can do.</summary>
/// <param name="Required">Keys it needs besides <c>at</c> and <c>do</c>.</param>
/// <param name="Optional">Keys it may have.</param>
internal sealed record StepKind(string Word, string Meaning, IReadOnlyList<string> Required, IReadOnlyList<string> Optional);

/// <summary>What the timeline can do.</summary>
internal static class StepKinds
{
    public const string MigrateVcpu = "migrate-vcpu";
    public const string SetAffinity = "set-affinity";
    public const string OfflinePCpu = "offline-pcpu";
    public const string OnlinePCpu = "online-pcpu";
    public const string ResetDevice = "reset-device";
    public const string SetNotification = "set-notification";

    public static IReadOnlyList<StepKind> All { get; } =
    [
        new(MigrateVcpu, "moves a vCPU to another pCPU and pins it there", ["vm", "pcpu"], ["vcpu"]),
        new(SetAffinity, "gives the interrupts of a VF (all, or those of one vector) the pCPUs they may go to", ["device", "pcpus"], ["host", "vector"]),
        new(OfflinePCpu, "takes a pCPU offline", ["pcpu"], ["host"]),
        new(OnlinePCpu, "brings a pCPU back", ["pcpu"], ["host"]),
        new(ResetDevice, "resets a VF: its rings are lost, its vectors freed and asked for again", ["device"], ["host"]),
        new(SetNotification, "changes when netback notifies a VM, or each of a range of them", ["vm", "policy"], ["rate"]),
    ];

    public static Shape Step { get; } = new("step", "Something done to the system at a virtual time. " + string.Join(" ", All.Select(k => $"{k.Word} {k.Meaning} ({Keys(k)}).")),
    [
        new("at", Time(0, LongestRun, "30ms"), "When; within the run.", Required: true),
        new("do", new WordType([.. All.Select(k => k.Word)]), "What.", Required: true),
        new("vm", new ReferenceType("a VM, or for set-notification a range (vm[0..62]) or pattern (vm*)", "vm0"), "VM whose vCPU moves, or whose notification changes.", DefaultMeaning: "none"),
        new("vcpu", Integer(0, MostVcpus), "vCPU that moves.", Default: "0"),
        new("pcpu", Integer(0, MostPCpus), "pCPU that the vCPU moves to, or that goes offline or comes back.", DefaultMeaning: "none"),
        new("host", new ReferenceType("a host", "h0"), "Host of the pCPU or VF.", DefaultMeaning: "the only host"),
        new("device", new ReferenceType("a VF", FunctionName.Example), "VF.", DefaultMeaning: "none"),
        new("vector", Integer(0, 2_047), "Index in the VF's MSI-X table.", DefaultMeaning: "all vectors"),
        new("pcpus", new ListType(Integer(0, MostPCpus), 1, MostPCpus), "pCPUs that the interrupts may go to.", DefaultMeaning: "none"),
        new("policy", GuestKeys.Policy, "As policy of a VM's notification.", DefaultMeaning: "none"),
        new("rate", GuestKeys.PollRate, "As rate of a VM's notification.", DefaultMeaning: "none"),
    ]);

    public static StepKind Find(string word) => All.First(k => k.Word == word);

    private static string Keys(StepKind kind) => string.Join(", ", [.. kind.Required, .. kind.Optional.Select(o => $"optional {o}")]);
}
