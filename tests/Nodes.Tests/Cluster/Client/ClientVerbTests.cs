using System.Text;
using System.Text.Json;
using Google.Protobuf;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster.Client;

public sealed class ClientVerbTests : IDisposable
{
    private const string Scenario = """
        apiVersion: ioscale/v1
        name: small
        duration: 2ms
        hosts:
          - {name: h0, pcpus: 2, sockets: 2, nics: [{name: nic0, model: "82599", vfs: 2}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-client").FullName;
    private readonly FakeDesk _desk = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _err = new();
    private readonly MemoryStream _bytes = new();

    public void Dispose()
    {
        _desk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Submit_sends_what_was_resolved_prints_the_name_alone_and_says_the_rest_beside_it()
    {
        _desk.Answer = question => question is SubmitRun s ? new Submitted { Run = "small-1", Received = s.Resolved.Total } : Status();
        Assert.Equal(0, Run("submit", Write(Scenario), "--seed", "7", "--nodes", "2", "--checkpoint-every", "3s", "--checkpoint-every-virtual", "1ms"));
        Assert.Equal("small-1", _out.ToString().TrimEnd());
        Assert.Contains("ioscale fetch small-1 --wait", _err.ToString(), StringComparison.Ordinal);
        SubmitRun submit = _desk.Asked.OfType<SubmitRun>().Single();
        Assert.Equal((2, 3000, 1_000_000_000), (submit.Nodes, submit.EveryWallMs, submit.EveryVirtual));
        string resolved = FakeDesk.Unpack(submit.Resolved.Content.ToByteArray());
        Assert.Contains("seed: 7", resolved, StringComparison.Ordinal);
        Assert.Equal(resolved, IoScale.Scenarios.ScenarioLoader.Parse("resolved", resolved).ResolvedYaml);
    }

    [Fact]
    public void Submit_forecasts_and_warns_of_a_host_cut_between_sockets()
    {
        _desk.Answer = question => question is SubmitRun s ? new Submitted { Run = "small-1", Received = s.Resolved.Total } : Status();
        Assert.Equal(0, Run("submit", Write(Scenario + "\nvms: [{name: v, host: h0, socket: 1, vf: nic0.p0.vf0}]\ntraffic: [{name: rx, from: external, to: v, rate: 1Gbps, frame: 1518B}]\n")));
        Assert.Matches("predicted: 1 node .* events/s, 2 nodes .*; one node would be faster: --nodes 1", _err.ToString());
        Assert.Contains("warning: h0 is cut between sockets", _err.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_in_a_scenario_are_found_before_anything_is_sent()
    {
        Assert.Equal(2, Run("submit", Write(Scenario.Replace("pcpus", "pcpu", StringComparison.Ordinal))));
        Assert.Contains("pcpu", _err.ToString(), StringComparison.Ordinal);
        Assert.Empty(_desk.Asked);
    }

    [Theory]
    [InlineData("ok", 0)]
    [InlineData("failed", 99)]
    public void Submit_that_waits_returns_what_run_would_have(string verdict, int exitCode)
    {
        int asked = 0;
        _desk.Answer = question => question is SubmitRun s
            ? new Submitted { Run = "small-1", Received = s.Resolved.Total }
            : Status(++asked < 2 ? Running() : new RunStatus { Run = "small-1", State = RunState.Finished, Verdict = verdict, ResultHash = "12" });
        Assert.Equal(exitCode, Run("submit", Write(Scenario), "--wait"));
    }

    [Fact]
    public void Fetch_writes_the_files_of_a_run_in_the_pieces_they_come_in_and_prints_its_report()
    {
        _desk.Answer = Finished;
        Assert.Equal(99, Run("fetch", "small-1", "--out", Out));
        Assert.Equal(["host.json", "metrics.prom", "resolved.yaml", "summary.json"], Directory.GetFiles(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Out), file => Assert.Equal(TextOf(Path.GetFileName(file)), File.ReadAllText(file)));
        Assert.StartsWith(TextOf(ResultFiles.Report) + "wrote " + Out, _out.ToString(), StringComparison.Ordinal);
        Assert.True(_desk.Asked.OfType<FetchPiece>().Count() > 10);
    }

    [Fact]
    public void Fetch_as_json_prints_the_summary_and_nothing_else()
    {
        _desk.Answer = Finished;
        Assert.Equal(99, Run("fetch", "small-1", "--out", Out, "--format", "json"));
        Assert.Equal(TextOf(ResultFiles.Summary), Encoding.UTF8.GetString(_bytes.ToArray()));
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public void Fetch_waits_for_the_end_only_when_asked_to()
    {
        int asked = 0;
        _desk.Answer = question => question is AskStatus && ++asked < 3 ? Status(Running()) : Finished(question);
        Assert.Equal(2, Run("fetch", "small-1", "--out", Out));
        Assert.Contains("running", _err.ToString(), StringComparison.Ordinal);
        Assert.Contains("fetch --wait", _err.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
        asked = 0;
        Assert.Equal(99, Run("fetch", "small-1", "--out", Out, "--wait"));
        Assert.Contains("small-1: running (a checkpoint waits), b (2 of 2), 1 ms of 4 ms (25.0 %), 123 k events/s, epoch 5 on 3 nodes, checkpoint at 500 us, 3 s ago, 2 recoveries", _err.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunState.Failed, 3, "run small-1 failed: entity h0/pcpu-3 broke a rule")]
    [InlineData(RunState.Cancelled, 130, "run small-1 was cancelled")]
    public void Fetch_of_a_run_without_a_result_says_why_and_leaves_earlier_files(RunState state, int exitCode, string message)
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, "summary.json"), "earlier");
        _desk.Answer = _ => Status(new RunStatus { Run = "small-1", State = state, Reason = "entity h0/pcpu-3 broke a rule" });
        Assert.Equal(exitCode, Run("fetch", "small-1", "--out", Out, "--wait"));
        Assert.Contains(message, _err.ToString(), StringComparison.Ordinal);
        Assert.Equal("earlier", File.ReadAllText(Path.Combine(Out, "summary.json")));
        Assert.Equal(["out"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_damaged_file_is_not_written()
    {
        _desk.Answer = question => question is FetchPiece { File: ResultFiles.Metrics } ? FakeDesk.Cut(new byte[50], 0, 50) : Finished(question);
        Assert.Equal(2, Run("fetch", "small-1", "--out", Out));
        Assert.Contains("metrics.prom of run small-1 arrived damaged", _err.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Status_shows_nodes_runs_and_what_has_happened()
    {
        RunStatus run = Running();
        run.Incidents.Add("12 s: node 127.0.0.1:7602 is gone; epoch 5 from 500 us");
        _desk.Answer = _ => Status(run);
        Assert.Equal(0, Run("status", "small-1"));
        foreach (string expected in (string[])["127.0.0.1:7601", "coordinator, worker", "small-1", "running", "b (2 of 2)", "25.0 %", "123 k", "a checkpoint waits", "node 127.0.0.1:7602 is gone"])
        {
            Assert.Contains(expected, _out.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Status_as_json_has_every_figure()
    {
        _desk.Answer = _ => Status(Running());
        Assert.Equal(0, Run("status", "--format", "json"));
        using JsonDocument json = JsonDocument.Parse(_bytes.ToArray());
        JsonElement run = json.RootElement.GetProperty("runs")[0];
        Assert.Equal(1_000_000_000, run.GetProperty("virtualTimePs").GetInt64());
        Assert.Equal("running", run.GetProperty("state").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("nodes").GetArrayLength());
    }

    [Theory]
    [InlineData(RunState.Finished, "ok", 0)]
    [InlineData(RunState.Finished, "failed", 99)]
    [InlineData(RunState.Failed, "", 3)]
    [InlineData(RunState.Cancelled, "", 130)]
    public void Watching_ends_with_the_run_and_returns_its_exit_code(RunState state, string verdict, int exitCode)
    {
        int asked = 0;
        _desk.Answer = _ => Status(++asked < 3 ? Running() : new RunStatus { Run = "small-1", State = state, Verdict = verdict });
        Assert.Equal(exitCode, Run("status", "small-1", "--watch"));
        Assert.Equal(3, asked);
        Assert.Contains("small-1: running", _err.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancel_says_what_it_has_cancelled()
    {
        _desk.Answer = question => new Cancelled { Run = ((CancelRun)question).Run };
        Assert.Equal(0, Run("cancel", "small-1"));
        Assert.Equal("run small-1 cancelled", _out.ToString().TrimEnd());
    }

    [Theory]
    [InlineData("cancel", "small-9")]
    [InlineData("fetch", "small-9")]
    [InlineData("status", "small-9")]
    public void A_run_that_does_not_exist_is_bad_input(string verb, string run)
    {
        _desk.Answer = _ => new Refusal { Reason = "there is no run small-9; there are small-1" };
        Assert.Equal(2, Run(verb, run));
        Assert.Equal("ioscale: there is no run small-9; there are small-1", _err.ToString().TrimEnd());
    }

    [Fact]
    public void No_node_is_one_line_and_bad_input()
    {
        _desk.Stop();
        Assert.Equal(2, Run("status"));
        Assert.Matches("^ioscale: no node at 127.0.0.1:\\d+ \\(Connection refused\\); start one with ioscale node", _err.ToString());
        Assert.Single(_err.ToString().TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("--node: 'nowhere' is not HOST:PORT", "status", "--node", "nowhere")]
    [InlineData("--nodes: '0' is not a whole number from 1", "submit", "x.yaml", "--nodes", "0")]
    [InlineData("--checkpoint-every: is shorter", "submit", "x.yaml", "--checkpoint-every", "1ms")]
    [InlineData("--out: is empty", "fetch", "r", "--out", "")]
    [InlineData("see ioscale fetch --help", "fetch")]
    [InlineData("see ioscale cancel --help", "cancel", "a", "b")]
    [InlineData("--format: 'xml' is not text or json", "status", "--format", "xml")]
    [InlineData("no such file", "submit", "missing.yaml")]
    public void Mistakes_on_the_command_line_are_one_line(string message, params string[] arguments)
    {
        Assert.Equal(2, CommandLine.Run(arguments, () => new FakeRunner(), new Terminal(_out, _err, () => _bytes, errorIsTerminal: false)));
        Assert.Contains(message, _err.ToString(), StringComparison.Ordinal);
        Assert.Single(_err.ToString().TrimEnd().Split('\n'));
    }

    private string Out => Path.Combine(_folder, "out");

    /// <summary>What a file holds; long enough for several pieces.</summary>
    private static string TextOf(string name) => string.Concat(Enumerable.Range(0, 300).Select(i => $"{name} {i * 7919}\n"));

    private static IMessage? Finished(IMessage question)
    {
        switch (question)
        {
            case FetchList:
                FileList list = new() { ExitCode = 99 };
                list.Files.AddRange([ResultFiles.Resolved, ResultFiles.Summary, ResultFiles.Metrics, ResultFiles.Host, ResultFiles.Report]);
                return list;
            case FetchPiece piece:
                return FakeDesk.Cut(FakeDesk.Pack(TextOf(piece.File)), piece.Offset, 400);
            default:
                return Status(new RunStatus { Run = "small-1", State = RunState.Finished, Verdict = "failed", ResultHash = "12" });
        }
    }

    private static RunStatus Running()
    {
        RunStatus run = new()
        {
            Run = "small-1",
            Scenario = "small",
            State = RunState.Running,
            Reason = "a checkpoint waits",
            Variant = 1,
            Time = 1_000_000_000,
            Duration = 4_000_000_000,
            EventsPerSecond = 123_000,
            Epoch = 5,
            Nodes = 3,
            CheckpointTime = 500_000_000,
            CheckpointAgeMs = 3000,
            Recoveries = 2,
        };
        run.Variants.AddRange(["a", "b"]);
        return run;
    }

    private static StatusReply Status(params RunStatus[] runs)
    {
        StatusReply reply = new() { Coordinator = "127.0.0.1:7601" };
        reply.Runs.AddRange(runs);
        foreach (int port in (int[])[7601, 7602, 7603])
        {
            reply.Nodes.Add(new NodeStatus { Address = $"127.0.0.1:{port}", Roles = "coordinator, worker", State = "leaving", Threads = 1 });
        }

        return reply;
    }

    private int Run(params string[] arguments) => CommandLine.Run(
        [.. arguments, "--node", _desk.Endpoint.ToString()], () => new FakeRunner(), new Terminal(_out, _err, () => _bytes, errorIsTerminal: false));

    private string Write(string text)
    {
        string file = Path.Combine(_folder, "small.yaml");
        File.WriteAllText(file, text);
        return file;
    }
}
