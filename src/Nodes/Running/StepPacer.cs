namespace IoScale.Nodes.Running;

/// <summary>
/// Chooses how far to emulate before looking up again, so that a step takes about a tenth of a second of wall time: an interrupt is
/// answered at once, and the looking up costs nothing.
/// </summary>
internal sealed class StepPacer(long durationPs)
{
    /// <summary>10 us: nothing that can be emulated takes long in so little time.</summary>
    private const long FirstStepPs = 10_000_000;

    private static readonly TimeSpan Target = TimeSpan.FromMilliseconds(75);

    /// <summary>A quiet stretch must not lead to a step that takes in all the work behind it.</summary>
    private readonly long _longestPs = Math.Max(1, durationPs / 100);

    /// <summary>Length of the next step in picoseconds, at least 1.</summary>
    public long StepPs { get; private set; } = Math.Clamp(durationPs / 1000, 1, FirstStepPs);

    /// <summary>Adapts to how long the last step took; by a factor of four at most, because load comes in waves.</summary>
    public void Took(TimeSpan elapsed)
    {
        double factor = elapsed <= TimeSpan.Zero ? 4 : Math.Clamp(Target / elapsed, 0.25, 4);
        StepPs = (long)Math.Clamp(StepPs * factor, 1, _longestPs);
    }
}
