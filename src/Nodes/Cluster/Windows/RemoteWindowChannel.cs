using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Windows;

/// <summary>The channel of one island over Akka.Remote: a link to each peer.</summary>
internal sealed class RemoteWindowChannel(IReadOnlyDictionary<int, WindowLink> links) : IWindowChannel
{
    public Action? Arrived { get; set; }

    public IReadOnlyDictionary<int, WindowLink> Links => links;

    public void Send(int peer, WindowTimes times, ReadOnlySpan<byte> events) => links[peer].Send(times, events);

    public bool HasBatch(int peer) => links[peer].HasBatch;

    public WindowTimes Take(int peer, out ReadOnlyMemory<byte> events) => links[peer].Take(out events);

    /// <summary>The links belong to the gate, which ends with the share.</summary>
    public void Dispose() => Arrived = null;
}
