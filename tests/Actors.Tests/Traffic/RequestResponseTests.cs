using IoScale.Actors.Running;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Traffic;

public sealed class RequestResponseTests(Runs runs) : IClassFixture<Runs>
{
    [Fact]
    public void A_transaction_takes_what_its_way_adds_up_to()
    {
        NicSpec nic = Nic(1);
        RunOutcome outcome = runs.Outcome(Of(Host(1, nic), 200 * Ms, [Vm("vm", 0, 0)], [Ask("vm") with { DistancePs = 50 * Us }]));

        // Request: 50 us, the wire (220 bytes at 10 Gb/s), the card, the interrupt, the guest. Response: the guest, the doorbell, the wire, 50 us.
        CostName[] way =
        [
            CostName.MsiLatency, CostName.IrteHit, CostName.NativeIrq, CostName.WakeLatency, CostName.Injection, CostName.NativeIrq,
            CostName.ExitEoiEmulate, CostName.NapiFixed, CostName.RxPacket, CostName.TxPacket, CostName.MsiLatency,
        ];
        double expected = (2 * 50 * Us) + 176_000 + nic.Model.RxLatencyPs + way.Sum(Costs.Ps) + 1_230_400;
        double median = outcome.Sum(MetricCatalogue.TransactionLatency, "quantile=0.5") * 1e12;
        Assert.InRange(median, expected * 0.99, expected * 1.01);
        Assert.InRange(outcome.Sum(MetricCatalogue.Transactions, "vm=vm"), (0.19e12 / expected) - 1, 0.2e12 / expected);
    }

    [Fact]
    public void More_requests_under_way_give_more_transactions_until_the_guest_is_busy()
    {
        double[] rates = [.. new[] { 1, 4, 64 }.Select(window => runs.Outcome(
            Of(Host(1, Nic(1)), 100 * Ms, [Vm("vm", 0, 0)], [Ask("vm") with { DistancePs = 200 * Us, Window = window }])))
            .Select(o => o.Sum(MetricCatalogue.Transactions))];
        Assert.InRange(rates[1] / rates[0], 3.5, 4.1);
        Assert.InRange(rates[2] / rates[0], 20, 62);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("inside")]
    [InlineData("fabric")]
    public void A_client_may_be_a_vm_and_its_server_anywhere(string where)
    {
        SystemSpec spec = where switch
        {
            "out" => Of(Host(1, Nic(1)), 100 * Ms, [Vm("vm", 0, 0)], [Ask("vm") with { FromVm = "vm", ToVm = null, DistancePs = 30 * Us }]),
            "inside" => Of(Host(2, Nic(2)), 100 * Ms, [Vm("a", 0, 0), Vm("b", 1, 1)], [Ask("b") with { FromVm = "a" }]),
            _ => Ring(2, 100 * Ms) with { Flows = [Ask("a1") with { FromVm = "a0" }] },
        };
        RunOutcome outcome = runs.Outcome(spec);
        double transactions = outcome.Sum(MetricCatalogue.Transactions);
        double mean = 0.1 / transactions;
        Assert.InRange(mean, 20e-6, 150e-6);
        Assert.InRange(outcome.Sum(MetricCatalogue.TransactionLatency, "quantile=0.5"), mean * 0.9, mean * 1.1);

        // A transaction is two frames, and nothing else is on its way.
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsSent), 2 * transactions, (2 * transactions) + 8);
    }

    [Fact]
    public void What_a_reset_of_the_server_s_device_loses_is_asked_again_after_200_ms()
    {
        SystemSpec calm = Of(Host(1, Nic(1)), 400 * Ms, [Vm("vm", 0, 0)], [Ask("vm") with { Window = 4 }]);
        RunOutcome undisturbed = runs.Outcome(calm);
        Assert.InRange(undisturbed.Sum(MetricCatalogue.TransactionLatency, "quantile=1"), 0, 0.002);
        RunOutcome outcome = runs.Outcome(calm with { Timeline = [new ResetDeviceStep(100 * Ms, new VfRef("h0", "nic0", 0, 0))] });
        Assert.InRange(outcome.Sum(MetricCatalogue.TransactionLatency, "quantile=1"), 0.2, 0.204);

        // For half of the time nothing went on.
        double share = outcome.Sum(MetricCatalogue.Transactions) / undisturbed.Sum(MetricCatalogue.Transactions);
        Assert.InRange(share, 0.45, 0.55);
    }

    private static FlowSpec Ask(string vm) => Flow(vm, 1_000_000, bytes: 200) with
    {
        Transport = TransportKind.RequestResponse,
        ResponseBytes = 1518,
    };
}
