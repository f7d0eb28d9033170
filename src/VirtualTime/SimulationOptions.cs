namespace IoScale.VirtualTime;

/// <summary>How a run is carried out. Nothing here can change a result.</summary>
public sealed record SimulationOptions
{
    /// <summary>Threads to run on, at least 1. More than there are partitions is allowed and of no use.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Needed to capture or restore queued events, and for a share of a run.</summary>
    public IMessageCodec? Codec { get; init; }

    /// <summary>Receives the events handled.</summary>
    public IEventTrace? Trace { get; init; }

    /// <summary>The part of the topology that this process runs; null for all of it.</summary>
    public NodeShare? Share { get; init; }
}
