using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Processes;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Protocol.Wire;

namespace IoScale.Cluster.Tests;

/// <summary>Runs belong to the cluster, not to who submitted them.</summary>
public sealed class ClientTests
{
    /// <summary>Does not end while a test looks.</summary>
    private static readonly LinkedHosts Endless = new(8, 20, 800_000_000) { Name = "endless" };

    [Fact]
    public async Task A_client_dies_after_submitting_and_another_fetches()
    {
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = 2 });
        await cluster.Desk.WaitForNodes(2, Bounds.Join);
        using (GuardedProcess client = cluster.StartClient("submit", LinkedHosts.SixtyFour.WriteTo(cluster.Folder), "--wait"))
        {
            await cluster.Desk.WaitForRun("sixty-four-1", "the run", Bounds.Run, _ => true);
            client.Kill();
        }

        await cluster.WaitForEnd("sixty-four-1", Bounds.Run);
        Assert.Null((await cluster.Fetch("sixty-four-1")).DifferenceFrom(await EmbeddedRun.Of(LinkedHosts.SixtyFour.Text)));
    }

    [Fact]
    public async Task A_run_is_cancelled_and_the_next_one_in_the_queue_gets_its_turn()
    {
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = 2 });
        await cluster.Desk.WaitForNodes(2, Bounds.Join);
        string endless = await cluster.Submit(Endless.WriteTo(cluster.Folder));
        string eight = await cluster.Submit(LinkedHosts.Eight.WriteTo(cluster.Folder));
        await cluster.Desk.WaitForRun(endless, "progress", Bounds.Run, status => status.State == RunState.Running && status.Events > 0);
        RunStatus waiting = await cluster.Desk.WaitForRun(eight, "the second run", Bounds.Run, _ => true);
        Assert.Equal(RunState.Queued, waiting.State);
        ClientResult cancel = await cluster.Client("cancel", endless);
        Assert.True(cancel.ExitCode == 0, $"{cancel}");
        Assert.Equal(RunState.Finished, (await cluster.WaitForEnd(eight, Bounds.Run)).State);
        Assert.Null((await cluster.Fetch(eight)).DifferenceFrom(await EmbeddedRun.Of(LinkedHosts.Eight.Text)));
        Assert.Equal(RunState.Cancelled, (await cluster.WaitForEnd(endless, Bounds.Run)).State);
        ClientResult fetch = await cluster.Client("fetch", endless);
        Assert.NotEqual(0, fetch.ExitCode);
        Assert.Contains("cancelled", fetch.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_too_few_nodes_a_run_waits_says_so_and_goes_on_when_one_comes()
    {
        using LocalCluster cluster = new(new ClusterSetup { Nodes = 3 });
        ClusterNode[] two = [.. cluster.Nodes.Take(2).OrderBy(node => node.Port)];
        Array.ForEach(two, node => node.Start());
        await cluster.Desk.WaitForNodes(2, Bounds.Join);
        LinkedHosts scenario = new(8, 20, 200_000) { Name = "long" };
        string run = await cluster.Submit(scenario.WriteTo(cluster.Folder), "--checkpoint-every", "1s");
        await cluster.Desk.WaitForRun(run, "a checkpoint", Bounds.Run, status => status.Checkpoints > 0);

        // Of two halves of a cluster the one with the lowest address stays.
        two[1].Remove();
        RunStatus waiting = await cluster.Desk.WaitForRun(run, "the run to wait", Bounds.Recovery, status => status.State == RunState.Waiting);
        Assert.Contains("1 here", waiting.Reason, StringComparison.Ordinal);
        cluster.Nodes[2].Start();
        RunStatus end = await cluster.WaitForEnd(run, Bounds.Recovery);
        Assert.Equal(RunState.Finished, end.State);
        Assert.Null((await cluster.Fetch(run)).DifferenceFrom(await EmbeddedRun.Of(scenario.Text)));
    }
}
