namespace IoScale.Bench.Windows;

/// <summary>What a process does of a run that several share.</summary>
/// <param name="Entities">Of the whole.</param>
/// <param name="Slot">Which of the processes it is.</param>
/// <param name="Ports">Where each process listens, by slot; one for a process that is alone.</param>
/// <param name="SlicePs">Virtual time of a measurement.</param>
/// <param name="WarmUps">Slices that do not count.</param>
/// <param name="Runs">Slices that do.</param>
/// <param name="Folder">Where it puts the state of its partitions at the end, a file for each.</param>
internal sealed record ShareOrder(int Entities, int Slot, IReadOnlyList<int> Ports, long SlicePs, int WarmUps, int Runs, string Folder)
{
    /// <summary>Of the topology, however many processes share it: so that the results compare.</summary>
    public const int Partitions = 6;

    /// <summary>Share of messages that go to another entity, in percent.</summary>
    public const int Remote = 25;

    public const ulong Seed = 1;

    /// <summary>Process of each partition: neighbours together, the same number on each.</summary>
    public int[] SlotOfPartition => [.. Enumerable.Range(0, Partitions).Select(p => p * Ports.Count / Partitions)];

    public string FileOf(int partition) => Path.Combine(Folder, $"{partition}");
}

/// <summary>What a process saw of a slice.</summary>
/// <param name="Events">That it handled.</param>
/// <param name="Bytes">Of batches to all others, as the links count them: without what Akka puts around them.</param>
internal sealed record ShareSlice(double WallSeconds, double ProcessorSeconds, long Events, long Windows, long Bytes);
