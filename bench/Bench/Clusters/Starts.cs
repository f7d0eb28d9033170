using System.Diagnostics;
using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Processes;
using IoScale.Protocol.Wire;

namespace IoScale.Bench.Clusters;

/// <summary>A cluster forms, and takes up a run of a thousand partitions.</summary>
internal static class Starts
{
    private const int Nodes = 3;

    private const int Hosts = 1_000;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>A host of one processor is one partition.</summary>
    private static readonly string Scenario = $$$"""
        apiVersion: ioscale/v1
        name: thousand
        seed: 1
        duration: 60s
        hosts:
          - {name: "h[0..{{{Hosts - 1}}}]", pcpus: 1, nics: [{name: nic0, model: "82599", vfs: [1, 0], coalescing: {rate: 8kHz}}]}
        vms:
          - {name: "v[0..{{{Hosts - 1}}}]", host: "h[0..{{{Hosts - 1}}}]", vf: nic0.p0.vf0}
        traffic:
          - {name: rx, from: external, to: "*", rate: 10Mbps, frame: 1518B}
        """;

    public static async Task Print(int runs)
    {
        List<double> formed = [];
        List<double> submitted = [];
        List<double> placed = [];
        for (int i = 0; i < runs; i++)
        {
            using LocalCluster cluster = new(new ClusterSetup { Nodes = Nodes });
            formed.Add(await Form(cluster));
            (double whole, double placing) = await Place(cluster);
            submitted.Add(whole);
            placed.Add(placing);
        }

        ClusterTimes.Row("from the start of the first process to a cluster of 3 with a coordinator", formed);
        ClusterTimes.Row("from the start of `submit` to 1,000 partitions placed and running", submitted);
        ClusterTimes.Row("- of that, from the entry in the coordinator's journal", placed);
    }

    private static async Task<double> Form(LocalCluster cluster)
    {
        Stopwatch watch = Stopwatch.StartNew();
        foreach (ClusterNode node in cluster.Nodes)
        {
            node.Start();
        }

        // What the nodes say of themselves: a question to one that does not listen yet is answered late.
        await Waiting.Until("all nodes to be up", Bound, () => cluster.Nodes.All(node => Says(node, $"node {node.Endpoint} is up")) && cluster.Nodes.Any(node => Says(node, "coordinator here")));
        double seconds = watch.Elapsed.TotalSeconds;
        await cluster.Desk.WaitForNodes(Nodes, Bound);
        return seconds;
    }

    private static async Task<(double Whole, double Placing)> Place(LocalCluster cluster)
    {
        string file = Path.Combine(cluster.Folder, "thousand.yaml");
        await File.WriteAllTextAsync(file, Scenario);
        Stopwatch watch = Stopwatch.StartNew();
        Task<string> submit = cluster.Submit(file);
        StatusReply status = await Waiting.For("the run to be running", Bound, async () =>
        {
            StatusReply? reply = await cluster.Desk.Status();
            return reply?.Runs.FirstOrDefault()?.State == RunState.Running ? reply : submit.IsFaulted ? throw submit.Exception.GetBaseException() : null;
        }, Look);
        double seconds = watch.Elapsed.TotalSeconds;
        await submit;
        int partitions = status.Nodes.Sum(node => node.Partitions);
        return partitions == Hosts ? (seconds, status.Runs[0].WallMs / 1e3) : throw new InvalidOperationException($"{partitions} partitions instead of {Hosts}");
    }

    private static bool Says(ClusterNode node, string what) => node.Lines.Any(line => line.StartsWith(what, StringComparison.Ordinal));
}
