using System.Globalization;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Cluster.Harness.Trials;

namespace IoScale.Trials;

/// <summary>Carries trials out and prints a line for each.</summary>
internal static class TrialPrinter
{
    /// <summary>Some 25 s of wall time on three nodes of a machine with two cores.</summary>
    public const int DefaultVirtualMs = 500;

    /// <returns>Whether every result was right.</returns>
    public static async Task<bool> Run(int count, int seed, int virtualMs, string? connectionString)
    {
        LinkedHosts scenario = new(24, 20, virtualMs * 1000) { Name = "trial" };
        using TrialSeries series = new(new TrialSettings(scenario, ConnectionString: connectionString));
        double undisturbed = await series.RunUndisturbed();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} trials from seed {seed}, {(connectionString is null ? "SQLite" : "PostgreSQL")}; undisturbed: {undisturbed:0.0} s on 3 nodes"));
        List<TrialOutcome> outcomes = [];
        for (int i = 0; i < count; i++)
        {
            TrialOutcome outcome = await series.Run(Trial.Draw(seed + i));
            outcomes.Add(outcome);
            Console.WriteLine($"{i + 1,3}  {outcome}");
        }

        int failed = outcomes.Count(outcome => outcome.Trouble is not null);
        double[] recoveries = [.. outcomes.Select(outcome => outcome.RecoverySeconds).OfType<double>().Order()];
        string recovery = recoveries.Length == 0 ? "no recovery" : string.Create(
            CultureInfo.InvariantCulture, $"recovery {recoveries[recoveries.Length / 2]:0.0} s (median of {recoveries.Length}), {recoveries[^1]:0.0} s at most");
        Console.WriteLine($"{count - failed} of {count} results right; {recovery}");
        return failed == 0;
    }
}
