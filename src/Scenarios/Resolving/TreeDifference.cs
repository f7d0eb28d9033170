using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios.Resolving;

/// <summary>The overrides that make one resolved tree of another.</summary>
internal static class TreeDifference
{
    /// <summary>Paths and values; the value null removes what only <paramref name="from"/> has.</summary>
    public static IReadOnlyList<(string Path, YamlNode Value)> Between(YamlMap from, YamlMap to)
    {
        List<(string, YamlNode)> changes = [];
        Maps(from, to, "", changes);
        return changes;
    }

    private static void Maps(YamlMap from, YamlMap to, string path, List<(string, YamlNode)> changes)
    {
        foreach (YamlEntry entry in from.Entries)
        {
            if (to.Find(entry.Key) is null)
            {
                changes.Add((Join(path, entry.Key), Trees.Null()));
            }
        }

        foreach (YamlEntry entry in to.Entries)
        {
            string at = Join(path, entry.Key);
            switch (from.Find(entry.Key), entry.Value)
            {
                case (YamlMap before, YamlMap after):
                    Maps(before, after, at, changes);
                    break;
                case (YamlList before, YamlList after) when SameNames(before, after):
                    foreach ((YamlNode a, YamlNode b) in before.Items.Zip(after.Items))
                    {
                        Maps((YamlMap)a, (YamlMap)b, $"{at}[{((YamlMap)a).FindText("name")}]", changes);
                    }

                    break;
                case ({ } before, { } after) when Trees.Same(before, after):
                    break;
                default:
                    changes.Add((at, entry.Value));
                    break;
            }
        }
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static bool SameNames(YamlList a, YamlList b) =>
        a.Items.Count > 0 && a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(p =>
            p.First is YamlMap x && p.Second is YamlMap y && x.FindText("name") is { } name && name == y.FindText("name"));
}
