using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>
/// A receiver tells the sender of a flow that frames have arrived. It is not a frame: it takes the way back without waiting behind frames, is never lost,
/// and what it costs the CPUs is part of the cost of the frames it acknowledges.
/// </summary>
/// <param name="Flow">Index of the flow acknowledged.</param>
/// <param name="SentPs">When the frames were sent.</param>
/// <param name="ResponsePs">Requests: when their responses set out; otherwise 0.</param>
[MemoryPackable]
public sealed partial record Acknowledge(int Flow, int Count, long SentPs, long ResponsePs) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0701);
        digest.Add(Flow);
        digest.Add(Count);
        digest.Add(SentPs);
        digest.Add(ResponsePs);
    }
}

/// <summary>Frames of a flow that are somebody's concern have reached the station outside, the last of them now. The port has counted them as sent.</summary>
/// <param name="SpacingPs">From frame to frame.</param>
[MemoryPackable]
public sealed partial record ReachedStation(int Flow, int Count, long SpacingPs, long SentPs) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0702);
        digest.Add(Flow);
        digest.Add(Count);
        digest.Add(SpacingPs);
        digest.Add(SentPs);
    }
}

/// <summary>To itself: the sender of a flow may have waited too long.</summary>
/// <param name="Source">Place of the flow among the entity's.</param>
[MemoryPackable]
public sealed partial record RetransmissionDue(int Source) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0703);
        digest.Add(Source);
    }
}
