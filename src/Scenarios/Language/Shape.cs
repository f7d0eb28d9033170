namespace IoScale.Scenarios.Language;

/// <summary>A mapping of the language with its keys, in the order in which they are written.</summary>
/// <param name="Name">What the mapping describes, one or two words.</param>
internal sealed record Shape(string Name, string Meaning, IReadOnlyList<Key> Keys)
{
    private readonly Dictionary<string, Key> _byName = Keys.ToDictionary(k => k.Name, StringComparer.Ordinal);

    public Key? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>A key of a mapping.</summary>
/// <param name="Default">The value when the key is absent, as it would be written; null when it depends on something else, or when there is none.</param>
/// <param name="DefaultMeaning">In words, what holds when the key is absent and <paramref name="Default"/> is null.</param>
internal sealed record Key(
    string Name,
    KeyType Type,
    string Meaning,
    bool Required = false,
    string? Default = null,
    string? DefaultMeaning = null);
