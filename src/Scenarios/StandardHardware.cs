using System.Diagnostics.CodeAnalysis;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Nics;
using IoScale.Scenarios.Resolving;

namespace IoScale.Scenarios;

/// <summary>The NIC models and cost profiles that come with the program.</summary>
public sealed class StandardHardware : IHardwareCatalogue
{
    private StandardHardware()
    {
    }

    public static StandardHardware Instance { get; } = new();

    public IReadOnlyList<string> NicModelNames { get; } =
        [.. NicModels.Names.SelectMany(n => NicModels.Get(n).Aliases.Prepend(n)).Select(ResolvedTree.ModelWord)];

    public IReadOnlyList<string> CostProfileNames { get; } = CostProfiles.Names;

    public bool TryGetNicModel(string name, [MaybeNullWhen(false)] out NicModel model)
    {
        model = NicModels.TryGet(name);
        return model is not null;
    }

    public bool TryGetCostProfile(string name, [MaybeNullWhen(false)] out CostProfile profile)
    {
        profile = CostProfiles.TryGet(name);
        return profile is not null;
    }
}
