using IoScale.Hardware.Costs;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>The cost profile with the scenario's own constants put in.</summary>
internal static class CostBuilder
{
    private static readonly CostProfile StandIn = new("?", "", 1, []);

    public static CostProfile Build(CheckedMap root, ErrorList errors, IHardwareCatalogue hardware)
    {
        if (root.Text("costProfile") is not { } name || !hardware.TryGetCostProfile(name, out CostProfile? profile))
        {
            return StandIn;
        }

        CheckedMap overrides = root.Map("costs");
        foreach (CostName cost in Enum.GetValues<CostName>())
        {
            string word = ChoiceNames.Costs.Word(cost);
            if (!overrides.Has(word) || overrides.Text(word) is not { } written)
            {
                continue;
            }

            if (!profile.Has(cost))
            {
                errors.Add(overrides.At(word), overrides.PathOf(word), $"the machines of {name} do not have this, so it has no cost there; remove it, or write costProfile: {ChoiceRules.ModernProfile}");
                continue;
            }

            // The check of structure let nothing else pass.
            CostUnit unit = Quantity.Parse(written, Dimension.Cycles, "", out long value) is null ? CostUnit.Cycles : CostUnit.Picoseconds;
            if (unit == CostUnit.Picoseconds)
            {
                Quantity.Parse(written, Dimension.Time, "", out value);
            }

            CostConstant constant = profile.Constant(cost);
            if (unit != constant.Unit || value != constant.Value)
            {
                profile = profile.WithOverride(cost, unit, value);
            }
        }

        return profile;
    }

    public static Dimension Of(CostUnit unit) => unit == CostUnit.Cycles ? Dimension.Cycles : Dimension.Time;
}
