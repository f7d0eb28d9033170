using IoScale.Protocol.Metrics;

namespace IoScale.Nodes.Reports;

/// <summary>Sums and groups over one variant's metrics.</summary>
internal sealed class MetricQuery(IReadOnlyList<MetricSample> samples)
{
    private readonly ILookup<string, MetricSample> _byName = samples.ToLookup(s => s.Metric.Name, StringComparer.Ordinal);

    public IEnumerable<MetricSample> Of(MetricDefinition metric) => _byName[metric.Name];

    public double Sum(MetricDefinition metric) => Of(metric).Sum(s => s.Value);

    /// <summary>Sum of the series whose label has the value.</summary>
    public double Sum(MetricDefinition metric, string label, string value) =>
        Of(metric).Where(s => Label(s, label) == value).Sum(s => s.Value);

    /// <summary>Sums by the value of a label, in the order in which the values first appear.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> By(MetricDefinition metric, string label)
    {
        OrderedDictionary<string, double> sums = new(StringComparer.Ordinal);
        foreach (MetricSample sample in Of(metric))
        {
            string key = Label(sample, label);
            sums[key] = sums.GetValueOrDefault(key) + sample.Value;
        }

        return [.. sums];
    }

    public static string Label(MetricSample sample, string label)
    {
        for (int i = 0; i < sample.Metric.Labels.Count; i++)
        {
            if (sample.Metric.Labels[i] == label)
            {
                return sample.LabelValues[i];
            }
        }

        throw new ArgumentException($"{sample.Metric.Name} has no label {label}", nameof(label));
    }
}
