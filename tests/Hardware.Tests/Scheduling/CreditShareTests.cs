using CsCheck;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Scheduling;

namespace IoScale.Hardware.Tests.Scheduling;

/// <summary>The scheduler in a small synchronous simulation: ticks, slices, sleepers.</summary>
public class CreditShareTests
{
    private const long Ms = 1_000_000_000;

    private static readonly SchedulerSpec Xen2009 = new(30 * Ms, 10 * Ms, 0, Balance: true, Boost: true);

    [Theory]
    [InlineData(256, 256, 256)]
    [InlineData(512, 256, 256)]
    [InlineData(1024, 256, 128)]
    [InlineData(768, 256, 1)]
    public void Hogs_share_a_pcpu_by_weight_and_none_starves(int a, int b, int c)
    {
        int[] weights = [a, b, c];
        long[] ran = Simulate(Xen2009, weights, seconds: 60);
        long total = weights.Sum();
        Assert.Equal(60_000 * Ms, ran.Sum());
        for (int i = 0; i < 3; i++)
        {
            Assert.True(ran[i] > 0);
            // Who has saved a slice's credits loses them, which costs a heavy vCPU up to 3 % of a core.
            Assert.InRange(ran[i] / (60_000.0 * Ms), weights[i] / (double)total - 0.03, weights[i] / (double)total + 0.03);
        }
    }

    [Fact]
    public void An_interactive_vcpu_beside_a_hog_runs_at_once_with_boost_and_waits_without()
    {
        Assert.Equal(0, WorstWait(Xen2009));
        Assert.True(WorstWait(Xen2009 with { Boost = false }) > 5 * Ms);
    }

    [Fact]
    public void Shares_add_up_exactly_and_are_fair_to_a_credit()
    {
        Gen.Select(Gen.Int[1, 65_535].Array[1, 20], Gen.Int[1, 64]).Sample(t =>
        {
            (int[] weights, int pcpus) = t;
            int[] shares = new int[weights.Length];
            CreditAccounting.Share(weights, pcpus, 30 * Ms, shares);
            long total = weights.Sum(w => (long)w);
            Assert.Equal(300 * pcpus, shares.Sum());
            Assert.All(Enumerable.Range(0, weights.Length), i =>
                Assert.InRange(shares[i] * total, 300L * pcpus * weights[i] - total, 300L * pcpus * weights[i] + total));
        });
    }

    [Fact]
    public void Who_saves_more_than_a_slice_stops_earning_and_deep_debts_are_forgiven()
    {
        var saver = new RunUnit(1, 256, RunUnit.AnyPCpu) { Credit = 200, Active = true };
        CreditAccounting.Grant(saver, 101, 300);
        Assert.Equal((0, false), (saver.Credit, saver.Active));
        var debtor = new RunUnit(2, 256, RunUnit.AnyPCpu) { Credit = -1_000, Active = true };
        CreditAccounting.Grant(debtor, 100, 300);
        Assert.Equal((-300, RunPriority.Over), (debtor.Credit, debtor.Priority));
        CreditAccounting.Grant(debtor, 300, 300);
        Assert.Equal((0, RunPriority.Under), (debtor.Credit, debtor.Priority));
    }

    private static long[] Simulate(SchedulerSpec spec, int[] weights, int seconds)
    {
        var queue = new CreditRunQueue(0, spec);
        for (int i = 0; i < weights.Length; i++)
        {
            queue.Insert(new RunUnit(i, weights[i], RunUnit.AnyPCpu));
            queue.Wake(i);
        }

        long[] ran = new long[weights.Length];
        long now = 0;
        long tick = spec.TickPs;
        ScheduleDecision decision = queue.Schedule(0);
        while (now < seconds * 1_000 * Ms)
        {
            long next = Math.Min(tick, decision.LookAgainPs);
            ran[decision.Unit] += next - now;
            now = next;
            if (now == tick)
            {
                queue.Tick(now);
                tick += spec.TickPs;
            }

            decision = queue.Schedule(now);
        }

        return ran;
    }

    /// <summary>A vCPU that works 100 us every 7 ms beside a hog for 10 s: the longest it waited.</summary>
    private static long WorstWait(SchedulerSpec spec)
    {
        var queue = new CreditRunQueue(0, spec);
        queue.Insert(new RunUnit(0, 256, RunUnit.AnyPCpu));
        queue.Insert(new RunUnit(1, 256, RunUnit.AnyPCpu));
        queue.Wake(0);
        ScheduleDecision decision = queue.Schedule(0);
        long step = Ms / 10;
        long worst = 0;
        long wokeAt = 0;
        for (long now = step; now < 10_000 * Ms; now += step)
        {
            if (decision.Unit == 1)
            {
                queue.Block(now);
            }

            if (now % (10 * Ms) == 0)
            {
                queue.Tick(now);
            }

            if (now % (7 * Ms) == 0 && queue.Current != 1 && !queue.Units[1].Runnable)
            {
                queue.Wake(1);
                wokeAt = now;
            }

            decision = queue.Schedule(now);
            if (decision.Unit == 1)
            {
                // The first wake competes with the hog's own boost.
                worst = now > 100 * Ms ? Math.Max(worst, now - wokeAt) : worst;
            }
        }

        return worst;
    }
}
