namespace IoScale.Nodes.Cluster.Planning;

/// <summary>
/// What distribution costs, the one place for these figures. Measured on loopback with two shared cores, so upper bounds of speed: on a loaded
/// machine runs took two to four times as long as the model says. A network adds its own one-way latency to every window.
/// </summary>
internal static class CostConstants
{
    /// <summary>Microseconds from a batch to the next over Akka.Remote, whatever is in it: serializing, two hand-overs between threads, one socket.</summary>
    public const double BatchUs = 230;

    /// <summary>Microseconds more for each further node that a node exchanges batches with.</summary>
    public const double PeerUs = 24;

    /// <summary>Microseconds at a window's border between threads of one node, by spinning.</summary>
    public const double ThreadBorderUs = 2;

    /// <summary>Microseconds of CPU to write an event into a batch and to read it out again.</summary>
    public const double CrossingUs = 0.05;

    /// <summary>Bytes of an event in a batch: key, target, message.</summary>
    public const double EventBytes = 48;

    /// <summary>Bytes of a batch without events: addresses, epoch, number, bounds, checksum.</summary>
    public const double BatchBytes = 96;
}
