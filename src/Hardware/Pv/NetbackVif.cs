using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>Frames to or from a vif inside netback.</summary>
/// <param name="Vif">Number of the vif in the host: of its receiver on the way to a guest, of its sender on the way from one.</param>
/// <param name="From">Number of the vif in the host that sent them, whose slots they hold; <see cref="FromNic"/> where a NIC did.</param>
public readonly record struct VifFrames(int Vif, int From, FrameTrain Train)
{
    public const int FromNic = -1;
}

/// <summary>What netback keeps for one vif.</summary>
[MemoryPackable]
public sealed partial class NetbackVif
{
    /// <summary>Receive requests of the guest that no frame has taken.</summary>
    public int RxRequests { get; set; }

    /// <summary>Receive requests that frames have taken since the vif went up.</summary>
    public long RxUsed { get; set; }

    /// <summary>The ring had no request: frames wait in the vif's queue until the guest says that there are some.</summary>
    public bool Stopped { get; set; }

    /// <summary>The vif's queueing discipline, behind the bridge.</summary>
    public TrainQueue Qdisc { get; set; } = new();

    /// <summary>For each train of <see cref="Qdisc"/> the vif that sent it.</summary>
    public Queue<int> QdiscSenders { get; set; } = new();

    /// <summary>Frames in <see cref="Qdisc"/>.</summary>
    public int QdiscFrames { get; set; }

    /// <summary>Frames that found the queue full.</summary>
    public long Dropped { get; set; }

    /// <summary>Frames in the guest's transmit requests.</summary>
    public TrainQueue Tx { get; set; } = new();

    /// <summary>Frames in <see cref="Tx"/>.</summary>
    public int TxFrames { get; set; }

    /// <summary>The vif is among those whose transmit requests are looked at.</summary>
    public bool Scheduled { get; set; }

    /// <summary>Frames sent whose responses have not been pushed.</summary>
    public int TxDone { get; set; }

    /// <summary>A notification of the guest waits for its hypercall.</summary>
    public bool NotificationWaits { get; set; }

    public NotificationLimiter Limiter { get; set; } = new(0);

    /// <summary>Trains, and frames, of the batch being made or finished.</summary>
    [MemoryPackIgnore]
    public int InBatch { get; set; }
}
