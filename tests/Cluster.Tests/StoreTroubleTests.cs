using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Protocol.Wire;
using IoScale.Tests.Shared;

namespace IoScale.Cluster.Tests;

/// <summary>The database takes nothing for a while: runs wait or go on, and nothing is lost.</summary>
public sealed class StoreTroubleTests
{
    private static readonly LinkedHosts Scenario = new(16, 20, 150_000) { Name = "stored" };

    [SmallDiskFact]
    public async Task A_full_disk_delays_a_run_until_there_is_room()
    {
        using LocalCluster cluster = new(new ClusterSetup { Nodes = 2 });
        Directory.CreateDirectory(cluster.Data);
        using SmallDisk disk = new(cluster.Data, megabytes: 64);
        try
        {
            foreach (ClusterNode node in cluster.Nodes)
            {
                node.Start();
            }

            await cluster.Desk.WaitForNodes(2, Bounds.Join);
            string run = await Begin(cluster);
            string ballast = Path.Combine(cluster.Data, "ballast");
            Fill(ballast);
            await WaitForTrouble(cluster, run);
            File.Delete(ballast);
            await Ends(cluster, run);
        }
        finally
        {
            foreach (ClusterNode node in cluster.Nodes)
            {
                node.Remove();
            }
        }
    }

    [PostgresFact]
    public async Task A_database_that_is_gone_for_a_while_delays_a_run()
    {
        using PostgresServer server = PostgresServer.Start();
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = 2, ConnectionString = server.ConnectionString });
        await cluster.Desk.WaitForNodes(2, Bounds.Join);
        string run = await Begin(cluster);
        server.Stop();
        await Task.Delay(TimeSpan.FromSeconds(10));
        server.StartAgain();
        await Ends(cluster, run);
    }

    private static async Task<string> Begin(LocalCluster cluster)
    {
        string run = await cluster.Submit(Scenario.WriteTo(cluster.Folder), "--checkpoint-every", "1s");
        await cluster.Desk.WaitForRun(run, "a checkpoint", Bounds.Run, status => status.Checkpoints > 0);
        return run;
    }

    private static async Task WaitForTrouble(LocalCluster cluster, string run) => await cluster.Desk.WaitForRun(
        run, "the full disk to be told", Bounds.Run, status => status.Reason.Contains("full", StringComparison.Ordinal) || status.Reason.Contains("disk", StringComparison.Ordinal));

    private static async Task Ends(LocalCluster cluster, string run)
    {
        RunStatus end = await cluster.WaitForEnd(run, Bounds.Recovery);
        Assert.True(end.State == RunState.Finished, $"{end}\n{cluster.Logs()}");
        Assert.Null((await cluster.Fetch(run)).DifferenceFrom(await EmbeddedRun.Of(Scenario.Text)));
    }

    /// <summary>Writes until there is no room.</summary>
    private static void Fill(string file)
    {
        using FileStream stream = new(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] block = new byte[4096];
        try
        {
            while (true)
            {
                stream.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
