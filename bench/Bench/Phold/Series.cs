using System.Diagnostics;

namespace IoScale.Bench.Phold;

/// <summary>One thing to measure, and its rates so far.</summary>
internal sealed class Series(Action<long> runUntil, Func<long> eventsHandled)
{
    private const int WarmUps = 3;

    private readonly List<double> _rates = [];
    private long _bytes;
    private long _events;
    private TimeSpan _processor;

    /// <summary>Events a second of wall time, median of the runs.</summary>
    public double Rate => Spread.Of(_rates).Median;

    /// <summary>Processor time an event over all runs, all threads of the process; hardly disturbed by other load.</summary>
    public double ProcessorNanoseconds => _processor.TotalNanoseconds / _events;

    /// <summary>Bytes allocated an event over all runs, all threads of the process.</summary>
    public double BytesPerEvent => (double)_bytes / _events;

    /// <summary>Runs all in turn, each one slice of virtual time after the other; the warm-up is not counted.</summary>
    public static void InTurn(int runs, long slice, params ReadOnlySpan<Series> all)
    {
        for (int i = 1; i <= WarmUps + runs; i++)
        {
            foreach (Series series in all)
            {
                series.Run(i * slice, count: i > WarmUps);
            }
        }
    }

    /// <summary>This rate over the other's, run by run: load that comes and goes hits both.</summary>
    public Spread Over(Series other) => Spread.Of(_rates.Zip(other._rates, (mine, its) => mine / its));

    private void Run(long until, bool count)
    {
        long events = eventsHandled();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        runUntil(until);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (count)
        {
            events = eventsHandled() - events;
            _rates.Add(events / seconds);
            _events += events;
            _bytes += GC.GetTotalAllocatedBytes(precise: true) - bytes;
            _processor += Environment.CpuUsage.TotalTime - processor;
        }
    }
}
