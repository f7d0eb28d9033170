using IoScale.Hardware.Costs;
using IoScale.Scenarios.Values;
using static IoScale.Scenarios.Language.Types;

namespace IoScale.Scenarios.Language;

/// <summary>
/// The table of all keys of a scenario. The checker, the JSON Schema and the reference page are made from it, so what one of them knows
/// the others know too.
/// </summary>
internal sealed class ScenarioLanguage
{
    public const string ApiVersion = "ioscale/v1";
    public const string DefaultCostProfile = "nehalem-2009";

    public ScenarioLanguage(IHardwareCatalogue hardware)
    {
        Costs = new("costs", "Cost constants that differ from the profile.", [.. Enum.GetValues<CostName>().Select(CostKey)]);
        Shape host = HostKeys.Host(hardware);
        Shape variant = new("variant", "The same scenario with some values replaced.",
        [
            new("name", Name("after"), "Name of the variant; expectations refer to it.", Required: true),
            new("description", Text("one sentence"), "What the variant shows.", Default: ""),
            new("set", new OverridesType(), "Values to replace, by path; the value null goes back to the default.", DefaultMeaning: "nothing is replaced"),
            new("expect", Expectations, "Comparisons that must hold in this variant.", DefaultMeaning: "none"),
        ]);
        Shape fabric = new("fabric", "The switch that links the ports of all hosts.",
        [
            new("name", Name("fabric"), "Name of the switch.", Default: "fabric"),
            new("latency", Time(1, Second, "1us"), "One-way latency of each host's wire to the switch; the smaller it is, the more often the hosts must wait for one another.", Default: "1us"),
        ]);
        Root = new("scenario", "One scenario: a system, what happens to it, and what must come out.",
        [
            new("apiVersion", new WordType([ApiVersion]), "Version of the language.", Required: true),
            new("name", Name("niantic"), "Name of the scenario; results go to a folder of that name.", Required: true),
            new("description", Text("one or more sentences"), "What the scenario shows.", Default: ""),
            new("claim", new ShapeType(ClaimKeys.Claim), "What the scenario is evidence for; its expectations are the verdict.", DefaultMeaning: "none"),
            new("seed", new IntegerType(0, ulong.MaxValue), "Seed of all random streams. Same scenario and seed, same result.", Default: "1"),
            new("duration", Time(1_000, LongestRun, "100ms"), "Virtual time at which the run ends.", Required: true),
            new("warmUp", Time(0, LongestRun, "20ms"), "Time before the measured window begins; less than duration.", Default: "0ms"),
            new("costProfile", new WordType(hardware.CostProfileNames), "Cost constants by name.", Default: DefaultCostProfile),
            new("costs", new ShapeType(Costs), "Cost constants that differ from the profile.", DefaultMeaning: "the profile's"),
            new("hosts", new ListType(new ShapeType(host), 1, MostHosts), "The machines.", Required: true),
            new("fabric", new ShapeType(fabric), "The switch that links the ports of all hosts.", DefaultMeaning: "the hosts are not linked"),
            new("vms", new ListType(new ShapeType(GuestKeys.Vm), 0, MostVms), "The virtual machines.", DefaultMeaning: "none"),
            new("traffic", new ListType(new ShapeType(GuestKeys.Flow), 0, MostVms), "Flows of frames.", DefaultMeaning: "none"),
            new("timeline", new ListType(new ShapeType(StepKinds.Step), 0, MostVms), "What is done to the system while it runs.", DefaultMeaning: "nothing"),
            new("variants", new ListType(new ShapeType(variant), 0, MostVariants), "Named overrides of this scenario, run side by side.", DefaultMeaning: "one variant called base"),
            new("expect", Expectations, "Comparisons that must hold. One that names no variant must hold in each.", DefaultMeaning: "none"),
        ]);
        Shapes =
        [
            Root, ClaimKeys.Claim, ClaimKeys.Measurement, Costs, host, HostKeys.Vectors, HostKeys.Iommu, HostKeys.Scheduler, HostKeys.Dom0, HostKeys.Netback, HostKeys.Nic(hardware), HostKeys.Coalescing, HostKeys.Direction,
            fabric, GuestKeys.Vm, GuestKeys.Notification, GuestKeys.Flow, StepKinds.Step, variant,
        ];
    }

    public Shape Root { get; }

    public Shape Costs { get; }

    /// <summary>All mappings of the language, outermost first.</summary>
    public IReadOnlyList<Shape> Shapes { get; }

    private static ListType Expectations => new(Text("a comparison such as functions_up == 128"), 0, 10_000);

    private static Key CostKey(CostName cost) =>
        new(ChoiceNames.Costs.Word(cost), new CostType(), $"Replaces the profile's {ChoiceNames.Costs.Word(cost)}.", DefaultMeaning: "the profile's");
}
