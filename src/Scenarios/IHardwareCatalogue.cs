using System.Diagnostics.CodeAnalysis;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Nics;

namespace IoScale.Scenarios;

/// <summary>The NIC models and cost profiles that a scenario can name.</summary>
public interface IHardwareCatalogue
{
    /// <summary>Names and aliases of all NIC models.</summary>
    IReadOnlyList<string> NicModelNames { get; }

    IReadOnlyList<string> CostProfileNames { get; }

    bool TryGetNicModel(string name, [MaybeNullWhen(false)] out NicModel model);

    bool TryGetCostProfile(string name, [MaybeNullWhen(false)] out CostProfile profile);
}
