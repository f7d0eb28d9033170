using CsCheck;
using IoScale.VirtualTime.Threads;

namespace IoScale.VirtualTime.Tests;

public sealed class PlacementTests
{
    [Fact]
    public void Every_partition_is_on_one_thread_and_every_island_on_enough() =>
        Gen.Select(World.Gen, Gen.Int[1, 8]).Sample((world, threads) =>
        {
            Run run = Lay(world.Topology(), threads);
            IslandShare[] shares = [.. run.Workers.SelectMany(worker => worker.Shares)];
            Assert.Equal(Enumerable.Range(0, world.Groups.Length), shares.SelectMany(share => share.Partitions).Select(p => p.Index).Order());
            Assert.Equal(Math.Min(threads, world.Groups.Length), run.Workers.Count);
            Assert.All(run.Workers, worker => Assert.NotEmpty(worker.Shares));
            Assert.All(shares, share => Assert.NotEmpty(share.Partitions));
            // An island that is spread meets; a thread that takes part in a meeting serves nothing else, or it would keep the others waiting.
            Assert.All(run.Workers, worker => Assert.True(worker.Shares.Count == 1 || worker.Shares.All(share => share.Exchange is null)));
        });

    [Fact]
    public void Hosts_stay_whole_when_there_are_enough_of_them()
    {
        Topology topology = Hosts("a", "a", "b", "b", "c", "c");
        Run run = Lay(topology, 3);
        foreach (Worker worker in run.Workers)
        {
            Assert.Single(worker.Shares.SelectMany(share => share.Partitions).Select(p => topology.Partitions[p.Index].Group).Distinct());
        }
    }

    [Fact]
    public void Hosts_are_cut_when_there_are_fewer_than_threads() =>
        Assert.Equal(4, Lay(Hosts("a", "a", "b", "b"), 4).Workers.Count);

    [Fact]
    public void The_lookahead_of_an_island_is_its_smallest_latency()
    {
        Topology topology = new(
            1,
            [.. "abcde".Select(c => new PartitionSpec($"{c}", "x"))],
            [new LinkSpec("1", 3, 0, 50), new LinkSpec("2", 2, 3, 40), new LinkSpec("3", 4, 1, 30)],
            []);
        Assert.Equal(
            [("0 2 3", 40L), ("1 4", 30L)],
            Island.Find(topology).Select(island => (string.Join(' ', island.Partitions), island.Lookahead(partition => partition))));
    }

    private static Run Lay(Topology topology, int threads) => new(topology, new SimulationOptions { Threads = threads });

    private static Topology Hosts(params string[] groups) => new(
        1,
        [.. groups.Select((group, i) => new PartitionSpec($"p{i}", group))],
        [.. Enumerable.Range(1, groups.Length - 1).Select(i => new LinkSpec($"l{i}", i - 1, i, 10))],
        []);
}
