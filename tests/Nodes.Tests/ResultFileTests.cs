using System.Globalization;
using System.Text;
using System.Text.Json;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Protocol.Metrics;
using IoScale.Scenarios.Expectations;

namespace IoScale.Nodes.Tests;

public sealed class ResultFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-results").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_summary_has_the_promised_shape()
    {
        ScenarioResult result = Samples.Result(Samples.Variant("base", Samples.Outcome([Samples.Sample(MetricCatalogue.CpuUtilizationRatio, 0.25, "h0")], [Samples.Refusal]), null, new ExpectationResult("a <= 1", true, "1 <= 1")));
        string text = Summary(result);
        using JsonDocument json = JsonDocument.Parse(text);
        JsonElement root = json.RootElement;
        Assert.Equal(["schema", "scenario", "seed", "virtualTimePs", "verdict", "resultHash", "events", "variants"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal("ok", root.GetProperty("verdict").GetString());
        Assert.Matches("^[0-9a-f]{16}$", root.GetProperty("resultHash").GetString());
        JsonElement variant = root.GetProperty("variants")[0];
        Assert.Equal("0000000000001234", variant.GetProperty("resultHash").GetString());
        Assert.Equal("h0", variant.GetProperty("metrics")[0].GetProperty("labels").GetProperty("host").GetString());
        Assert.True(variant.GetProperty("expectations")[0].GetProperty("passed").GetBoolean());
        Assert.Equal("nic0.p0.vf62", variant.GetProperty("refusals")[0].GetProperty("function").GetString());
        Assert.True(variant.GetProperty("laws")[0].GetProperty("holds").GetBoolean());
        Assert.Contains("\"a <= 1\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "3")]
    [InlineData(-0.0, "0")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e-6, "1E-06")]
    [InlineData(123456789012345, "123456789012345")]
    public void Numbers_are_integers_or_the_shortest_that_reads_back(double value, string text)
    {
        Assert.Equal(text, Numbers.Exact(value));
        Assert.Equal(value, double.Parse(Numbers.Exact(value), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_top_hash_depends_on_every_variant_and_on_their_order()
    {
        ScenarioResult Two(ulong a, ulong b) => Samples.Result(Samples.Variant("a", Samples.Outcome([], hash: a)), Samples.Variant("b", Samples.Outcome([], hash: b)));
        Assert.Equal(4, new[] { Two(1, 2), Two(2, 1), Two(1, 3), Two(1, 1) }.Select(r => r.ResultHash).Distinct().Count());
    }

    [Fact]
    public void Metrics_are_OpenMetrics_text_with_families_together_and_units_where_the_name_carries_them()
    {
        string text = OpenMetricsText.Write(Samples.Result(
            Samples.Variant("a", Samples.Outcome([Samples.Sample(MetricCatalogue.ExitCycles, 5, "h0", "0", "eoi"), Samples.Sample(MetricCatalogue.PacketLatency, double.NaN, "vm\"0", "0.5")])),
            Samples.Variant("b", Samples.Outcome([Samples.Sample(MetricCatalogue.ExitCycles, 7, "h0", "0", "eoi")]))));
        Assert.Equal(
            $$"""
            # HELP exit_cycles {{MetricCatalogue.ExitCycles.Meaning}}
            # TYPE exit_cycles counter
            # UNIT exit_cycles cycles
            exit_cycles_total{variant="a",host="h0",pcpu="0",reason="eoi"} 5
            exit_cycles_total{variant="b",host="h0",pcpu="0",reason="eoi"} 7
            # HELP packet_latency_seconds {{MetricCatalogue.PacketLatency.Meaning}}
            # TYPE packet_latency_seconds gauge
            # UNIT packet_latency_seconds seconds
            packet_latency_seconds{variant="a",vm="vm\"0",quantile="0.5"} NaN
            # EOF

            """.Replace("vm\"0", "vm\\\"0", StringComparison.Ordinal),
            text);
    }

    [Fact]
    public void Every_metric_of_the_catalogue_can_be_written_as_OpenMetrics()
    {
        Assert.All(MetricCatalogue.All.Where(m => m.Kind == MetricKind.Counter), m => Assert.EndsWith("_total", m.Name, StringComparison.Ordinal));
        Assert.All(MetricCatalogue.All.Where(m => m.Kind == MetricKind.Gauge), m => Assert.False(m.Name.EndsWith("_total", StringComparison.Ordinal)));
    }

    [Fact]
    public void Results_appear_only_when_committed_and_leave_other_files_alone()
    {
        string place = Path.Combine(_folder, "out");
        Directory.CreateDirectory(place);
        File.WriteAllText(Path.Combine(place, "notes.txt"), "mine");
        File.WriteAllText(Path.Combine(place, "summary.json"), "old");
        using ResultFolder folder = ResultFolder.Prepare(place);
        folder.Write(new ResultFile("summary.json", "new"u8.ToArray()));
        Assert.Equal("old", File.ReadAllText(Path.Combine(place, "summary.json")));
        folder.Commit();
        Assert.Equal("new", File.ReadAllText(Path.Combine(place, "summary.json")));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(place, "notes.txt")));
        Assert.Equal([place], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Results_that_are_never_committed_leave_nothing()
    {
        using (ResultFolder folder = ResultFolder.Prepare(Path.Combine(_folder, "out")))
        {
            folder.Write(new ResultFile("summary.json", "new"u8.ToArray()));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_new_place_is_made_with_its_parents()
    {
        using ResultFolder folder = ResultFolder.Prepare(Path.Combine(_folder, "a", "b"));
        folder.Write(new ResultFile("summary.json", "new"u8.ToArray()));
        folder.Commit();
        Assert.True(File.Exists(Path.Combine(_folder, "a", "b", "summary.json")));
    }

    [Fact]
    public void A_file_in_the_way_is_bad_input()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains("is a file", Assert.Throws<InputException>(() => ResultFolder.Prepare(file)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => ResultFolder.Prepare(Path.Combine(file, "below")));
    }

    [Fact]
    public void Host_facts_are_JSON()
    {
        MemoryStream stream = new();
        new HostFacts(0.5, 100, 2).Write(stream);
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(200, json.RootElement.GetProperty("eventsPerSecond").GetDouble());
        Assert.Equal(1, json.RootElement.GetProperty("nodes").GetInt32());
    }

    private static string Summary(ScenarioResult result)
    {
        MemoryStream stream = new();
        JsonOutput.Write(stream, [result], several: false, SummaryJson.Write);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
