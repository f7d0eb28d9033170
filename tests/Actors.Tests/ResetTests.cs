using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>Function-level resets at bad moments.</summary>
public sealed class ResetTests(Runs runs) : IClassFixture<Runs>
{
    private static readonly VfRef Vf = new("h0", "nic0", 0, 0);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1_000)]
    [InlineData(1, 1_600)]
    [InlineData(2, 300)]
    [InlineData(2, 1_000)]
    public void A_driver_that_is_reset_while_it_starts_starts_again(int sockets, long atNs)
    {
        // On socket 1 the pCPUs' answers take their time.
        HostSpec host = Host(2 * sockets, Nic(1, socket: sockets - 1)) with { Sockets = sockets, Allocator = VectorAllocatorKind.Linux };
        SystemSpec spec = Of(host, 16 * Ms, [Vm("vm", 0, (2 * sockets) - 1) with { HomeSocket = sockets - 1 }], [Flow("vm", 100_000_000)], new ResetDeviceStep(atNs * 1000, Vf));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(9 * Ms);
        Assert.Equal(0, run.Outcome().Sum(MetricCatalogue.PacketsReceived));
        Assert.False(run.Vf("nic0.p0.vf0").Up);
        run.RunUntil(spec.DurationPs);
        RunOutcome outcome = run.Outcome();
        outcome.AssertLaws();
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived), 47, 50);
        Assert.Equal(6, outcome.Sum(MetricCatalogue.VectorsAssigned));
        Assert.Equal(6, run.Hypervisor().Assigned);
    }

    [Fact]
    public void An_interrupt_that_is_pending_at_a_reset_is_lost_and_counted()
    {
        SystemSpec spec = Of(Host(1, Nic(1)), 15 * Ms, [Vm("vm", 0, 0)], [], new ResetDeviceStep(3 * Ms, Vf));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(Ms);
        run.Vf("nic0.p0.vf0").Interrupts.Table.SetMask(2, true);
        run.Simulation.Inject(2 * Ms, run.Function("nic0.p0.vf0"), new Mailbox(1));
        run.RunUntil(spec.DurationPs);
        run.Outcome().AssertLaws();
        Assert.Equal(1, run.Vf("nic0.p0.vf0").Interrupts.Lost);
    }

    [Fact]
    public void Frames_and_interrupts_of_a_reset_are_lost_and_counted()
    {
        SystemSpec spec = Of(
            Host(1, Nic(1, 500)), 25 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 200_000_000)], new ResetDeviceStep((5 * Ms) + (700 * Us), Vf));
        RunOutcome outcome = runs.Outcome(spec);
        double lost = outcome.Sum(MetricCatalogue.PacketsDropped, "reason=no-descriptor");
        Assert.InRange(lost, 3, 33);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsDropped, "reason=no-driver"), 160, 168);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived), 200, 250);
    }
}
