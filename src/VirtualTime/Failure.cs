using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime;

/// <summary>What an entity failed on.</summary>
internal sealed record Failure(int Entity, long Time, ulong Origin, VirtualMessage? Message, Exception Cause)
{
    /// <summary>Of several failures the one reported: smallest time, then smallest entity id.</summary>
    public bool Precedes(Failure other) => (Time, Entity).CompareTo((other.Time, other.Entity)) < 0;

    public ModelErrorException ToException(Topology topology) => new(
        topology.PathOf(new EntityId(Entity)), Time, topology.PathOf(EventKey.SenderOf(Origin)), Message, Cause)
    {
        Entity = new EntityId(Entity),
    };
}
