namespace IoScale.Nodes.Running.Checkpoints;

/// <summary>Counts the checkpoints of all variants of a run. From any thread.</summary>
internal sealed class CheckpointTally
{
    private readonly Lock _lock = new();
    private CheckpointFigures _figures = new(0, TimeSpan.Zero, TimeSpan.Zero, 0);

    public CheckpointFigures Figures
    {
        get
        {
            lock (_lock)
            {
                return _figures;
            }
        }
    }

    public void Captured(TimeSpan pause, long bytes)
    {
        lock (_lock)
        {
            _figures = _figures with { LongestPause = Longer(_figures.LongestPause, pause), LargestBytes = Math.Max(_figures.LargestBytes, bytes) };
        }
    }

    public void Committed(TimeSpan write)
    {
        lock (_lock)
        {
            _figures = _figures with { Committed = _figures.Committed + 1, LongestWrite = Longer(_figures.LongestWrite, write) };
        }
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
