using IoScale.Nodes.Claims;
using IoScale.Scenarios;
using IoScale.Scenarios.Expectations;

namespace IoScale.Nodes.Running;

/// <summary>From what the variants of a scenario gave to its result.</summary>
internal static class Judgement
{
    /// <summary>Checks the conservation laws and evaluates the expectations.</summary>
    /// <exception cref="EmulationException">A law is broken: what was counted cannot be trusted.</exception>
    public static ScenarioResult Of(Scenario scenario, IReadOnlyList<VariantExecution> variants)
    {
        Dictionary<string, VariantExecution> byName = variants.ToDictionary(v => v.Name, StringComparer.Ordinal);
        foreach (VariantExecution variant in variants)
        {
            if (variant.Outcome?.Laws.FirstOrDefault(l => !l.Holds) is { } broken)
            {
                throw new EmulationException(
                    $"{scenario.Name}: {variant.Name}: conservation law broken: {broken.Name}: {broken.Left} = {broken.LeftValue} but {broken.Right} = {broken.RightValue}; no results written");
            }
        }

        bool interrupted = variants.Any(v => v.Outcome is null || v.Outcome.VirtualTimePs < v.System.DurationPs);
        return new ScenarioResult(scenario.Name, scenario.Variants[0].System.Seed, scenario.ResolvedYaml, interrupted,
            [.. scenario.Variants.Select(v => new VariantResult(v.Name, v.System, byName[v.Name].Outcome, interrupted ? [] : Evaluate(v, byName)))])
        {
            Claim = ClaimResult.Of(scenario, interrupted, name => byName[name].Outcome!.Metrics),
        };
    }

    private static ExpectationResult[] Evaluate(Variant variant, Dictionary<string, VariantExecution> byName) =>
        [.. variant.Expectations.Select(e => e.Evaluate(variant.Name, name => byName[name].Outcome!.Metrics))];
}
