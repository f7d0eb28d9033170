using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>A checkpoint on its way into the database.</summary>
/// <param name="Final">The variant is at its end.</param>
internal sealed class PendingCheckpoint(long number, bool final, int nodes, int partitions)
{
    private readonly HashSet<int> _captured = [];
    private readonly HashSet<int> _durable = [];
    private readonly ulong[] _hashes = new ulong[partitions];

    public long Number => number;

    public bool Final => final;

    public long TimePs { get; private set; } = long.MaxValue;

    public IReadOnlyList<ulong> Hashes => _hashes;

    public bool IsDurable => _durable.Count == nodes;

    public bool HasCaptured(Component component) => component.Slots.All(_captured.Contains);

    /// <summary>A component is at a border, and every node of it has taken its copy.</summary>
    public void Captured(Component component)
    {
        _captured.UnionWith(component.Slots);
        TimePs = Math.Min(TimePs, component.ReachedPs);
    }

    public void Durable(ShareDurable share)
    {
        if (share.Checkpoint == number && _durable.Add(share.Slot))
        {
            foreach (PartitionBlob blob in share.Blobs)
            {
                _hashes[blob.Partition] = blob.Hash;
            }
        }
    }
}
