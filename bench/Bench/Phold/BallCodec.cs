using System.Buffers;
using IoScale.VirtualTime;

namespace IoScale.Bench.Phold;

/// <summary>Of the one message there is nothing to write.</summary>
internal sealed class BallCodec : IMessageCodec
{
    public void Write(IBufferWriter<byte> writer, VirtualMessage message)
    {
    }

    public VirtualMessage Read(ReadOnlySpan<byte> bytes) => Ball.Instance;
}
