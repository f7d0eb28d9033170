using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Networks;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Protocol.Wire;

namespace IoScale.Cluster.Tests;

/// <summary>Each node in a network namespace of its own, and the cables between them cut in the middle of a run.</summary>
public sealed class CableTests : IDisposable
{
    private const int Nodes = 3;

    /// <summary>Of a minority that has stopped itself.</summary>
    private const int Downed = 6;

    /// <summary>Long enough to be cut.</summary>
    private static readonly LinkedHosts Scenario = new(16, 20, 200_000) { Name = "cables" };

    private readonly CableLab? _lab = CableLab.Missing is null ? new CableLab(Nodes) : null;

    public void Dispose() => _lab?.Dispose();

    [CableFact]
    public async Task A_worker_that_is_cut_off_for_a_moment_goes_on_and_for_good_stops_itself()
    {
        using LocalCluster cluster = await Start();
        string run = await Submit(cluster);
        RunStatus before = await Running(cluster, run);
        ClusterNode victim = await Pick(cluster, coordinator: false);
        _lab!.Cut(victim.Index);
        await Task.Delay(TimeSpan.FromSeconds(1));
        _lab.Mend(victim.Index);
        RunStatus after = await cluster.Desk.WaitForRun(
            run, "another checkpoint", Bounds.Recovery, status => status.State == RunState.Running && status.Checkpoints > before.Checkpoints);
        Assert.Equal(before.Epoch, after.Epoch);
        await CutOffForGood(cluster, run, victim);
    }

    [CableFact]
    public async Task A_coordinator_that_is_cut_off_stops_itself_and_the_others_finish()
    {
        using LocalCluster cluster = await Start();
        string run = await Submit(cluster);
        await Running(cluster, run);
        ClusterNode victim = await Pick(cluster, coordinator: true);
        await CutOffForGood(cluster, run, victim);
        _lab!.Mend(victim.Index);
        victim.Start();
        await cluster.Desk.WaitForNodes(Nodes, Bounds.Join);
    }

    private static async Task<ClusterNode> Pick(LocalCluster cluster, bool coordinator)
    {
        StatusReply status = await cluster.Desk.WaitForNodes(Nodes, Bounds.Join);
        return cluster.Nodes.First(node => node.Endpoint == status.Coordinator == coordinator);
    }

    private static Task<RunStatus> Running(LocalCluster cluster, string run) => cluster.Desk.WaitForRun(
        run, "a checkpoint", Bounds.Run, status => status.State == RunState.Running && status.Checkpoints > 0);

    private static Task<string> Submit(LocalCluster cluster) => cluster.Submit(Scenario.WriteTo(cluster.Folder), "--checkpoint-every", "1s");

    private async Task<LocalCluster> Start()
    {
        LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = Nodes, Network = _lab });
        await cluster.Desk.WaitForNodes(Nodes, Bounds.Join);
        return cluster;
    }

    /// <summary>The victim's side is the smaller one: it ends, and never gives a result.</summary>
    private async Task CutOffForGood(LocalCluster cluster, string run, ClusterNode victim)
    {
        RunStatus before = await Running(cluster, run);
        _lab!.Cut(victim.Index);
        Assert.Equal(Downed, await victim.WaitForEnd(Bounds.Recovery));
        RunStatus end = await cluster.WaitForEnd(run, Bounds.Recovery);
        Assert.True(end.State == RunState.Finished, $"{end}\n{cluster.Logs()}");
        Assert.True(end.Epoch > before.Epoch, $"{end}\n{cluster.Logs()}");
        Assert.Equal(Nodes - 1, end.Nodes);
        Assert.Null((await cluster.Fetch(run)).DifferenceFrom(await EmbeddedRun.Of(Scenario.Text)));
    }
}
