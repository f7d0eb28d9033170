using System.Diagnostics;
using System.Globalization;
using IoScale.Actors.Assembly;
using IoScale.Bench.Checkpoints;
using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Processes;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Bench.Clusters;

/// <summary>
/// Checkpoints of a hundred thousand entities on linked hosts, seen from outside: how long virtual time stands at the border at which the copies are taken,
/// and how long it takes from there until the checkpoint is committed.
/// </summary>
internal static class ClusterCheckpoints
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(8);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public static async Task Print(int runs)
    {
        FullHosts hosts = new(FullHosts.HundredThousand, Linked: true);
        int entities = SystemAssembly.Of(ScenarioLoader.Parse(FullHosts.Name, hosts.Text).Variants[0].System).Topology.Entities.Count;
        // Short steps: a pause is told from the time of a step.
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Environment = new Dictionary<string, string?> { ["IOSCALE__RUN__STEP"] = "50ms" } });
        await cluster.Desk.WaitForNodes(3, Bound);
        string file = Path.Combine(cluster.Folder, $"{FullHosts.Name}.yaml");
        await File.WriteAllTextAsync(file, hosts.Text);
        string run = await cluster.Submit(file, "--checkpoint-every", "5s");
        ProgressLog log = await Watch(cluster, run, runs + 1);
        IReadOnlyList<long> checkpoints = [.. log.Checkpoints.Skip(1).Take(runs)];
        string what = string.Create(CultureInfo.InvariantCulture, $"checkpoint of {entities:N0} entities:");
        ClusterTimes.Row($"{what} the run stands still", checkpoints.Select(log.Pause));
        ClusterTimes.Row($"{what} from there until it is committed", checkpoints.Select(log.Commit));
        ClusterTimes.Row("- a step of the run in between", log.Steps);
    }

    /// <summary>Until virtual time has left so many checkpoints behind.</summary>
    private static async Task<ProgressLog> Watch(LocalCluster cluster, string run, int checkpoints)
    {
        ProgressLog log = new();
        Stopwatch watch = Stopwatch.StartNew();
        return await Waiting.For($"{checkpoints} checkpoints", Bound, async () =>
        {
            if ((await cluster.Desk.Status())?.Runs.FirstOrDefault(r => r.Run == run) is { } status)
            {
                if (status.State is RunState.Failed or RunState.Finished || status.Recoveries > 0)
                {
                    throw new InvalidOperationException($"not an undisturbed run: {status}\n{cluster.Logs()}");
                }

                log.Add(watch.Elapsed.TotalSeconds, status.Time, status.CheckpointTime);
            }

            return log.Checkpoints.Count >= checkpoints && log.Time > log.Checkpoints[checkpoints - 1] ? log : null;
        }, Look);
    }
}
