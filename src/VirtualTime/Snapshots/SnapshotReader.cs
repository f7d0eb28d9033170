using System.Buffers.Binary;
using System.IO.Hashing;
using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime.Snapshots;

/// <summary>Reads a snapshot: checks it whole first, then gives each entity its part.</summary>
internal sealed class SnapshotReader
{
    private readonly Run _run;
    private readonly byte[] _bytes;
    private readonly Range[] _states;
    private readonly (ulong Origin, ulong Digest, long Handled)[] _ledgers;
    private int _at;

    private SnapshotReader(Run run, byte[] bytes)
    {
        _run = run;
        _bytes = bytes;
        _states = new Range[run.Entities.Length];
        _ledgers = new (ulong, ulong, long)[run.Entities.Length];
    }

    public SnapshotHeader Header { get; private set; }

    /// <exception cref="InvalidDataException">Not a snapshot, damaged, or of another topology.</exception>
    public static SnapshotReader Open(Run run, byte[] bytes)
    {
        int end = bytes.Length - sizeof(ulong);
        if (end < sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != SnapshotFormat.Magic)
        {
            throw new InvalidDataException("These bytes are no snapshot of a simulation.");
        }

        if (XxHash3.HashToUInt64(bytes.AsSpan(0, end)) != BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(end)))
        {
            throw new InvalidDataException("The snapshot is damaged: its checksum does not match. It may be truncated.");
        }

        SnapshotReader reader = new(run, bytes[..end]);
        reader.ReadHead();
        return reader;
    }

    public void RestoreEntity(int id)
    {
        EntityActor entity = _run.Entities[id];
        try
        {
            entity.Restore(_bytes.AsSpan(_states[id]));
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            throw new InvalidDataException($"Entity {entity.Path} can not take over its state: {cause.Message}", cause);
        }

        entity.Ledger = _ledgers[id];
    }

    public void RestoreQueues()
    {
        ulong events = Word();
        IMessageCodec? codec = _run.Options.Codec;
        if (codec is null && events > 0)
        {
            throw new InvalidOperationException("The snapshot holds events: restoring it needs SimulationOptions.Codec.");
        }

        for (ulong i = 0; i < events; i++)
        {
            long time = (long)Word();
            ulong origin = Word();
            int target = (int)Word();
            VirtualMessage message = codec!.Read(_bytes.AsSpan(Bytes()));
            _run.Partitions[_run.PartitionOf[target]].Queue.Push(time, origin, target, message);
        }
    }

    private void ReadHead()
    {
        _at = sizeof(ulong);
        ulong version = Word();
        if (version != SnapshotFormat.Version)
        {
            throw new InvalidDataException($"The snapshot has version {version}; this program reads version {SnapshotFormat.Version}.");
        }

        if (Word() != TopologyRules.Hash(_run.Topology))
        {
            throw new InvalidDataException("The snapshot was taken from another topology or with another seed.");
        }

        Header = new SnapshotHeader((long)Word(), Word(), Word() != 0);
        for (int id = 0; id < _states.Length; id++)
        {
            _ledgers[id] = (Word(), Word(), (long)Word());
            _states[id] = Bytes();
        }
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
