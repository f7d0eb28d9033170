using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios.Overrides;

/// <summary>Makes one element of every name in a range, so that an override can reach each of them. Expanding twice changes nothing.</summary>
internal sealed class RangeExpander(ErrorList errors)
{
    private static readonly string[] NoCompanions = [];
    private static readonly string[] VmCompanions = ["host", "domid", "vf", "vif"];

    public YamlMap Expand(YamlMap root)
    {
        YamlMap expanded = root;
        if (root.Find("hosts") is YamlList hosts)
        {
            YamlNode[] withNics = [.. hosts.Items.Select(ExpandNics)];
            expanded = expanded.With("hosts", Elements(new(hosts.Source, withNics), "hosts", Types.MostHosts, NoCompanions));
        }

        return root.Find("vms") is YamlList vms ? expanded.With("vms", Elements(vms, "vms", Types.MostVms, VmCompanions)) : expanded;
    }

    private YamlNode ExpandNics(YamlNode host) =>
        host is YamlMap map && map.Find("nics") is YamlList nics
            ? map.With("nics", Elements(nics, "nics", Types.MostHosts, NoCompanions))
            : host;

    private YamlList Elements(YamlList list, string path, int most, string[] companions)
    {
        List<YamlNode> elements = new(list.Items.Count);
        foreach (YamlNode item in list.Items)
        {
            if (item is not YamlMap map || map.Find("name") is not YamlScalar name)
            {
                elements.Add(item);
                continue;
            }

            string label = map.Label ?? name.Value;
            if (NameRange.Expand(name.Value, out IReadOnlyList<string> names) is { } mistake)
            {
                errors.Add(name.Source, $"{path}.name", mistake);
                elements.Add(item);
            }
            else if (elements.Count + names.Count > most)
            {
                errors.Add(name.Source, $"{path}[{label}]", $"makes more than {most} elements of {path}; that is the most there can be");
                break;
            }
            else if (NameRange.IsRange(name.Value))
            {
                Multiply(map, name, names, $"{path}[{label}]", companions, elements);
            }
            else
            {
                RefuseRanges(map, $"{path}[{label}]", companions);
                elements.Add(map);
            }
        }

        return new(list.Source, elements);
    }

    private void Multiply(YamlMap map, YamlScalar name, IReadOnlyList<string> names, string path, string[] companions, List<YamlNode> elements)
    {
        Dictionary<YamlScalar, IReadOnlyList<string>> parallel = new(ReferenceEqualityComparer.Instance);
        foreach ((string key, YamlScalar value) in Companions(map, companions))
        {
            if (!NameRange.IsRange(value.Value))
            {
                continue;
            }

            string? mistake = NameRange.Expand(value.Value, out IReadOnlyList<string> values);
            if (mistake is null && values.Count != names.Count)
            {
                mistake = $"{Show.Value(value.Value)} stands for {values.Count} values and the name {Show.Value(name.Value)} for {names.Count}; make them the same length";
            }

            if (mistake is not null)
            {
                errors.Add(value.Source, $"{path}.{key}", mistake);
                values = [.. Enumerable.Repeat("", names.Count)];
            }

            parallel.Add(value, values);
        }

        for (int i = 0; i < names.Count; i++)
        {
            YamlMap element = map.With("name", new YamlScalar(name.Source, names[i], name.Quoted), map.Label ?? name.Value);
            foreach (string key in parallel.Count > 0 ? companions : [])
            {
                element = map.Find(key) is YamlScalar value && parallel.TryGetValue(value, out IReadOnlyList<string>? values)
                    ? element.With(key, key == "domid" ? Number(value, values[i]) : Replaced(value, values[i]))
                    : element;
            }

            if (companions.Length > 0 && map.Find("vfs") is YamlList functions)
            {
                element = element.With("vfs", new YamlList(functions.Source, [.. functions.Items.Select(f =>
                    f is YamlScalar value && parallel.TryGetValue(value, out IReadOnlyList<string>? values) ? Replaced(value, values[i]) : f)]));
            }

            elements.Add(element);
        }
    }

    private void RefuseRanges(YamlMap map, string path, string[] companions)
    {
        foreach ((string key, YamlScalar value) in Companions(map, companions))
        {
            if (NameRange.IsRange(value.Value))
            {
                errors.Add(value.Source, $"{path}.{key}", $"{Show.Value(value.Value)} is a range, but the name stands for one VM; make the name a range of the same length{(key == "vf" ? ", or list the VFs under vfs" : "")}");
            }
        }
    }

    /// <summary>The values that may be ranges beside the name.</summary>
    private static IEnumerable<(string Key, YamlScalar Value)> Companions(YamlMap map, string[] companions)
    {
        foreach (string key in companions)
        {
            if (map.Find(key) is YamlScalar value)
            {
                yield return (key, value);
            }
        }

        if (companions.Length > 0 && map.Find("vfs") is YamlList functions)
        {
            foreach (YamlScalar value in functions.Items.OfType<YamlScalar>())
            {
                yield return ("vfs", value);
            }
        }
    }

    private static YamlScalar? Number(YamlScalar value, string text) => text.Length == 0 ? null : new(value.Source, text, false);

    /// <summary>A value that was wrong has been reported; what is left of it must raise no second report.</summary>
    private static YamlScalar Replaced(YamlScalar value, string text) => new(value.Source, text, true);
}
