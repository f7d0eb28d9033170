using IoScale.Hardware.Platform;
using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Actors.Entities;

/// <summary>When the trains of one flow set out: constant, Poisson, or in exponential on and off periods. The mean rate is the flow's.</summary>
[MemoryPackable]
public sealed partial class DepartureClock
{
    private const long BitPs = 1_000_000_000_000;

    // Clients of request/response have no rate; the first request goes out somewhere in this time.
    private const long ClientSpreadPs = 100_000_000;

    [MemoryPackInclude]
    private RandomStream _random;

    // Numerator left over from the division that makes the gap, so that rounding never adds up.
    [MemoryPackInclude]
    private long _remainder;

    [MemoryPackInclude]
    private long _onUntilPs;

    [MemoryPackConstructor]
    public DepartureClock()
    {
    }

    public DepartureClock(RandomStream random) => _random = random;

    /// <summary>Time of the first departure: somewhere in the first gap, so that flows do not march in step.</summary>
    public long First(FlowSpec flow)
    {
        long spread = flow.Transport == TransportKind.RequestResponse ? ClientSpreadPs : MeanGap(flow);
        long first = flow.StartPs + _random.Next(Math.Max(1, spread));
        _onUntilPs = flow.StartPs + (flow.Arrival == ArrivalKind.OnOff ? _random.NextExponential(flow.OnPs) : 0);
        return first;
    }

    /// <summary>The departure after one at <paramref name="nowPs"/>.</summary>
    public long Next(FlowSpec flow, long nowPs)
    {
        switch (flow.Arrival)
        {
            case ArrivalKind.Poisson:
                return nowPs + _random.NextExponential(MeanGap(flow));
            case ArrivalKind.OnOff:
                long next = nowPs + ExactGap(flow, flow.OnPs, flow.OnPs + flow.OffPs);
                if (next < _onUntilPs)
                {
                    return next;
                }

                long start = Math.Max(nowPs, _onUntilPs) + _random.NextExponential(flow.OffPs);
                _onUntilPs = start + _random.NextExponential(flow.OnPs);
                return start;
            default:
                return nowPs + ExactGap(flow, 1, 1);
        }
    }

    private static long MeanGap(FlowSpec flow) => (long)((UInt128)(ulong)TrainBits(flow) * BitPs / (ulong)flow.RateBps);

    private static long TrainBits(FlowSpec flow) => 8L * flow.FrameBytes * flow.Burst;

    /// <summary>The gap at the flow's rate times <paramref name="denominator"/>/<paramref name="numerator"/>, remainders carried over.</summary>
    private long ExactGap(FlowSpec flow, long numerator, long denominator)
    {
        UInt128 divisor = (UInt128)(ulong)flow.RateBps * (ulong)denominator;
        UInt128 dividend = (UInt128)(ulong)TrainBits(flow) * BitPs * (ulong)numerator + (ulong)_remainder;
        UInt128 gap = dividend / divisor;
        UInt128 rest = dividend - (gap * divisor);
        _remainder = rest <= long.MaxValue ? (long)rest : 0;
        return Math.Max(1, (long)gap);
    }
}
