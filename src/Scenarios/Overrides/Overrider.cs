using System.Globalization;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios.Overrides;

/// <summary>
/// Replaces values in the tree before it is checked, so that a wrong value is reported where it was written. A path that matches nothing
/// is a mistake; a key that the language knows and the file leaves to its default is not.
/// </summary>
internal sealed class Overrider(Shape root, ErrorList errors)
{
    private static readonly string[] Fixed = ["apiVersion", "name", "description", "claim", "variants", "expect"];

    private Source _at;
    private string _path = "";

    /// <summary>Sets the path to the value; a null value goes back to the default.</summary>
    /// <param name="at">Where the override is written.</param>
    public YamlMap Apply(YamlMap tree, string path, YamlNode value, Source at)
    {
        (_at, _path) = (at, path.Length > NameRules.LongestName * 4 ? "" : path);
        if (OverridePath.Parse(path, out IReadOnlyList<PathStep> steps) is { } mistake)
        {
            return Wrong(tree, mistake);
        }

        if (Fixed.Contains(steps[0].Key, StringComparer.Ordinal))
        {
            return Wrong(tree, $"cannot be overridden; set what the system is, for example hosts[*].pcpus");
        }

        return InMap(tree, root, steps, 0, value);
    }

    private YamlMap InMap(YamlMap map, Shape shape, IReadOnlyList<PathStep> steps, int index, YamlNode value)
    {
        PathStep step = steps[index];
        if (shape.Find(step.Key) is not { } key)
        {
            string[] valid = [.. shape.Keys.Select(k => k.Name)];
            return Wrong(map, $"a {shape.Name} has no key {Show.Value(step.Key)}; {NearestName.Hint(step.Key, valid, "keys")}");
        }

        bool last = index == steps.Count - 1;
        YamlNode? present = map.Find(key.Name);
        if (step.Selector is not null)
        {
            return InList(map, key, present, steps, index, value);
        }

        if (last)
        {
            return map.With(key.Name, value is YamlScalar { IsNull: true } ? null : value);
        }

        return key.Type switch
        {
            ShapeType t when present is null or YamlMap =>
                map.With(key.Name, InMap(present as YamlMap ?? new(_at, []), t.Shape, steps, index + 1, value)),
            ShapeType => map,
            ListType { Element: ShapeType } => Wrong(map, $"{key.Name} is a list; say which elements: {key.Name}[*] for all, or {key.Name}[NAME]"),
            _ => Wrong(map, $"{key.Name} has no keys; set it as a whole"),
        };
    }

    private YamlMap InList(YamlMap map, Key key, YamlNode? present, IReadOnlyList<PathStep> steps, int index, YamlNode value)
    {
        PathStep step = steps[index];
        if (key.Type is not ListType { Element: ShapeType element })
        {
            return Wrong(map, $"{key.Name} has no elements to select; set it as a whole");
        }

        if (NameRange.Expand(step.Selector!, out IReadOnlyList<string> names) is { } mistake)
        {
            return Wrong(map, mistake);
        }

        YamlNode[] items = [.. (present as YamlList)?.Items ?? []];
        HashSet<string> wanted = [.. names];
        bool matched = false;
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i] is not YamlMap item || !Matches(item, i, step.Selector!, wanted))
            {
                continue;
            }

            matched = true;
            items[i] = index == steps.Count - 1 ? value : InMap(item, element.Shape, steps, index + 1, value);
        }

        if (!matched)
        {
            string[] valid = [.. items.OfType<YamlMap>().Select(m => m.FindText("name")).OfType<string>()];
            string hint = valid.Length > 0 ? NearestName.Hint(step.Selector!, valid, "there are") : $"{key.Name} holds {items.Length} elements";
            return Wrong(map, $"matches nothing: {key.Name} has no element {Show.Value(step.Selector!)}; {hint}");
        }

        return map.With(key.Name, new YamlList(present!.Source, items));
    }

    private static bool Matches(YamlMap item, int index, string selector, HashSet<string> wanted)
    {
        string? name = item.FindText("name");
        return selector == "*"
            || selector == index.ToString(CultureInfo.InvariantCulture)
            || (name is not null && (wanted.Contains(name) || (NamePattern.IsPattern(selector) && NamePattern.Matches(selector, name))));
    }

    private YamlMap Wrong(YamlMap map, string message)
    {
        errors.Add(_at, _path, message);
        return map;
    }
}
