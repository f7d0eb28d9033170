using IoScale.Actors.Entities;
using IoScale.Hardware.Platform;
using IoScale.VirtualTime;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Traffic;

public class DepartureClockTests
{
    private const int Trains = 200_000;

    // 1518 bytes at 1 Gb/s: a train every 12.144 us.
    private const double MeanGap = 12_144_000;

    [Fact]
    public void Constant_trains_keep_their_distance_and_their_rate_exactly()
    {
        long[] gaps = Gaps(Flow("vm", 999_999_937));
        Assert.InRange(gaps.Max() - gaps.Min(), 0, 1);
        Assert.InRange(gaps.Sum(), (Trains * 12_144_000L * 1e9 / 999_999_937) - 2, (Trains * 12_144_000L * 1e9 / 999_999_937) + 2);
    }

    [Fact]
    public void Poisson_trains_have_the_mean_and_the_spread_of_an_exponential()
    {
        long[] gaps = Gaps(Flow("vm", 1_000_000_000, arrival: ArrivalKind.Poisson));
        double mean = gaps.Average();
        Assert.InRange(mean, MeanGap * 0.99, MeanGap * 1.01);
        Assert.InRange(Math.Sqrt(gaps.Average(g => (g - mean) * (g - mean))), MeanGap * 0.98, MeanGap * 1.02);
        Assert.InRange(gaps.Count(g => g > MeanGap) / (double)Trains, 0.36, 0.376);
    }

    [Fact]
    public void On_off_trains_keep_the_mean_rate_and_run_at_the_peak_rate_while_on()
    {
        FlowSpec flow = Flow("vm", 1_000_000_000, arrival: ArrivalKind.OnOff) with { OnPs = 2 * Ms, OffPs = 6 * Ms };
        long[] gaps = Gaps(flow);
        Assert.InRange(gaps.Average(), MeanGap * 0.95, MeanGap * 1.05);

        // Four times the rate for a quarter of the time; what is longer is a pause of 6 ms and what was left of the on period.
        long peak = gaps.Order().ElementAt(Trains / 2);
        Assert.InRange(peak, (MeanGap / 4) - 1, (MeanGap / 4) + 1);
        long[] pauses = [.. gaps.Where(g => g > peak + 1)];
        Assert.InRange(pauses.Average(), 5.5 * Ms, 6.5 * Ms);
        Assert.InRange((gaps.Sum() - pauses.Sum()) / (double)gaps.Sum(), 0.23, 0.27);
    }

    [Fact]
    public void Bursts_keep_the_mean_rate()
    {
        Assert.Equal(7 * MeanGap, Gaps(Flow("vm", 1_000_000_000, burst: 7)).Average(), 1.0);
        Assert.InRange(Gaps(Flow("vm", 1_000_000_000, burst: 7, arrival: ArrivalKind.Poisson)).Average(), 6.93 * MeanGap, 7.07 * MeanGap);
    }

    private static long[] Gaps(FlowSpec flow)
    {
        DepartureClock clock = new(RandomStream.Create(5, "test", flow.Name));
        long now = clock.First(flow);
        return [.. Enumerable.Range(0, Trains).Select(_ =>
        {
            long next = clock.Next(flow, now);
            long gap = next - now;
            now = next;
            return gap;
        })];
    }
}
