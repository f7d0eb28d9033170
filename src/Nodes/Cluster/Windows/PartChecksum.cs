using System.Buffers.Binary;
using System.IO.Hashing;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Windows;

/// <summary>XXH3 over a part: what was damaged on the way, or made by something that does not know the rules, is not taken for a batch.</summary>
internal static class PartChecksum
{
    public static ulong Of(WindowPart part)
    {
        XxHash3 hash = new();
        Span<byte> words = stackalloc byte[8 * sizeof(long)];
        ReadOnlySpan<long> fields = [part.Epoch, part.Island, part.From, part.Number, part.Received, part.Last ? 1 : 0, part.Next, part.Bound];
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(words[(i * sizeof(long))..], fields[i]);
        }

        hash.Append(words);
        hash.Append(part.Events.Span);
        return hash.GetCurrentHashAsUInt64();
    }
}
