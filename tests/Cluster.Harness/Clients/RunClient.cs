using IoScale.Cluster.Harness.Clusters;
using IoScale.Protocol.Wire;

namespace IoScale.Cluster.Harness.Clients;

/// <summary>Submits to a cluster and fetches from it, with the program's own verbs.</summary>
public static class RunClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Submits a scenario file.</summary>
    /// <returns>The run's id.</returns>
    public static async Task<string> Submit(this LocalCluster cluster, string file, params string[] options)
    {
        ClientResult result = await cluster.Client(["submit", file, .. options]);
        string id = result.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        return result.ExitCode == 0 && id.Length > 0
            ? id.TrimEnd(':')
            : throw new InvalidOperationException($"submit {file}: {result}\n{cluster.Logs()}");
    }

    private const int MostFetches = 20;

    /// <summary>Waits until the run has ended, however.</summary>
    public static Task<RunStatus> WaitForEnd(this LocalCluster cluster, string run, TimeSpan? bound = null) =>
        cluster.Desk.WaitForRun(run, $"the end of {run}", bound ?? Patience, status => status.State is RunState.Finished or RunState.Failed or RunState.Cancelled);

    /// <summary>Fetches a run that has finished.</summary>
    public static async Task<ResultSet> Fetch(this LocalCluster cluster, string run)
    {
        string folder = Path.Combine(cluster.Folder, "fetched", run);
        ClientResult result = await cluster.Client("fetch", run, "--out", folder);
        for (int again = 0; again < MostFetches && result.ExitCode == 2; again++)
        {
            // The node that is asked may be on its way up again.
            result = await cluster.Client("fetch", run, "--out", folder);
        }

        return result.ExitCode is 0 or 99
            ? ResultSet.Read(folder)
            : throw new InvalidOperationException($"fetch {run}: {result}\n{cluster.Logs()}");
    }
}
