using Akka.Actor;
using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime;

/// <summary>The rules a topology keeps, and the hash by which a snapshot knows its own.</summary>
internal static class TopologyRules
{
    public static void Check(Topology topology)
    {
        CheckPartitions(topology);
        CheckLinks(topology);
        CheckEntities(topology);
    }

    /// <summary>Hash of everything but the factories: a snapshot fits the topology it was taken from, and no other.</summary>
    public static ulong Hash(Topology topology)
    {
        Digest digest = new(topology.Seed);
        foreach (PartitionSpec partition in topology.Partitions)
        {
            digest.Add(partition.Name);
        }

        foreach (LinkSpec link in topology.Links)
        {
            digest.Add(link.PartitionA);
            digest.Add(link.PartitionB);
            digest.Add(link.LatencyPs);
        }

        foreach (EntitySpec entity in topology.Entities)
        {
            digest.Add(entity.Name);
            digest.Add(entity.Partition);
        }

        return digest.Finish();
    }

    private static void CheckPartitions(Topology topology)
    {
        if (topology.Partitions.Count == 0)
        {
            throw new ArgumentException("A topology needs at least one partition.");
        }

        HashSet<string> names = [];
        foreach (PartitionSpec partition in topology.Partitions)
        {
            if (!ActorPath.IsValidPathElement(partition.Name))
            {
                throw new ArgumentException($"Partition name '{partition.Name}' is not a valid element of an actor path.");
            }

            if (!names.Add(partition.Name))
            {
                throw new ArgumentException($"Two partitions are called '{partition.Name}'.");
            }
        }
    }

    private static void CheckLinks(Topology topology)
    {
        Dictionary<(int, int), string> pairs = [];
        foreach (LinkSpec link in topology.Links)
        {
            foreach (int end in (ReadOnlySpan<int>)[link.PartitionA, link.PartitionB])
            {
                if (end < 0 || end >= topology.Partitions.Count)
                {
                    throw new ArgumentException($"Link '{link.Name}' ends at partition {end}; there are {topology.Partitions.Count}.");
                }
            }

            string nameA = topology.Partitions[link.PartitionA].Name;
            if (link.PartitionA == link.PartitionB)
            {
                throw new ArgumentException($"Link '{link.Name}' connects partition '{nameA}' with itself; within a partition no link is needed.");
            }

            if (link.LatencyPs < 1)
            {
                throw new ArgumentException($"Link '{link.Name}' has a latency of {link.LatencyPs} ps; it needs at least 1 ps.");
            }

            (int, int) pair = (Math.Min(link.PartitionA, link.PartitionB), Math.Max(link.PartitionA, link.PartitionB));
            if (!pairs.TryAdd(pair, link.Name))
            {
                throw new ArgumentException(
                    $"Links '{pairs[pair]}' and '{link.Name}' both connect '{nameA}' and '{topology.Partitions[link.PartitionB].Name}'; one link a pair.");
            }
        }
    }

    private static void CheckEntities(Topology topology)
    {
        if (topology.Entities.Count > EventKey.MaxEntities)
        {
            throw new ArgumentException($"{topology.Entities.Count} entities; at most {EventKey.MaxEntities} are possible.");
        }

        HashSet<(int, string)> names = [];
        foreach (EntitySpec entity in topology.Entities)
        {
            if (entity.Partition < 0 || entity.Partition >= topology.Partitions.Count)
            {
                throw new ArgumentException($"Entity '{entity.Name}' is in partition {entity.Partition}; there are {topology.Partitions.Count}.");
            }

            if (!ActorPath.IsValidPathElement(entity.Name))
            {
                throw new ArgumentException($"Entity name '{entity.Name}' is not a valid element of an actor path.");
            }

            if (entity.Create is null)
            {
                throw new ArgumentException($"Entity '{entity.Name}' has no factory.");
            }

            if (!names.Add((entity.Partition, entity.Name)))
            {
                throw new ArgumentException($"Two entities of partition '{topology.Partitions[entity.Partition].Name}' are called '{entity.Name}'.");
            }
        }
    }
}
