using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Building;

/// <summary>Everything of one kind by name, in order. Names that differ only in case count as the same.</summary>
internal sealed class Names<T>(string what)
    where T : class
{
    private readonly Dictionary<string, (string Name, T? Item)> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<T> _all = [];
    private bool _incomplete;

    public IReadOnlyList<T> All => _all;

    /// <summary>Reserves the name of an element; reports a name that is taken.</summary>
    /// <returns>The name; a stand-in where it was wrong.</returns>
    public string Claim(BuildContext context, CheckedMap map)
    {
        if (map.Text("name") is not { } name)
        {
            _incomplete = true;
            return "?";
        }

        if (!_byName.TryAdd(name, (name, null)))
        {
            string other = _byName[name].Name;
            context.Wrong(map, "name", other == name ? $"{name} is the name of two {what}s; names are unique" : $"{name} differs only in case from {other}; choose another name");
        }

        return name;
    }

    public void Add(string name, T item)
    {
        _all.Add(item);
        _byName[name] = (name, item);
    }

    /// <summary>Puts a fuller description of an element in its place.</summary>
    /// <param name="name">The element's name, which stays.</param>
    public void Replace(int index, string name, T item)
    {
        _all[index] = item;
        _byName[name] = (name, item);
    }

    public T? Find(string name) => _byName.TryGetValue(name, out (string Name, T? Item) found) && found.Name == name ? found.Item : null;

    /// <summary>The element of that name; otherwise reports, unless the name may be one that was itself wrong.</summary>
    public T? Find(BuildContext context, CheckedMap map, string key, string name)
    {
        T? found = Find(name);
        if (found is null && !_incomplete)
        {
            context.Wrong(map, key, $"there is no {what} {Show.Value(name)}; {NearestName.Hint(name, [.. _byName.Values.Select(v => v.Name)], $"{what}s")}");
        }

        return found;
    }
}
