namespace IoScale.VirtualTime;

/// <summary>
/// Carries the batches of one island between processes: in each window one batch to each peer, and one from each. The seam behind which the transport can
/// be replaced. A transport loses nothing, doubles nothing and keeps the order between two processes; what it can not carry, it says with an exception.
/// </summary>
public interface IWindowChannel : IDisposable
{
    /// <summary>Called by the transport, on any thread, after a batch has become complete or the channel has failed.</summary>
    Action? Arrived { get; set; }

    /// <summary>Hands a batch over; does not wait. The bytes are the caller's again when it returns.</summary>
    void Send(int peer, WindowTimes times, ReadOnlySpan<byte> events);

    /// <summary>Whether the peer's next batch is here, or the channel has failed. From any thread.</summary>
    bool HasBatch(int peer);

    /// <summary>The peer's next batch; the bytes stay valid until the next call for this peer.</summary>
    /// <exception cref="IOException">The channel has failed.</exception>
    WindowTimes Take(int peer, out ReadOnlyMemory<byte> events);
}

/// <summary>What a process says of its part of an island at a window border.</summary>
/// <param name="Next">Time of its next event, those in its batches included; <see cref="VirtualDuration.Never"/> without one.</param>
/// <param name="Bound">It handles nothing from this time on.</param>
public readonly record struct WindowTimes(long Next, long Bound);
