using System.Globalization;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios.Resolving;

/// <summary>Short forms to write trees with.</summary>
internal static class Trees
{
    private static readonly Source Nowhere = new("", 0);

    public static YamlMap Map(params (string Key, YamlNode? Value)[] entries) =>
        new(Nowhere, [.. entries.Where(e => e.Value is not null).Select(e => new YamlEntry(e.Key, Nowhere, e.Value!))]);

    public static YamlList List(IEnumerable<YamlNode> items) => new(Nowhere, [.. items]);

    /// <summary>A name or word: plain, unless YAML would take it for nothing.</summary>
    public static YamlScalar Word(string word)
    {
        YamlScalar plain = new(Nowhere, word, false);
        return plain.IsNull ? Text(word) : plain;
    }

    public static YamlScalar Text(string text) => new(Nowhere, text, true);

    public static YamlScalar Number(Int128 number) => new(Nowhere, number.ToString(CultureInfo.InvariantCulture), false);

    public static YamlScalar Flag(bool flag) => new(Nowhere, flag ? "true" : "false", false);

    public static YamlScalar Measure(long value, Dimension dimension) => new(Nowhere, Quantity.Format(value, dimension), false);

    public static YamlScalar Time(long ps) => Measure(ps, Dimension.Time);

    public static YamlScalar Null() => new(Nowhere, "null", false);

    /// <summary>Same keys in the same order, same items, same text.</summary>
    public static bool Same(YamlNode a, YamlNode b) => (a, b) switch
    {
        (YamlScalar x, YamlScalar y) => x.Value == y.Value && x.Quoted == y.Quoted,
        (YamlList x, YamlList y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(p => Same(p.First, p.Second)),
        (YamlMap x, YamlMap y) => x.Entries.Count == y.Entries.Count
            && x.Entries.Zip(y.Entries).All(p => p.First.Key == p.Second.Key && Same(p.First.Value, p.Second.Value)),
        _ => false,
    };
}
