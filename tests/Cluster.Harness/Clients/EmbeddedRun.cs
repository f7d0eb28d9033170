using System.Collections.Concurrent;

namespace IoScale.Cluster.Harness.Clients;

/// <summary>What <c>run</c> makes of a scenario in one process: the yardstick for all clusters. Made once for each scenario.</summary>
public static class EmbeddedRun
{
    private static readonly ConcurrentDictionary<(string Text, int Threads), Lazy<Task<ResultSet>>> Made = new();

    public static Task<ResultSet> Of(string scenario, int threads = 1) =>
        Made.GetOrAdd((scenario, threads), key => new Lazy<Task<ResultSet>>(() => Make(key.Text, key.Threads))).Value;

    private static async Task<ResultSet> Make(string scenario, int threads)
    {
        string folder = Directory.CreateTempSubdirectory("ioscale-embedded").FullName;
        try
        {
            string file = Path.Combine(folder, "scenario.yaml");
            await File.WriteAllTextAsync(file, scenario);
            ClientResult result = await ClientProgram.Run(folder, null, [], ["run", file, "--threads", $"{threads}", "--out", "out"]);
            return result.ExitCode == 0 ? ResultSet.Read(Path.Combine(folder, "out")) : throw new InvalidOperationException($"run: {result}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
