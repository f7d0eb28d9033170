using HdrHistogram;
using MemoryPack;

namespace IoScale.Hardware.Numbers;

/// <summary>
/// Latencies by size, kept to a number of significant decimal digits between 1 ns and 100 s; the histogram is made at the first record.
/// Latencies below 1 ns count as 1 ns, those above 100 s as 100 s.
/// </summary>
[MemoryPackable]
public sealed partial class LatencyHistogram
{
    /// <summary>Longest latency told apart, in nanoseconds.</summary>
    public const long MaxNs = 100_000_000_000;

    private const long PsPerNs = 1_000;

    private LongHistogram? _histogram;

    [MemoryPackInclude]
    private int _digits;

    // The histogram as captured: occupied buckets only.
    [MemoryPackInclude]
    private long[] _valuesNs = [];

    [MemoryPackInclude]
    private long[] _counts = [];

    // Exact sums, in picoseconds and their squares: 10^10 latencies of 100 s fit.
    [MemoryPackInclude]
    private UInt128 _sum;

    [MemoryPackInclude]
    private UInt128 _squares;

    /// <param name="digits">Significant decimal digits, 1 to 5; two digits take about 30 KiB, three about 220.</param>
    public LatencyHistogram(int digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 5);
        _digits = digits;
    }

    [MemoryPackConstructor]
    private LatencyHistogram()
    {
    }

    /// <summary>Latencies recorded.</summary>
    [MemoryPackIgnore]
    public long Count => _histogram?.TotalCount ?? 0;

    /// <summary>Records a latency <paramref name="count"/> times.</summary>
    public void Record(long ps, long count = 1)
    {
        if (count > 0)
        {
            Histogram().RecordValueWithCount(Math.Clamp((ps + PsPerNs / 2) / PsPerNs, 1, MaxNs), count);
            ulong exact = (ulong)Math.Clamp(ps, 0, MaxNs * PsPerNs);
            _sum += (UInt128)exact * (ulong)count;
            _squares += (UInt128)exact * exact * (ulong)count;
        }
    }

    /// <summary>Adds what another histogram recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        if (other._histogram is { } from)
        {
            Histogram().Add(from);
            _sum += other._sum;
            _squares += other._squares;
        }
    }

    /// <summary>The latency that a share of all latencies does not exceed, within the histogram's precision; 0 when nothing was recorded.</summary>
    /// <param name="quantile">0 to 1.</param>
    public long QuantilePs(double quantile) => Count == 0 ? 0 : _histogram!.GetValueAtPercentile(quantile * 100) * PsPerNs;

    /// <summary>Standard deviation of all latencies, in picoseconds, from exact sums; 0 when nothing was recorded.</summary>
    [MemoryPackIgnore]
    public double DeviationPs
    {
        get
        {
            if (Count == 0)
            {
                return 0;
            }

            // About the whole picoseconds of the mean, where nothing overflows; the rest of the mean is less than one.
            UInt128 count = (ulong)Count;
            UInt128 mean = _sum / count;
            UInt128 rest = _sum - (mean * count);
            UInt128 about = _squares + (mean * mean * count) - (2 * mean * _sum);
            return Math.Sqrt(((double)about - ((double)rest * (double)rest / (double)count)) / (double)count);
        }
    }

    [MemoryPackOnSerializing]
    private void Capture()
    {
        List<long> values = [];
        List<long> counts = [];
        if (_histogram is { } histogram)
        {
            foreach (HdrHistogram.Iteration.HistogramIterationValue bucket in histogram.RecordedValues())
            {
                values.Add(bucket.ValueIteratedTo);
                counts.Add(bucket.CountAddedInThisIterationStep);
            }
        }

        _valuesNs = [.. values];
        _counts = [.. counts];
    }

    [MemoryPackOnDeserialized]
    private void Restore()
    {
        for (int i = 0; i < _valuesNs.Length; i++)
        {
            Histogram().RecordValueWithCount(Math.Min(_valuesNs[i], MaxNs), _counts[i]);
        }
    }

    private LongHistogram Histogram() => _histogram ??= new LongHistogram(1, MaxNs, _digits);
}
