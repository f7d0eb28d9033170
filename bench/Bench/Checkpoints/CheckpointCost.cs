using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using Akka.Actor;
using Akka.Configuration;
using IoScale.Actors.Assembly;
using IoScale.Actors.Running;
using IoScale.Nodes.Store;
using IoScale.Scenarios;

namespace IoScale.Bench.Checkpoints;

/// <summary>
/// What a checkpoint costs: how long the run stands still while it is copied, and how long the copy takes to become durable meanwhile. The topology is
/// <see cref="FullHosts"/>.
/// </summary>
internal static class CheckpointCost
{
    private const long BetweenPs = 500_000_000;

    /// <param name="hosts">Of <see cref="FullHosts"/>.</param>
    /// <param name="runs">Checkpoints after one to warm up.</param>
    /// <param name="database">Connection string of a PostgreSQL server, or null for SQLite in a temporary folder.</param>
    public static void Print(int hosts, int runs, int threads, string? database)
    {
        string folder = Directory.CreateTempSubdirectory("ioscale-bench").FullName;
        try
        {
            StoreSettings settings = database is null ? StoreSettings.Sqlite(folder) : StoreSettings.Postgresql(database);
            StoreCheck.Prepare(settings);
            using ActorSystem system = ActorSystem.Create(
                "bench", ConfigurationFactory.ParseString("akka { loglevel = ERROR, stdout-loglevel = OFF }").WithFallback(StoreConfiguration.Of(settings)));
            Measure(system, ScenarioLoader.Parse("bench", new FullHosts(hosts).Text), runs, threads, settings.Provider);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(ActorSystem system, Scenario scenario, int runs, int threads, StoreProvider provider)
    {
        StateStore store = StateStore.Of(system);
        using SystemRun run = new(system, "bench", scenario.Variants[0].System, new SystemRunOptions { Threads = threads });
        TimeSpan[] pauses = new TimeSpan[runs];
        TimeSpan[] writes = new TimeSpan[runs];
        long bytes = 0;
        int partitions = 0;
        for (int i = -1; i < runs; i++)
        {
            run.RunUntil(run.Simulation.Now + BetweenPs);
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<byte[]> parts = run.Capture();
            TimeSpan pause = Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            Save(store, parts, i + 2).GetAwaiter().GetResult();
            if (i >= 0)
            {
                (pauses[i], writes[i]) = (pause, Stopwatch.GetElapsedTime(start));
            }

            (bytes, partitions) = (parts.Sum(p => (long)p.Length), parts.Count);
        }

        Array.Sort(pauses);
        Array.Sort(writes);
        Console.WriteLine($"checkpoints, {threads} thread(s), {provider}: median of {runs} (min..max), after one to warm up");
        Console.WriteLine();
        Console.WriteLine("| entities | partitions | MB | pause, s | write, s |");
        Console.WriteLine("|---|---|---|---|---|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {SystemAssembly.Of(scenario.Variants[0].System).Topology.Entities.Count:N0} | {partitions:N0} | {bytes / 1e6:F1} | {Range(pauses)} | {Range(writes)} |"));
        Console.WriteLine();
    }

    /// <summary>As a run does it: the partitions, then what makes them count, then away with those before.</summary>
    private static async Task Save(StateStore store, IReadOnlyList<byte[]> parts, int number)
    {
        byte[] record = new byte[parts.Count * sizeof(ulong)];
        for (int i = 0; i < parts.Count; i++)
        {
            BitConverter.TryWriteBytes(record.AsSpan(i * sizeof(ulong)), XxHash3.HashToUInt64(parts[i]));
            await store.SaveAsync($"0/{i}", number, parts[i]);
        }

        await store.SaveAsync("0/commit", number, record);
        for (int i = 0; i < parts.Count; i++)
        {
            await store.DeleteBelowAsync($"0/{i}", number);
        }
    }

    private static string Range(TimeSpan[] sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2].TotalSeconds:F2} ({sorted[0].TotalSeconds:F2}..{sorted[^1].TotalSeconds:F2})");
}
