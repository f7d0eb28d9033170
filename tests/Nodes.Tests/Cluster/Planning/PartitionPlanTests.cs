using System.Diagnostics;
using CsCheck;
using IoScale.Nodes.Cluster.Planning;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Tests.Cluster.Planning;

public sealed class PartitionPlanTests
{
    private const long FabricPs = 5_000_000;
    private const long SocketPs = 50_000;

    /// <summary>Hosts of one to four sockets with some entities each, sockets linked, hosts linked by some fabric.</summary>
    private static readonly Gen<Topology> Topologies =
        from sockets in Gen.Int[1, 4].Array[1, 14]
        from entities in Gen.Int[0, 30].Array[sockets.Sum()]
        from fabric in Gen.Select(Gen.Int[0, 13], Gen.Int[0, 13], Gen.Long[1, 50_000_000]).Array[0, 30]
        select Build(sockets, entities, fabric);

    [Fact]
    public void Every_slot_is_used_and_there_are_never_more_than_partitions() =>
        Gen.Select(Topologies, Gen.Int[1, 20]).Sample((topology, nodes) =>
        {
            int[] plan = PartitionPlan.Lay(topology, nodes);
            Assert.Equal(topology.Partitions.Count, plan.Length);
            Assert.Equal(Enumerable.Range(0, Math.Min(nodes, topology.Partitions.Count)), plan.Distinct().Order());
        });

    [Fact]
    public void Groups_stay_together_where_there_are_enough_of_them() =>
        Gen.Select(Topologies, Gen.Int[1, 20]).Sample((topology, nodes) =>
        {
            int groups = topology.Partitions.Select(p => p.Group).Distinct().Count();
            if (nodes <= groups)
            {
                Assert.Empty(PlanDescription.Of(topology, PartitionPlan.Lay(topology, nodes)).SplitGroups);
            }
        });

    [Fact]
    public void No_slot_has_more_than_its_share_and_the_heaviest_unit() =>
        Gen.Select(Topologies, Gen.Int[1, 20]).Sample((topology, nodes) =>
        {
            int slots = Math.Min(nodes, topology.Partitions.Count);
            PlanGraph graph = PlanGraph.Of(topology, slots);
            double heaviest = PlanDescription.Of(topology, PartitionPlan.Lay(topology, nodes)).Shares.Max() * graph.Weights.Sum();
            Assert.True(heaviest <= 1.05 * (((double)graph.Weights.Sum() / slots) + graph.Weights.Max()) + 1e-6);
        });

    [Fact]
    public void No_plan_cuts_more_than_a_round_robin_that_is_balanced_as_well() =>
        Gen.Select(Topologies, Gen.Int[1, 20]).Sample((topology, nodes) =>
        {
            int slots = Math.Min(nodes, topology.Partitions.Count);
            PlanGraph graph = PlanGraph.Of(topology, slots);
            int[] naive = new int[topology.Partitions.Count];
            long[] loads = new long[slots];
            for (int unit = 0; unit < graph.Count; unit++)
            {
                loads[unit % slots] += graph.Weights[unit];
                foreach (int partition in graph.Members[unit])
                {
                    naive[partition] = unit % slots;
                }
            }

            if (loads.Max() <= PartitionPlan.CapacityOf(graph, slots))
            {
                Assert.True(CostOf(topology, PartitionPlan.Lay(topology, nodes)) <= CostOf(topology, naive));
            }
        });

    [Fact]
    public void A_plan_does_not_depend_on_the_order_in_which_a_topology_lists_things() =>
        (from topology in Topologies
         from order in Gen.Shuffle(Enumerable.Range(0, topology.Partitions.Count).ToArray())
         from links in Gen.Shuffle(topology.Links.ToArray())
         from nodes in Gen.Int[1, 8]
         select (topology, order, links, nodes)).Sample(t =>
         {
             int[] place = new int[t.order.Length];
             for (int i = 0; i < t.order.Length; i++)
             {
                 place[t.order[i]] = i;
             }

             Topology shuffled = new(
                 t.topology.Seed,
                 [.. t.order.Select(p => t.topology.Partitions[p])],
                 [.. t.links.Select(l => l with { PartitionA = place[l.PartitionB], PartitionB = place[l.PartitionA] })],
                 [.. t.topology.Entities.Reverse().Select(e => e with { Partition = place[e.Partition] })]);
             int[] plan = PartitionPlan.Lay(t.topology, t.nodes);
             int[] other = PartitionPlan.Lay(shuffled, t.nodes);
             Assert.Equal(plan, Enumerable.Range(0, plan.Length).Select(p => other[place[p]]));
         });

    [Fact]
    public void Hosts_without_links_are_spread_evenly_and_nothing_is_cut()
    {
        Topology topology = Build([.. Enumerable.Repeat(2, 12)], [.. Enumerable.Repeat(10, 24)], []);
        PlanDescription plan = PlanDescription.Of(topology, PartitionPlan.Lay(topology, 4));
        Assert.Equal(0, plan.CutLinks);
        Assert.Equal(long.MaxValue, plan.LookaheadPs);
        Assert.All(plan.Shares, share => Assert.Equal(0.25, share, 9));
    }

    [Fact]
    public void Racks_are_cut_between_racks()
    {
        // Three racks of four hosts, names shuffled among the racks; every host of a rack is linked with every other, racks in a ring.
        int[] rackOf = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];
        var within =
            from a in Enumerable.Range(0, 12)
            from b in Enumerable.Range(a + 1, 11 - a)
            where rackOf[a] == rackOf[b]
            select (a, b, 1_000_000L);
        Topology topology = Build([.. Enumerable.Repeat(1, 12)], [.. Enumerable.Repeat(20, 12)], [.. within, (0, 1, FabricPs), (4, 5, FabricPs), (8, 3, FabricPs)]);
        int[] plan = PartitionPlan.Lay(topology, 3);
        Assert.Equal(3, PlanDescription.Of(topology, plan).CutLinks);
        Assert.All(Enumerable.Range(0, 12), host => Assert.Equal(plan[rackOf[host]], plan[host]));
    }

    [Fact]
    public void A_host_is_cut_between_sockets_only_where_there_are_fewer_hosts_than_nodes()
    {
        Topology topology = Build([4, 4], [.. Enumerable.Repeat(10, 8)], [(0, 1, FabricPs)]);
        PlanDescription two = PlanDescription.Of(topology, PartitionPlan.Lay(topology, 2));
        Assert.Equal((1, FabricPs, 0), (two.CutLinks, two.LookaheadPs, two.SplitGroups.Count));
        PlanDescription three = PlanDescription.Of(topology, PartitionPlan.Lay(topology, 3));
        Assert.Equal(SocketPs, three.LookaheadPs);
        Assert.NotEmpty(three.SplitGroups);
        Assert.StartsWith("socket", three.TightestLink, StringComparison.Ordinal);
    }

    [Fact]
    public void One_cut_socket_weighs_more_than_a_thousand_fabric_links() =>
        Assert.True(PlanGraph.CostOf(SocketPs) > 1000 * PlanGraph.CostOf(FabricPs));

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public void Ten_thousand_partitions_are_laid_out_in_no_time(int nodes)
    {
        // A thousand switches of nine hosts each, switches in a ring: every plan by switch cuts one link a piece.
        List<PartitionSpec> partitions = [];
        List<LinkSpec> links = [];
        for (int rack = 0; rack < 1000; rack++)
        {
            partitions.Add(new PartitionSpec($"switch{rack}", $"switch{rack}"));
            for (int host = 1; host < 10; host++)
            {
                partitions.Add(new PartitionSpec($"r{rack}h{host}", $"r{rack}h{host}"));
                links.Add(new LinkSpec($"r{rack}h{host}", rack * 10, (rack * 10) + host, 1_000_000));
            }

            links.Add(new LinkSpec($"ring{rack}", rack * 10, (rack + 1) % 1000 * 10, FabricPs));
        }

        Topology topology = new(1, partitions, links, []);
        PartitionPlan.Lay(topology, nodes);
        Stopwatch watch = Stopwatch.StartNew();
        int[] plan = PartitionPlan.Lay(topology, nodes);
        TimeSpan took = watch.Elapsed;
        // A tenth of that where nothing else runs.
        Assert.True(took < TimeSpan.FromSeconds(3), $"{took}");
        PlanDescription description = PlanDescription.Of(topology, plan);
        Assert.True(description.CutLinks <= 4 * nodes, $"{description.CutLinks} links cut");
        Assert.True(description.Shares.Max() * nodes < 1.1);
    }

    private static long CostOf(Topology topology, int[] plan) =>
        topology.Links.Where(l => plan[l.PartitionA] != plan[l.PartitionB]).Sum(l => PlanGraph.CostOf(l.LatencyPs));

    private static Topology Build(int[] sockets, int[] entities, (int A, int B, long LatencyPs)[] fabric)
    {
        List<PartitionSpec> partitions = [];
        List<LinkSpec> links = [];
        int[] first = new int[sockets.Length];
        for (int host = 0; host < sockets.Length; host++)
        {
            first[host] = partitions.Count;
            for (int socket = 0; socket < sockets[host]; socket++)
            {
                for (int other = first[host]; other < partitions.Count; other++)
                {
                    links.Add(new LinkSpec($"socket {other}-{partitions.Count}", other, partitions.Count, SocketPs));
                }

                partitions.Add(new PartitionSpec($"h{host}.s{socket}", $"h{host}"));
            }
        }

        HashSet<(int, int)> pairs = [];
        foreach ((int a, int b, long latency) in fabric)
        {
            int from = Math.Min(a, b) % sockets.Length;
            int to = Math.Max(a, b) % sockets.Length;
            if (from != to && pairs.Add((Math.Min(from, to), Math.Max(from, to))))
            {
                links.Add(new LinkSpec($"fabric {from}-{to}", first[from], first[to], latency));
            }
        }

        return new Topology(1, partitions, links, [.. entities.SelectMany((count, p) => Enumerable.Range(0, count).Select(e => new EntitySpec($"e{e}", p, () => throw new InvalidOperationException())))]);
    }
}
