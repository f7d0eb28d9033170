namespace IoScale.VirtualTime.Dispatching;

/// <summary>Told to an entity that failed in the loop: it throws the cause again where its supervisor sees it.</summary>
internal sealed record EntityFailed(Exception Cause);

/// <summary>Who the entity being made is going to be.</summary>
internal sealed record EntityBirth(Partition Partition, int Id);
