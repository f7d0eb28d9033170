using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Guest;

/// <summary>Frames that wait for the driver to send them.</summary>
[MemoryPackable]
public readonly partial record struct OutgoingFrames(int Flow, int Count, int FrameBytes, long SentPs);

/// <summary>What a guest's driver keeps for one VF: the receive ring's contents, the transmit ring's fill, its counters.</summary>
[MemoryPackable]
public sealed partial class GuestNic
{
    /// <summary>The VF's driver has every vector and the VF is up.</summary>
    public bool Up { get; set; }

    /// <summary>The receive ring in guest memory: descriptors posted, frames the VF has written.</summary>
    public GuestRing Ring { get; set; } = null!;

    /// <summary>Frames the application wants to send.</summary>
    public Queue<OutgoingFrames> Outgoing { get; set; } = new();

    /// <summary>Frames in <see cref="Outgoing"/>.</summary>
    public long OutgoingFrames { get; set; }

    /// <summary>Transmit descriptors that the driver has not cleaned yet.</summary>
    public int TxInUse { get; set; }

    /// <summary>Transmit descriptors written back by the VF, to be cleaned.</summary>
    public int TxDone { get; set; }

    /// <summary>Frames and bytes taken since the receive interrupt was last enabled: what driver heuristics look at.</summary>
    public int RxFramesSinceInterrupt { get; set; }

    public long RxBytesSinceInterrupt { get; set; }

    /// <summary>Frames the poll now under way has taken, against NAPI's budget.</summary>
    public int PolledInBudget { get; set; }

    /// <summary>Frames that wait for the application, those it is working on included.</summary>
    public TrainQueue Socket { get; set; } = new();

    public int SocketFrames { get; set; }

    /// <summary>Frames that found the socket's buffer full.</summary>
    public long SocketDrops { get; set; }

    public long RxInterrupts { get; set; }

    public long TxInterrupts { get; set; }

    public long MailboxInterrupts { get; set; }

    public long TxFrames { get; set; }

    public long TxRingFullDrops { get; set; }

    /// <summary>Frames of this VF that the guest holds: in the ring, in the socket and waiting to be sent.</summary>
    [MemoryPackIgnore]
    public long HeldFrames => Ring.HeldFrames + SocketFrames + OutgoingFrames;
}
