namespace IoScale.Scenarios.Yaml;

/// <summary>Where a piece of YAML was written.</summary>
/// <param name="File">File name, or the command-line option.</param>
/// <param name="Line">Counted from 1; 0 for the command line.</param>
internal readonly record struct Source(string File, int Line);

/// <summary>A piece of YAML with its place. Immutable, so that variants share what they do not change.</summary>
internal abstract class YamlNode(Source source)
{
    public Source Source { get; } = source;
}

/// <param name="quoted">Written in quotes or as a block: text, whatever it looks like.</param>
internal sealed class YamlScalar(Source source, string value, bool quoted) : YamlNode(source)
{
    public string Value { get; } = value;

    public bool Quoted { get; } = quoted;

    public bool IsNull => !Quoted && Value is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed class YamlList(Source source, IReadOnlyList<YamlNode> items) : YamlNode(source)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;
}

internal readonly record struct YamlEntry(string Key, Source Source, YamlNode Value);

/// <param name="label">For an element made from a name range, the range as it was written: errors speak of that.</param>
internal sealed class YamlMap(Source source, IReadOnlyList<YamlEntry> entries, string? label = null) : YamlNode(source)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public string? Label { get; } = label;

    /// <summary>The value of a key; null when the key is absent or holds nothing.</summary>
    public YamlNode? Find(string key)
    {
        foreach (YamlEntry entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry.Value is YamlScalar { IsNull: true } ? null : entry.Value;
            }
        }

        return null;
    }

    /// <summary>The text of a key that holds a plain value; null otherwise.</summary>
    public string? FindText(string key) => (Find(key) as YamlScalar)?.Value;

    /// <summary>The same map with one value replaced, added at the end, or (null) removed.</summary>
    public YamlMap With(string key, YamlNode? value, string? label = null)
    {
        List<YamlEntry> changed = new(Entries.Count + 1);
        bool found = false;
        foreach (YamlEntry entry in Entries)
        {
            if (entry.Key != key)
            {
                changed.Add(entry);
            }
            else if (!found && value is not null)
            {
                changed.Add(entry with { Value = value });
            }

            found |= entry.Key == key;
        }

        if (!found && value is not null)
        {
            changed.Add(new(key, value.Source, value));
        }

        return new(Source, changed, label ?? Label);
    }
}
