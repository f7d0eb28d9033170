using IoScale.Actors.Entities;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Traffic;

public sealed class TcpTests(Runs runs) : IClassFixture<Runs>
{
    /// <summary>Frames of 1518 bytes that a wire of 1 Gb/s can carry in a second: 10^9 / (8 * 1538).</summary>
    private const double GigabitFrames = 81_274;

    [Fact]
    public void Into_a_gigabit_wire_it_settles_near_the_wire_s_capacity_and_never_above()
    {
        SystemSpec spec = Gigabit(4_000_000_000, 300 * Ms, ("vm", 0));
        RunOutcome outcome = runs.Outcome(spec with { WarmUpPs = 50 * Ms });
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived), GigabitFrames * 0.25 * 0.95, (GigabitFrames * 0.25) + 64);

        // 1460 bytes of payload in the time of 1538: 94.93 % of the wire, and what one poll of 64 frames may bring into the measured window.
        Assert.InRange(outcome.Sum(MetricCatalogue.Goodput), 0.90e9, 0.9493e9 + 4e6);
        Assert.Equal(1460.0 / 1518, outcome.Sum(MetricCatalogue.Goodput) / outcome.Sum(MetricCatalogue.Throughput), 1e-9);
        Assert.InRange(outcome.Sum(MetricCatalogue.WireUtilization), 0.95, 1.02);
    }

    [Fact]
    public void It_backs_off_where_udp_of_the_same_rate_loses_most_of_its_frames()
    {
        SystemSpec tcp = Gigabit(4_000_000_000, 300 * Ms, ("vm", 0));
        SystemSpec udp = tcp with { Flows = [tcp.Flows[0] with { Transport = TransportKind.Udp }] };
        RunOutcome backedOff = runs.Outcome(tcp);
        RunOutcome pushed = runs.Outcome(udp);
        Assert.InRange(Share(pushed), 0.70, 0.80);
        Assert.InRange(Share(backedOff), 0.0001, 0.03);
        Assert.InRange(backedOff.Sum(MetricCatalogue.TcpLosses), 1, 60);
        Assert.DoesNotContain(pushed.Metrics, m => m.Metric == MetricCatalogue.TcpLosses);

        static double Share(RunOutcome outcome) =>
            outcome.Sum(MetricCatalogue.PacketsDropped) / outcome.Sum(MetricCatalogue.PacketsSent);
    }

    [Fact]
    public void Two_flows_share_a_wire_within_a_factor_of_two_and_fill_it()
    {
        RunOutcome outcome = runs.Outcome(Gigabit(2_000_000_000, 600 * Ms, ("a", 0), ("b", 1)) with { WarmUpPs = 100 * Ms });
        double a = outcome.Sum(MetricCatalogue.PacketsReceived, "vm=a");
        double b = outcome.Sum(MetricCatalogue.PacketsReceived, "vm=b");
        Assert.InRange(a / b, 0.5, 2);
        Assert.InRange(a + b, GigabitFrames * 0.5 * 0.95, (GigabitFrames * 0.5) + 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(40)]
    public void A_window_limits_it_to_one_window_a_round_trip(int window)
    {
        FlowSpec flow = Tcp(Flow("vm", 5_000_000_000), window) with { DistancePs = 2 * Ms };
        RunOutcome outcome = runs.Outcome(Of(Host(1, Nic(1)), 500 * Ms, [Vm("vm", 0, 0)], [flow]) with { WarmUpPs = 100 * Ms });

        // There 2 ms and back 2 ms, and what is between: the latency of a lone frame is 2 ms and little more.
        double latency = Latency(outcome, "0.5");
        Assert.InRange(latency, 0.002, 0.0025);
        double roundTrip = latency + 0.002;
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived) / 0.4, window / roundTrip * 0.97, window / roundTrip * 1.03);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.TcpLosses));
    }

    [Fact]
    public void Where_the_application_offers_less_it_gets_what_it_offers()
    {
        FlowSpec flow = Tcp(Flow("vm", 100_000_000, arrival: ArrivalKind.Poisson), 200);
        RunOutcome outcome = runs.Outcome(Of(Host(1, Nic(1)), 500 * Ms, [Vm("vm", 0, 0)], [flow]) with { WarmUpPs = 100 * Ms });
        Assert.InRange(outcome.Sum(MetricCatalogue.Throughput), 0.95e8, 1.05e8);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.PacketsDropped, "where=wire"));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("inside")]
    [InlineData("fabric")]
    public void A_vm_sends_by_its_acknowledgements_wherever_the_receiver_is(string where)
    {
        SystemSpec spec = where switch
        {
            "out" => Of(
                Host(1, Nic(1, model: "82576")), 200 * Ms, [Vm("vm", 0, 0)],
                [Tcp(Flow("vm", 20_000_000_000) with { FromVm = "vm", ToVm = null }, 60)]),
            "inside" => Of(Host(2, Nic(2)), 200 * Ms, [Vm("a", 0, 0), Vm("b", 1, 1)], [Tcp(Between("a", "b", 20_000_000_000), 60)]),
            _ => Ring(2, 200 * Ms) with { Flows = [Tcp(Between("a0", "a1", 20_000_000_000), 60)] },
        };
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        RunOutcome outcome = run.Outcome();
        outcome.AssertLaws();

        // More is offered than any wire carries, 1 Gb/s out of the 82576 and 10 elsewhere; a window of 60 may wait before it.
        double frames = outcome.Sum(MetricCatalogue.PacketsTransmitted) / 0.2;
        Assert.InRange(frames, GigabitFrames * 0.95, (GigabitFrames * (where == "out" ? 1 : 10)) + 300);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.PacketsDropped, "reason=tx-ring-full"));
        FlowSource source = run.VmOf(0).Sources[0];
        Assert.Equal(60, source.Tcp!.Window);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsSent) - outcome.Sum(MetricCatalogue.PacketsReceived), 0, where == "out" ? double.MaxValue : 60);
    }

    [Fact]
    public void Acknowledgements_take_the_fabric_s_time_back()
    {
        SystemSpec spec = Ring(2, 300 * Ms) with
        {
            Fabric = new FabricSpec("fabric", Ms),
            Flows = [Tcp(Between("a0", "a1", 1_000_000_000), 1)],
        };
        RunOutcome outcome = runs.Outcome(spec with { WarmUpPs = 100 * Ms });
        double roundTrip = Latency(outcome, "0.5") + 0.002;
        Assert.InRange(roundTrip, 0.004, 0.0042);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived) / 0.2, 0.99 / roundTrip, 1.01 / roundTrip);
    }

    private static double Latency(RunOutcome outcome, string quantile) => outcome.Sum(MetricCatalogue.PacketLatency, $"quantile={quantile}");

    private static FlowSpec Tcp(FlowSpec flow, int window) => flow with { Transport = TransportKind.Tcp, Window = window };

    /// <summary>TCP from outside to VMs behind a port of 1 Gb/s, with windows larger than the wire's queue.</summary>
    private static SystemSpec Gigabit(long bps, long durationPs, params (string Vm, int PCpu)[] vms) => Of(
        Host(vms.Length, Nic(vms.Length, 8000, model: "82576")),
        durationPs,
        [.. vms.Select(v => Vm(v.Vm, v.PCpu, v.PCpu))],
        [.. vms.Select(v => Tcp(Flow(v.Vm, bps), 1000))]);
}
