using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>What an epoch starts from; everything in it follows from the journal and the scenario.</summary>
/// <param name="Components">Slots that share islands.</param>
/// <param name="Partitions">Of the topology.</param>
/// <param name="FromPs">Virtual time that every partition has reached.</param>
/// <param name="EveryWallMs">Checkpoints by wall time; 0 for none.</param>
/// <param name="EveryPs">Checkpoints by virtual time; 0 for none.</param>
internal sealed record EpochPlan(
    string Run,
    long Epoch,
    int Variant,
    IReadOnlyList<IReadOnlyList<int>> Components,
    int Partitions,
    long FromPs,
    long DurationPs,
    long Committed,
    long EveryWallMs,
    long EveryPs,
    TimeSpan Step)
{
    /// <summary>
    /// Checkpoints are numbered through all epochs of all runs: a node that was cut off and still writes for an old epoch can not touch what a later
    /// one has written.
    /// </summary>
    public const int CheckpointBits = 32;

    public long Checkpoint(int count) => (Epoch << CheckpointBits) + count;

    public int Nodes => Components.Sum(slots => slots.Count);

    /// <summary>The slots of each component of a plan.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> ComponentsOf(Topology topology, IReadOnlyList<int> slotOfPartition) => Component.Find(
        slotOfPartition.Max() + 1, topology.Links.Select(link => (slotOfPartition[link.PartitionA], slotOfPartition[link.PartitionB])));
}
