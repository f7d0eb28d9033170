namespace IoScale.VirtualTime;

/// <summary>The words for sends that break a rule; off the fast path.</summary>
internal static class SendRules
{
    public static string Explain(Partition partition, int target, VirtualMessage? message, long delayPs)
    {
        if (message is null)
        {
            return "it sent no message (null).";
        }

        Topology topology = partition.Run.Topology;
        if (target < 0 || target >= topology.Entities.Count)
        {
            return $"it sent {message} to entity {target}; entities are numbered 0 to {topology.Entities.Count - 1}.";
        }

        string path = topology.PathOf(new EntityId(target));
        return delayPs < 0
            ? $"it sent {message} to {path} with the negative delay {delayPs} ps."
            : $"it sent {message} to {path} with a delay of {delayPs} ps from {partition.Now} ps, past the end of time.";
    }

    public static string ExplainLink(Topology topology, LinkSpec? link, EntityId sender, EntityId target, long delayPs)
    {
        string from = topology.PathOf(sender);
        string to = topology.PathOf(target);
        return link is null
            ? $"{from} sent to {to}, but no link connects their partitions."
            : $"{from} sent to {to} with a delay of {delayPs} ps over link '{link.Name}', whose latency is {link.LatencyPs} ps.";
    }
}
