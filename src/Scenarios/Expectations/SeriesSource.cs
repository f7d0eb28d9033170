using IoScale.Protocol.Metrics;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Expectations;

/// <summary>Finds series and joins them to one number.</summary>
/// <param name="variant">The variant being judged.</param>
internal sealed class SeriesSource(string variant, Func<string, IReadOnlyList<MetricSample>> metrics)
{
    public double Value(MetricReference reference)
    {
        string from = reference.Variant ?? variant;
        List<double> values = [];
        foreach (MetricSample sample in metrics(from))
        {
            if (sample.Metric.Name == reference.Metric.Name && Selected(sample, reference.Filters))
            {
                values.Add(sample.Value);
            }
        }

        if (reference.Function == SeriesFunction.Count)
        {
            return values.Count;
        }

        if (values.Count == 0)
        {
            // Nobody counted anything: that is a count of zero. Nobody measured anything: that is no value.
            return reference.Metric.Kind == MetricKind.Counter ? 0 : throw new NoValueException($"no such series: {reference} in variant {from}");
        }

        return reference.Function switch
        {
            SeriesFunction.Sum => values.Sum(),
            SeriesFunction.Max => values.Max(),
            SeriesFunction.Min => values.Min(),
            SeriesFunction.Mean => values.Sum() / values.Count,
            _ => reference.Metric.Aggregation switch
            {
                Aggregation.Sum => values.Sum(),
                Aggregation.Max => values.Max(),
                _ => values.Sum() / values.Count,
            },
        };
    }

    private static bool Selected(MetricSample sample, IReadOnlyList<LabelFilter> filters)
    {
        foreach (LabelFilter filter in filters)
        {
            int index = sample.Metric.Labels.TakeWhile(l => l != filter.Label).Count();
            if (index >= sample.LabelValues.Count || !NamePattern.Matches(filter.Value, sample.LabelValues[index]))
            {
                return false;
            }
        }

        return true;
    }
}
