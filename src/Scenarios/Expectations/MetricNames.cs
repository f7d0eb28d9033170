using System.Globalization;
using IoScale.Hardware.Platform;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Expectations;

/// <summary>Whether what a metric names exists: a mistyped name would otherwise be a count of zero.</summary>
internal sealed class MetricNames(IReadOnlyList<(string Name, SystemSpec System)> variants)
{
    private static readonly string[] Quantiles = ["0.5", "0.9", "0.99", "1"];

    /// <param name="current">The variant that is meant where the metric names none.</param>
    /// <exception cref="FormatException">The variant, or something a label names, does not exist.</exception>
    public void Check(MetricReference metric, string current)
    {
        string name = metric.Variant ?? current;
        int index = variants.TakeWhile(v => v.Name != name).Count();
        if (index == variants.Count)
        {
            throw new FormatException($"there is no variant {Show.Value(name)}; {NearestName.Hint(name, [.. variants.Select(v => v.Name)], "variants")}");
        }

        SystemSpec system = variants[index].System;
        if (system.Hosts.Count == 0)
        {
            // Reported already; without hosts every label would be one more mistake.
            return;
        }

        foreach (LabelFilter filter in metric.Filters)
        {
            IReadOnlyList<string>? valid = filter.Label switch
            {
                "host" => [.. system.Hosts.Select(h => h.Name)],
                "vm" => [.. system.Vms.Select(v => v.Name), .. system.Hosts.Select(h => h.Dom0?.Name).OfType<string>()],
                "shard" => [.. Enumerable.Range(0, system.Hosts.Max(h => h.Netback.Shards)).Select(s => s.ToString(CultureInfo.InvariantCulture))],
                "pcpu" => [.. Enumerable.Range(0, system.Hosts.Max(h => h.PCpus)).Select(p => p.ToString(CultureInfo.InvariantCulture))],
                "quantile" => Quantiles,
                _ => null,
            };
            if (valid is not null && !valid.Any(v => NamePattern.Matches(filter.Value, v)))
            {
                throw new FormatException($"no {filter.Label} matches {Show.Value(filter.Value)} in variant {name}; {NearestName.Hint(filter.Value, valid, $"there are")}");
            }
        }
    }
}
