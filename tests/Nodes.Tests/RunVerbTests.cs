using System.Collections.Concurrent;
using System.Text.Json;
using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Tests;

public sealed class RunVerbTests : IDisposable
{
    private const string Scenario = """
        apiVersion: ioscale/v1
        name: small
        seed: 7
        duration: 10ms
        hosts:
          - {name: h0, pcpus: 2, nics: [{name: nic0, model: "82599", vfs: 2}]}
        variants:
          - {name: a}
          - {name: b}
          - {name: c}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-run").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _err = new();
    private readonly MemoryStream _bytes = new();

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_writes_four_files_and_reports_the_verdict_first()
    {
        Assert.Equal(0, Run(new FakeRunner(), Write(Scenario)));
        Assert.Equal(["host.json", "metrics.prom", "resolved.yaml", "summary.json"], Directory.GetFiles(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith("small: all 3 variants fit", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_err.ToString());
    }

    [Fact]
    public void Json_is_the_summary_and_nothing_else()
    {
        Assert.Equal(0, Run(new FakeRunner(), Write(Scenario), "--format", "json"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Out, "summary.json")), _bytes.ToArray());
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public void A_failed_expectation_is_99_and_the_results_are_written()
    {
        Assert.Equal(99, Run(new FakeRunner(), Write(Scenario + "\nexpect: [vectors_assigned == 17]\n")));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, "summary.json")));
        Assert.Equal("failed", json.RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public void A_broken_law_is_3_and_earlier_results_stay()
    {
        FakeRunner broken = new() { Outcome = (_, timePs) => Samples.Outcome([], timePs: timePs, laws: [new ConservationLaw("frames", "sent", 10, "delivered", 9)]) };
        Assert.Equal(0, Run(new FakeRunner(), Write(Scenario)));
        byte[] before = File.ReadAllBytes(Path.Combine(Out, "summary.json"));
        Assert.Equal(3, Run(broken, Write(Scenario), "--seed", "8"));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Out, "summary.json")));
        Assert.Equal([Out, Path.Combine(_folder, "small.yaml")], Directory.GetFileSystemEntries(_folder).Order(StringComparer.Ordinal));
        Assert.Contains("conservation law broken: frames: sent = 10 but delivered = 9", _err.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x1234, 0)]
    [InlineData(0x1235, 4)]
    public void A_result_that_differs_when_verified_is_4(ulong hashOfTheSecondRun, int exitCode)
    {
        int outcomes = 0;
        FakeRunner runner = new()
        {
            Outcome = (_, timePs) => Samples.Outcome(
                Samples.Metrics(18, 2), timePs: timePs, hash: Interlocked.Increment(ref outcomes) > 3 ? hashOfTheSecondRun : 0x1234),
        };
        Assert.Equal(exitCode, Run(runner, Write(Scenario), "--verify", "--threads", "1"));
        Assert.Equal(6, outcomes);
        Assert.Equal(exitCode == 0, Directory.Exists(Out));
        Assert.Equal([1, 1, 1, 2, 2, 2], runner.Started.Select(s => s.Threads).Order());
        Assert.Contains(exitCode == 0 ? "verified: the same on 1 threads and on 6" : "two runs differ", $"{_out}{_err}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_of_one_variant_stops_the_others_and_is_one_line()
    {
        FakeRunner failing = new() { Step = (_, timePs) => throw new InvalidOperationException($"bad state\nat {timePs}") };
        Assert.Equal(3, Run(failing, Write(Scenario)));
        Assert.False(Directory.Exists(Out));
        Assert.Single(_err.ToString().TrimEnd().Split('\n'));
        Assert.True(failing.IsDisposed);
    }

    [Theory]
    [InlineData(1, 1, new[] { 1, 1, 1 })]
    [InlineData(3, 3, new[] { 1, 1, 1 })]
    [InlineData(8, 3, new[] { 3, 3, 2 })]
    public void Threads_go_to_variants_first_and_into_variants_then(int threads, int atOnce, int[] shares)
    {
        using Barrier all = new(atOnce);
        ConcurrentDictionary<SystemSpec, bool> seen = new(ReferenceEqualityComparer.Instance);
        FakeRunner runner = new() { Step = (system, _) => Assert.True(!seen.TryAdd(system, true) || all.SignalAndWait(TimeSpan.FromMinutes(1))) };
        Assert.Equal(0, Run(runner, Write(Scenario), "--threads", $"{threads}"));
        Assert.Equal(atOnce, runner.MostAtOnce);
        Assert.Equal(shares, runner.Started.Select(s => s.Threads).OrderDescending());
        Assert.Equal(["small-1", "small-2", "small-3"], runner.Started.Select(s => s.RunId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Several_scenarios_go_to_a_folder_each_and_a_failure_of_one_does_not_stop_the_next()
    {
        string first = Write(Scenario);
        string second = Write(Scenario.Replace("name: small", "name: other", StringComparison.Ordinal), "other.yaml");
        bool fail = true;
        FakeRunner runner = new()
        {
            Step = (_, _) =>
            {
                if (fail)
                {
                    fail = false;
                    throw new EmulationException("small broke");
                }
            },
        };
        Assert.Equal(3, Run(runner, first, second, "--threads", "1"));
        Assert.Equal(["other"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
        Assert.Contains("1 of 2 scenarios ok; 1 without a complete result", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_scenarios_of_one_name_are_bad_input()
    {
        Assert.Equal(2, Run(new FakeRunner(), Write(Scenario), Write(Scenario, "twin.yaml")));
        Assert.Contains("twin.yaml: has the same name as", _err.ToString(), StringComparison.Ordinal);
    }

    private int Run(FakeRunner runner, params string[] arguments) =>
        CommandLine.Run(["run", "--out", Out, .. arguments], () => runner, new Terminal(_out, _err, () => _bytes, errorIsTerminal: false));

    private string Write(string text, string name = "small.yaml")
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
