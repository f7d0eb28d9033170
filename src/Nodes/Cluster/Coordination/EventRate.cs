namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>Events per second of wall time over the last few seconds, for people who watch.</summary>
internal sealed class EventRate
{
    private const long SpanMs = 3_000;

    private readonly Queue<(long AtMs, long Events)> _seen = new();

    /// <summary>Events handled so far, those before the rate began included.</summary>
    public long Events { get; private set; }

    public double PerSecond
    {
        get
        {
            if (_seen.Count < 2)
            {
                return 0;
            }

            (long fromMs, long from) = _seen.Peek();
            (long toMs, long to) = _seen.Last();
            return toMs > fromMs ? (to - from) * 1000.0 / (toMs - fromMs) : 0;
        }
    }

    /// <summary>Starts anew.</summary>
    public void Begin(long events, long nowMs)
    {
        _seen.Clear();
        Events = events;
        _seen.Enqueue((nowMs, events));
    }

    public void Observe(long events, long nowMs)
    {
        // Right after a recovery not every node has said how many events it has.
        Events = Math.Max(Events, events);
        _seen.Enqueue((nowMs, Events));
        while (_seen.Count > 2 && nowMs - _seen.Peek().AtMs > SpanMs)
        {
            _seen.Dequeue();
        }
    }
}
