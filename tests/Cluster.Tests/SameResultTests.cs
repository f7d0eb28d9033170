using IoScale.Cluster.Harness.Clients;
using IoScale.Cluster.Harness.Clusters;
using IoScale.Cluster.Harness.Scenarios;
using IoScale.Protocol.Wire;
using IoScale.Tests.Shared;
using Xunit.Abstractions;

namespace IoScale.Cluster.Tests;

/// <summary>One run over many processes has the result of one process, to the byte.</summary>
public sealed class SameResultTests(ITestOutputHelper output)
{
    private static readonly LinkedHosts[] Small = [LinkedHosts.Eight];

    private static readonly LinkedHosts[] All = [LinkedHosts.Eight, LinkedHosts.SixtyFour, LinkedHosts.Many];

    [Fact]
    public async Task One_and_four_threads_of_one_process_give_the_same_result()
    {
        foreach (LinkedHosts scenario in All)
        {
            ResultSet one = await EmbeddedRun.Of(scenario.Text);
            ResultSet four = await EmbeddedRun.Of(scenario.Text, threads: 4);
            Assert.Null(one.DifferenceFrom(four));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public Task Clusters_of_any_size_give_the_result_of_one_process(int nodes) => Compare(nodes, null, Small);

    [Fact]
    public Task Runs_of_any_size_give_the_result_of_one_process() => Compare(3, null, All);

    [PostgresFact]
    public async Task Clusters_on_postgresql_give_the_result_of_one_process()
    {
        using PostgresServer server = PostgresServer.Start();
        await Compare(3, server.ConnectionString, All);
    }

    private async Task Compare(int nodes, string? connectionString, LinkedHosts[] scenarios)
    {
        using LocalCluster cluster = LocalCluster.Start(new ClusterSetup { Nodes = nodes, ConnectionString = connectionString });
        await cluster.Desk.WaitForNodes(nodes, Bounds.Join);
        foreach (LinkedHosts scenario in scenarios)
        {
            string run = await cluster.Submit(scenario.WriteTo(cluster.Folder), "--checkpoint-every", "1s");
            RunStatus status = await cluster.WaitForEnd(run, Bounds.Run);
            output.WriteLine($"{scenario.Name}: {status.WallMs} ms, {status.Checkpoints} checkpoints");
            Assert.True(status.State == RunState.Finished, $"{status}\n{cluster.Logs()}");
            Assert.Equal(nodes, status.Nodes);
            ResultSet result = await cluster.Fetch(run);
            Assert.Null(result.DifferenceFrom(await EmbeddedRun.Of(scenario.Text)));
            Assert.Equal(result.ResultHash, status.ResultHash);
        }
    }
}
