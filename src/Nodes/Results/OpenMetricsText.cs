using System.Text;
using IoScale.Nodes.Running;
using IoScale.Protocol.Metrics;

namespace IoScale.Nodes.Results;

/// <summary>
/// Every metric at the end of the run as OpenMetrics text. A metric family's samples stand together, variant by variant; a unit is named
/// where the family's name carries it, as the format demands.
/// </summary>
internal static class OpenMetricsText
{
    private const string CounterSuffix = "_total";

    public static string Write(ScenarioResult result)
    {
        StringBuilder text = new();
        foreach (MetricDefinition metric in MetricCatalogue.All)
        {
            bool headed = false;
            foreach (VariantResult variant in result.Variants)
            {
                foreach (MetricSample sample in variant.Outcome?.Metrics ?? [])
                {
                    if (sample.Metric != metric)
                    {
                        continue;
                    }

                    if (!headed)
                    {
                        AppendHead(text, metric);
                        headed = true;
                    }

                    AppendSample(text, variant.Name, sample);
                }
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    private static void AppendHead(StringBuilder text, MetricDefinition metric)
    {
        string family = metric.Kind == MetricKind.Counter ? metric.Name[..^CounterSuffix.Length] : metric.Name;
        text.Append("# HELP ").Append(family).Append(' ').Append(Escape(metric.Meaning)).Append('\n');
        text.Append("# TYPE ").Append(family).Append(metric.Kind == MetricKind.Counter ? " counter\n" : " gauge\n");
        string unit = metric.Unit.Replace(' ', '_');
        if (unit.Length > 0 && family.EndsWith("_" + unit, StringComparison.Ordinal))
        {
            text.Append("# UNIT ").Append(family).Append(' ').Append(unit).Append('\n');
        }
    }

    private static void AppendSample(StringBuilder text, string variant, MetricSample sample)
    {
        text.Append(sample.Metric.Name).Append("{variant=\"").Append(Escape(variant)).Append('"');
        for (int i = 0; i < sample.LabelValues.Count; i++)
        {
            text.Append(',').Append(sample.Metric.Labels[i]).Append("=\"").Append(Escape(sample.LabelValues[i])).Append('"');
        }

        text.Append("} ").Append(Value(sample.Value)).Append('\n');
    }

    private static string Value(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => Numbers.Exact(value),
    };

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
