using IoScale.Hardware.Platform;
using IoScale.Scenarios.Building;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Claims;
using IoScale.Scenarios.Expectations;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Overrides;
using IoScale.Scenarios.Resolving;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios;

/// <summary>Takes a tree through all checks: the scenario as it stands, then each variant with its overrides.</summary>
internal sealed class ScenarioChecker
{
    private const string OnlyVariant = "base";
    private const long MostElements = 2_000_000;

    private static readonly string[] NotOfTheSystem = ["claim", "variants", "expect"];

    private readonly IHardwareCatalogue _hardware;
    private readonly ErrorList _errors;
    private readonly IReadOnlyList<CommandLineOverride> _overrides;
    private readonly bool _cutShort;
    private readonly ScenarioLanguage _language;
    private readonly StructureChecker _structure;
    private readonly RangeExpander _ranges;
    private readonly Overrider _overrider;

    public ScenarioChecker(IHardwareCatalogue hardware, ErrorList errors, IReadOnlyList<CommandLineOverride> overrides, bool cutShort)
    {
        (_hardware, _errors, _overrides, _cutShort) = (hardware, errors, overrides, cutShort);
        _language = new(hardware);
        _structure = new(errors);
        _ranges = new(errors);
        _overrider = new(_language.Root, errors);
    }

    /// <returns>Null when mistakes were reported.</returns>
    public Scenario? Check(YamlMap file)
    {
        if (file.Find("apiVersion") is YamlScalar { Value: not ScenarioLanguage.ApiVersion } version)
        {
            // Whatever else it says, it says in another language.
            _errors.Add(version.Source, "apiVersion", $"{Show.Value(version.Value)} is unknown; this program reads {ScenarioLanguage.ApiVersion}");
            return null;
        }

        YamlMap expanded = _ranges.Expand(file);
        CheckedMap root = _structure.Check(Overridden(expanded), _language.Root);
        SystemSpec basis = SystemBuilder.Build(root, _errors, _hardware, _cutShort);
        CheckedMap[] variantMaps = [.. root.Maps("variants")];
        long elements = basis.Hosts.Count + basis.Vms.Count + (long)basis.Flows.Count;
        if (elements * variantMaps.Length > MostElements)
        {
            _errors.Add(root.At("variants"), "variants", $"{variantMaps.Length} variants of {elements} hosts, VMs and flows are too many for one run; split the file");
            return null;
        }

        List<(string Name, SystemSpec System)> variants = Variants(expanded, file, root, basis);
        ExpectationPlacer expectations = new(variants, _errors);
        expectations.PlaceCommon(root);
        for (int i = 0; i < variantMaps.Length; i++)
        {
            expectations.PlaceOwn(variantMaps[i], i);
        }

        Claim? claim = new ClaimReader(variants, _errors).Read(root);
        return _errors.Count > 0 ? null : Result(root, basis, variantMaps, variants, expectations, claim);
    }

    private YamlMap Overridden(YamlMap tree)
    {
        foreach (CommandLineOverride change in _overrides)
        {
            tree = _overrider.Apply(tree, change.Path, change.Value, change.At);
        }

        return _ranges.Expand(tree);
    }

    private List<(string Name, SystemSpec System)> Variants(YamlMap expanded, YamlMap file, CheckedMap root, SystemSpec basis)
    {
        CheckedMap[] maps = [.. root.Maps("variants")];
        if (maps.Length == 0)
        {
            return [(OnlyVariant, basis)];
        }

        foreach (string key in NotOfTheSystem)
        {
            expanded = expanded.With(key, null);
        }

        YamlMap[] written = [.. ((file.Find("variants") as YamlList)?.Items ?? []).OfType<YamlMap>()];
        Dictionary<string, string> names = new(StringComparer.OrdinalIgnoreCase);
        List<(string, SystemSpec)> variants = [];
        for (int i = 0; i < maps.Length; i++)
        {
            string name = maps[i].Text("name") ?? "?";
            if (!names.TryAdd(name, name) && name != "?")
            {
                _errors.Add(maps[i].At("name"), maps[i].PathOf("name"), $"{name} and {names[name]} are two variants; their names must differ in more than case");
            }

            _errors.Variant = name;
            variants.Add((name, Variant(expanded, written[i])));
            _errors.Variant = null;
        }

        return variants;
    }

    private SystemSpec Variant(YamlMap tree, YamlMap variant)
    {
        foreach (YamlEntry set in (variant.Find("set") as YamlMap)?.Entries ?? [])
        {
            tree = _ranges.Expand(_overrider.Apply(tree, set.Key, set.Value, set.Source));
        }

        return SystemBuilder.Build(_structure.Check(Overridden(tree), _language.Root), _errors, _hardware, _cutShort);
    }

    private Scenario Result(
        CheckedMap root,
        SystemSpec basis,
        CheckedMap[] maps,
        List<(string Name, SystemSpec System)> variants,
        ExpectationPlacer expectations,
        Claim? claim)
    {
        string name = root.Text("name")!;
        string description = root.Text("description")!;
        ResolvedVariant[] resolved = [.. maps.Select((m, i) => new ResolvedVariant(variants[i].Name, m.Text("description")!, Texts(m), variants[i].System))];
        return new(
            name,
            description,
            ResolvedScenario.Write(name, description, claim, basis, resolved, Texts(root), _hardware),
            [
                .. variants.Select((v, i) => new Variant(v.Name, v.System, expectations.Placed[i])
                {
                    Description = maps.Length == 0 ? "" : maps[i].Text("description")!,
                }),
            ])
        {
            Claim = claim,
        };
    }

    private static string[] Texts(CheckedMap map) => [.. map.List("expect")?.Items.Select(i => (string)i.Value!) ?? []];
}
