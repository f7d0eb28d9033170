using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>
/// A train of frames of one flow on its way to a receiver: frame i is there at <paramref name="FirstPs"/> + i * <paramref name="SpacingPs"/>.
/// The message itself is handled when the first frame is there.
/// </summary>
/// <param name="Flow">Index of the flow in the scenario.</param>
/// <param name="FrameBytes">Length of each frame with header and FCS.</param>
/// <param name="SentPs">When the source handed the train to its wire or driver.</param>
[MemoryPackable]
public sealed partial record Frames(int Flow, long FirstPs, long SpacingPs, int Count, int FrameBytes, long SentPs) : VirtualMessage, ICarriesFrames
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0101);
        digest.Add(Flow);
        digest.Add(FirstPs);
        digest.Add(SpacingPs);
        digest.Add(Count);
        digest.Add(FrameBytes);
        digest.Add(SentPs);
    }
}

/// <summary>A driver hands frames to its VF's transmit queue, or the VF to its port.</summary>
[MemoryPackable]
public sealed partial record Transmit(int Flow, int Count, int FrameBytes, long SentPs) : VirtualMessage, ICarriesFrames
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0102);
        digest.Add(Flow);
        digest.Add(Count);
        digest.Add(FrameBytes);
        digest.Add(SentPs);
    }
}

/// <summary>The port has sent a VF's frames: their transmit descriptors are done. The frames themselves went on in <see cref="Frames"/>.</summary>
[MemoryPackable]
public sealed partial record TransmitDone(int Descriptors, long Bytes) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0103);
        digest.Add(Descriptors);
        digest.Add(Bytes);
    }
}

/// <summary>The VF has written transmit descriptors back: the driver may clean them.</summary>
/// <param name="Vf">Index into the VM's VFs.</param>
[MemoryPackable]
public sealed partial record TransmitWriteback(int Vf, int Descriptors) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0104);
        digest.Add(Vf);
        digest.Add(Descriptors);
    }
}

/// <summary>A VF has written frames to its VM's memory.</summary>
/// <param name="Vf">Index into the VM's VFs.</param>
[MemoryPackable]
public sealed partial record Received(int Vf, int Flow, long FirstPs, long SpacingPs, int Count, int FrameBytes, long SentPs) : VirtualMessage, ICarriesFrames
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0105);
        digest.Add(Vf);
        digest.Add(Flow);
        digest.Add(FirstPs);
        digest.Add(SpacingPs);
        digest.Add(Count);
        digest.Add(FrameBytes);
        digest.Add(SentPs);
    }
}

/// <summary>To itself: the next departure of a flow.</summary>
[MemoryPackable]
public sealed partial record Depart(int Flow) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0106);
        digest.Add(Flow);
    }
}

/// <summary>A driver enables its VF's receive interrupt again.</summary>
/// <param name="Frames">Frames taken since it was last enabled.</param>
/// <param name="Bytes">Their bytes.</param>
[MemoryPackable]
public sealed partial record RxEnable(int Frames, long Bytes) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0107);
        digest.Add(Frames);
        digest.Add(Bytes);
    }
}

/// <summary>A driver enables its VF's transmit interrupt again.</summary>
[MemoryPackable]
public sealed partial record TxEnable : VirtualMessage
{
    public override void Fold(ref Digest digest) => digest.Add(0x0108);
}
