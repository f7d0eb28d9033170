using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using IoScale.VirtualTime.Queues;

namespace IoScale.VirtualTime.Snapshots;

/// <summary>Writes a snapshot.</summary>
internal static class SnapshotWriter
{
    /// <param name="writer">Scratch; a copy must not wait for memory to be cleared and collected that is thrown away at once.</param>
    public static byte[] Write(Run run, Partition partition, SnapshotHeader header, ArrayBufferWriter<byte> writer)
    {
        writer.ResetWrittenCount();
        Put(writer, SnapshotFormat.Magic);
        Put(writer, SnapshotFormat.Version);
        Put(writer, run.TopologyHash);
        Put(writer, (ulong)partition.Index);
        Put(writer, (ulong)header.Now);
        Put(writer, header.Injected);
        Put(writer, header.Started ? 1UL : 0);
        foreach (int id in partition.Members)
        {
            (ulong origin, ulong digest, long handled) = run.Entities[id].Ledger;
            Put(writer, origin);
            Put(writer, digest);
            Put(writer, (ulong)handled);
            Put(writer, run.Entities[id].Capture());
        }

        PutEvents(writer, run, [.. partition.Queue.Pending().OrderBy(e => (e.Key.Time, e.Key.Origin))]);
        Put(writer, XxHash3.HashToUInt64(writer.WrittenSpan));
        return writer.WrittenSpan.ToArray();
    }

    private static void PutEvents(ArrayBufferWriter<byte> writer, Run run, List<(EventKey Key, VirtualMessage Message)> pending)
    {
        IMessageCodec? codec = run.Options.Codec;
        if (codec is null && pending.Count > 0)
        {
            throw new InvalidOperationException("Events wait in the queues: a capture needs SimulationOptions.Codec.");
        }

        ArrayBufferWriter<byte> one = new();
        Put(writer, (ulong)pending.Count);
        foreach ((EventKey key, VirtualMessage message) in pending)
        {
            one.ResetWrittenCount();
            codec!.Write(one, message);
            Put(writer, (ulong)key.Time);
            Put(writer, key.Origin);
            Put(writer, (ulong)key.Target);
            Put(writer, one.WrittenSpan);
        }
    }

    private static void Put(ArrayBufferWriter<byte> writer, ulong word)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(sizeof(ulong)), word);
        writer.Advance(sizeof(ulong));
    }

    private static void Put(ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        Put(writer, (ulong)bytes.Length);
        writer.Write(bytes);
    }
}
