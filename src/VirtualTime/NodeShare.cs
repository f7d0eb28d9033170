namespace IoScale.VirtualTime;

/// <summary>The part of a topology that one of several processes runs; together they run all of it, in the same windows.</summary>
/// <param name="Slot">Number of this process.</param>
/// <param name="SlotOfPartition">Process of each partition.</param>
/// <param name="Connect">Opens the channel to the other processes of an island; called once for each island that is not on this process alone.</param>
public sealed record NodeShare(int Slot, IReadOnlyList<int> SlotOfPartition, Func<IslandPeers, IWindowChannel> Connect);

/// <summary>Who runs an island together.</summary>
/// <param name="Island">Number of the island, the same in every process.</param>
/// <param name="Peers">The other processes that have partitions of it, ascending.</param>
public sealed record IslandPeers(int Island, IReadOnlyList<int> Peers);
