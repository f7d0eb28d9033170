using System.Text.Json;
using IoScale.Actors.Running;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;
using IoScale.Protocol.Metrics;

namespace IoScale.Nodes.Tests;

/// <summary>Claims, over runs whose interrupts and IPIs are made from cost constants, so that what moves a verdict is known.</summary>
public sealed class ClaimsTests : IDisposable
{
    private const string Interrupts = """
        apiVersion: ioscale/v1
        name: interrupts
        claim:
          id: 12
          claim: "Few interrupts | and few IPIs"
          basis: D/A
          expected: at most 3500
          measured: {value: interrupts_total, decimals: 0, unit: in all}
          calibrated: nothing
          predicted: everything
        duration: 1ms
        hosts: [{name: h0, pcpus: 2}]
        expect:
          - interrupts_total <= 3500
        """;

    private static readonly string Ipis = Interrupts
        .Replace("name: interrupts", "name: ipis", StringComparison.Ordinal).Replace("id: 12", "id: 2b", StringComparison.Ordinal)
        .Replace("interrupts_total <= 3500", "ipis_delivery_total >= 300", StringComparison.Ordinal);

    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-claims").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _err = new();

    private string Page => Path.Combine(_folder, "claims.md");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_of_claims_is_run_to_one_table_and_what_failed()
    {
        Write(Interrupts, Ipis);
        Assert.Equal(99, Run("run", _folder, "--out", Path.Combine(_folder, "out")));
        string[] lines = _out.ToString().Split('\n');
        Assert.Equal("interrupts: 1 of 1 expectations met", lines[0]);
        Assert.Equal("ipis: FAILED, 1 of 1 expectations not met", lines[1]);
        Assert.Contains("base: ipis_delivery_total >= 300 (left 250, right 300)", lines[2], StringComparison.Ordinal);
        Assert.Contains("Claims: 1 of 2 hold", lines);
        Assert.Matches(@"(?s) 2b .*D/A.*at most 3500.*3,100 in all.* FAILS.* 12 .* holds", _out.ToString());
        Assert.All(lines, l => Assert.InRange(l.Length, 0, Terminal.ReportWidth));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "out", "ipis", "summary.json")));
        JsonElement claim = json.RootElement.GetProperty("claim");
        Assert.Equal(("2b", false), (claim.GetProperty("id").GetString(), claim.GetProperty("holds").GetBoolean()));
        Assert.Equal((3100, "3,100 in all"), (claim.GetProperty("measured")[0].GetProperty("value").GetInt32(), claim.GetProperty("measured")[0].GetProperty("text").GetString()));
    }

    [Fact]
    public void One_claim_alone_has_its_report_and_the_table()
    {
        Write(Interrupts);
        Assert.Equal(0, Run("run", _folder, "--out", Path.Combine(_folder, "out")));
        Assert.Contains("Where every CPU cycle went", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("Claims: 1 of 1 hold", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_every_claim_in_order_with_a_link_to_its_scenario()
    {
        Write(Interrupts, Ipis);
        Assert.Equal(99, Run("claims", _folder, "--out", Page));
        string[] rows = [.. File.ReadLines(Page).Where(l => l.StartsWith("| [", StringComparison.Ordinal))];
        Assert.Equal("| [2b](1.yaml) | Few interrupts \\| and few IPIs | D/A | at most 3500 | 3,100 in all | FAILS |", rows[0]);
        Assert.StartsWith("| [12](0.yaml) ", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(" holds |", rows[1], StringComparison.Ordinal);
        Assert.Contains("| 12 | nothing | everything |", File.ReadAllText(Page), StringComparison.Ordinal);
        Assert.DoesNotContain("Sensitivity", File.ReadAllText(Page), StringComparison.Ordinal);
    }

    [Fact]
    public void Sensitivity_names_the_constants_that_flip_a_verdict_and_the_direction()
    {
        Write(Interrupts, Ipis);
        Assert.Equal(99, Run("claims", _folder, "--out", Page, "--sensitivity", "--threads", "2"));
        string page = File.ReadAllText(Page);
        Assert.Contains("| `exit-eoi-fast` |  | 12 then fails |\n", page, StringComparison.Ordinal);
        Assert.Contains("| `ipi-send` |  | 2b then holds |\n", page, StringComparison.Ordinal);
        string last = page.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("Constants that flip no verdict: `exit-bare`, ", last, StringComparison.Ordinal);
        Assert.DoesNotContain("exit-eoi-fast", last, StringComparison.Ordinal);
        Assert.DoesNotContain("posted", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_the_same_for_any_number_of_threads()
    {
        Write(Interrupts, Ipis);
        Run("claims", _folder, "--out", Page, "--sensitivity", "--threads", "1");
        string page = File.ReadAllText(Page);
        Run("claims", _folder, "--out", Page, "--sensitivity", "--threads", "7");
        Assert.Equal(page, File.ReadAllText(Page));
    }

    [Fact]
    public void A_page_that_is_not_what_the_claims_give_is_5_and_stays()
    {
        Write(Interrupts);
        Assert.Equal(5, Run("claims", _folder, "--out", Page, "--check"));
        Assert.False(File.Exists(Page));
        Assert.Equal(0, Run("claims", _folder, "--out", Page, "--sensitivity"));
        Assert.Equal(0, Run("claims", _folder, "--out", Page, "--check"));
        Assert.Equal(0, Run("claims", _folder, "--out", Page, "--check", "--sensitivity"));
        string page = File.ReadAllText(Page);
        File.WriteAllText(Page, page.Replace("3,100", "3,000", StringComparison.Ordinal));
        Assert.Equal(5, Run("claims", _folder, "--out", Page, "--check"));
        File.WriteAllText(Page, page.Replace("then fails", "then holds", StringComparison.Ordinal));
        Assert.Equal(5, Run("claims", _folder, "--out", Page, "--check", "--sensitivity"));
        Assert.Contains("is not what the claims give now", _err.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sensitivity_stays_with_the_results_it_belongs_to_and_goes_with_them()
    {
        Write(Interrupts);
        Run("claims", _folder, "--out", Page, "--sensitivity");
        string page = File.ReadAllText(Page);
        Assert.Equal(0, Run("claims", _folder, "--out", Page));
        Assert.Equal(page, File.ReadAllText(Page));
        Write(Interrupts.Replace("<= 3500", "<= 3501", StringComparison.Ordinal));
        Assert.Equal(5, Run("claims", _folder, "--out", Page, "--check"));
        Assert.Equal(0, Run("claims", _folder, "--out", Page));
        Assert.DoesNotContain("## Sensitivity", File.ReadAllText(Page), StringComparison.Ordinal);
        Assert.Contains("belonged to other results", _err.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_that_cannot_be_told_apart_and_folders_without_are_bad_input()
    {
        Write(Interrupts, Ipis.Replace("id: 2b", "id: 12", StringComparison.Ordinal));
        Assert.Equal(2, Run("claims", _folder, "--out", Page));
        Assert.Contains("1.yaml: makes claim 12, as ", _err.ToString(), StringComparison.Ordinal);
        Write(Interrupts[..Interrupts.IndexOf("claim:", StringComparison.Ordinal)] + Interrupts[Interrupts.IndexOf("duration:", StringComparison.Ordinal)..]);
        File.Delete(Path.Combine(_folder, "1.yaml"));
        Assert.Equal(2, Run("claims", _folder, "--out", Page));
        Assert.Contains("holds no scenario that makes a claim", _err.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_law_is_3_and_nothing_is_written()
    {
        Write(Interrupts);
        FakeRunner broken = new() { Outcome = (_, timePs) => Samples.Outcome([], timePs: timePs, laws: [new ConservationLaw("frames", "sent", 10, "delivered", 9)]) };
        Assert.Equal(3, CommandLine.Run(["claims", _folder, "--out", Page], () => broken, new Terminal(_out, _err, () => Stream.Null, errorIsTerminal: false)));
        Assert.False(File.Exists(Page));
    }

    private int Run(params string[] arguments)
    {
        static RunOutcome Outcome(SystemSpec system, long timePs) => Samples.Outcome(
            [
                .. Samples.Metrics(18, 2).Where(m => m.Metric != MetricCatalogue.Interrupts && m.Metric != MetricCatalogue.IpisDelivery),
                Samples.Sample(MetricCatalogue.Interrupts, system.Costs.Constant(CostName.ExitEoiFast).Value, "h0", "vm0", "nic0.p0.vf0"),
                Samples.Sample(MetricCatalogue.IpisDelivery, system.Costs.Constant(CostName.IpiSend).Value, "h0"),
            ],
            timePs: timePs);

        return CommandLine.Run(arguments, () => new FakeRunner { Outcome = Outcome }, new Terminal(_out, _err, () => Stream.Null, errorIsTerminal: false));
    }

    private void Write(params string[] scenarios)
    {
        for (int i = 0; i < scenarios.Length; i++)
        {
            File.WriteAllText(Path.Combine(_folder, $"{i}.yaml"), scenarios[i]);
        }
    }
}
