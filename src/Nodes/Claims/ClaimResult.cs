using IoScale.Protocol.Metrics;
using IoScale.Scenarios;
using IoScale.Scenarios.Claims;

namespace IoScale.Nodes.Claims;

/// <summary>A claim beside what its scenario gave. Whether it holds is for the scenario's expectations to say.</summary>
/// <param name="Measured">Empty when the run was interrupted.</param>
internal sealed record ClaimResult(Claim Claim, IReadOnlyList<MeasuredValue> Measured)
{
    /// <summary>Null for a scenario without a claim.</summary>
    public static ClaimResult? Of(Scenario scenario, bool interrupted, Func<string, IReadOnlyList<MetricSample>> metrics) =>
        scenario.Claim is not { } claim ? null : new(claim, interrupted ? [] : [.. claim.Measured.Select(m => MeasuredValue.Of(m, m.Evaluate(scenario.Variants[0].Name, metrics)))]);
}

/// <param name="Value">In the metric catalogue's unit; null where there is none.</param>
/// <param name="Text">As a person reads it, without the label.</param>
internal sealed record MeasuredValue(string Label, double? Value, string Text)
{
    public static MeasuredValue Of(Measurement measurement, (double? Number, string Text) value) => new(measurement.Label, value.Number, value.Text);

    public override string ToString() => Label.Length == 0 ? Text : $"{Label}: {Text}";
}
