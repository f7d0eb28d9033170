using IoScale.Hardware.Pv;
using MemoryPack;

namespace IoScale.Hardware.Guest;

/// <summary>Frames of a vif in a NIC's transmit ring.</summary>
public readonly record struct FramesUnderWay(int Vif, int Frames);

/// <summary>The transmit side of a NIC queue that dom0 drives.</summary>
[MemoryPackable]
public sealed partial class DriverQueue
{
    /// <summary>Frames that wait for the ring.</summary>
    public Queue<VifFrames> Waiting { get; set; } = new();

    public int WaitingFrames { get; set; }

    /// <summary>Whose frames are in the ring, in its order.</summary>
    public Queue<FramesUnderWay> UnderWay { get; set; } = new();

    /// <summary>Frames of the first of <see cref="UnderWay"/> that are done.</summary>
    public int FirstDone { get; set; }
}
