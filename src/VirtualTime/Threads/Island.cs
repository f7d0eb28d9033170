namespace IoScale.VirtualTime.Threads;

/// <summary>Partitions that links connect, directly or through others, ascending; and those links.</summary>
/// <param name="Index">Its number in the topology.</param>
internal sealed record Island(int Index, IReadOnlyList<int> Partitions, IReadOnlyList<LinkSpec> Links)
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
                .Select((group, index) => new Island(index, [.. group], [.. links[group.Key]])),
        ];
    }

    /// <summary>The smallest latency between two places; <see cref="VirtualDuration.Never"/> where no link leads from one to another.</summary>
    /// <param name="placeOf">Place of a partition; links with an end at a negative one do not count.</param>
    public long Lookahead(Func<int, int> placeOf)
    {
        long least = VirtualDuration.Never;
        foreach (LinkSpec link in Links)
        {
            int a = placeOf(link.PartitionA);
            int b = placeOf(link.PartitionB);
            if (a != b && a >= 0 && b >= 0)
            {
                least = Math.Min(least, link.LatencyPs);
            }
        }

        return least;
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
