namespace IoScale.Bench.Windows;

/// <summary>What follows from the slices of all processes.</summary>
/// <param name="slices">By slot, then run.</param>
internal sealed class WindowFigures(ShareSlice[][] slices)
{
    /// <summary>Of all processes and runs.</summary>
    public long Events => slices.Sum(own => own.Sum(s => s.Events));

    public double EventsInWindow => (double)Events / Windows;

    /// <summary>Of all processes together, by wall time.</summary>
    public Spread EventsPerSecond => OfRuns((all, wall) => all.Sum(s => s.Events) / wall);

    /// <summary>Wall time of a window in microseconds.</summary>
    public Spread WindowUs => OfRuns((all, wall) => 1e6 * wall / all[0].Windows);

    /// <summary>Processor time of a window in a process, in microseconds; of all its threads.</summary>
    public Spread WindowProcessorUs => OfRuns((all, _) => 1e6 * all.Average(s => s.ProcessorSeconds) / all[0].Windows);

    /// <summary>That a process sends in a window, to all others together.</summary>
    public double WindowBytes => slices.Average(own => own.Sum(s => s.Bytes)) / Windows;

    /// <summary>Events of the process that has most, as a multiple of the average.</summary>
    public double Imbalance => slices.Max(own => own.Sum(s => s.Events)) * slices.Length / (double)Events;

    /// <summary>Wall time of an event in the fastest run, in microseconds.</summary>
    public double FastestEventUs => 1e6 / EventsPerSecond.Max;

    private long Windows => slices[0].Sum(s => s.Windows);

    /// <param name="of">Slices of a run, by slot, and the wall time of the slowest.</param>
    private Spread OfRuns(Func<ShareSlice[], double, double> of) => Spread.Of(Enumerable.Range(0, slices[0].Length).Select(run =>
    {
        ShareSlice[] all = [.. slices.Select(own => own[run])];
        return of(all, all.Max(s => s.WallSeconds));
    }));
}
