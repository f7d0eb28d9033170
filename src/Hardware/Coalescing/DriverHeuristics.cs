namespace IoScale.Hardware.Coalescing;

/// <summary>Where a driver's heuristic stands.</summary>
public enum LatencyLevel
{
    Lowest,
    Low,
    Bulk,
}

/// <summary>The rules by which drivers of 2009 choose an interrupt rate from the traffic since the last interrupt. Pure functions.</summary>
public static class DriverHeuristics
{
    /// <summary>ixgbe: one level at a time, by bytes per microsecond.</summary>
    /// <param name="elapsedPs">Time since the last interrupt, more than 0.</param>
    public static LatencyLevel NextIxgbe(LatencyLevel level, long bytes, long elapsedPs)
    {
        // bytes / elapsed > limit, without dividing.
        bool Above(long limit) => (Int128)bytes * CoalescingConstants.PsPerMicrosecond > (Int128)limit * elapsedPs;
        return level switch
        {
            LatencyLevel.Lowest => Above(CoalescingConstants.IxgbeLowBytesPerUs) ? LatencyLevel.Low : LatencyLevel.Lowest,
            LatencyLevel.Low => Above(CoalescingConstants.IxgbeBulkBytesPerUs) ? LatencyLevel.Bulk
                : Above(CoalescingConstants.IxgbeLowBytesPerUs) ? LatencyLevel.Low
                : LatencyLevel.Lowest,
            _ => Above(CoalescingConstants.IxgbeBulkBytesPerUs) ? LatencyLevel.Bulk : LatencyLevel.Low,
        };
    }

    /// <summary>igbvf: by the number of packets and bytes since the last interrupt and their quotient.</summary>
    public static LatencyLevel NextIgbvf(LatencyLevel level, long packets, long bytes)
    {
        if (packets <= 0)
        {
            return level;
        }

        bool AverageAbove(long limit) => bytes > limit * packets;
        switch (level)
        {
            case LatencyLevel.Lowest:
                return AverageAbove(8_000) ? LatencyLevel.Bulk
                    : packets < 5 && bytes > 512 ? LatencyLevel.Low
                    : LatencyLevel.Lowest;
            case LatencyLevel.Low when bytes > 10_000:
                return AverageAbove(8_000) || packets < 10 || AverageAbove(1_200) ? LatencyLevel.Bulk
                    : packets > 35 ? LatencyLevel.Lowest
                    : LatencyLevel.Low;
            case LatencyLevel.Low:
                return AverageAbove(2_000) ? LatencyLevel.Bulk
                    : packets <= 2 && bytes < 512 ? LatencyLevel.Lowest
                    : LatencyLevel.Low;
            default:
                return (bytes > 25_000 && packets > 35) || bytes < 6_000 ? LatencyLevel.Low : LatencyLevel.Bulk;
        }
    }

    /// <summary>ixgbe's smoothing: a tenth of the way to the target at each interrupt.</summary>
    public static long SmoothIxgbe(long rateHz, long targetHz)
    {
        long step = (targetHz - rateHz) / 10;
        return step == 0 ? targetHz : rateHz + step;
    }

    /// <summary>igbvf's bias towards bulk: the rate falls at once and rises by at most a quarter of the target.</summary>
    public static long SmoothIgbvf(long rateHz, long targetHz) => Math.Min(rateHz + targetHz / 4, targetHz);
}
