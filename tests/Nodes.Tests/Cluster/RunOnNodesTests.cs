using Akka.Actor;
using IoScale.Actors.Running;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Cluster.Membership;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;

namespace IoScale.Nodes.Tests.Cluster;

public class RunOnNodesTests
{
    private const string FourHosts = """
        apiVersion: ioscale/v1
        name: four
        seed: 3
        duration: 4ms
        warmUp: 1ms
        hosts:
          - name: h[0..3]
            pcpus: 2
            nics:
              - {name: nic0, model: 82599, vfs: [2, 0], coalescing: {rate: 8kHz}}
        fabric: {name: switch, latency: 20us}
        vms:
          - {name: "a[0..3]", host: "h[0..3]", vf: nic0.p0.vf0}
          - {name: "b[0..3]", host: "h[0..3]", vf: nic0.p0.vf1}
        traffic:
          - {name: in, from: external, to: "a*", rate: 500Mbps, frame: 512B}
          - {name: ring, from: "a[0..2]", to: "b[1..3]", transport: tcp, rate: 900Mbps}
        expect:
          - functions_up == 16
        """;

    [Fact]
    public void A_run_over_three_nodes_gives_the_result_of_one_process()
    {
        Scenario scenario = ScenarioLoader.Parse("four.yaml", FourHosts);
        using NodesInOneProcess nodes = new(3);
        string run = nodes.Submit(scenario.ResolvedYaml, everyVirtual: 1_000_000_000);
        RunStatus status = nodes.Await(run, s => s.State is RunState.Finished or RunState.Failed);
        Assert.Equal(RunState.Finished, status.State);
        ScenarioResult embedded = Embedded(scenario);
        Assert.Equal(SummaryJson.Hash(embedded.ResultHash), status.ResultHash);
        Assert.Equal(3, status.Nodes);
        Assert.Equal(0, status.Recoveries);
        // A mark that passes while the checkpoint before is still being written has none of its own.
        Assert.InRange(status.Checkpoints, 2, 4);
        foreach (ResultFile file in ResultFiles.Of(embedded, new HostFacts(1, 1, 1)).Where(f => f.Name != ResultFiles.Host))
        {
            Piece piece = nodes.Ask<Piece>(new FetchPiece { Protocol = WireProtocol.Version, Run = run, File = file.Name }, node: 2);
            Assert.Equal(piece.Total, piece.Content.Length);
            Assert.Equal(System.Text.Encoding.UTF8.GetString(file.Content), ScenarioFetch.Unpack(piece.Content.Span));
        }
    }

    [Fact]
    public void A_node_that_is_gone_costs_an_epoch_and_no_bit_of_the_result()
    {
        Scenario scenario = ScenarioLoader.Parse("four.yaml", FourHosts, sets: ["duration=30ms"]);
        using NodesInOneProcess nodes = new(3);
        string run = nodes.Submit(scenario.ResolvedYaml, everyVirtual: 3_000_000_000);
        nodes.Await(run, s => s.Checkpoints >= 2);
        nodes.Kill(2);
        RunStatus status = nodes.Await(run, s => s.State is RunState.Finished or RunState.Failed);
        Assert.Equal(RunState.Finished, status.State);
        Assert.Equal(SummaryJson.Hash(Embedded(scenario).ResultHash), status.ResultHash);
        Assert.Equal((1, 2), (status.Recoveries, status.Nodes));
    }

    [Fact]
    public void The_coordinator_may_go_too()
    {
        Scenario scenario = ScenarioLoader.Parse("four.yaml", FourHosts, sets: ["duration=30ms"]);
        using NodesInOneProcess nodes = new(3);
        string run = nodes.Submit(scenario.ResolvedYaml, everyVirtual: 3_000_000_000);
        nodes.Await(run, s => s.Checkpoints >= 2);
        nodes.Kill(0);
        RunStatus status = nodes.Await(run, s => s.State is RunState.Finished or RunState.Failed, node: 1);
        Assert.Equal(RunState.Finished, status.State);
        Assert.Equal(SummaryJson.Hash(Embedded(scenario).ResultHash), status.ResultHash);
        Assert.True(status.Recoveries >= 1);
    }

    [Fact]
    public async Task A_node_with_a_database_of_its_own_is_refused()
    {
        using NodesInOneProcess nodes = new(2, node => $"data-{node}");
        await StoreIdentity.Ensure(StateStore.Of(nodes.Systems[1]));
        string reason = await NodeFate.Of(nodes.Systems[1]).Ended.WaitAsync(NodesInOneProcess.Bound);
        Assert.Contains("another database", reason, StringComparison.Ordinal);
        Assert.False(NodeFate.Of(nodes.Systems[0]).Ended.IsCompleted);
    }

    private static ScenarioResult Embedded(Scenario scenario)
    {
        using ActorSystem system = ActorSystem.Create("embedded", "akka { loglevel = ERROR, stdout-loglevel = OFF, loggers = [] }");
        Dictionary<string, RunOutcome?> outcomes = [];
        foreach (Variant variant in scenario.Variants)
        {
            using SystemRun run = new(system, variant.Name, variant.System, new SystemRunOptions());
            run.RunUntil(variant.System.DurationPs);
            outcomes.Add(variant.Name, run.Outcome());
        }

        return Judgement.Of(scenario, outcomes);
    }
}
