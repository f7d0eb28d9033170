namespace IoScale.VirtualTime;

/// <summary>Receives the events a run handles.</summary>
public interface IEventTrace
{
    /// <summary>Whether the event is wanted. Called on every partition's thread, so it must be safe to call from several at once.</summary>
    bool Wants(EntityId target, long timePs);

    /// <summary>
    /// Called in key order (time, sender, sequence, target) from the thread that called <see cref="Simulation.RunUntil"/>: the same calls for
    /// any number of threads. An event that failed is the last of its partition.
    /// </summary>
    void Write(in TracedEvent e);
}

/// <summary>One event that was handled.</summary>
public readonly record struct TracedEvent(long TimePs, EntityId Target, EntityId Sender, long Sequence, VirtualMessage Message);

/// <summary>One event that waits in a queue.</summary>
public readonly record struct PendingEvent(long TimePs, EntityId Target, EntityId Sender, long Sequence, VirtualMessage Message);
