using System.Buffers.Binary;
using System.IO.Hashing;
using Google.Protobuf;

namespace IoScale.Nodes.Store;

/// <summary>A message with a 64-bit XXH3 before it, little-endian: what was changed behind the program's back is noticed.</summary>
internal static class SealedMessage
{
    public static byte[] Write(IMessage message)
    {
        byte[] content = new byte[sizeof(ulong) + message.CalculateSize()];
        message.WriteTo(content.AsSpan(sizeof(ulong)));
        BinaryPrimitives.WriteUInt64LittleEndian(content, XxHash3.HashToUInt64(content.AsSpan(sizeof(ulong))));
        return content;
    }

    /// <exception cref="InvalidDataException">The bytes are not what was written.</exception>
    public static T Read<T>(MessageParser<T> parser, byte[] content)
        where T : IMessage<T>
    {
        if (content.Length < sizeof(ulong) || XxHash3.HashToUInt64(content.AsSpan(sizeof(ulong))) != BinaryPrimitives.ReadUInt64LittleEndian(content))
        {
            throw new InvalidDataException("its checksum does not match");
        }

        try
        {
            return parser.ParseFrom(content, sizeof(ulong), content.Length - sizeof(ulong));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("it is no such message", e);
        }
    }
}
