using Akka.Actor;
using IoScale.Actors.Assembly;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Cluster.Planning;
using IoScale.Scenarios;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Tests.Cluster.Planning;

public sealed class ForecastTests
{
    private const string Scenario = """
        apiVersion: ioscale/v1
        name: two
        duration: 300us
        fabric: {name: spine, latency: 2us}
        hosts:
          - {name: "h[0..1]", pcpus: 2, nics: [{name: nic0, model: "82599", vfs: [1, 0]}]}
        vms:
          - {name: "v[0..1]", host: "h[0..1]", vf: nic0.p0.vf0}
        traffic:
          - {name: flow, from: v0, to: v1, rate: 1Gbps, frame: 1518B}
        """;

    [Fact]
    public void Small_windows_are_fastest_on_one_node_and_the_advice_says_how()
    {
        Forecast forecast = Of(hosts: 4, latencyPs: 2_000_000, eventsPerUs: 10, [1, 1, 1]);
        Assert.Equal([1, 2, 3], forecast.Predictions.Select(p => p.Nodes));
        Assert.Equal(1, forecast.Fastest.Nodes);
        Assert.EndsWith("one node would be faster: --nodes 1", forecast.Lines(3).First(), StringComparison.Ordinal);
        Assert.DoesNotContain("faster", forecast.Lines(1).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_windows_are_fastest_on_all_nodes()
    {
        Forecast forecast = Of(hosts: 256, latencyPs: 20_000_000, eventsPerUs: 5000, [2, 2, 2]);
        Assert.Equal(3, forecast.Fastest.Nodes);
        Assert.DoesNotContain("faster", forecast.Lines(3).First(), StringComparison.Ordinal);
        Assert.EndsWith("3 nodes would be faster", forecast.Lines(1).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_that_share_cores_do_not_add_up()
    {
        Forecast apart = Of(hosts: 256, latencyPs: 20_000_000, eventsPerUs: 5000, [2, 2, 2]);
        Forecast together = Of(hosts: 256, latencyPs: 20_000_000, eventsPerUs: 5000, [2, 2, 2], cores: 2);
        Assert.Equal(1, together.Fastest.Nodes);
        Assert.Equal(apart.Predictions[0].EventsPerSecond, together.Predictions[0].EventsPerSecond);
    }

    [Fact]
    public void A_host_cut_between_sockets_is_warned_of()
    {
        Topology host = new(
            1,
            [new PartitionSpec("h0.0", "h0"), new PartitionSpec("h0.1", "h0")],
            [new LinkSpec("h0.0-1", 0, 1, 50_000)],
            []);
        string[] lines = [.. Forecast.Of(host, new ProbeResult(1_000_000, 10, 1, 0.2, [5, 5]), [1, 1], null).Lines(2)];
        Assert.Contains("the tightest h0.0-1 with 50.0 ns", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("warning: h0 is cut between sockets, which talk within 50.0 ns", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Many_nodes_are_looked_at_by_doubling() =>
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 16, 20], Of(64, 5_000_000, 100, [.. Enumerable.Repeat(1, 20)]).Predictions.Select(p => p.Nodes));

    [Fact]
    public void A_probe_counts_what_a_run_counts()
    {
        SystemSpec spec = ScenarioLoader.Parse("two.yaml", Scenario).Variants[0].System;
        using ActorSystem system = ActorSystem.Create("probe");
        ProbeResult probe = Probe.Measure(system, spec, "probe")!;
        using SystemRun run = new(system, "run", spec, new SystemRunOptions());
        run.RunUntil(probe.VirtualPs);
        RunStatistics statistics = run.Simulation.Statistics;
        Assert.Equal(statistics.Events / (probe.VirtualPs / 1e6), probe.EventsPerUs, 9);
        Assert.Equal(statistics.EventsByPartition, probe.EventsByPartition);
        Assert.Equal((double)statistics.CrossPartitionSends / statistics.Events, probe.CrossingShare, 9);
        Assert.InRange(probe.CrossingShare, 0.001, 0.999);
        Assert.True(probe.EventCpuUs > 0);
        Assert.Equal(SystemAssembly.Of(spec).Topology.Partitions.Count, probe.EventsByPartition.Count);
    }

    /// <summary>Hosts around a switch, the same load on each.</summary>
    private static Forecast Of(int hosts, long latencyPs, double eventsPerUs, int[] threads, int? cores = null)
    {
        Topology star = new(
            1,
            [new PartitionSpec("switch", "switch"), .. Enumerable.Range(0, hosts).Select(h => new PartitionSpec($"h{h}", $"h{h}"))],
            [.. Enumerable.Range(0, hosts).Select(h => new LinkSpec($"switch-h{h}", 0, h + 1, latencyPs))],
            [.. Enumerable.Range(0, hosts * 10).Select(e => new EntitySpec($"e{e / hosts}", 1 + (e % hosts), () => throw new InvalidOperationException()))]);
        return Forecast.Of(star, new ProbeResult(1_000_000, eventsPerUs, 0.25, 0.1, [1, .. Enumerable.Repeat(10L, hosts)]), threads, cores);
    }
}
