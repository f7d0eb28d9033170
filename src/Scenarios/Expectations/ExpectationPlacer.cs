using System.Globalization;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Checking;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Expectations;

/// <summary>
/// Reads the expectations of a scenario, checks the variants, hosts and VMs they name (a mistyped name would otherwise be a count of zero),
/// and gives each to the variants it concerns.
/// </summary>
internal sealed class ExpectationPlacer(IReadOnlyList<(string Name, SystemSpec System)> variants, ErrorList errors)
{
    private readonly MetricNames _names = new(variants);
    private readonly List<Expectation>[] _placed = [.. variants.Select(_ => new List<Expectation>())];

    /// <summary>The expectations of each variant, in the order of the variants.</summary>
    public IReadOnlyList<IReadOnlyList<Expectation>> Placed => _placed;

    /// <summary>
    /// Places the scenario's own. One with a metric that names no variant holds for every variant; one that names variants everywhere is judged
    /// once, with the first of them.
    /// </summary>
    public void PlaceCommon(CheckedMap root) => Read(root, expectation =>
    {
        string? first = expectation.Metrics.Any(m => m.Variant is null) ? null : expectation.Metrics.First().Variant;
        return Enumerable.Range(0, variants.Count).Where(i => first is null || variants[i].Name == first);
    });

    public void PlaceOwn(CheckedMap variant, int index) => Read(variant, _ => [index]);

    private void Read(CheckedMap map, Func<Expectation, IEnumerable<int>> targets)
    {
        IReadOnlyList<CheckedValue> items = map.List("expect")?.Items ?? [];
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Value is not string text)
            {
                continue;
            }

            string key = string.Create(CultureInfo.InvariantCulture, $"{map.PathOf("expect")}[{i}]");
            try
            {
                Expectation expectation = Expectation.Parse(text);
                foreach (int target in targets(expectation))
                {
                    _placed[target].Add(expectation);
                    foreach (MetricReference metric in expectation.Metrics)
                    {
                        _names.Check(metric, variants[target].Name);
                    }
                }

                foreach (MetricReference metric in expectation.Metrics.Where(m => m.Variant is not null))
                {
                    _names.Check(metric, metric.Variant!);
                }
            }
            catch (FormatException e)
            {
                errors.Add(items[i].Source, key, $"{Show.Value(text)}: {e.Message}");
            }
        }
    }
}
