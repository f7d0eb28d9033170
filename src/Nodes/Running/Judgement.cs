using IoScale.Actors.Running;
using IoScale.Nodes.Claims;
using IoScale.Scenarios;
using IoScale.Scenarios.Expectations;

namespace IoScale.Nodes.Running;

/// <summary>From what the variants of a scenario gave to its result.</summary>
internal static class Judgement
{
    /// <summary>Checks the conservation laws and evaluates the expectations.</summary>
    /// <param name="outcomes">By the name of the variant; null where the run was stopped before the variant began.</param>
    /// <exception cref="EmulationException">A law is broken: what was counted cannot be trusted.</exception>
    public static ScenarioResult Of(Scenario scenario, IReadOnlyDictionary<string, RunOutcome?> outcomes)
    {
        foreach (Variant variant in scenario.Variants)
        {
            if (outcomes[variant.Name]?.Laws.FirstOrDefault(l => !l.Holds) is { } broken)
            {
                throw new EmulationException(
                    $"{scenario.Name}: {variant.Name}: conservation law broken: {broken.Name}: {broken.Left} = {broken.LeftValue} but {broken.Right} = {broken.RightValue}; no results written");
            }
        }

        bool interrupted = scenario.Variants.Any(v => outcomes[v.Name] is not { } outcome || outcome.VirtualTimePs < v.System.DurationPs);
        return new ScenarioResult(scenario.Name, scenario.Variants[0].System.Seed, scenario.ResolvedYaml, interrupted,
            [.. scenario.Variants.Select(v => new VariantResult(v.Name, v.System, outcomes[v.Name], interrupted ? [] : Evaluate(v, outcomes)))])
        {
            Claim = ClaimResult.Of(scenario, interrupted, name => outcomes[name]!.Metrics),
        };
    }

    private static ExpectationResult[] Evaluate(Variant variant, IReadOnlyDictionary<string, RunOutcome?> outcomes) =>
        [.. variant.Expectations.Select(e => e.Evaluate(variant.Name, name => outcomes[name]!.Metrics))];
}
