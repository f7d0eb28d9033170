using CsCheck;
using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Nics;
using MemoryPack;

namespace IoScale.Hardware.Tests.Coalescing;

public class CoalescerTests
{
    private const long Second = 1_000_000_000_000;
    private const long Microsecond = 1_000_000;

    private static readonly NicModel Niantic = NicModels.Get("82599");
    private static readonly NicModel Kawela = NicModels.Get("82576");

    [Theory]
    [InlineData(100_000, 4 * 2_048_000)]
    [InlineData(8_000, 61 * 2_048_000)]
    [InlineData(2_000, 244 * 2_048_000)]
    [InlineData(956, 510 * 2_048_000)]
    [InlineData(0, 0)]
    public void Fixed_intervals_of_an_82599_are_steps_of_2048_nanoseconds(long rateHz, long expectedPs)
    {
        Coalescer coalescer = Fixed(rateHz, Niantic);
        Assert.Equal(expectedPs, coalescer.IntervalPs);
        Assert.False(coalescer.SoftwareTimer);
    }

    [Fact]
    public void Below_955_6_hertz_an_82599_needs_a_software_timer()
    {
        Assert.False(Fixed(955, Niantic).SoftwareTimer);
        Coalescer coalescer = Fixed(953, Niantic);
        Assert.True(coalescer.SoftwareTimer);
        Assert.Equal(Second / 953, coalescer.IntervalPs);
        Assert.True(Fixed(122, Kawela).SoftwareTimer);
        Assert.False(Fixed(123, Kawela).SoftwareTimer);
    }

    [Fact]
    public void A_fixed_rate_is_exceeded_by_less_than_a_step_of_the_register()
    {
        Gen.Select(Gen.Long[100, 200_000], Gen.Long[0, 20 * Microsecond].Array[1, 200]).Sample(t =>
        {
            (long rateHz, long[] gaps) = t;
            Coalescer coalescer = Fixed(rateHz, Niantic);
            long previous = -Second;
            foreach (long gap in gaps)
            {
                long now = coalescer.NextAllowedPs(Math.Max(previous, 0) + gap);
                coalescer.OnInterrupt(now, 1, 1500);
                Assert.True((now - previous + Niantic.ModerationStepPs) * (Int128)rateHz >= Second);
                previous = now;
            }
        });
    }

    [Fact]
    public void The_first_interrupt_is_free_and_the_next_waits_for_the_interval()
    {
        Coalescer coalescer = Fixed(2_000, Kawela);
        Assert.Equal(7, coalescer.NextAllowedPs(7));
        coalescer.OnInterrupt(7, 1, 1500);
        Assert.Equal(7 + 500 * Microsecond, coalescer.NextAllowedPs(8));
        Assert.Equal(600 * Microsecond, coalescer.NextAllowedPs(600 * Microsecond));
    }

    [Fact]
    public void Aic_chooses_1524_hertz_at_81274_packets_a_second()
    {
        Coalescer coalescer = Aic(lif: 1_000, Kawela);
        Feed(coalescer, 81_274);
        long rateHz = Second / coalescer.IntervalPs;
        Assert.InRange(rateHz, 1_523, 1_526);
    }

    [Fact]
    public void Aic_s_frequency_is_proportional_to_the_packet_rate()
    {
        Coalescer coalescer = Aic(lif: 100, Kawela);
        Feed(coalescer, 20_000);
        long slowPs = coalescer.IntervalPs;
        Feed(coalescer, 160_000);
        Assert.InRange(slowPs, 8 * coalescer.IntervalPs - 8 * Microsecond, 8 * coalescer.IntervalPs + 8 * Microsecond);
    }

    [Fact]
    public void Aic_never_falls_below_its_lowest_frequency_and_never_overflows_the_buffers()
    {
        Gen.Select(Gen.Long[1, 2_000_000], Gen.Long[1, 5_000]).Sample(
            t =>
            {
                (long pps, long lif) = t;
                Coalescer coalescer = Aic(lif, Niantic);
                Feed(coalescer, pps);
                Assert.True((Int128)coalescer.IntervalPs * lif <= Second);
                // Packets that arrive in an interval fit the 64 buffers with the redundancy of 1.2 to spare.
                Assert.True((Int128)coalescer.IntervalPs * pps * 120 <= (Int128)64 * 100 * Second);
            },
            iter: 100);
    }

    [Fact]
    public void Aic_falls_back_to_its_lowest_frequency_when_traffic_stops()
    {
        Coalescer coalescer = Aic(lif: 1_000, Kawela);
        Feed(coalescer, 200_000);
        Assert.True(coalescer.IntervalPs < 1_000 * Microsecond);
        Feed(coalescer, 0);
        Assert.Equal(1_000 * Microsecond, coalescer.IntervalPs);
    }

    [Fact]
    public void Aic_samples_once_a_second()
    {
        Coalescer coalescer = Aic(lif: 1_000, Kawela);
        long before = coalescer.IntervalPs;
        coalescer.OnInterrupt(Second - 1, 1_000_000, 1);
        Assert.Equal(before, coalescer.IntervalPs);
        coalescer.OnInterrupt(Second, 1, 1);
        Assert.NotEqual(before, coalescer.IntervalPs);
    }

    [Fact]
    public void Aic_counts_the_smaller_of_socket_and_ring()
    {
        var coalescer = new Coalescer(new CoalescingSpec(CoalescingPolicy.Aic, 0, 120, 64, 1), Kawela, 32);
        Feed(coalescer, 81_274);
        Assert.InRange(Second / coalescer.IntervalPs, 3_046, 3_052);
    }

    [Fact]
    public void Ixgbe_goes_to_bulk_under_load_smoothly_and_back_when_it_ends()
    {
        var coalescer = new Coalescer(new CoalescingSpec(CoalescingPolicy.IxgbeDynamic, 0, 120, 64, 1), Niantic, 512);
        long now = 0;
        List<long> intervals = [coalescer.IntervalPs];
        for (int i = 0; i < 100; i++)
        {
            // 1250 bytes a microsecond: line rate.
            now += coalescer.IntervalPs;
            coalescer.OnInterrupt(now, 100, coalescer.IntervalPs / Microsecond * 1_250);
            intervals.Add(coalescer.IntervalPs);
        }

        Assert.Equal(LatencyLevel.Bulk, coalescer.Level);
        Assert.Equal(61 * 2_048_000, coalescer.IntervalPs);
        Assert.Equal(intervals.Order(), intervals);
        // A tenth of the way each time: after the first step 18800 Hz.
        Assert.Equal(Second / 18_800 / 2_048_000 * 2_048_000, intervals[1]);
        now += Second;
        coalescer.OnInterrupt(now, 1, 60);
        Assert.Equal(LatencyLevel.Low, coalescer.Level);
        now += Second;
        coalescer.OnInterrupt(now, 1, 60);
        Assert.Equal(LatencyLevel.Lowest, coalescer.Level);
    }

    [Fact]
    public void Igbvf_falls_to_4_kilohertz_at_once_and_rises_by_quarters()
    {
        var coalescer = new Coalescer(new CoalescingSpec(CoalescingPolicy.IgbvfDynamic, 0, 120, 64, 1), Kawela, 256);
        Assert.Equal(50 * Microsecond, coalescer.IntervalPs);
        coalescer.OnInterrupt(Second, 4, 10_100);
        Assert.Equal((LatencyLevel.Bulk, 250 * Microsecond), (coalescer.Level, coalescer.IntervalPs));
        coalescer.OnInterrupt(2 * Second, 1, 100);
        Assert.Equal((LatencyLevel.Low, Second / 9_000 / Microsecond * Microsecond), (coalescer.Level, coalescer.IntervalPs));
        coalescer.OnInterrupt(3 * Second, 5, 5_000);
        coalescer.OnInterrupt(4 * Second, 5, 5_000);
        coalescer.OnInterrupt(5 * Second, 5, 5_000);
        Assert.Equal(50 * Microsecond, coalescer.IntervalPs);
    }

    [Theory]
    [InlineData(LatencyLevel.Lowest, 20, LatencyLevel.Lowest)]
    [InlineData(LatencyLevel.Lowest, 2_000, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Low, 100, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Low, 101, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Low, 20, LatencyLevel.Lowest)]
    [InlineData(LatencyLevel.Bulk, 1, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Bulk, 101, LatencyLevel.Bulk)]
    public void Ixgbe_moves_one_level_by_bytes_per_microsecond(LatencyLevel from, long bytesPerUs, LatencyLevel to) =>
        Assert.Equal(to, DriverHeuristics.NextIxgbe(from, bytesPerUs * 50, 50 * Microsecond));

    [Theory]
    [InlineData(LatencyLevel.Lowest, 1, 8_001, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Lowest, 4, 513, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Lowest, 5, 7_500, LatencyLevel.Lowest)]
    [InlineData(LatencyLevel.Low, 1, 10_001, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Low, 9, 10_001, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Low, 20, 24_020, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Low, 36, 10_800, LatencyLevel.Lowest)]
    [InlineData(LatencyLevel.Low, 35, 10_500, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Low, 4, 8_004, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Low, 2, 511, LatencyLevel.Lowest)]
    [InlineData(LatencyLevel.Low, 3, 511, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Bulk, 36, 25_001, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Bulk, 35, 25_001, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Bulk, 4, 5_999, LatencyLevel.Low)]
    [InlineData(LatencyLevel.Bulk, 4, 6_000, LatencyLevel.Bulk)]
    [InlineData(LatencyLevel.Bulk, 0, 0, LatencyLevel.Bulk)]
    public void Igbvf_moves_by_packets_and_bytes(LatencyLevel from, long packets, long bytes, LatencyLevel to) =>
        Assert.Equal(to, DriverHeuristics.NextIgbvf(from, packets, bytes));

    [Theory]
    [InlineData(CoalescingPolicy.Fixed, -1, 120, 64, 1)]
    [InlineData(CoalescingPolicy.Aic, 0, 0, 64, 1)]
    [InlineData(CoalescingPolicy.Aic, 0, 120, 0, 1)]
    [InlineData(CoalescingPolicy.Aic, 0, 120, 64, 0)]
    public void Impossible_figures_are_refused(CoalescingPolicy policy, long rate, int redundancy, int buffers, long lif) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Coalescer(new CoalescingSpec(policy, rate, redundancy, buffers, lif), Kawela, 256));

    [Fact]
    public void Its_state_survives_capture_and_restore()
    {
        foreach (CoalescingPolicy policy in Enum.GetValues<CoalescingPolicy>())
        {
            var coalescer = new Coalescer(new CoalescingSpec(policy, 3_000, 120, 64, 900), Niantic, 512);
            Coalescer twin = Restored(coalescer);
            long now = 0;
            for (int i = 0; i < 2_000; i++)
            {
                now += 1_700 * Microsecond;
                coalescer.OnInterrupt(now, i % 90, i % 90 * 1_500);
                twin.OnInterrupt(now, i % 90, i % 90 * 1_500);
                twin = Restored(twin);
                Assert.Equal(coalescer.NextAllowedPs(now), twin.NextAllowedPs(now));
            }
        }
    }

    private static Coalescer Restored(Coalescer coalescer) => MemoryPackSerializer.Deserialize<Coalescer>(MemoryPackSerializer.Serialize(coalescer))!;

    private static Coalescer Fixed(long rateHz, NicModel nic) => new(new CoalescingSpec(CoalescingPolicy.Fixed, rateHz, 120, 64, 1), nic, 512);

    private static Coalescer Aic(long lif, NicModel nic) => new(new CoalescingSpec(CoalescingPolicy.Aic, 0, 120, 64, lif), nic, 1024);

    /// <summary>Two seconds of steady traffic with an interrupt each millisecond, so that the last sample is pure.</summary>
    private static void Feed(Coalescer coalescer, long pps)
    {
        long start = coalescer.NextAllowedPs(0) / Second * Second + Second;
        coalescer.OnInterrupt(start, 0, 0);
        for (int ms = 1; ms <= 1_000; ms++)
        {
            long packets = pps * ms / 1_000 - pps * (ms - 1) / 1_000;
            coalescer.OnInterrupt(start + ms * 1_000 * Microsecond, packets, packets * 1_538);
        }
    }
}
