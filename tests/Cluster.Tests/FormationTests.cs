using System.Net.Sockets;
using System.Text;
using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Protocol.Wire;

namespace IoScale.Cluster.Tests;

/// <summary>Nodes find each other, and what is no node of this cluster stays out and does no harm.</summary>
public sealed class FormationTests
{
    /// <summary>Of a node that is not taken into the cluster.</summary>
    private const int Refused = 6;

    private static readonly byte[][] Garbage =
    [
        "GET / HTTP/1.1\r\nHost: node\r\n\r\n"u8.ToArray(),
        [0xFF, 0xFF, 0xFF, 0x7F, 1, 2, 3],
        [0, 0, 0, 0],
        [16, 0, 0, 0, .. Encoding.ASCII.GetBytes("not a protobuf!!")],
        [.. Enumerable.Range(0, 70_000).Select(i => (byte)(i * 31))],
    ];

    [Fact]
    public async Task Three_nodes_form_one_cluster_and_leave_it_in_good_order()
    {
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup());
        StatusReply status = await cluster.Desk.WaitForNodes(3, Bounds.Join);
        Assert.Equal(cluster.Nodes.Select(node => node.Endpoint).Order(StringComparer.Ordinal), status.Nodes.Select(node => node.Address).Order(StringComparer.Ordinal));
        Assert.Contains(status.Coordinator, cluster.Nodes.Select(node => node.Endpoint));
        ClusterNode leaving = cluster.NodeAt(status.Coordinator);
        leaving.Leave();
        Assert.Equal(0, await leaving.WaitForEnd(Bounds.Join));
        status = await cluster.Desk.WaitForNodes(2, Bounds.Join);
        Assert.NotEqual(leaving.Endpoint, status.Coordinator);

        // All that are left, at once.
        ClusterNode[] last = [.. cluster.Nodes.Where(node => node.Running)];
        Array.ForEach(last, node => node.Leave());
        foreach (ClusterNode node in last)
        {
            Assert.Equal(0, await node.WaitForEnd(Bounds.Join));
        }

        string[] warnings = [.. cluster.Nodes.SelectMany(node => node.Lines).Where(line => line.StartsWith("ioscale: ", StringComparison.Ordinal))];

        // What a busy machine does to them is no fault of theirs.
        Assert.DoesNotContain(warnings, line => !line.Contains("stood still", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Garbage_on_a_nodes_port_and_a_node_of_another_build_are_refused_and_take_nobody_down()
    {
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = 2 });
        await cluster.Desk.WaitForNodes(2, Bounds.Join);
        foreach (ClusterNode node in cluster.Nodes)
        {
            foreach (byte[] garbage in Garbage)
            {
                using TcpClient connection = new();
                await connection.ConnectAsync(node.Host, node.Port);
                await connection.GetStream().WriteAsync(garbage);
            }
        }

        ClusterNode other = cluster.Add();
        other.Program = OtherBuild.MakeIn(Path.Combine(cluster.Folder, "other"));
        other.Start();
        Assert.Equal(Refused, await other.WaitForEnd(Bounds.Join));
        Assert.Contains(other.Lines, line => line.Contains("another version", StringComparison.Ordinal));
        await RunsAsEver(cluster, nodes: 2);
    }

    private static async Task RunsAsEver(LocalCluster cluster, int nodes)
    {
        string run = await cluster.Submit(LinkedHosts.Eight.WriteTo(cluster.Folder));
        RunStatus end = await cluster.WaitForEnd(run, Bounds.Run);
        Assert.True(end.State == RunState.Finished, $"{end}\n{cluster.Logs()}");
        Assert.Equal(nodes, end.Nodes);
        Assert.Equal(0, end.Recoveries);
        Assert.Null((await cluster.Fetch(run)).DifferenceFrom(await EmbeddedRun.Of(LinkedHosts.Eight.Text)));
        Assert.All(cluster.Nodes.Take(nodes), node => Assert.True(node.Running));
    }
}
