namespace IoScale.VirtualTime;

/// <summary>A unit that runs sequentially.</summary>
/// <param name="Name">Unique; a part of the actor path.</param>
/// <param name="Group">What should stay together, in practice the host: the partitions of a group stay on one thread when there are enough groups.</param>
public sealed record PartitionSpec(string Name, string Group);

/// <summary>A connection between two partitions, both ways. Its latency is the lookahead: no message over it takes less.</summary>
/// <param name="Name">Named in error messages.</param>
/// <param name="PartitionA">One end, an index in <see cref="Topology.Partitions"/>.</param>
/// <param name="PartitionB">The other end, another partition.</param>
/// <param name="LatencyPs">Smallest delay of a message over the link, at least 1 ps.</param>
public sealed record LinkSpec(string Name, int PartitionA, int PartitionB, long LatencyPs);

/// <summary>An entity: one actor, at <c>/user/run-ID/PARTITION/NAME</c>. Its <see cref="EntityId"/> is its index in <see cref="Topology.Entities"/>.</summary>
/// <param name="Name">Unique within its partition; a valid element of an actor path.</param>
/// <param name="Partition">Index in <see cref="Topology.Partitions"/>.</param>
/// <param name="Create">Makes the actor; called once, on the partition's thread.</param>
public sealed record EntitySpec(string Name, int Partition, Func<EntityActor> Create);

/// <summary>What there is: partitions, the links between them, the entities in them, and the seed of every random stream.</summary>
public sealed record Topology
{
    /// <exception cref="ArgumentException">A rule is broken; the message names the offender and the rule.</exception>
    public Topology(
        ulong seed,
        IReadOnlyList<PartitionSpec> partitions,
        IReadOnlyList<LinkSpec> links,
        IReadOnlyList<EntitySpec> entities)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(entities);
        Seed = seed;
        Partitions = [.. partitions];
        Links = [.. links];
        Entities = [.. entities];
        TopologyRules.Check(this);
    }

    /// <summary>Seed of all random streams of the run.</summary>
    public ulong Seed { get; init; }

    public IReadOnlyList<PartitionSpec> Partitions { get; }

    public IReadOnlyList<LinkSpec> Links { get; }

    public IReadOnlyList<EntitySpec> Entities { get; }

    /// <summary>Hash of everything but the factories: what processes that share a run must agree on, and what a snapshot fits.</summary>
    public ulong Fingerprint => TopologyRules.Hash(this);

    /// <summary>The entity's readable name, <c>PARTITION/NAME</c>; <c>engine</c> for <see cref="EntityId.Engine"/>.</summary>
    public string PathOf(EntityId id)
    {
        if (id == EntityId.Engine)
        {
            return "engine";
        }

        EntitySpec spec = Entities[id.Value];
        return $"{Partitions[spec.Partition].Name}/{spec.Name}";
    }
}
