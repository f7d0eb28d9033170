namespace IoScale.Hardware.Numbers;

/// <summary>Arithmetic of frames on a wire.</summary>
public static class Ethernet
{
    /// <summary>Preamble (8) and inter-frame gap (12).</summary>
    public const int OverheadBytes = 20;

    /// <summary>Shortest frame; shorter payloads are padded to it.</summary>
    public const int MinFrameBytes = 64;

    private const long PsPerSecond = 1_000_000_000_000;

    /// <summary>
    /// Time a frame occupies the wire with preamble and gap, in picoseconds, rounded up so that the line rate is never exceeded.
    /// Frames sent back to back start at start + i * frame time: trains of any lengths add up to the same times.
    /// </summary>
    /// <param name="frameBytes">Header to FCS.</param>
    /// <param name="rateBps">Line rate, bits per second.</param>
    public static long FrameTimePs(int frameBytes, long rateBps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rateBps, 1);
        long bits = (Math.Max(frameBytes, MinFrameBytes) + OverheadBytes) * 8L;
        return (bits * PsPerSecond + rateBps - 1) / rateBps;
    }
}
