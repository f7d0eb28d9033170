using System.Collections;
using System.Globalization;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>
/// Settings from environment variables, which Akka's own HOCON cannot read. <c>IOSCALE__NODE__JOIN_TIMEOUT=90s</c> is
/// <c>ioscale.node.join-timeout = 90s</c>; a number at the end is a place in a list.
/// </summary>
internal static class EnvironmentOverlay
{
    private static readonly string[] Prefixes = ["IOSCALE__", "AKKA__"];

    /// <summary>The variables that are settings.</summary>
    public static IReadOnlyDictionary<string, string> OfProcess() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(e => (Name: (string)e.Key, Value: (string?)e.Value ?? ""))
        .Where(e => IsSetting(e.Name))
        .ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);

    /// <param name="reference">Tells which keys are lists, so that commas separate their values.</param>
    /// <exception cref="SettingsException">A name is no path, or two variables set the same key.</exception>
    public static Config Of(IReadOnlyDictionary<string, string> variables, Config reference)
    {
        SortedDictionary<string, SortedDictionary<int, string>> settings = new(StringComparer.Ordinal);
        List<string> mistakes = [];
        foreach ((string name, string value) in variables.Where(v => IsSetting(v.Key)).OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            string[] parts = name.Split("__");
            if (parts.Any(p => p.Length == 0))
            {
                mistakes.Add($"{name}: is no path; two underscores stand between the parts of a key");
                continue;
            }

            bool indexed = int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int index);
            string key = string.Join('.', (indexed ? parts[..^1] : parts).Select(KeyPart));
            if (!settings.TryGetValue(key, out SortedDictionary<int, string>? values))
            {
                settings[key] = values = [];
            }

            if (values.ContainsKey(-1) || (!indexed && values.Count > 0) || !values.TryAdd(indexed ? index : -1, value))
            {
                mistakes.Add($"{name}: {key} is set by another variable too");
            }
        }

        return mistakes.Count > 0
            ? throw new SettingsException(mistakes)
            : ConfigurationFactory.ParseString(string.Join('\n', settings.Select(s => Line(s.Key, s.Value, reference))));
    }

    private static bool IsSetting(string name) => Prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal));

    private static string KeyPart(string part) => part.ToLowerInvariant().Replace('_', '-');

    private static string Line(string key, SortedDictionary<int, string> values, Config reference)
    {
        if (values.TryGetValue(-1, out string? single))
        {
            return reference.GetValue(key) is HoconValue known && SettingKinds.IsList(known)
                ? $"{key} = {HoconText.List(single.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}"
                : $"{key} = {HoconText.Quoted(single)}";
        }

        return $"{key} = {HoconText.List(values.Values)}";
    }
}
