using System.Text.Json;
using CliWrap.Buffered;

namespace IoScale.EndToEnd.Tests;

public sealed class RunTests : IDisposable
{
    private static readonly string[] Deterministic = ["metrics.prom", "resolved.yaml", "summary.json"];

    private readonly Ioscale _ioscale = new();

    public void Dispose() => _ioscale.Dispose();

    [Fact]
    public async Task A_small_scenario_gives_a_verdict_and_four_files_and_nothing_on_stderr()
    {
        _ioscale.Write("small.yaml", Ioscale.Small);
        BufferedCommandResult run = await _ioscale.Run("run", "small.yaml");
        Assert.Equal((0, ""), (run.ExitCode, run.StandardError));
        Assert.StartsWith("small: both variants fit", run.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.StandardOutput);
        Assert.Equal(["host.json", .. Deterministic], _ioscale.Entries("out", "small"));
    }

    [Fact]
    public async Task Results_and_trace_are_the_same_to_the_byte_for_any_number_of_threads()
    {
        _ioscale.Write("small.yaml", Ioscale.Small);
        foreach (string threads in (string[])["1", "2", "4"])
        {
            BufferedCommandResult run = await _ioscale.Run("run", "small.yaml", "--threads", threads, "--out", threads, "--trace", $"trace{threads}");
            Assert.Equal(0, run.ExitCode);
        }

        foreach (string threads in (string[])["2", "4"])
        {
            Assert.All(Deterministic, name => Assert.Equal(_ioscale.Read("1", name), _ioscale.Read(threads, name)));
            Assert.Equal(_ioscale.Read("trace1"), _ioscale.Read("trace" + threads));
        }

        Assert.True(Summary("1").GetProperty("events").GetInt64() > 1000);
    }

    [Fact]
    public async Task A_trace_is_one_JSON_line_for_each_event_of_the_entities_and_times_asked_for()
    {
        _ioscale.Write("small.yaml", Ioscale.Small);
        await _ioscale.Run("run", "small.yaml", "--trace", "all");
        await _ioscale.Run("run", "small.yaml", "--trace", "some", "--trace-entity", "h0.0/pcpu-*,h1.0/vm*", "--trace-from", "6ms", "--trace-to", "7ms");
        string[] all = File.ReadAllLines(Path.Combine(_ioscale.Folder, "all"));
        Assert.Equal(Summary("out", "small").GetProperty("events").GetInt64(), all.Length);
        string[] expected = [.. all.Where(line =>
        {
            JsonElement e = JsonDocument.Parse(line).RootElement;
            string entity = e.GetProperty("entity").GetString()!;
            return e.GetProperty("t").GetInt64() is >= 6_000_000_000 and < 7_000_000_000
                && (entity.StartsWith("h0.0/pcpu-", StringComparison.Ordinal) || entity.StartsWith("h1.0/vm", StringComparison.Ordinal));
        })];
        Assert.Equal(expected, File.ReadAllLines(Path.Combine(_ioscale.Folder, "some")));
        Assert.NotEmpty(expected);
    }

    [Fact]
    public async Task The_resolved_scenario_gives_the_same_result()
    {
        _ioscale.Write("small.yaml", Ioscale.Small);
        await _ioscale.Run("run", "small.yaml", "--seed", "11", "--set", "hosts[h0].pcpus=4", "--until", "10ms", "--out", "a");
        BufferedCommandResult again = await _ioscale.Run("run", "a/resolved.yaml", "--out", "b");
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(_ioscale.Read("a", "summary.json"), _ioscale.Read("b", "summary.json"));
        Assert.Equal(10_000_000_000, Summary("a").GetProperty("virtualTimePs").GetInt64());
    }

    [Fact]
    public async Task Another_seed_is_another_run()
    {
        _ioscale.Write("small.yaml", Ioscale.Small);
        await _ioscale.Run("run", "small.yaml", "--out", "a");
        await _ioscale.Run("run", "small.yaml", "--seed", "8", "--out", "b");
        Assert.NotEqual(Summary("a").GetProperty("resultHash").GetString(), Summary("b").GetProperty("resultHash").GetString());
    }

    [Fact]
    public async Task Json_on_stdout_is_the_summary()
    {
        _ioscale.Write("small.yaml", Ioscale.Small);
        BufferedCommandResult run = await _ioscale.Run("run", "small.yaml", "--format", "json");
        Assert.Equal(File.ReadAllText(Path.Combine(_ioscale.Folder, "out", "small", "summary.json")), run.StandardOutput);
    }

    [Fact]
    public async Task A_folder_of_scenarios_gives_a_folder_of_results_each()
    {
        Directory.CreateDirectory(Path.Combine(_ioscale.Folder, "set"));
        _ioscale.Write("set/a.yaml", Ioscale.Small.Replace("name: small", "name: first", StringComparison.Ordinal));
        _ioscale.Write("set/b.yaml", Ioscale.Small.Replace("name: small", "name: second", StringComparison.Ordinal));
        BufferedCommandResult run = await _ioscale.Run("run", "set", "--out", "results");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["first", "second"], _ioscale.Entries("results"));
        Assert.EndsWith("2 of 2 scenarios ok\n", run.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_expectation_is_exit_code_99()
    {
        _ioscale.Write("small.yaml", Ioscale.Small + "\n  - vectors_assigned == 1\n");
        BufferedCommandResult run = await _ioscale.Run("run", "small.yaml");
        Assert.Equal(99, run.ExitCode);
        Assert.Contains("FAILED, 2 of 4 expectations not met", run.StandardOutput, StringComparison.Ordinal);
        Assert.Equal("failed", Summary("out", "small").GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Bad_input_names_file_line_and_key_and_leaves_earlier_results_alone()
    {
        _ioscale.Write("small.yaml", Ioscale.Small);
        await _ioscale.Run("run", "small.yaml", "--out", "results");
        byte[] before = _ioscale.Read("results", "summary.json");
        _ioscale.Write("small.yaml", Ioscale.Small.Replace("pcpus: 2", "pcpu: 2", StringComparison.Ordinal));
        BufferedCommandResult run = await _ioscale.Run("run", "small.yaml", "--out", "results");
        Assert.Equal((2, ""), (run.ExitCode, run.StandardOutput));
        Assert.Contains("small.yaml:8: ", run.StandardError, StringComparison.Ordinal);
        Assert.Contains("pcpu", run.StandardError, StringComparison.Ordinal);
        Assert.Equal(before, _ioscale.Read("results", "summary.json"));
        Assert.Equal(["results", "small.yaml"], _ioscale.Entries());
    }

    [Theory]
    [InlineData("small.yaml", "is a file")]
    [InlineData("small.yaml/below", "cannot be written to")]
    public async Task A_place_that_cannot_hold_results_is_refused_before_the_run(string place, string message)
    {
        _ioscale.Write("small.yaml", Ioscale.Endless);
        BufferedCommandResult run = await _ioscale.Run("run", "small.yaml", "--out", place);
        Assert.Equal((2, ""), (run.ExitCode, run.StandardOutput));
        Assert.Contains(message, run.StandardError, StringComparison.Ordinal);
        Assert.Single(run.StandardError.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("nothing-here", "no such file or folder")]
    [InlineData(".", "holds no *.yaml file")]
    public async Task A_path_without_a_scenario_is_bad_input(string path, string message)
    {
        BufferedCommandResult run = await _ioscale.Run("run", path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.StandardError, StringComparison.Ordinal);
    }

    private JsonElement Summary(params string[] parts) => JsonDocument.Parse(_ioscale.Read([.. parts, "summary.json"])).RootElement;
}
