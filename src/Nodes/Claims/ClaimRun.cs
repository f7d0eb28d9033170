using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Running;
using IoScale.Scenarios;

namespace IoScale.Nodes.Claims;

/// <summary>One run of a claim's scenario: as it is, or with a cost constant moved.</summary>
/// <param name="Percent">What the constant is multiplied by; without meaning where <paramref name="Moved"/> is null.</param>
internal sealed record ClaimRun(Scenario Scenario, CostName? Moved = null, int Percent = 100)
{
    /// <summary>The run costs as much virtual time as this; larger runs are begun first.</summary>
    public long DurationPs => Scenario.Variants.Sum(v => v.System.DurationPs);

    /// <summary>Runs all variants, one after the other, on the calling thread.</summary>
    /// <exception cref="EmulationException">A conservation law or a rule of the model is broken.</exception>
    public ScenarioResult Execute(IVariantRunner runner, string runId, CancellationToken stop)
    {
        VariantExecution[] variants = [.. Scenario.Variants.Select(v => new VariantExecution(v.Name, SystemOf(v), null))];
        try
        {
            for (int i = 0; i < variants.Length; i++)
            {
                variants[i].Execute(runner, $"{runId}-{i}", threads: 1, stop);
            }
        }
        catch (VirtualTime.ModelErrorException e)
        {
            throw new EmulationException($"{Scenario.Name}: {e.Message}", e);
        }

        return Judgement.Of(Scenario, variants.ToDictionary(v => v.Name, v => v.Outcome, StringComparer.Ordinal));
    }

    private SystemSpec SystemOf(Variant variant)
    {
        SystemSpec system = variant.System;
        if (Moved is not { } name || !system.Costs.Has(name))
        {
            return system;
        }

        CostConstant constant = system.Costs.Constant(name);
        return system with { Costs = system.Costs.WithOverride(name, constant.Unit, ((constant.Value * Percent) + 50) / 100) };
    }
}
