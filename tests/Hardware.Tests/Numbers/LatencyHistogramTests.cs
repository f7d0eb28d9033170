using CsCheck;
using IoScale.Hardware.Numbers;
using MemoryPack;

namespace IoScale.Hardware.Tests.Numbers;

public class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_within_the_precision()
    {
        Gen.Select(Gen.Long[1_000, 10_000_000_000].Array[1, 300], Gen.Int[2, 3], Gen.Int[0, 100]).Sample(t =>
        {
            var histogram = new LatencyHistogram(t.Item2);
            foreach (long ps in t.Item1)
            {
                histogram.Record(ps);
            }

            long[] sorted = [.. t.Item1.Order()];
            int rank = Math.Max(1, (int)((t.Item3 / 100.0 * sorted.Length) + 0.5));
            double exact = sorted[rank - 1];
            double error = t.Item2 == 2 ? 0.01 : 0.001;
            Assert.InRange(histogram.QuantilePs(t.Item3 / 100.0), exact * (1 - error) - 1_000, exact * (1 + error) + 1_000);
            Assert.Equal(sorted.Length, histogram.Count);
        });
    }

    [Fact]
    public void An_empty_histogram_has_no_latency()
    {
        var histogram = new LatencyHistogram(2);
        histogram.Record(5_000, 0);
        Assert.Equal((0, 0), (histogram.Count, histogram.QuantilePs(0.5)));
    }

    [Fact]
    public void Latencies_out_of_range_count_at_its_ends()
    {
        var histogram = new LatencyHistogram(2);
        histogram.Record(0);
        Assert.Equal(1_000, histogram.QuantilePs(1));
        histogram.Record(long.MaxValue / 2);
        Assert.InRange(histogram.QuantilePs(1), LatencyHistogram.MaxNs * 1_000, LatencyHistogram.MaxNs * 1_010);
    }

    [Fact]
    public void Counts_weigh_and_histograms_add()
    {
        var a = new LatencyHistogram(3);
        a.Record(1_000_000, 90);
        var b = new LatencyHistogram(3);
        b.Record(9_000_000, 10);
        a.Add(b);
        a.Add(new LatencyHistogram(3));
        Assert.Equal(100, a.Count);
        Assert.Equal(2_400_000, a.DeviationPs, 1e-3);
        Assert.InRange(a.QuantilePs(0.9), 1_000_000, 1_002_000);
        Assert.InRange(a.QuantilePs(0.91), 9_000_000, 9_010_000);
    }

    [Fact]
    public void The_deviation_is_exact_however_far_the_mean_is_from_it()
    {
        Gen.Select(Gen.Long[0, 1_000].Array[1, 200], Gen.Int[0, 2].Select(i => new[] { 0L, 5_000_000, 99_999_999_999_000 }[i])).Sample((values, offset) =>
        {
            var histogram = new LatencyHistogram(2);
            foreach (long value in values)
            {
                histogram.Record(offset + value, 2);
            }

            double mean = values.Average();
            double exact = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
            Assert.InRange(histogram.DeviationPs, exact - 1e-6, exact + 1e-6);
        });
        Assert.Equal(0, new LatencyHistogram(2).DeviationPs);
    }

    [Fact]
    public void Ten_billion_of_the_longest_latencies_still_fit()
    {
        var histogram = new LatencyHistogram(2);
        histogram.Record(LatencyHistogram.MaxNs * 1_000, 5_000_000_000);
        histogram.Record(0, 5_000_000_000);
        Assert.Equal(LatencyHistogram.MaxNs * 1_000 / 2, histogram.DeviationPs, 1e3);
    }

    [Fact]
    public void Its_state_survives_capture_and_restore_in_the_middle()
    {
        Gen.Select(Gen.Long[0, 1_000_000_000_000].Array[0, 100], Gen.Int[1, 3]).Sample(
            t =>
            {
                var histogram = new LatencyHistogram(t.Item2);
                var twin = new LatencyHistogram(t.Item2);
                for (int i = 0; i < t.Item1.Length; i++)
                {
                    histogram.Record(t.Item1[i], 1 + i % 3);
                    twin.Record(t.Item1[i], 1 + i % 3);
                    if (i % 10 == 0)
                    {
                        twin = MemoryPackSerializer.Deserialize<LatencyHistogram>(MemoryPackSerializer.Serialize(twin))!;
                    }
                }

                Assert.Equal(histogram.Count, twin.Count);
                Assert.Equal(histogram.DeviationPs, twin.DeviationPs);
                for (int p = 0; p <= 100; p++)
                {
                    Assert.Equal(histogram.QuantilePs(p / 100.0), twin.QuantilePs(p / 100.0));
                }
            },
            iter: 30);
    }
}
