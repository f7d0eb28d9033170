using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios.Checking;

/// <summary>Checks a tree against the table of keys: unknown and missing keys, types, units, bounds.</summary>
internal sealed class StructureChecker
{
    private readonly ErrorList _errors;
    private readonly ScalarChecker _scalars;
    private readonly Dictionary<Key, CheckedValue> _defaults = new(ReferenceEqualityComparer.Instance);

    public StructureChecker(ErrorList errors)
    {
        _errors = errors;
        _scalars = new(errors);
    }

    public CheckedMap Check(YamlMap root, Shape shape) => Map(root, shape, "");

    private CheckedMap Map(YamlMap map, Shape shape, string path)
    {
        Dictionary<string, CheckedValue> given = new(StringComparer.Ordinal);
        string[] valid = [.. shape.Keys.Select(k => k.Name)];
        foreach (YamlEntry entry in map.Entries)
        {
            string keyPath = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            if (shape.Find(entry.Key) is { } key)
            {
                given[key.Name] = Value(entry.Value, key.Type, keyPath);
            }
            else
            {
                string known = entry.Key.Length > NameRules.LongestName ? path : keyPath;
                string hint = _errors.IsFull ? "" : NearestName.Hint(entry.Key, valid, $"keys of a {shape.Name}");
                _errors.Add(entry.Source, known, $"unknown key; {hint}");
            }
        }

        foreach (Key key in shape.Keys)
        {
            if (key.Required && !map.Entries.Any(e => e.Key == key.Name))
            {
                _errors.Add(map.Source, path.Length == 0 ? key.Name : $"{path}.{key.Name}", $"is missing; write {key.Name}: and {key.Type.Describe()}");
            }
        }

        return new(shape, path, map.Source, given, Default);
    }

    private CheckedValue Value(YamlNode node, KeyType type, string path)
    {
        if (node is YamlScalar { IsNull: true } && type is not TextType)
        {
            _errors.Add(node.Source, path, $"has no value; write {type.Describe()}");
            return new(null, node.Source);
        }

        return (type, node) switch
        {
            (ShapeType t, YamlMap map) => new(Map(map, t.Shape, path), node.Source),
            (ShapeType { ScalarKey: { } key } t, YamlScalar) => new(Map(new(node.Source, [new(key, node.Source, node)]), t.Shape, path), node.Source),
            (OverridesType, YamlMap) => new(null, node.Source),
            (ListType t, YamlList list) => new(List(list, t, path), node.Source),
            (ListType { OneWithoutBrackets: true } t, YamlScalar) => new(new CheckedList([Value(node, t.Element, path)], true), node.Source),
            (ListType { OneWithoutBrackets: true, Element: ShapeType } t, YamlMap) => new(new CheckedList([Value(node, t.Element, path)], true), node.Source),
            (not (ShapeType or OverridesType or ListType), YamlScalar scalar) => new(_scalars.Check(scalar, type, path), node.Source),
            _ => WrongStructure(node, type, path),
        };
    }

    private CheckedValue WrongStructure(YamlNode node, KeyType type, string path)
    {
        string found = node switch { YamlMap => "a mapping", YamlList => "a list", _ => Show.Value(((YamlScalar)node).Value) };
        _errors.Add(node.Source, path, $"is {found}; write {type.Describe()}");
        return new(null, node.Source);
    }

    private CheckedList List(YamlList list, ListType type, string path)
    {
        if (list.Items.Count < type.Fewest || list.Items.Count > type.Most)
        {
            string right = list.Items.Count < type.Fewest ? $"write at least {type.Fewest}" : $"at most {type.Most} are allowed";
            _errors.Add(list.Source, path, $"has {list.Items.Count} elements; {right}");
        }

        CheckedValue[] items = new CheckedValue[Math.Min(list.Items.Count, type.Most)];
        for (int i = 0; i < items.Length; i++)
        {
            string name = (list.Items[i] as YamlMap)?.Label ?? (list.Items[i] as YamlMap)?.FindText("name") ?? "";
            items[i] = Value(list.Items[i], type.Element, name.Length is > 0 and <= NameRules.LongestName ? $"{path}[{name}]" : $"{path}[{i}]");
        }

        return new(items, false);
    }

    private CheckedValue Default(CheckedMap map, Key key)
    {
        if (key.Default is null)
        {
            return new(null, map.Source);
        }

        if (!_defaults.TryGetValue(key, out CheckedValue value))
        {
            value = Value(new YamlScalar(new("", 0), key.Default, key.Type is TextType), key.Type, key.Name);
            _defaults.Add(key, value);
        }

        return value;
    }
}
