using Akka.Actor;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>A partition is on this node, with its state; null for a start from the beginning. Partition to agent; never leaves the node.</summary>
internal sealed record PartitionArrived(string Run, long Epoch, int Partition, byte[]? State, IActorRef Entity);

/// <summary>The database does not give or take a partition's state at the moment; it is tried again.</summary>
internal sealed record PartitionDelayed(string Run, long Epoch, int Partition, long Checkpoint, string Reason);

/// <summary>Make a captured state durable. Agent to partition.</summary>
/// <param name="Committed">Older checkpoints are not needed any more.</param>
internal sealed record SaveState(string Run, long Epoch, long Checkpoint, long Committed, byte[] State);

/// <summary>A captured state is in the database.</summary>
internal sealed record StateSaved(string Run, long Epoch, long Checkpoint, int Partition, ulong Hash, long Bytes);

/// <summary>The epoch is over here: a partition that has not been asked for in a later one goes.</summary>
internal sealed record LeaveEpoch(long Epoch);
