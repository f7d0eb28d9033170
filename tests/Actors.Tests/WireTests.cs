using IoScale.Actors.Running;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

public sealed class WireTests(Runs runs) : IClassFixture<Runs>
{
    private const double LineRate = 812_744;

    [Fact]
    public void A_wire_never_carries_more_than_line_rate_and_what_it_cannot_carry_is_counted()
    {
        SystemSpec spec = Of(
            Host(2, Nic(2, 8000)), 9 * Ms, [Vm("a", 0, 0), Vm("b", 1, 1)],
            [Flow("a", 8_000_000_000, burst: 20, arrival: ArrivalKind.Poisson), Flow("b", 8_000_000_000)]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(2 * Ms);
        long before = Arrived(run);
        run.RunUntil(8 * Ms);
        Assert.InRange(Arrived(run) - before, (LineRate * 0.006) - 25, (LineRate * 0.006) + 25);
        run.RunUntil(spec.DurationPs);
        RunOutcome outcome = run.Outcome();
        outcome.AssertLaws();
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsDropped, "where=wire", "reason=queue-full"), 2_000, 6_000);
        Assert.InRange(outcome.Sum(MetricCatalogue.WireUtilization), 0.98, 1.05);
    }

    [Fact]
    public void A_burst_fills_the_queue_of_the_wire_and_no_more()
    {
        // 512 KiB take 419.4 us; a frame of 1518 bytes 1.2304 us: 341 frames find a place, the first one goes out at once.
        FlowSpec flow = Flow("vm", 200_000_000, burst: 400) with { StopPs = 24_288 * Us };
        RunOutcome outcome = runs.Outcome(Of(Host(1, Nic(1)), 30 * Ms, [Vm("vm", 0, 0)], [flow]));
        Assert.Equal(400, outcome.Sum(MetricCatalogue.PacketsSent, "where=wire"));
        Assert.Equal(59, outcome.Sum(MetricCatalogue.PacketsDropped, "where=wire"));
        Assert.Equal(341, outcome.Sum(MetricCatalogue.PacketsReceived));
        Assert.Equal(59, outcome.Sum(MetricCatalogue.PacketsDroppedVm, "vm=vm"));
    }

    [Fact]
    public void A_lone_frame_takes_the_time_of_its_way()
    {
        SystemSpec spec = Of(Host(1, Nic(1)), 20 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 1518 * 8 * 1000)]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        CostName[] way =
        [
            CostName.MsiLatency, CostName.IrteHit, CostName.NativeIrq, CostName.WakeLatency, CostName.Injection, CostName.NativeIrq,
            CostName.ExitEoiEmulate, CostName.NapiFixed, CostName.RxPacket,
        ];
        double expected = 1_230_400 + spec.Hosts[0].Nics[0].Model.RxLatencyPs + way.Sum(Costs.Ps);
        LatencyHistogram latency = run.VmOf(0).Guest.Latency;
        Assert.InRange(latency.QuantilePs(0.5), expected * 0.99, expected * 1.01);
        Assert.InRange(latency.QuantilePs(0), expected * 0.99, expected * 1.01);
    }

    [Fact]
    public void A_port_sends_at_line_rate_and_a_full_transmit_ring_drops()
    {
        // 82576: 1 Gb/s, 81 274 frames a second.
        NicSpec nic = Nic(1, model: "82576") with { TxRing = 100 };
        FlowSpec flow = Flow("vm", 1_500_000_000) with { FromVm = "vm", ToVm = null };
        SystemSpec spec = Of(Host(1, nic), 9 * Ms, [Vm("vm", 0, 0)], [flow]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        RunOutcome outcome = run.Outcome();
        outcome.AssertLaws();
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsTransmitted), 81_274 * 0.009 * 0.98, (81_274 * 0.009) + 101);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsDropped, "reason=tx-ring-full"), 200, 500);
        Assert.InRange(run.VmOf(0).Guest.Nics[0].TxInUse, 80, 100);
    }

    [Fact]
    public void Frames_between_vfs_of_a_port_take_the_way_inside_the_card_at_its_rate()
    {
        SystemSpec spec = Of(
            Host(2, Nic(2)), 9 * Ms, [Vm("from", 0, 0), Vm("to", 1, 1)], [Between("from", "to", 20_000_000_000, bytes: 9018, burst: 10)]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(2 * Ms);
        long before = run.Vf("nic0.p0.vf1").Received;
        run.RunUntil(8 * Ms);
        double bps = (run.Vf("nic0.p0.vf1").Received - before) * 9038 * 8 / 0.006;
        Assert.InRange(bps, 12.7e9, 13.3e9);
    }

    [Fact]
    public void Frames_cross_the_fabric_in_the_time_of_their_wires_and_latencies()
    {
        SystemSpec ring = Ring(2, 9 * Ms);
        SystemSpec spec = ring with { Flows = [Between("a0", "a1", 10_000_000)] };
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        run.Outcome().AssertLaws();

        // Line out, to the switch, on to the other host, line in, NIC, memory.
        double least = (2 * 1_230_400) + (2 * 2 * Us) + (1 * Us);
        double latency = run.VmOf(0, host: 1).Guest.Latency.QuantilePs(0);
        Assert.InRange(latency, least + (10 * Us), least + (30 * Us));
        Assert.InRange(run.VmOf(0, host: 1).Guest.Counters.Delivered, 6, 8);
    }

    private static long Arrived(SystemRun run) => run.Vf("nic0.p0.vf0").Received + run.Vf("nic0.p0.vf1").Received;
}
