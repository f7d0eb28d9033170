namespace IoScale.VirtualTime;

/// <summary>What one entity says to another. Immutable: the same instance may wait in a queue, be traced and be captured.</summary>
public abstract record VirtualMessage
{
    /// <summary>Folds the message's kind and every field into the digest of the entity that handles it.</summary>
    public abstract void Fold(ref Digest digest);
}
