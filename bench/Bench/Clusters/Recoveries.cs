using System.Diagnostics;
using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Processes;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Protocol.Wire;

namespace IoScale.Bench.Clusters;

/// <summary>A node is killed and nobody starts it again: how long until the two others have taken over and virtual time goes on.</summary>
internal static class Recoveries
{
    private const int Nodes = 3;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    /// <summary>Minutes of wall time; the runs are cancelled.</summary>
    private static readonly LinkedHosts Scenario = new(24, 20, 20_000_000) { Name = "long" };

    public static async Task Print(int runs)
    {
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = Nodes });
        string file = Scenario.WriteTo(cluster.Folder);
        List<double> worker = [];
        List<double> coordinator = [];
        for (int i = 0; i < runs; i++)
        {
            worker.Add(await KillAndWait(cluster, file, ofCoordinator: false));
            coordinator.Add(await KillAndWait(cluster, file, ofCoordinator: true));
        }

        ClusterTimes.Row("from kill -9 of a worker to progress of the run on the others", worker);
        ClusterTimes.Row("from kill -9 of the coordinator's node to progress of the run on the others", coordinator);
    }

    private static async Task<double> KillAndWait(LocalCluster cluster, string file, bool ofCoordinator)
    {
        await cluster.Desk.WaitForNodes(Nodes, Bound);
        string run = await cluster.Submit(file, "--checkpoint-every", "2s");
        RunStatus seen = await cluster.Desk.WaitForRun(run, $"{run} to commit a checkpoint", Bound, status => status.State == RunState.Running && status.Checkpoints > 0);
        StatusReply status = await Waiting.For("the status", Bound, cluster.Desk.Status);
        ClusterNode victim = cluster.NodeAt(ofCoordinator
            ? status.Coordinator
            : status.Nodes.First(node => node.Address != status.Coordinator && node.Partitions > 0).Address);
        Stopwatch watch = Stopwatch.StartNew();
        victim.Kill();
        await cluster.Desk.WaitForRun(
            run, $"{run} to go on", Bound, after => after.Epoch > seen.Epoch && after.State == RunState.Running && after.Time > after.CheckpointTime);
        double seconds = watch.Elapsed.TotalSeconds;
        await victim.WaitForEnd(Bound);
        ClientResult cancelled = await cluster.Client("cancel", run);
        if (cancelled.ExitCode != 0)
        {
            throw new InvalidOperationException($"cancel {run}: {cancelled}\n{cluster.Logs()}");
        }

        victim.Start();
        return seconds;
    }
}
