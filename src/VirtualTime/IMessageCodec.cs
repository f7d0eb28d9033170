using System.Buffers;

namespace IoScale.VirtualTime;

/// <summary>Turns messages into bytes and back; needed where events are captured or leave the process. Called from several threads at once.</summary>
public interface IMessageCodec
{
    /// <summary>Writes one message, kind and all.</summary>
    void Write(IBufferWriter<byte> writer, VirtualMessage message);

    /// <summary>Reads what <see cref="Write"/> wrote; the span holds exactly one message.</summary>
    VirtualMessage Read(ReadOnlySpan<byte> bytes);
}
