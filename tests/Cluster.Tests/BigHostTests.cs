using System.Runtime.CompilerServices;
using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Protocol.Wire;

namespace IoScale.Cluster.Tests;

/// <summary>One host over several nodes: slow, and right all the same.</summary>
public sealed class BigHostTests
{
    [Fact]
    public async Task The_sockets_of_one_host_run_on_two_nodes_and_submit_advises_against_it()
    {
        string text = (await File.ReadAllTextAsync(Source("../../scenarios/big-host.yaml"))).Replace("duration: 3ms", "duration: 1500us", StringComparison.Ordinal);
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = 2 });
        await cluster.Desk.WaitForNodes(2, Bounds.Join);
        string file = Path.Combine(cluster.Folder, "big-host.yaml");
        await File.WriteAllTextAsync(file, text);
        ClientResult submit = await cluster.Client("submit", file);
        Assert.True(submit.ExitCode == 0, $"{submit}");
        Assert.Contains("--nodes 1", submit.Errors, StringComparison.Ordinal);
        RunStatus end = await cluster.WaitForEnd("big-host-1", Bounds.Run);
        Assert.True(end.State == RunState.Finished, $"{end}\n{cluster.Logs()}");
        Assert.Equal(2, end.Nodes);
        Assert.Null((await cluster.Fetch("big-host-1")).DifferenceFrom(await EmbeddedRun.Of(text)));
    }

    private static string Source(string relative, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, relative));
}
