using IoScale.Hardware.Platform;
using IoScale.Scenarios.Claims;
using IoScale.Scenarios.Expectations;

namespace IoScale.Scenarios;

/// <summary>A checked scenario, ready to run.</summary>
/// <param name="Name">Safe as a file name on every system.</param>
/// <param name="ResolvedYaml">The scenario with every range expanded, every default and every override written out; loads to the same variants.</param>
/// <param name="Variants">At least one; a scenario without variants has one called <c>base</c>.</param>
public sealed record Scenario(string Name, string Description, string ResolvedYaml, IReadOnlyList<Variant> Variants)
{
    /// <summary>What the scenario is evidence for; null for most.</summary>
    public Claim? Claim { get; init; }
}

/// <summary>One of the systems that a scenario compares.</summary>
/// <param name="Expectations">Those of the scenario that concern this variant, then its own.</param>
public sealed record Variant(string Name, SystemSpec System, IReadOnlyList<Expectation> Expectations)
{
    /// <summary>One sentence from the scenario's author; empty when there is none.</summary>
    public string Description { get; init; } = "";
}
