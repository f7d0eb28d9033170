using IoScale.Hardware.Costs;
using IoScale.Nodes.Running;
using IoScale.Scenarios;

namespace IoScale.Nodes.Claims;

/// <summary>What becomes of the verdicts when one cost constant moves.</summary>
/// <param name="Lower">Claims whose verdict flips with the constant 20 % lower, in the order of the claims.</param>
/// <param name="Higher">The same, 20 % higher.</param>
internal sealed record ConstantSensitivity(CostName Constant, IReadOnlyList<ScenarioResult> Lower, IReadOnlyList<ScenarioResult> Higher)
{
    public bool FlipsNothing => Lower.Count == 0 && Higher.Count == 0;
}

/// <summary>Plans the runs with moved constants, and reads which verdicts flip.</summary>
internal static class Sensitivity
{
    private const int LowerPercent = 80;
    private const int HigherPercent = 120;

    /// <summary>Every claim with every constant of its profiles, lower and higher.</summary>
    public static IReadOnlyList<ClaimRun> Plan(IReadOnlyList<Scenario> scenarios) =>
    [
        .. from name in Enum.GetValues<CostName>()
           from percent in (int[])[LowerPercent, HigherPercent]
           from scenario in scenarios
           where scenario.Variants.Any(v => v.System.Costs.Has(name))
           select new ClaimRun(scenario, name, percent),
    ];

    /// <param name="results">Of the planned runs, in their order.</param>
    /// <param name="basis">Of the scenarios as they are, by name.</param>
    public static IReadOnlyList<ConstantSensitivity> Read(IReadOnlyList<ClaimRun> runs, IReadOnlyList<ScenarioResult> results, IReadOnlyDictionary<string, ScenarioResult> basis)
    {
        IReadOnlyList<ScenarioResult> Flipped(CostName name, int percent) =>
            [.. runs.Zip(results).Where(r => r.First.Moved == name && r.First.Percent == percent && r.Second.ExpectationsHold != basis[r.Second.Name].ExpectationsHold).Select(r => r.Second)];

        return [.. runs.Select(r => r.Moved!.Value).Distinct().Select(n => new ConstantSensitivity(n, Flipped(n, LowerPercent), Flipped(n, HigherPercent)))];
    }
}
