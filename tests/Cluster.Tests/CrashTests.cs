using IoScale.Cluster.Harness.Scenarios;
using IoScale.Cluster.Harness.Trials;
using Xunit.Abstractions;

namespace IoScale.Cluster.Tests;

/// <summary>A short version of the crash trials in <c>bench/Trials</c>.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>Some seconds on three nodes.</summary>
    private static readonly LinkedHosts Scenario = new(16, 20, 120_000) { Name = "trial" };

    private static readonly Trial[] Trials =
    [
        new(0, Victim.CoordinatorAndWorker, Moment.Checkpoint, Way.Kill, At: 0.2, HangSeconds: 0, First: Victim.Worker, SecondAfterSeconds: 0),
        new(1, Victim.Worker, Moment.Recovery, Way.Kill, At: 0.3, HangSeconds: 0, First: Victim.Coordinator, SecondAfterSeconds: 3),
        new(2, Victim.Coordinator, Moment.Any, Way.Hang, At: 0.3, HangSeconds: 14, First: Victim.Worker, SecondAfterSeconds: 0),
    ];

    [Fact]
    public async Task Whoever_dies_and_however_the_result_is_the_undisturbed_one()
    {
        using TrialSeries series = new(new TrialSettings(Scenario, "1s"));
        foreach (Trial trial in Trials)
        {
            TrialOutcome outcome = await series.Run(trial);
            output.WriteLine($"{outcome}");
            Assert.True(outcome.Trouble is null, $"{outcome}");
        }
    }
}
