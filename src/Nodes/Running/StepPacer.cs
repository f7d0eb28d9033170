namespace IoScale.Nodes.Running;

/// <summary>
/// Chooses how far to emulate before looking up again, so that a step takes a fraction of a second of wall time: an interrupt is
/// answered at once, and the looking up costs nothing.
/// </summary>
/// <param name="target">Wall time that a step should take; 75 ms unless said otherwise.</param>
internal sealed class StepPacer(long durationPs, TimeSpan? target = null)
{
    /// <summary>10 us: nothing that can be emulated takes long in so little time.</summary>
    private const long FirstStepPs = 10_000_000;

    private readonly TimeSpan _target = target ?? TimeSpan.FromMilliseconds(75);

    /// <summary>A quiet stretch must not lead to a step that takes in all the work behind it.</summary>
    private readonly long _longestPs = Math.Max(1, durationPs / 100);

    /// <summary>Length of the next step in picoseconds, at least 1.</summary>
    public long StepPs { get; private set; } = Math.Clamp(durationPs / 1000, 1, FirstStepPs);

    /// <summary>Adapts to how long the last step took; by a factor of four at most, because load comes in waves.</summary>
    public void Took(TimeSpan elapsed)
    {
        double factor = elapsed <= TimeSpan.Zero ? 4 : Math.Clamp(_target / elapsed, 0.25, 4);
        StepPs = (long)Math.Clamp(StepPs * factor, 1, _longestPs);
    }
}
