using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

public sealed class MeasuredWindowTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void Counters_of_the_window_are_those_of_the_whole_run_less_those_of_before()
    {
        const long WarmUpPs = 3_210_000_123;
        SystemSpec spec = TwoSockets with { WarmUpPs = 0 };
        using SystemRun run = runs.Start(spec);
        run.RunUntil(WarmUpPs);
        Dictionary<string, double> before = Counters(run.Outcome());
        run.RunUntil(spec.DurationPs);
        Dictionary<string, double> total = Counters(run.Outcome());
        Dictionary<string, double> window = Counters(runs.Outcome(spec with { WarmUpPs = WarmUpPs }));
        Assert.Equal(total.Keys.Order(), window.Keys.Order());
        Assert.All(total, series =>
        {
            // Cycles are rounded down once for each reading.
            double tolerance = series.Key.Contains("cycles", StringComparison.Ordinal) ? 2 : 0;
            Assert.InRange(window[series.Key], series.Value - before.GetValueOrDefault(series.Key) - tolerance, series.Value - before.GetValueOrDefault(series.Key) + tolerance);
        });
        Assert.True(before.Values.Sum() > 1000);
    }

    private static Dictionary<string, double> Counters(RunOutcome outcome) => outcome.Metrics
        .Where(s => s.Metric is { Window: true, Kind: MetricKind.Counter })
        .ToDictionary(s => $"{s.Metric.Name} {string.Join(' ', s.LabelValues)}", s => s.Value);
}
