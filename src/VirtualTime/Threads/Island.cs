namespace IoScale.VirtualTime.Threads;

/// <summary>Partitions that links connect, directly or through others, ascending; and the smallest latency of those links.</summary>
internal sealed record Island(IReadOnlyList<int> Partitions, long Lookahead)
{
    public static IReadOnlyList<Island> Find(Topology topology)
    {
        int[] root = [.. Enumerable.Range(0, topology.Partitions.Count)];
        foreach (LinkSpec link in topology.Links)
        {
            int a = Root(root, link.PartitionA);
            int b = Root(root, link.PartitionB);
            root[Math.Max(a, b)] = Math.Min(a, b);
        }

        ILookup<int, LinkSpec> links = topology.Links.ToLookup(link => Root(root, link.PartitionA));
        return
        [
            .. Enumerable.Range(0, root.Length)
                .GroupBy(partition => Root(root, partition))
                .Select(group => new Island([.. group], links[group.Key].Select(link => link.LatencyPs).DefaultIfEmpty(VirtualDuration.Never).Min())),
        ];
    }

    private static int Root(int[] root, int partition)
    {
        while (root[partition] != partition)
        {
            partition = root[partition] = root[root[partition]];
        }

        return partition;
    }
}
