using IoScale.Actors.Entities;
using IoScale.Actors.Running;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>Where a pCPU's time goes.</summary>
public sealed class LedgerTests(Runs runs) : IClassFixture<Runs>
{
    private static readonly (CpuCategory Category, CostName Cost)[] Exits =
    [
        (CpuCategory.ExitExternalInterrupt, CostName.ExitExternalInterrupt), (CpuCategory.ExitIpi, CostName.ExitIpi),
        (CpuCategory.ExitEoi, CostName.ExitEoiEmulate), (CpuCategory.ExitHlt, CostName.ExitTrivial),
        (CpuCategory.ExitInterruptWindow, CostName.ExitInterruptWindow),
    ];

    [Fact]
    public void Every_cycle_of_every_pcpu_is_in_one_category()
    {
        SystemSpec spec = TwoSockets;
        RunOutcome outcome = runs.Outcome(spec);
        for (int pcpu = 0; pcpu < 4; pcpu++)
        {
            Assert.Equal(Costs.ClockHz * 8 / 1000, outcome.Sum(MetricCatalogue.CpuCycles, $"pcpu={pcpu}"));
        }

        double busy = outcome.Sum(MetricCatalogue.CpuUtilizationCores);
        Assert.Equal(busy / 4, outcome.Sum(MetricCatalogue.CpuUtilizationRatio), 1e-9);
    }

    [Fact]
    public void A_pcpus_time_is_what_it_did_times_what_that_costs()
    {
        // Ends with everything handled.
        FlowSpec flow = Flow("vm", 100_000_000, burst: 3) with { StopPs = 8 * Ms };
        SystemSpec spec = Of(Host(1, Nic(1)), 9 * Ms, [Vm("vm", 0, 0) with { ApplicationCycles = 1000 }], [flow]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        PCpuState pcpu = run.PCpu(0);
        PCpuCounters counters = pcpu.Counters;
        var guest = run.VmOf(0).Guest;
        long Ps(CostName cost) => Costs.Ps(cost);
        Assert.InRange(guest.Counters.Delivered, 60, 70);

        long[] expected = new long[CpuCategories.Count];
        foreach ((CpuCategory category, CostName cost) in Exits)
        {
            expected[(int)category] = counters.Exits[(int)category] * Ps(cost);
        }

        expected[(int)CpuCategory.Guest] = (guest.Counters.Serviced * (Ps(CostName.NativeIrq) + Ps(CostName.NapiFixed)))
            + (guest.Counters.Delivered * (Ps(CostName.RxPacket) + Costs.CyclesToPs(1000)));
        expected[(int)CpuCategory.Interrupt] = (TakenOutside(counters) * Ps(CostName.NativeIrq)) + (guest.Counters.Injections * Ps(CostName.Injection));
        expected[(int)CpuCategory.Dom0Other] = Ps(CostName.NapiFixed);
        expected[(int)CpuCategory.Scheduler] = counters.ContextSwitches * Ps(CostName.ContextSwitch);
        long[] actual = pcpu.Ledger.Picoseconds.ToArray();
        actual[(int)CpuCategory.Idle] = 0;
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Guests_that_take_the_pcpu_from_each_other_do_their_work_once()
    {
        // One works in pieces of 23 ms and loses its boost at a tick; the other one wakes in the middle of that.
        VmSpec[] vms = [Vm("slow", 0, 0) with { ApplicationCycles = 1_000_000 }, Vm("quick", 1, 0)];
        FlowSpec[] flows =
        [
            Flow("slow", 20_000_000, burst: 64) with { StopPs = 77_721 * Us }, Flow("quick", 12_000_000) with { StopPs = 90 * Ms },
        ];
        using SystemRun run = runs.Start(Of(Host(1, Nic(2)), 180 * Ms, vms, flows));
        run.RunUntil(180 * Ms);
        GuestCounters slow = run.VmOf(0).Guest.Counters;
        GuestCounters quick = run.VmOf(1).Guest.Counters;
        Assert.Equal(128, slow.Delivered);
        Assert.InRange(quick.Delivered, 80, 92);
        long expected = ((slow.Serviced + quick.Serviced) * (Costs.Ps(CostName.NativeIrq) + Costs.Ps(CostName.NapiFixed)))
            + ((slow.Delivered + quick.Delivered) * Costs.Ps(CostName.RxPacket)) + (slow.Delivered * Costs.CyclesToPs(1_000_000));
        Assert.Equal(PCpuMode.Idle, run.PCpu(0).Mode);
        Assert.InRange(run.PCpu(0).Ledger.Picoseconds[(int)CpuCategory.Guest], expected - 1000, expected + 1000);
    }

    [Fact]
    public void Exits_and_ipis_of_a_busy_system_cost_their_number_times_their_constant()
    {
        using SystemRun run = runs.Start(TwoSockets);
        run.RunUntil(TwoSockets.DurationPs);
        double charged = 0;
        double counted = 0;
        foreach (PCpuState pcpu in run.PCpus())
        {
            foreach ((CpuCategory category, CostName cost) in Exits)
            {
                charged += pcpu.Ledger.Picoseconds[(int)category];
                counted += pcpu.Counters.Exits[(int)category] * Costs.Ps(cost);
            }

            charged += pcpu.Ledger.Picoseconds[(int)CpuCategory.IpiSend];
            counted += pcpu.Counters.Ipis.Sum() * Costs.Ps(CostName.IpiSend);
        }

        Assert.InRange(charged / counted, 0.999, 1.001);
    }

    [Fact]
    public void An_io_vm_keeps_its_throughput_beside_a_hog_if_it_is_boosted()
    {
        double Received(bool hog, bool boost)
        {
            VmSpec[] vms = [Vm("io", 0, 0), Vm("hog", 1, 0) with { Busy = hog }];
            HostSpec host = Host(1, Nic(2, 2000)) with { Scheduler = Scheduler with { Boost = boost } };
            return runs.Outcome(Of(host, 400 * Ms, vms, [Flow("io", 500_000_000, burst: 8)])).Sum(MetricCatalogue.PacketsReceived, "vm=io");
        }

        double solo = Received(hog: false, boost: true);
        Assert.InRange(solo, 16_000, 17_000);
        Assert.InRange(Received(hog: true, boost: true) / solo, 0.85, 1.001);
        Assert.InRange(Received(hog: true, boost: false) / solo, 0.02, 0.6);
    }

    [Fact]
    public void Hogs_that_share_a_pcpu_share_it_by_weight()
    {
        VmSpec[] vms = [Vm("light", 0, 0) with { Busy = true, Weight = 256 }, Vm("heavy", 1, 0) with { Busy = true, Weight = 768 }];
        SystemSpec spec = Of(Host(1, Nic(2)), 4000 * Ms, vms, []);
        using SystemRun run = runs.Start(spec);
        int[] seen = new int[2];
        for (long at = 100 * Ms; at < spec.DurationPs; at += 7 * Ms)
        {
            run.RunUntil(at);
            seen[run.PCpu(0).Queue.Current]++;
        }

        Assert.InRange((double)seen[1] / (seen[0] + seen[1]), 0.70, 0.80);
    }

    [Fact]
    public void An_idle_pcpu_takes_a_hog_that_waits_for_another()
    {
        VmSpec Hog(string name, int vf) => Vm(name, vf, 0).Floating() with { Busy = true };
        using SystemRun run = runs.Start(Of(Host(2, Nic(2)), 50 * Ms, [Hog("a", 0), Hog("b", 1)], []));
        run.RunUntil(Ms);
        Assert.Equal([0, 1], run.Hypervisor().VcpuAt.Order());
    }

    [Fact]
    public void A_pcpu_that_comes_online_takes_a_hog_that_waits_though_nobody_wakes()
    {
        VmSpec Hog(string name, int vf) => Vm(name, vf, 0).Floating() with { Busy = true };
        SystemSpec spec = Of(
            Host(2, Nic(2)), 60 * Ms, [Hog("a", 0), Hog("b", 1)], [], new OfflinePCpuStep(0, "h0", 1), new OnlinePCpuStep(20 * Ms, "h0", 1));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(19 * Ms);
        Assert.Equal([0, 0], run.Hypervisor().VcpuAt);
        run.RunUntil(spec.DurationPs);
        Assert.Equal([0, 1], run.Hypervisor().VcpuAt.Order());
    }

    /// <summary>Device interrupts that no guest had to exit for.</summary>
    private static long TakenOutside(PCpuCounters counters) => counters.Taken - counters.Exits[(int)CpuCategory.ExitExternalInterrupt];
}
