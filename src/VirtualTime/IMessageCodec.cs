using System.Buffers;

namespace IoScale.VirtualTime;

/// <summary>Turns messages into bytes and back; needed where a capture holds events that are still queued. Called from one thread at a time.</summary>
public interface IMessageCodec
{
    /// <summary>Writes one message, kind and all.</summary>
    void Write(IBufferWriter<byte> writer, VirtualMessage message);

    /// <summary>Reads what <see cref="Write"/> wrote; the span holds exactly one message.</summary>
    VirtualMessage Read(ReadOnlySpan<byte> bytes);
}
