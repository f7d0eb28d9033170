using MemoryPack;

namespace IoScale.VirtualTime;

/// <summary>An entity whose whole state is one record that MemoryPack can serialize.</summary>
public abstract class EntityActor<TState> : EntityActor
    where TState : class
{
    /// <summary>The state. A derived class sets it in its constructor and keeps nothing that matters outside it.</summary>
    protected TState State = null!;

    /// <inheritdoc/>
    protected internal sealed override byte[] Capture() => MemoryPackSerializer.Serialize(State);

    /// <inheritdoc/>
    protected internal sealed override void Restore(ReadOnlySpan<byte> state)
    {
        State = MemoryPackSerializer.Deserialize<TState>(state)
            ?? throw new InvalidDataException($"The state of entity {Path} is empty.");
        OnRestored();
    }

    /// <summary>Called after <see cref="State"/> was restored, to rebuild what is derived from it.</summary>
    protected virtual void OnRestored()
    {
    }
}
