namespace IoScale.Hardware.Coalescing;

/// <summary>Constants of the moderation heuristics. Rates in interrupts per second.</summary>
public static class CoalescingConstants
{
    /// <summary>ixgbe's three rates (Linux 2.6.32 ixgbe; V).</summary>
    public const long IxgbeLowestHz = 100_000;
    public const long IxgbeLowHz = 20_000;
    public const long IxgbeBulkHz = 8_000;

    /// <summary>ixgbe leaves lowest latency above this many bytes per microsecond (V as the driver's comment; R-L: its default may be 10).</summary>
    public const long IxgbeLowBytesPerUs = 20;

    /// <summary>ixgbe leaves low latency above this many bytes per microsecond (V as the driver's comment; R-L: its default may be 20).</summary>
    public const long IxgbeBulkBytesPerUs = 100;

    /// <summary>igbvf's three rates (Linux 2.6.32 igbvf; V).</summary>
    public const long IgbvfLowestHz = 70_000;
    public const long IgbvfLowHz = 20_000;
    public const long IgbvfBulkHz = 4_000;

    /// <summary>AIC samples the packet rate once in this time: "last seconds" in the Xen 2009 deck (D; one second R-M).</summary>
    public const long AicSamplePs = PsPerSecond;

    internal const long PsPerSecond = 1_000_000_000_000;
    internal const long PsPerMicrosecond = 1_000_000;
}
