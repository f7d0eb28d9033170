using IoScale.Hardware.Costs;
using IoScale.Hardware.Numbers;

namespace IoScale.Hardware.Pv;

public enum NetbackEffectKind
{
    /// <summary>Frames have been copied to the guest and their responses pushed. Vif, Trains.</summary>
    ToGuest,

    /// <summary>Transmit requests have been taken. Vif, Count; Flag: there are no more, netback wants to be told of the next.</summary>
    Taken,

    /// <summary>Responses to transmit requests have been pushed. Vif, Count.</summary>
    Answered,

    /// <summary>There is no receive request left: netback wants to be told of the next. Vif, Used.</summary>
    RxWanted,

    /// <summary>Frames of a guest have come to the bridge. Vif (their sender), Trains.</summary>
    ToBridge,

    /// <summary>Frames of another vif have been copied or lost: they no longer hold its slots. Vif (their sender), Count.</summary>
    Released,

    /// <summary>The event-channel hypercall is done. Vif.</summary>
    Notified,
}

/// <summary>Something that a shard's step causes outside of it.</summary>
/// <param name="Vif">Number of the vif in the host.</param>
/// <param name="Used">Receive requests that frames have taken since the vif went up.</param>
public readonly record struct NetbackEffect(
    NetbackEffectKind Kind, int Vif, int Count = 0, bool Flag = false, FrameTrain[]? Trains = null, long Used = 0);

/// <summary>A piece of a shard's work.</summary>
/// <param name="IsSend">It is the hypercall that sends an event.</param>
public readonly record struct NetbackPiece(long Ps, CpuCategory Category, bool IsSend);

/// <summary>What a shard's work costs, in picoseconds. Constant during a run; not part of the shard's state.</summary>
/// <param name="FramePs">netback, each frame.</param>
/// <param name="CopyFixedPs">Grant copy, each hypercall.</param>
/// <param name="CopyOpPs">Grant copy, each frame.</param>
/// <param name="Copy1500Ps">Copying 1500 bytes.</param>
/// <param name="MapPs">Grant map and unmap, each frame.</param>
/// <param name="BridgePs">Bridge and NIC driver, each frame.</param>
/// <param name="SendPs">Event-channel send hypercall.</param>
public sealed record NetbackCosts(long FramePs, long CopyFixedPs, long CopyOpPs, long Copy1500Ps, long MapPs, long BridgePs, long SendPs)
{
    public static NetbackCosts Of(CostProfile costs) => new(
        costs.Ps(CostName.NetbackPacket),
        costs.Ps(CostName.GrantCopyFixed),
        costs.Ps(CostName.GrantCopyOp),
        costs.Ps(CostName.GrantCopyBytes1500),
        costs.Ps(CostName.GrantMap),
        costs.Ps(CostName.BridgePacket),
        costs.Ps(CostName.EvtchnSend));

    /// <summary>One grant copy of frames of a length, without the hypercall itself.</summary>
    public long CopyPs(int frames, int frameBytes) => frames * (CopyOpPs + (Copy1500Ps * frameBytes / 1500));
}
