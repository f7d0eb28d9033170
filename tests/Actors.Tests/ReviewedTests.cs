using IoScale.Actors.Running;
using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>Order of remapping writes, what the driver heuristics are fed, and the way out of idle.</summary>
public sealed class ReviewedTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void A_slow_remapping_write_does_not_overtake_the_reset_that_follows_it()
    {
        CostProfile slow = Costs.WithOverride(CostName.IecInvalidate, CostUnit.Picoseconds, 20 * Ms);
        SystemSpec spec = Of(
            Host(2, Nic(1)),
            120 * Ms,
            [Vm("vm", 0, 0)],
            [Flow("vm", 12_000_000)],
            new MigrateVcpuStep(45 * Ms, "vm", 0, 1),
            new ResetDeviceStep(50 * Ms, new VfRef("h0", "nic0", 0, 0)));
        RunOutcome outcome = runs.Outcome(spec with { Costs = slow, WarmUpPs = 100 * Ms });
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived), 18, 21);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.InterruptsUnhandled));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_ixgbe_heuristic_sees_bulk_traffic_in_both_directions(int entry)
    {
        CoalescingSpec dynamic = new(CoalescingPolicy.IxgbeDynamic, 0, 120, 64, 500);
        FlowSpec flow = entry == 0
            ? Flow("vm", 2_000_000_000)
            : Flow("vm", 2_000_000_000) with { FromVm = "vm", ToVm = null };
        SystemSpec spec = Of(Host(2, Nic(1) with { RxCoalescing = dynamic, TxCoalescing = dynamic }), 60 * Ms, [Vm("vm", 0, 0)], [flow]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(40 * Ms);
        long before = run.Vf("nic0.p0.vf0").Interrupts.Raised[entry];
        run.RunUntil(spec.DurationPs);

        // 250 bytes a microsecond is bulk: 8,000 interrupts a second, 160 in 20 ms.
        Assert.InRange(run.Vf("nic0.p0.vf0").Interrupts.Raised[entry] - before, 120, 200);
    }

    [Fact]
    public void A_timer_that_wakes_an_idle_pcpu_pays_the_way_out_of_idle()
    {
        FlowSpec flow = Flow("vm", 1518 * 8 * 1000) with { FromVm = "vm", ToVm = null };
        Seen seen = new();
        runs.Outcome(Of(Host(1, Nic(1)), 10 * Ms, [Vm("vm", 0, 0)], [flow]), trace: seen);
        long departPs = seen.Events.First(e => e.Message is Depart).TimePs;
        long entryPs = seen.Events.First(e => e.Message is VmEntry && e.TimePs > departPs).TimePs;
        Assert.InRange(entryPs - departPs, Costs.Ps(CostName.NativeIrq) + Costs.Ps(CostName.WakeLatency), 10 * Us);
    }

    [Fact]
    public void An_entry_that_is_not_cached_costs_a_memory_read()
    {
        Seen seen = new();
        runs.Outcome(Of(Host(1, Nic(1)), 10 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 1518 * 8 * 1000)]), trace: seen);
        long[] writes = [.. seen.Events.Where(e => e.Message is MsiWrite).Select(e => e.TimePs)];
        long[] interrupts = [.. seen.Events.Where(e => e.Message is Interrupt).Select(e => e.TimePs)];
        long[] lookups = [.. interrupts.Zip(writes, (interrupt, write) => interrupt - write)];
        Assert.Equal(Costs.Ps(CostName.IrteMiss), lookups[0]);
        Assert.Equal(Costs.Ps(CostName.IrteHit), lookups[^1]);
    }

    private sealed class Seen : IEventTrace
    {
        public List<TracedEvent> Events { get; } = [];

        public bool Wants(EntityId target, long timePs) => true;

        public void Write(in TracedEvent e) => Events.Add(e);
    }
}
