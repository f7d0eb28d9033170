using IoScale.Scenarios.Language;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios.Checking;

/// <summary>A value that passed the check of structure, or null where a mistake was reported.</summary>
/// <param name="Value">bool, Int128 (integers and quantities in base units), string, <see cref="CheckedMap"/> or <see cref="CheckedList"/>.</param>
internal readonly record struct CheckedValue(object? Value, Source Source);

/// <param name="Single">Written as one value without brackets.</param>
internal sealed record CheckedList(IReadOnlyList<CheckedValue> Items, bool Single);

/// <summary>
/// A mapping whose keys, types, units and bounds are right, or are reported. Where a value was wrong, the readers give what raises no
/// further mistakes: one error for one cause.
/// </summary>
internal sealed class CheckedMap(Shape shape, string path, Source source, Dictionary<string, CheckedValue> given, Func<CheckedMap, Key, CheckedValue> defaults)
{
    public Shape Shape { get; } = shape;

    /// <summary>Where it stands, for example <c>hosts[h0].iommu</c>; empty for the scenario.</summary>
    public string Path { get; } = path;

    public Source Source { get; } = source;

    public bool Has(string key) => given.ContainsKey(key);

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Where the key was written, or else the mapping.</summary>
    public Source At(string key) => given.TryGetValue(key, out CheckedValue value) ? value.Source : Source;

    public bool Flag(string key) => Get(key).Value is true;

    public long Number(string key, long ifWrong = 0) => Get(key).Value is Int128 number ? (long)number : ifWrong;

    /// <summary>The number, where it is written and right.</summary>
    public long? GivenNumber(string key) => Has(key) && Get(key).Value is Int128 number ? (long)number : null;

    public ulong Unsigned(string key) => Get(key).Value is Int128 number ? (ulong)number : 0;

    /// <summary>Null where a mistake was reported, or where the key is absent and has no default.</summary>
    public string? Text(string key) => Get(key).Value as string;

    /// <summary>The mapping; an empty one, full of defaults, where it is absent or wrong.</summary>
    public CheckedMap Map(string key) =>
        Get(key).Value as CheckedMap ?? new(((ShapeType)Shape.Find(key)!.Type).Shape, PathOf(key), Source, [], defaults);

    public CheckedList? List(string key) => Get(key).Value as CheckedList;

    public IEnumerable<CheckedMap> Maps(string key) => List(key)?.Items.Select(i => i.Value).OfType<CheckedMap>() ?? [];

    private CheckedValue Get(string key) => given.TryGetValue(key, out CheckedValue value) ? value : defaults(this, Shape.Find(key)!);
}
