using System.Buffers.Binary;
using System.IO.Hashing;
using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime.Snapshots;

/// <summary>Reads a partition's snapshot: checks it whole first, then gives each entity its part.</summary>
internal sealed class SnapshotReader
{
    private readonly Run _run;
    private readonly Partition _partition;
    private readonly byte[] _bytes;
    private readonly Range[] _states;
    private readonly (ulong Origin, ulong Digest, long Handled)[] _ledgers;
    private int _at;

    private SnapshotReader(Run run, Partition partition, byte[] bytes)
    {
        _run = run;
        _partition = partition;
        _bytes = bytes;
        _states = new Range[partition.Members.Count];
        _ledgers = new (ulong, ulong, long)[partition.Members.Count];
    }

    public SnapshotHeader Header { get; private set; }

    /// <exception cref="InvalidDataException">Not a snapshot, damaged, or of another topology or partition.</exception>
    /// <exception cref="InvalidOperationException">It holds events, and <see cref="SimulationOptions.Codec"/> is missing.</exception>
    public static SnapshotReader Open(Run run, Partition partition, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        int end = bytes.Length - sizeof(ulong);
        if (end < sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != SnapshotFormat.Magic)
        {
            throw new InvalidDataException("These bytes are no snapshot of a simulation.");
        }

        if (XxHash3.HashToUInt64(bytes.AsSpan(0, end)) != BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(end)))
        {
            throw new InvalidDataException("The snapshot is damaged: its checksum does not match. It may be truncated.");
        }

        SnapshotReader reader = new(run, partition, bytes);
        reader.ReadHead();
        return reader;
    }

    /// <summary>On the partition's thread.</summary>
    public void Restore()
    {
        for (int i = 0; i < _states.Length; i++)
        {
            EntityActor entity = _run.Entities[_partition.Members[i]];
            try
            {
                entity.Restore(_bytes.AsSpan(_states[i]));
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                throw new InvalidDataException($"Entity {entity.Path} can not take over its state: {cause.Message}", cause);
            }

            entity.Ledger = _ledgers[i];
        }

        for (ulong events = Word(); events > 0; events--)
        {
            long time = (long)Word();
            ulong origin = Word();
            int target = (int)Word();
            VirtualMessage message = _run.Options.Codec!.Read(_bytes.AsSpan(Bytes()));
            _partition.Queue.Push(time, origin, target, message);
        }

        _partition.Resume();
    }

    private void ReadHead()
    {
        _at = sizeof(ulong);
        ulong version = Word();
        if (version != SnapshotFormat.Version)
        {
            throw new InvalidDataException($"The snapshot has version {version}; this program reads version {SnapshotFormat.Version}.");
        }

        if (Word() != _run.TopologyHash)
        {
            throw new InvalidDataException("The snapshot was taken from another topology or with another seed.");
        }

        ulong index = Word();
        if (index != (ulong)_partition.Index)
        {
            throw new InvalidDataException($"The snapshot is of partition {index}, where that of partition {_partition.Index} should be.");
        }

        Header = new SnapshotHeader((long)Word(), Word(), Word() != 0);
        for (int i = 0; i < _states.Length; i++)
        {
            _ledgers[i] = (Word(), Word(), (long)Word());
            _states[i] = Bytes();
        }

        int events = _at;
        if (Word() > 0 && _run.Options.Codec is null)
        {
            throw new InvalidOperationException("The snapshot holds events: restoring it needs SimulationOptions.Codec.");
        }

        _at = events;
    }

    private ulong Word()
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(_at, sizeof(ulong)));
        _at += sizeof(ulong);
        return word;
    }

    private Range Bytes()
    {
        int length = checked((int)Word());
        int start = _at;
        _at += length;
        return start.._at;
    }
}
