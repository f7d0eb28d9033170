namespace IoScale.VirtualTime;

/// <summary>How a run went; counts since the simulation was created or restored. For people and benchmarks, no part of a result.</summary>
public sealed record RunStatistics
{
    /// <summary>Threads in use.</summary>
    public required int Threads { get; init; }

    /// <summary>Sets of partitions that links connect; islands never wait for each other.</summary>
    public required int Islands { get; init; }

    /// <summary>Windows run, over all islands.</summary>
    public required long Windows { get; init; }

    /// <summary>Events handled.</summary>
    public required long Events { get; init; }

    /// <summary>Events handled by each partition.</summary>
    public required IReadOnlyList<long> EventsByPartition { get; init; }

    /// <summary>Messages sent to another partition.</summary>
    public required long CrossPartitionSends { get; init; }

    /// <summary>Those of them that went to another thread.</summary>
    public required long CrossThreadSends { get; init; }

    /// <summary>Events with the same time as the event handled before in the same partition.</summary>
    public required long Ties { get; init; }

    /// <summary>Times each thread waited at a window border for another.</summary>
    public required IReadOnlyList<long> WaitsByThread { get; init; }

    /// <summary>Those of them so long that the thread went to sleep.</summary>
    public required IReadOnlyList<long> ParksByThread { get; init; }
}
