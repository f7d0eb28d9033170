using IoScale.Actors.Entities;
using IoScale.Actors.Running;
using IoScale.Hardware.Numbers;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Messages;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>pCPUs that go and come, and the vCPUs on them.</summary>
public sealed class PCpuOfflineTests(Runs runs) : IClassFixture<Runs>
{
    private static VmSpec Hog(string name, int vf, int pcpu) => Vm(name, vf, pcpu).Floating() with { Busy = true };

    [Fact]
    public void Every_vcpu_of_an_offline_pcpu_goes_on_elsewhere()
    {
        SystemSpec spec = Of(
            Host(2, Nic(3)), 9 * Ms, [Vm("a", 0, 1), Vm("b", 1, 1), Vm("c", 2, 1)],
            [Flow("a", 100_000_000), Flow("b", 100_000_000), Flow("c", 100_000_000)],
            new OfflinePCpuStep(2 * Ms, "h0", 1));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        run.Outcome().AssertLaws();
        Assert.Equal(PCpuMode.Offline, run.PCpu(1).Mode);
        Assert.All(run.Hypervisor().VcpuAt, pcpu => Assert.Equal(0, pcpu));
        Assert.All(spec.Vms, vm => Assert.InRange(run.Outcome().Sum(MetricCatalogue.PacketsReceived, $"vm={vm.Name}"), 70, 75));
    }

    [Fact]
    public void The_last_pcpu_of_a_socket_stays_however_many_are_asked_to_go_at_once()
    {
        SystemSpec spec = Of(
            Host(4, Nic(1)) with { Sockets = 2 }, 5 * Ms, [Vm("vm", 0, 2, 3) with { HomeSocket = 1 }], [Flow("vm", 50_000_000)],
            new OfflinePCpuStep(Ms, "h0", 0), new OfflinePCpuStep(Ms, "h0", 2), new OfflinePCpuStep(Ms, "h0", 3));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        RunOutcome outcome = run.Outcome();
        Assert.Equal(1, outcome.Sum(MetricCatalogue.OfflineRefused));
        Assert.Contains("last one of socket 1", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.NotEqual(PCpuMode.Offline, run.PCpu(3).Mode);
        Assert.InRange(outcome.Sum(MetricCatalogue.PacketsReceived), 18, 21);
    }

    [Fact]
    public void A_pcpu_called_back_while_it_leaves_stays()
    {
        SystemSpec spec = Of(
            Host(2, Nic(1)), 9 * Ms, [Vm("vm", 0, 1)], [Flow("vm", 100_000_000)],
            new OfflinePCpuStep(2 * Ms, "h0", 1), new OnlinePCpuStep(2500 * Us, "h0", 1), new MigrateVcpuStep(5 * Ms, "vm", 0, 1));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        run.Outcome().AssertLaws();
        Assert.NotEqual(PCpuMode.Offline, run.PCpu(1).Mode);
        Assert.Equal([1], run.Hypervisor().VcpuAt);
        Assert.InRange(run.Outcome().Sum(MetricCatalogue.PacketsReceived), 72, 75);
    }

    [Fact]
    public void A_pcpu_that_leaves_takes_no_work_from_its_peers()
    {
        // Two hogs on pCPU 0, of which an idle peer would take one.
        SystemSpec spec = Of(
            Host(3, Nic(3)), 9 * Ms, [Hog("a", 0, 0), Hog("b", 1, 0), Vm("io", 2, 0)], [Flow("io", 50_000_000)],
            new OfflinePCpuStep(0, "h0", 1), new OfflinePCpuStep(0, "h0", 2));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        run.Outcome().AssertLaws();
        Assert.All(run.Hypervisor().VcpuAt, pcpu => Assert.Equal(0, pcpu));
        Assert.Equal(PCpuMode.Offline, run.PCpu(1).Mode);
        Assert.Equal(PCpuMode.Offline, run.PCpu(2).Mode);
    }

    [Fact]
    public void A_vcpu_is_not_moved_to_an_offline_pcpu()
    {
        SystemSpec spec = Of(
            Host(2, Nic(1)), 5 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 100_000_000)],
            new OfflinePCpuStep(Ms, "h0", 1), new MigrateVcpuStep(3 * Ms, "vm", 0, 1));
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);
        Assert.Equal([0], run.Hypervisor().VcpuAt);
        Assert.Contains("vCPU 0 stays on pCPU 0", Assert.Single(run.Outcome().Notes), StringComparison.Ordinal);
        Assert.InRange(run.Outcome().Sum(MetricCatalogue.PacketsReceived), 39, 42);
    }

    [Fact]
    public void A_vcpu_moves_while_an_interrupt_is_being_injected()
    {
        SystemSpec spec = Of(Host(2, Nic(1)), 3 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 100_000_000)]);
        using SystemRun run = runs.Start(spec);
        for (long at = Ms; run.PCpu(0) is not { WorkUnderWay: true, Work.Kind: RootWorkKind.Inject }; at += 50_000)
        {
            run.RunUntil(at);
        }

        long guestPs = run.PCpu(0).Ledger.Picoseconds[(int)CpuCategory.Guest];
        run.Simulation.Inject(run.Simulation.Now, run.Wiring.Hosts[0].Hypervisor, new MigrateVcpu(0, 1));
        run.RunUntil(spec.DurationPs);
        run.Outcome().AssertLaws();
        Assert.Equal(guestPs, run.PCpu(0).Ledger.Picoseconds[(int)CpuCategory.Guest]);
        Assert.Equal([1], run.Hypervisor().VcpuAt);
        Assert.InRange(run.Outcome().Sum(MetricCatalogue.PacketsReceived), 23, 25);
    }

    [Fact]
    public void A_vcpu_moves_at_any_moment_and_between_sockets()
    {
        // Some of two hundred moves hit an injection, an entry, a switch.
        SystemSpec spec = Of(
            Host(4, Nic(1)) with { Sockets = 2 }, 9 * Ms, [Vm("vm", 0, 0)], [Flow("vm", 400_000_000, arrival: ArrivalKind.Poisson)],
            [.. Enumerable.Range(1, 200).Select(i => new MigrateVcpuStep(i * 40_123_457L, "vm", 0, (i * 3) % 4))]);
        RunOutcome outcome = runs.Outcome(spec);
        Assert.Equal(
            outcome.Sum(MetricCatalogue.PacketsSent, "where=wire"),
            outcome.Sum(MetricCatalogue.PacketsReceived) + outcome.Sum(MetricCatalogue.PacketsDropped),
            30.0);
        Assert.Equal(0, outcome.Sum(MetricCatalogue.InterruptsUnhandled));
    }
}
