using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Protocol.Metrics;
using static IoScale.Actors.Tests.Pv.PvSystems;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Pv;

/// <summary>dom0's bridge joins all ports that vifs hang on.</summary>
public sealed class BridgeTests(Runs runs) : IClassFixture<Runs>
{
    [Theory]
    [InlineData(TransportKind.Udp)]
    [InlineData(TransportKind.Tcp)]
    [InlineData(TransportKind.RequestResponse)]
    public void Vifs_on_different_ports_reach_each_other_without_a_fabric(TransportKind transport)
    {
        HostSpec host = PvHost(1, 2);
        host = host with { Nics = [host.Nics[0] with { VfsPerPort = [0, 0], Dom0Queues = [1, 1] }] };
        VmSpec right = PvVm("right", 2, 2);
        SystemSpec spec = Of(
            host,
            10 * Ms,
            [PvVm("left", 1, 1), right with { Vif = right.Vif! with { Port = 1 } }],
            [Between("left", "right", 100_000_000) with { Transport = transport, Window = 4 }]);
        using SystemRun run = runs.Start(spec);
        run.RunUntil(spec.DurationPs);

        RunOutcome outcome = run.Outcome();

        outcome.AssertLaws();
        Assert.True(outcome.Sum(MetricCatalogue.PacketsReceived) > 50);
    }
}
