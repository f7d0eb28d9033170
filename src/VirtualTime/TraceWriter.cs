namespace IoScale.VirtualTime;

/// <summary>
/// Brings the partitions' traced events into one order. The run is cut into slices of virtual time, so that no more than a slice is kept; the slices
/// grow and shrink with the number of events in them.
/// </summary>
internal sealed class TraceWriter
{
    private const int Few = 1 << 13;
    private const int Many = 1 << 16;

    private static readonly Comparer<TracedEvent> ByKey = Comparer<TracedEvent>.Create(static (a, b) =>
        (a.TimePs, a.Sender, a.Sequence, a.Target).CompareTo((b.TimePs, b.Sender, b.Sequence, b.Target)));

    private readonly Run _run;
    private readonly IEventTrace _trace;
    private readonly List<TracedEvent> _slice = [];
    private long _length = VirtualDuration.Nanosecond;

    public TraceWriter(Run run, IEventTrace trace)
    {
        _run = run;
        _trace = trace;
    }

    public void RunSlices(long from, long until, Func<long> nextEventTime, Action<long> advance)
    {
        while (from < until && _run.Failure is null && _run.Fault is null)
        {
            long first = Math.Max(from, nextEventTime());
            from = first >= until - _length ? until : first + _length;
            advance(from);
            Write();
        }
    }

    private void Write()
    {
        foreach (Partition partition in _run.Local)
        {
            _slice.AddRange(partition.Traced);
            partition.Traced.Clear();
        }

        // Partitions may be past a failure by as much as a window or a slice: what is later than it is not part of the run.
        long last = _run.Failure?.Time ?? VirtualDuration.Never;
        _slice.Sort(ByKey);
        foreach (TracedEvent e in _slice)
        {
            if (e.TimePs <= last)
            {
                _trace.Write(in e);
            }
        }

        if (_slice.Count < Few)
        {
            _length = _length > VirtualDuration.Never / 4 ? _length : _length * 2;
        }
        else if (_slice.Count > Many)
        {
            _length = Math.Max(1, _length / 2);
        }

        _slice.Clear();
    }
}
