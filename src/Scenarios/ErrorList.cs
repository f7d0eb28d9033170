using System.Globalization;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios;

/// <summary>Gathers the mistakes of a scenario: each once, in the order of their lines, and never more than a person can read.</summary>
internal sealed class ErrorList
{
    private const int MostShown = 100;
    private const int MostKept = 2_000;
    private const int MostAlike = 3;

    private readonly List<ScenarioError> _errors = [];
    private readonly HashSet<ScenarioError> _seen = [];
    private long _notKept;

    public int Count => _errors.Count;

    /// <summary>Further mistakes are only counted; who reports very many may spare the words.</summary>
    public bool IsFull => _errors.Count >= MostKept;

    /// <summary>The variant being checked; a mistake that only a variant makes says so.</summary>
    public string? Variant { get; set; }

    public void Add(Source source, string key, string message)
    {
        if (IsFull)
        {
            _notKept++;
            return;
        }

        ScenarioError error = new(source.File, source.Line, key, message);
        if (_seen.Add(error))
        {
            _errors.Add(Variant is null ? error : error with { Message = $"{message} (in variant {Variant})" });
        }
    }

    /// <exception cref="ScenarioException">There are mistakes.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new ScenarioException(Shown());
        }
    }

    private List<ScenarioError> Shown()
    {
        List<ScenarioError> shown = [];
        long left = _notKept;
        foreach (IGrouping<(string File, int Line, string Key), ScenarioError> alike in _errors.GroupBy(e => (e.File, e.Line, e.Key)).OrderBy(g => g.Key.Line))
        {
            ScenarioError[] group = [.. alike];
            int show = group.Length > MostAlike + 1 ? MostAlike : group.Length;
            if (shown.Count + show > MostShown)
            {
                left += group.Length;
                continue;
            }

            shown.AddRange(group.Take(show));
            if (show < group.Length)
            {
                shown.Add(group[0] with { Message = string.Create(CultureInfo.InvariantCulture, $"and {group.Length - show} more mistakes like these") });
            }
        }

        if (left > 0)
        {
            shown.Add(new(shown[0].File, 0, "", string.Create(CultureInfo.InvariantCulture, $"and {left} more mistakes; correct these first")));
        }

        return shown;
    }
}
