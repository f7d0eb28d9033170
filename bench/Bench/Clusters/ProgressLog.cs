namespace IoScale.Bench.Clusters;

/// <summary>When virtual time reached what, and when which checkpoint was committed, in seconds of wall time.</summary>
internal sealed class ProgressLog
{
    private readonly List<(double At, long Time)> _reached = [];
    private readonly List<(double At, long Time)> _committed = [];

    /// <summary>Virtual times of the checkpoints, ascending.</summary>
    public IReadOnlyList<long> Checkpoints => [.. _committed.Select(c => c.Time)];

    /// <summary>The last one reached.</summary>
    public long Time => _reached.Count == 0 ? 0 : _reached[^1].Time;

    /// <summary>Wall time from one border to the next, checkpoints and the first steps left out.</summary>
    public IEnumerable<double> Steps =>
        from i in Enumerable.Range(0, _reached.Count - 1)
        where _reached[i].Time > _committed[0].Time && _committed.TrueForAll(c => c.Time != _reached[i].Time)
        select _reached[i + 1].At - _reached[i].At;

    /// <param name="checkpoint">Time of the last one committed; negative without.</param>
    public void Add(double at, long time, long checkpoint)
    {
        if (time > Time)
        {
            _reached.Add((at, time));
        }

        if (checkpoint >= 0 && (_committed.Count == 0 || checkpoint > _committed[^1].Time))
        {
            _committed.Add((at, checkpoint));
        }
    }

    /// <summary>How long virtual time stood at a checkpoint beyond what a step takes: what comes next is seen only when it is done.</summary>
    public double Pause(long checkpoint) =>
        Math.Max(0, _reached.Find(r => r.Time > checkpoint).At - Border(checkpoint) - Spread.Of(Steps).Median);

    /// <summary>From the border to the commit.</summary>
    public double Commit(long checkpoint) => _committed.Find(c => c.Time == checkpoint).At - Border(checkpoint);

    private double Border(long checkpoint) => _reached.Find(r => r.Time >= checkpoint).At;
}
