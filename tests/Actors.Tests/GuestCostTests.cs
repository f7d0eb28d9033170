using IoScale.Actors.Running;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>What an interrupt costs a guest: exits by kind of virtualization, timers, IPIs, masking, sockets.</summary>
public sealed class GuestCostTests : IClassFixture<Runs>
{
    private static readonly CostProfile Modern = CostProfiles.Get("skylake-2020");

    private readonly Runs _runs;

    public GuestCostTests(Runs runs) => _runs = runs;

    [Fact]
    public void A_running_guest_takes_posted_interrupts_without_an_exit()
    {
        RunOutcome outcome = _runs.Outcome(Posted(busy: true));
        double interrupts = outcome.Sum(MetricCatalogue.Interrupts);
        Assert.InRange(interrupts, 90, 110);
        Assert.Equal(0, Exits(outcome, "eoi"));
        Assert.Equal(0, Exits(outcome, "interrupt-window"));

        // What is left are the scheduler's ticks.
        Assert.InRange(Exits(outcome, "external-interrupt"), 0, 2);
        Assert.Equal(interrupts - 1, outcome.Sum(MetricCatalogue.PostedNotifications, "kind=notification"), 2.0);
    }

    [Fact]
    public void A_blocked_guest_is_woken_by_the_wakeup_vector()
    {
        RunOutcome outcome = _runs.Outcome(Posted(busy: false));
        double interrupts = outcome.Sum(MetricCatalogue.Interrupts);
        Assert.InRange(interrupts, 90, 110);
        Assert.InRange(outcome.Sum(MetricCatalogue.PostedNotifications, "kind=wakeup"), interrupts * 0.9, interrupts);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.PacketsDropped));
    }

    [Fact]
    public void A_preempted_guest_sees_what_was_posted_when_it_runs_again()
    {
        // Two busy guests share the pCPU: while one runs, what is posted to the other waits without an interrupt.
        SystemSpec spec = Posted(busy: true);
        spec = spec with
        {
            DurationPs = 100 * Ms,
            Hosts = [spec.Hosts[0] with { Nics = [Nic(2, 5000)] }],
            Vms = [spec.Vms[0], Vm("other", 1, 0) with { Busy = true }],
        };
        RunOutcome outcome = _runs.Outcome(spec);
        Assert.InRange(outcome.Sum(MetricCatalogue.PostedNotifications, "kind=suppressed"), 1, 100);
        Assert.True(outcome.Sum(MetricCatalogue.PacketsReceived) > 100);
    }

    [Theory]
    [InlineData(true, "multi-destination")]
    [InlineData(false, "io-apic")]
    public void What_cannot_be_posted_takes_the_static_way_and_is_counted(bool several, string reason)
    {
        SystemSpec spec = Posted(busy: true);
        VmSpec vm = several ? spec.Vms[0] with { MultiDestination = true } : spec.Vms[0] with { Interrupts = InterruptKind.IntX };
        RunOutcome outcome = _runs.Outcome(spec with { Vms = [vm] });
        double interrupts = outcome.Sum(MetricCatalogue.Interrupts);
        Assert.InRange(outcome.Sum(MetricCatalogue.InterruptFallbacks, $"reason={reason}"), interrupts, interrupts + 2);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.PostedNotifications));

        // A level-triggered interrupt has to be seen to end, even under virtual-interrupt delivery.
        Assert.Equal(several ? 0 : interrupts, Exits(outcome, "eoi"));
    }

    [Fact]
    public void Eoi_in_shared_memory_spares_one_exit_of_two()
    {
        SystemSpec fast = Interrupted(EoiMode.Fast) with { Costs = Modern };
        RunOutcome before = _runs.Outcome(fast);
        RunOutcome after = _runs.Outcome(fast with { Hosts = [fast.Hosts[0] with { Eoi = EoiMode.Pv }] });
        double interrupts = before.Sum(MetricCatalogue.Interrupts);
        Assert.Equal(interrupts, Exits(before, "eoi"), 1.0);
        Assert.Equal(0, Exits(after, "eoi"));
        Assert.InRange(after.Sum(MetricCatalogue.Exits), before.Sum(MetricCatalogue.Exits) * 0.5, before.Sum(MetricCatalogue.Exits) * 0.55);
    }

    [Fact]
    public void Eoi_in_shared_memory_is_not_for_pins_of_the_io_apic()
    {
        SystemSpec spec = Interrupted(EoiMode.Pv) with { Costs = Modern };
        RunOutcome outcome = _runs.Outcome(spec with { Vms = [spec.Vms[0] with { Interrupts = InterruptKind.IntX }] });
        double interrupts = outcome.Sum(MetricCatalogue.Interrupts);
        Assert.InRange(interrupts, 80, 110);
        Assert.Equal(interrupts, Exits(outcome, "eoi"), 1.0);
    }

    [Fact]
    public void A_complex_eoi_instruction_harms_its_guest_alone()
    {
        SystemSpec plain = Neighbours(EoiMode.Fast);
        SystemSpec complex = plain with { Vms = [plain.Vms[0] with { EoiInstruction = EoiInstruction.Stos }, plain.Vms[1]] };
        using SystemRun before = _runs.Start(plain);
        using SystemRun after = _runs.Start(complex);
        before.RunUntil(plain.DurationPs);
        after.RunUntil(plain.DurationPs);
        Assert.True(after.Outcome().Sum(MetricCatalogue.EoiSideEffects, "vm=a") > 50);
        for (int i = 0; i < before.Wiring.PartitionOf.Count; i++)
        {
            EntityId id = new(i);
            bool culprit = before.EntityName(id).EndsWith("/a", StringComparison.Ordinal);
            Assert.Equal(!culprit, before.Simulation.Entity(id).EventDigest == after.Simulation.Entity(id).EventDigest);
        }
    }

    [Fact]
    public void An_emulated_eoi_has_every_side_effect()
    {
        SystemSpec spec = Neighbours(EoiMode.Emulate);
        RunOutcome outcome = _runs.Outcome(spec with { Vms = [spec.Vms[0] with { EoiInstruction = EoiInstruction.Stos }, spec.Vms[1]] });
        Assert.Equal(0, outcome.Sum(MetricCatalogue.EoiSideEffects));
    }

    [Theory]
    [InlineData(EoiMode.Fast, 2)]
    [InlineData(EoiMode.X2Apic, 0)]
    public void An_ipi_to_the_application_costs_three_accesses_or_one(EoiMode eoi, int others)
    {
        SystemSpec spec = Interrupted(eoi);
        RunOutcome outcome = _runs.Outcome(spec with
        {
            Hosts = [spec.Hosts[0] with { PCpus = 2 }],
            Vms = [Vm("a", 0, 0, 1) with { ApplicationVcpu = 1, ApplicationCycles = 2000 }],
        });
        double ipis = outcome.Sum(MetricCatalogue.GuestIpis);
        Assert.InRange(ipis, 80, 110);
        Assert.Equal(ipis, Exits(outcome, "icr"), 1.0);
        Assert.Equal(others * ipis, Exits(outcome, "apic-other"), 2.0);

        // Each wakes the other vCPU, which ends it with an EOI of its own.
        Assert.InRange(Exits(outcome, "eoi"), outcome.Sum(MetricCatalogue.Interrupts) + ipis - 2, outcome.Sum(MetricCatalogue.Interrupts) + ipis);
        Assert.InRange(outcome.Sum(MetricCatalogue.Ipis, "purpose=guest"), ipis - 1, ipis);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.IpisDelivery));
    }

    [Fact]
    public void A_busy_guest_reprograms_its_timer_at_every_tick()
    {
        SystemSpec spec = Interrupted(EoiMode.Fast);
        RunOutcome outcome = _runs.Outcome(spec with { Flows = [], DurationPs = 100 * Ms, Vms = [spec.Vms[0] with { TickHz = 250 }] });
        Assert.InRange(Exits(outcome, "apic-other"), 25, 26);

        // The VF's mailbox interrupt at the start, and the ticks.
        Assert.InRange(Exits(outcome, "eoi"), 25, 26);
    }

    [Fact]
    public void A_halted_guest_has_no_tick_and_rearms_it_when_it_wakes()
    {
        SystemSpec spec = Interrupted(EoiMode.Fast);
        RunOutcome outcome = _runs.Outcome(spec with { Vms = [spec.Vms[0] with { TickHz = 250, Busy = false }] });
        double wakes = Exits(outcome, "hlt");
        Assert.InRange(wakes, 80, 110);
        Assert.InRange(Exits(outcome, "apic-other"), wakes - 1, wakes + 5);
    }

    [Fact]
    public void A_driver_that_masks_exits_twice_more_for_each_interrupt()
    {
        SystemSpec spec = Interrupted(EoiMode.Fast);
        RunOutcome outcome = _runs.Outcome(spec with { Vms = [spec.Vms[0] with { MaskPerInterrupt = true }] });
        Assert.Equal(2 * outcome.Sum(MetricCatalogue.Interrupts), Exits(outcome, "other"), 2.0);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(2000, false)]
    public void A_socket_buffer_overflows_when_interrupts_are_too_rare(long hertz, bool overflows)
    {
        // 1 GbE at line rate: 81 frames an interrupt at 1 kHz, 41 at 2 kHz, for a buffer of 64.
        SystemSpec spec = Of(
            Host(1, Nic(1, hertz, model: "82576")),
            100 * Ms,
            [Vm("a", 0, 0) with { ApplicationVcpu = 0, SocketBuffer = 64, ApplicationCycles = 1000 }],
            [Flow("a", 986_996_099)]);
        RunOutcome outcome = _runs.Outcome(spec);
        double lost = outcome.Sum(MetricCatalogue.PacketsDropped, "reason=socket-buffer");
        double sent = outcome.Sum(MetricCatalogue.PacketsSent);
        if (overflows)
        {
            // At most what does not fit: 1 - 64/81.3.
            Assert.InRange(lost / sent, 0.10, 0.213);
        }
        else
        {
            Assert.Equal(0, lost);
        }
    }

    private static double Exits(RunOutcome outcome, string reason) => outcome.Sum(MetricCatalogue.Exits, $"reason={reason}");

    /// <summary>A busy guest with 5,000 interrupts a second for 20 ms, each on the guest's own pCPU.</summary>
    private static SystemSpec Interrupted(EoiMode eoi) => Of(
        Host(1, Nic(1, 5000)) with { Eoi = eoi },
        20 * Ms,
        [Vm("a", 0, 0) with { Busy = true }],
        [Flow("a", 300_000_000)]);

    private static SystemSpec Posted(bool busy)
    {
        SystemSpec spec = Interrupted(EoiMode.Apicv) with { Costs = Modern };
        return spec with { Hosts = [spec.Hosts[0] with { Delivery = DeliveryMode.Posted }], Vms = [spec.Vms[0] with { Busy = busy }] };
    }

    /// <summary>Two guests on one pCPU, both with traffic.</summary>
    private static SystemSpec Neighbours(EoiMode eoi) => Of(
        Host(1, Nic(2, 5000)) with { Eoi = eoi },
        20 * Ms,
        [Vm("a", 0, 0), Vm("b", 1, 0)],
        [Flow("a", 200_000_000), Flow("b", 200_000_000)]);
}
