using IoScale.Hardware.Platform;
using IoScale.Scenarios.Claims;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Yaml;
using static IoScale.Scenarios.Resolving.Trees;

namespace IoScale.Scenarios.Resolving;

/// <summary>A variant as it is written: its name and words, and the system it came to.</summary>
internal sealed record ResolvedVariant(string Name, string Description, IReadOnlyList<string> Expectations, SystemSpec System);

/// <summary>
/// Writes a scenario out: the base with every default, and for each variant what it changes, defaults that follow from its changes included.
/// </summary>
internal static class ResolvedScenario
{
    public static string Write(
        string name,
        string description,
        Claim? claim,
        SystemSpec basis,
        IReadOnlyList<ResolvedVariant> variants,
        IReadOnlyList<string> expectations,
        IHardwareCatalogue hardware)
    {
        YamlMap tree = ResolvedTree.Of(basis, hardware);
        YamlMap head = Map(("apiVersion", Word(ScenarioLanguage.ApiVersion)), ("name", Word(name)), ("description", Text(description)), ("claim", claim is null ? null : Claim(claim)));
        YamlMap tail = Map(
            ("variants", List(variants.Select(v => Variant(v, tree, hardware)))),
            ("expect", List(expectations.Select(Text))));
        return YamlWriter.Write(new(head.Source, [.. head.Entries, .. tree.Entries, .. tail.Entries]));
    }

    private static YamlMap Claim(Claim claim) => Map(
        ("id", Word(claim.Id)),
        ("claim", Text(claim.Text)),
        ("basis", Text(claim.Basis)),
        ("expected", Text(claim.Expected)),
        ("measured", List(claim.Measured.Select(m => Map(
            ("label", m.Label.Length == 0 ? null : Text(m.Label)),
            ("value", Text(m.Value)),
            ("unit", m.Unit.Length == 0 ? null : Text(m.Unit)),
            ("decimals", m.Decimals is { } d ? Number(d) : null))))),
        ("calibrated", Text(claim.Calibrated)),
        ("predicted", Text(claim.Predicted)));

    private static YamlMap Variant(ResolvedVariant variant, YamlMap basis, IHardwareCatalogue hardware)
    {
        IReadOnlyList<(string Path, YamlNode Value)> changes = TreeDifference.Between(basis, ResolvedTree.Of(variant.System, hardware));
        return Map(
            ("name", Word(variant.Name)),
            ("description", Text(variant.Description)),
            ("set", changes.Count == 0 ? null : Map([.. changes.Select(c => (c.Path, (YamlNode?)c.Value))])),
            ("expect", List(variant.Expectations.Select(Text))));
    }
}
