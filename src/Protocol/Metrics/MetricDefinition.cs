namespace IoScale.Protocol.Metrics;

/// <summary>How several series of one metric become one number when an expectation names no labels.</summary>
public enum Aggregation
{
    Sum,
    Max,
    Mean,
}

public enum MetricKind
{
    Counter,
    Gauge,
}

/// <summary>One metric of the catalogue.</summary>
/// <param name="Unit">Unit in words ("vectors", "cycles", "seconds", "ratio", "cores", "hertz", "bits per second"); empty for pure counts.</param>
/// <param name="Window">True when the value covers the measured window only; false when it covers the whole run or is a state at its end.</param>
public sealed record MetricDefinition(
    string Name,
    MetricKind Kind,
    string Unit,
    IReadOnlyList<string> Labels,
    Aggregation Aggregation,
    bool Window,
    string Meaning);

/// <summary>One value of one metric; labels in the catalogue's order.</summary>
public readonly record struct MetricSample(MetricDefinition Metric, IReadOnlyList<string> LabelValues, double Value);
