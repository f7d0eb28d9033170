using IoScale.Hardware.Platform;
using IoScale.Hardware.Traffic;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>A flow at its sender: the application's clock, and what its transport remembers.</summary>
[MemoryPackable]
public sealed partial class FlowSource
{
    public DepartureClock Clock { get; set; } = null!;

    public TcpSender? Tcp { get; set; }

    public RequestClient? Client { get; set; }

    /// <summary>The application waits for room in its send buffer.</summary>
    public bool Waits { get; set; }

    /// <summary>When the timer that counts is due; never when none runs.</summary>
    public long TimerPs { get; set; } = VirtualDuration.Never;

    public long LossesBefore { get; set; }

    /// <summary>What the transport waits for at most; never when it waits for nothing.</summary>
    [MemoryPackIgnore]
    public long DeadlinePs => Tcp?.DeadlinePs ?? Client?.DeadlinePs ?? VirtualDuration.Never;

    public static FlowSource Of(FlowSpec flow, RandomStream random) => new()
    {
        Clock = new DepartureClock(random),
        Tcp = flow.Transport == TransportKind.Tcp ? new TcpSender(flow.Window, 2 * flow.DistancePs) : null,
        Client = flow.Transport == TransportKind.RequestResponse ? new RequestClient(flow.Window, 2 * flow.DistancePs) : null,
    };

    public void MeasureStart()
    {
        LossesBefore = Tcp?.Losses ?? 0;
        Client?.ResetLatency();
    }
}
