using System.Runtime.InteropServices;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Planning;

/// <summary>
/// What a plan is made over: units that stay together, what each weighs, and what it costs to put two of them on different nodes. Units stand in
/// the order of their names, so that a plan does not depend on the order in which a topology lists things.
/// </summary>
internal sealed class PlanGraph
{
    /// <summary>A link of this latency, or a slower one, costs 1 when cut. Twice as tight costs four times as much, so that no number of fabric links outweighs a cut socket.</summary>
    private const long LooseLatencyPs = 20_000_000;

    /// <summary>Keeps the sum over any topology within a <see cref="long"/>.</summary>
    private const long TightestRatio = 100_000;

    private PlanGraph(int[][] members, long[] weights, Edge[][] edges)
    {
        Members = members;
        Weights = weights;
        Edges = edges;
    }

    /// <summary>The partitions of each unit.</summary>
    public int[][] Members { get; }

    /// <summary>Load of each unit: its entities, and one for each partition.</summary>
    public long[] Weights { get; }

    /// <summary>The neighbours of each unit, by unit.</summary>
    public Edge[][] Edges { get; }

    public int Count => Members.Length;

    /// <summary>Units are groups where there are enough of them for the nodes, else single partitions.</summary>
    public static PlanGraph Of(Topology topology, int nodes)
    {
        int[] byName = [.. Enumerable.Range(0, topology.Partitions.Count)];
        Array.Sort(byName, (a, b) => Compare(topology.Partitions[a], topology.Partitions[b]));
        bool whole = topology.Partitions.Select(p => p.Group).Distinct(StringComparer.Ordinal).Count() >= nodes;
        List<List<int>> members = [];
        int[] unitOf = new int[byName.Length];
        for (int i = 0; i < byName.Length; i++)
        {
            if (i == 0 || !whole || topology.Partitions[byName[i]].Group != topology.Partitions[byName[i - 1]].Group)
            {
                members.Add([]);
            }

            members[^1].Add(byName[i]);
            unitOf[byName[i]] = members.Count - 1;
        }

        return new PlanGraph([.. members.Select(m => m.ToArray())], WeightsOf(topology, unitOf, members), EdgesOf(topology, unitOf, members.Count));
    }

    /// <summary>What cutting a link costs.</summary>
    public static long CostOf(long latencyPs)
    {
        long ratio = Math.Clamp(LooseLatencyPs / latencyPs, 1, TightestRatio);
        return ratio * ratio;
    }

    private static int Compare(PartitionSpec a, PartitionSpec b)
    {
        int group = string.CompareOrdinal(a.Group, b.Group);
        return group != 0 ? group : string.CompareOrdinal(a.Name, b.Name);
    }

    private static long[] WeightsOf(Topology topology, int[] unitOf, List<List<int>> members)
    {
        long[] weights = [.. members.Select(m => (long)m.Count)];
        foreach (EntitySpec entity in topology.Entities)
        {
            weights[unitOf[entity.Partition]]++;
        }

        return weights;
    }

    private static Edge[][] EdgesOf(Topology topology, int[] unitOf, int units)
    {
        SortedDictionary<int, long>[] costs = [.. Enumerable.Range(0, units).Select(_ => new SortedDictionary<int, long>())];
        foreach (LinkSpec link in topology.Links)
        {
            int a = unitOf[link.PartitionA];
            int b = unitOf[link.PartitionB];
            if (a != b)
            {
                long cost = CostOf(link.LatencyPs);
                costs[a][b] = costs[a].GetValueOrDefault(b) + cost;
                costs[b][a] = costs[b].GetValueOrDefault(a) + cost;
            }
        }

        return [.. costs.Select(c => c.Select(e => new Edge(e.Key, e.Value)).ToArray())];
    }

    /// <param name="Cost">Of having <paramref name="Unit"/> on another node.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Edge(int Unit, long Cost);
}
