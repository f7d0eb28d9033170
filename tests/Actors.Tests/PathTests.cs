using IoScale.Actors.Entities;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>The ways of an interrupt, and what they cost.</summary>
public sealed class PathTests(Runs runs) : IClassFixture<Runs>
{
    // Slow enough that no interrupt meets another: 1000 frames a second.
    private const long Slow = 1518 * 8 * 1000;

    [Theory]
    [InlineData(1, 2, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 0)]
    public void Static_delivery_takes_an_ipi_for_every_change_of_pcpu(int vcpu0, int target, int ipis)
    {
        // The irqs are on pCPU 0, wherever vCPU 0 was when they were bound.
        VmSpec vm = Vm("vm", 0, vcpu0, 3, target) with { InterruptVcpu = 2 };
        SetAffinityStep affinity = new(5 * Ms, vm.Vfs[0], -1, [0]);
        SystemSpec spec = Of(Host(4, Nic(1)) with { Delivery = DeliveryMode.Static }, 40 * Ms, [vm], [Flow("vm", Slow)], affinity);
        spec = spec with { WarmUpPs = 10 * Ms };
        RunOutcome outcome = runs.Outcome(spec);
        double interrupts = outcome.Sum(MetricCatalogue.Interrupts);
        Assert.InRange(interrupts, 29, 31);
        Assert.Equal(ipis * interrupts, outcome.Sum(MetricCatalogue.IpisDelivery));
    }

    [Fact]
    public void Static_irqs_are_bound_to_the_pcpu_of_vcpu_0_and_stay_there()
    {
        HostSpec host = Host(4, Nic(1)) with { Delivery = DeliveryMode.Static };
        SystemSpec spec = Of(host, 60 * Ms, [Vm("vm", 0, 2)], [Flow("vm", Slow)], new MigrateVcpuStep(30 * Ms, "vm", 0, 3));
        spec = spec with { WarmUpPs = 10 * Ms };
        using SystemRun run = runs.Start(spec);
        run.RunUntil(30 * Ms);
        Assert.Equal(0, run.Outcome().Sum(MetricCatalogue.IpisDelivery));
        run.RunUntil(spec.DurationPs);
        Assert.InRange(run.Outcome().Sum(MetricCatalogue.IpisDelivery), 29, 31);
    }

    [Fact]
    public void Following_irqs_need_no_ipi_but_at_most_one_after_a_migration()
    {
        SystemSpec spec = Of(
            Host(4, Nic(1)), 40 * Ms, [Vm("vm", 0, 1)], [Flow("vm", Slow)], new MigrateVcpuStep(20 * Ms, "vm", 0, 3));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(10 * Ms);
        double settled = run.Outcome().Sum(MetricCatalogue.IpisDelivery);
        Assert.InRange(settled, 1, 2);
        run.RunUntil(20 * Ms);
        Assert.Equal(settled, run.Outcome().Sum(MetricCatalogue.IpisDelivery));
        run.RunUntil(spec.DurationPs);
        RunOutcome outcome = run.Outcome();
        Assert.Equal(settled + 1, outcome.Sum(MetricCatalogue.IpisDelivery));
        Assert.Equal(40, outcome.Sum(MetricCatalogue.PacketsReceived));
        Assert.Equal(0, outcome.Sum(MetricCatalogue.InterruptFallbacks));
    }

    [Fact]
    public void Interrupts_with_several_destinations_fall_back_and_are_counted()
    {
        // As in static delivery the irqs are bound to vCPU 0's pCPU, and go on by IPI to the one that handles them.
        VmSpec vm = Vm("vm", 0, 1, 2) with { InterruptVcpu = 1, MultiDestination = true };
        SystemSpec spec = Of(Host(4, Nic(1)), 40 * Ms, [vm], [Flow("vm", Slow)]) with { WarmUpPs = 10 * Ms };
        RunOutcome outcome = runs.Outcome(spec);
        double interrupts = outcome.Sum(MetricCatalogue.Interrupts);
        Assert.InRange(interrupts, 29, 31);
        Assert.Equal(interrupts, outcome.Sum(MetricCatalogue.InterruptFallbacks, "reason=multi-destination"));
        Assert.Equal(interrupts, outcome.Sum(MetricCatalogue.IpisDelivery));
    }

    [Theory]
    [InlineData(EoiMode.Emulate, 7600)]
    [InlineData(EoiMode.Fast, 3100)]
    [InlineData(EoiMode.X2Apic, 2400)]
    public void A_busy_guest_exits_twice_an_interrupt_and_its_eoi_costs_what_the_profile_says(EoiMode eoi, int cycles)
    {
        // From after the PF's interrupt to before the first tick, which is an exit of its own.
        VmSpec vm = Vm("vm", 0, 0) with { Busy = true };
        SystemSpec spec = Of(Host(1, Nic(1)) with { Eoi = eoi }, 9 * Ms, [vm], [Flow("vm", 20 * Slow)]) with { WarmUpPs = Ms };
        RunOutcome outcome = runs.Outcome(spec);
        double interrupts = outcome.Sum(MetricCatalogue.Interrupts);
        Assert.InRange(interrupts, 158, 162);
        Assert.Equal(interrupts, outcome.Sum(MetricCatalogue.Exits, "reason=external-interrupt"));
        Assert.Equal(interrupts, outcome.Sum(MetricCatalogue.Exits, "reason=eoi"));
        Assert.Equal(2 * interrupts, outcome.Sum(MetricCatalogue.Exits));
        Assert.InRange(outcome.Sum(MetricCatalogue.ExitCycles, "reason=eoi") / interrupts, cycles - 1, cycles + 1);
    }

    [Fact]
    public void Fast_eoi_saves_the_same_share_of_a_core_for_each_interrupt_a_second()
    {
        double Cycles(EoiMode eoi, long frames)
        {
            SystemSpec spec = Of(
                Host(1, Nic(1)) with { Eoi = eoi }, 9 * Ms, [Vm("vm", 0, 0) with { Busy = true }], [Flow("vm", frames * 1518 * 8)]);
            return runs.Outcome(spec).Sum(MetricCatalogue.ExitCycles, "reason=eoi") / (spec.DurationPs / 1e12) / Costs.ClockHz;
        }

        double saved = Cycles(EoiMode.Emulate, 12_000) - Cycles(EoiMode.Fast, 12_000);
        double halved = Cycles(EoiMode.Emulate, 6_000) - Cycles(EoiMode.Fast, 6_000);

        // The deck: 8 VMs of 12k interrupts a second save 15.4 % of a core.
        Assert.InRange(8 * saved, 0.153, 0.156);
        Assert.InRange(saved / halved, 1.95, 2.05);
    }

    [Fact]
    public void An_interrupt_that_comes_during_another_ones_handler_takes_a_window_exit()
    {
        VmSpec vm = Vm("vm", 0, 0) with { Vfs = [new VfRef("h0", "nic0", 0, 0), new VfRef("h0", "nic0", 0, 1)] };
        FlowSpec other = Flow("vm", 300_000_000) with { Name = "other", ToVf = 1, Arrival = ArrivalKind.Poisson };
        RunOutcome outcome = runs.Outcome(Of(Host(1, Nic(2)), 9 * Ms, [vm], [Flow("vm", 300_000_000), other]));
        double windows = outcome.Sum(MetricCatalogue.Exits, "reason=interrupt-window");
        Assert.InRange(windows, 1, 0.5 * outcome.Sum(MetricCatalogue.Interrupts));
        Assert.InRange(outcome.Sum(MetricCatalogue.ExitCycles, "reason=interrupt-window") / windows, 1999, 2001);
    }

    [Fact]
    public void What_two_vms_cost_does_not_depend_on_their_order()
    {
        SystemSpec Spec(params VmSpec[] vms) =>
            Of(Host(1, Nic(2)), 38 * Ms, vms, [Flow("io", 5 * Slow)]) with { WarmUpPs = 11 * Ms };

        VmSpec io = Vm("io", 0, 0);
        VmSpec hog = Vm("hog", 1, 0) with { Busy = true };
        RunOutcome first = runs.Outcome(Spec(io, hog));
        RunOutcome last = runs.Outcome(Spec(hog, io));
        foreach (string reason in (string[])["external-interrupt", "eoi", "ipi", "hlt"])
        {
            Assert.Equal(first.Sum(MetricCatalogue.Exits, $"reason={reason}"), last.Sum(MetricCatalogue.Exits, $"reason={reason}"));
        }

        Assert.InRange(first.Sum(MetricCatalogue.PacketsReceived, "vm=io"), 130, 140);
        Assert.Equal(0, first.Sum(MetricCatalogue.Exits, "reason=ipi"));
    }

    [Fact]
    public void A_guest_with_vcpus_on_two_sockets_is_interrupted_on_either()
    {
        // The VM is at home on socket 0; NIC and target are on socket 1, where the interrupt finds the vCPU running.
        VmSpec vm = Vm("vm", 0, 0, 2) with { InterruptVcpu = 1, Busy = true };
        SystemSpec spec = Of(Host(4, Nic(1, socket: 1)) with { Sockets = 2, Allocator = VectorAllocatorKind.Linux }, 9 * Ms, [vm], [Flow("vm", 5 * Slow)]);
        RunOutcome outcome = runs.Outcome(spec);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketLatency, "quantile=1"), 5e-6, 40e-6);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived), 43, 45);
    }

    [Fact]
    public void A_busy_guest_sends_when_its_application_wants_to()
    {
        SystemSpec spec = Of(
            Host(2, Nic(2)), 9 * Ms, [Vm("from", 0, 0) with { Busy = true }, Vm("to", 1, 1)], [Between("from", "to", 5 * Slow)]);
        RunOutcome outcome = runs.Outcome(spec);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived, "vm=to"), 43, 45);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketLatency, "vm=to", "quantile=1"), 5e-6, 40e-6);
    }

    [Fact]
    public void Events_at_a_masked_entry_wait_and_are_delivered_once()
    {
        SystemSpec spec = Of(Host(1, Nic(1)), 9 * Ms, [Vm("vm", 0, 0)], []);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(Ms);
        EntityId vf = run.Function("nic0.p0.vf0");
        InterruptSource source = run.Vf("nic0.p0.vf0").Interrupts;
        Assert.Equal(1, run.VmOf(0).Guest.Nics[0].MailboxInterrupts);
        source.Table.SetMask(2, true);
        run.Simulation.Inject(2 * Ms, vf, new Mailbox(1));
        run.Simulation.Inject(3 * Ms, vf, new Mailbox(1));
        run.RunUntil(4 * Ms);
        Assert.True(source.Table.IsPending(2));
        Assert.Equal(1, source.Merged);
        Assert.Equal(1, run.VmOf(0).Guest.Nics[0].MailboxInterrupts);
        run.Outcome().AssertLaws();
        run.Simulation.Inject(4 * Ms, vf, new WriteMsix(2, source.Table.Message(2).Address, source.Table.Message(2).Data));
        run.RunUntil(spec.DurationPs);
        Assert.False(source.Table.IsPending(2));
        Assert.Equal(2, run.VmOf(0).Guest.Nics[0].MailboxInterrupts);
        Assert.Equal(1, run.Outcome().Sum(MetricCatalogue.InterruptsMerged, "where=device"));
    }

    [Fact]
    public void A_function_that_uses_the_entry_of_another_is_blocked()
    {
        SystemSpec spec = Of(Host(1, Nic(2)), 2 * Ms, [Vm("a", 0, 0), Vm("b", 1, 0)], []);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(Ms);
        long handled = run.VmOf(0).Guest.Counters.Serviced;
        FunctionsOf(run, out var victim, out var intruder);
        MsiWrite Write(int sourceId) => new(
            run.Vf("nic0.p0.vf0").Interrupts.Table.Message(0).Address, run.Vf("nic0.p0.vf0").Interrupts.Table.Message(0).Data, sourceId);

        run.Simulation.Inject(Ms, victim.Iommu, Write(intruder.SourceId));
        run.RunUntil(Ms + (100 * Us));
        Assert.Equal(1, run.Outcome().Sum(MetricCatalogue.InterruptFaults, "reason=source-mismatch"));
        Assert.Equal(handled, run.VmOf(0).Guest.Counters.Serviced);
        run.Simulation.Inject(Ms + (100 * Us), victim.Iommu, Write(victim.SourceId));
        run.RunUntil(2 * Ms);
        Assert.Equal(1, run.Outcome().Sum(MetricCatalogue.InterruptFaults));
        Assert.Equal(handled + 1, run.VmOf(0).Guest.Counters.Serviced);
    }

    private static void FunctionsOf(SystemRun run, out Assembly.FunctionWiring victim, out Assembly.FunctionWiring intruder)
    {
        victim = run.Wiring.Hosts[0].Functions.Single(f => f.Function.Name == "nic0.p0.vf0");
        intruder = run.Wiring.Hosts[0].Functions.Single(f => f.Function.Name == "nic0.p0.vf1");
        Assert.NotEqual(victim.SourceId, intruder.SourceId);
    }
}
