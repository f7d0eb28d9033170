using MemoryPack;

namespace IoScale.VirtualTime;

/// <summary>Number of an entity in its topology, from 0. It is part of the event key, so it must not depend on threads or nodes.</summary>
[MemoryPackable]
public readonly partial record struct EntityId(int Value) : IComparable<EntityId>
{
    /// <summary>The engine itself (start events, recorded control); sorts before every entity.</summary>
    public static readonly EntityId Engine = new(-1);

    /// <inheritdoc/>
    public int CompareTo(EntityId other) => Value.CompareTo(other.Value);

    public static bool operator <(EntityId left, EntityId right) => left.Value < right.Value;
    public static bool operator >(EntityId left, EntityId right) => left.Value > right.Value;
    public static bool operator <=(EntityId left, EntityId right) => left.Value <= right.Value;
    public static bool operator >=(EntityId left, EntityId right) => left.Value >= right.Value;
}
