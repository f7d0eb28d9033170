namespace IoScale.VirtualTime;

/// <summary>Units of virtual time. Time is an integer count of picoseconds in a <see cref="long"/> (range: 106 days).</summary>
public static class VirtualDuration
{
    public const long Nanosecond = 1_000;
    public const long Microsecond = 1_000_000;
    public const long Millisecond = 1_000_000_000;
    public const long Second = 1_000_000_000_000;

    /// <summary>Latest representable instant; used as "never".</summary>
    public const long Never = long.MaxValue;
}
