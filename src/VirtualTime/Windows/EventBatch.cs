using System.Buffers;
using System.Buffers.Binary;

namespace IoScale.VirtualTime.Windows;

/// <summary>
/// Events on their way to another process: time, origin, target, length of the message, message; little-endian, one behind the other. Their order
/// does not matter: the key decides.
/// </summary>
internal sealed class EventBatch
{
    private const int HeadBytes = sizeof(long) + sizeof(ulong) + sizeof(int) + sizeof(int);

    private readonly IMessageCodec _codec;
    private readonly ArrayBufferWriter<byte> _events = new(4096);
    private readonly ArrayBufferWriter<byte> _message = new(256);

    public EventBatch(IMessageCodec codec) => _codec = codec;

    public ReadOnlySpan<byte> Written => _events.WrittenSpan;

    public void Add(long time, ulong origin, int target, VirtualMessage message)
    {
        _codec.Write(_message, message);
        Span<byte> head = _events.GetSpan(HeadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(head, time);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], origin);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], target);
        BinaryPrimitives.WriteInt32LittleEndian(head[20..], _message.WrittenCount);
        _events.Advance(HeadBytes);
        _events.Write(_message.WrittenSpan);
        _message.ResetWrittenCount();
    }

    /// <summary>Adds what another batch holds.</summary>
    public void Append(EventBatch other) => _events.Write(other.Written);

    public void Clear() => _events.ResetWrittenCount();

    /// <summary>Puts every event into the box of its partition's thread.</summary>
    /// <exception cref="InvalidDataException">Not a batch for this process.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, Run run, IMessageCodec codec, Action<long, ulong, int, VirtualMessage> accept)
    {
        while (bytes.Length > 0)
        {
            if (bytes.Length < HeadBytes)
            {
                throw new InvalidDataException("A batch of events ends in the middle of one.");
            }

            long time = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            ulong origin = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
            int target = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
            bytes = bytes[HeadBytes..];
            if (length < 0 || length > bytes.Length)
            {
                throw new InvalidDataException($"A batch holds a message of {length} bytes where {bytes.Length} are left.");
            }

            if ((uint)target >= (uint)run.PartitionOf.Length || run.Partitions[run.PartitionOf[target]] is not { } partition)
            {
                throw new InvalidDataException($"A batch holds an event for entity {target}, which is not here.");
            }

            if (time < partition.Now)
            {
                throw new InvalidDataException($"A batch holds an event of {time} ps for partition {run.Topology.Partitions[partition.Index].Name}, which is at {partition.Now} ps.");
            }

            accept(time, origin, target, codec.Read(bytes[..length]));
            bytes = bytes[length..];
        }
    }
}
