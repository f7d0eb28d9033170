using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Planning;

/// <summary>
/// Lays the partitions of a topology out over nodes: few and loose links between nodes, about the same load on each. A pure function: every node
/// that computes it gets the same plan.
/// </summary>
internal static class PartitionPlan
{
    /// <summary>A slot may have a twentieth more than the best balance allows, where that spares links.</summary>
    private const int SlackShare = 20;

    /// <summary>
    /// The slot of each partition, from 0; every slot has at least one partition. There are as many slots as nodes, or as partitions if those are fewer.
    /// Partitions of one group (a host's sockets) are on one node wherever there are at least as many groups as nodes.
    /// </summary>
    /// <param name="nodes">At least 1.</param>
    public static int[] Lay(Topology topology, int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        int slots = Math.Min(nodes, topology.Partitions.Count);
        PlanGraph graph = PlanGraph.Of(topology, slots);
        int[] slotOf = slots == 1 ? new int[graph.Count] : BestOf(graph, slots);
        return Number(topology, graph, slotOf);
    }

    /// <summary>Most load a slot gets: what spreading by weight alone gives the fullest, and a little more.</summary>
    internal static long CapacityOf(PlanGraph graph, int slots)
    {
        long[] loads = new long[slots];
        int[] balanced = PlanStarts.Balanced(graph, slots);
        for (int unit = 0; unit < graph.Count; unit++)
        {
            loads[balanced[unit]] += graph.Weights[unit];
        }

        return loads.Max() + (loads.Max() / SlackShare);
    }

    private static int[] BestOf(PlanGraph graph, int slots)
    {
        long capacity = CapacityOf(graph, slots);
        int[]?[] starts = [PlanStarts.Balanced(graph, slots), PlanStarts.Islands(graph, slots), PlanStarts.Pieces(graph, slots)];
        // Of equal plans the first: the sort is stable.
        return starts.OfType<int[]>()
            .Select(start => new PlanRefinement(graph, slots, start, capacity).Run())
            .Append(new PlanRefinement(graph, slots, PlanStarts.RoundRobin(graph, slots), capacity))
            .Where(plan => plan.Fits)
            .OrderBy(plan => plan.Cut)
            .ThenBy(plan => plan.HeaviestLoad)
            .First().SlotOf;
    }

    /// <summary>Slots are numbered as the units, by name, first use them.</summary>
    private static int[] Number(Topology topology, PlanGraph graph, int[] slotOf)
    {
        Dictionary<int, int> numbers = [];
        int[] slotOfPartition = new int[topology.Partitions.Count];
        for (int unit = 0; unit < graph.Count; unit++)
        {
            if (!numbers.TryGetValue(slotOf[unit], out int number))
            {
                number = numbers.Count;
                numbers.Add(slotOf[unit], number);
            }

            foreach (int partition in graph.Members[unit])
            {
                slotOfPartition[partition] = number;
            }
        }

        return slotOfPartition;
    }
}
