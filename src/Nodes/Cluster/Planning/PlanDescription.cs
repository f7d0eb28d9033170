using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Planning;

/// <summary>What a plan means for speed.</summary>
/// <param name="Slots">Nodes in use.</param>
/// <param name="CutLinks">Links between partitions on different nodes.</param>
/// <param name="LookaheadPs">Latency of the tightest of them: virtual time that a window can take; <see cref="long.MaxValue"/> when none is cut.</param>
/// <param name="TightestLink">Its name; empty when none is cut.</param>
/// <param name="Shares">Share of the load (entities) of each slot; the sum is 1.</param>
/// <param name="SplitGroups">Groups (hosts) with partitions on more than one node, by name.</param>
internal sealed record PlanDescription(
    int Slots,
    int CutLinks,
    long LookaheadPs,
    string TightestLink,
    IReadOnlyList<double> Shares,
    IReadOnlyList<string> SplitGroups)
{
    /// <param name="slotOfPartition">From <see cref="PartitionPlan.Lay"/>.</param>
    public static PlanDescription Of(Topology topology, IReadOnlyList<int> slotOfPartition)
    {
        LinkSpec[] cut = [.. topology.Links.Where(l => slotOfPartition[l.PartitionA] != slotOfPartition[l.PartitionB])];
        LinkSpec? tightest = cut.OrderBy(l => l.LatencyPs).ThenBy(l => l.Name, StringComparer.Ordinal).FirstOrDefault();
        double[] loads = new double[slotOfPartition.Max() + 1];
        foreach (int slot in slotOfPartition)
        {
            loads[slot]++;
        }

        foreach (EntitySpec entity in topology.Entities)
        {
            loads[slotOfPartition[entity.Partition]]++;
        }

        double all = loads.Sum();
        string[] split = [.. topology.Partitions
            .Select((p, i) => (p.Group, Slot: slotOfPartition[i]))
            .Distinct()
            .CountBy(p => p.Group, StringComparer.Ordinal)
            .Where(g => g.Value > 1)
            .Select(g => g.Key)
            .Order(StringComparer.Ordinal)];
        return new PlanDescription(loads.Length, cut.Length, tightest?.LatencyPs ?? long.MaxValue, tightest?.Name ?? "", [.. loads.Select(l => l / all)], split);
    }
}
