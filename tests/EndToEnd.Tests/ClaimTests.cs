using CliWrap.Buffered;

namespace IoScale.EndToEnd.Tests;

/// <summary>Claims, from scenario to page, with the built program.</summary>
public sealed class ClaimTests : IDisposable
{
    private static readonly string Saving = Ioscale.Small.Replace("name: small", "name: saving", StringComparison.Ordinal) + """

          - abs(emulate.exit_cycles_total{reason=eoi} / emulate.exits_total{reason=eoi} - fast.exit_cycles_total{reason=eoi} / fast.exits_total{reason=eoi}) - 4500 < 1
        claim:
          id: 12
          claim: An EOI without fetch and decode costs 4.5k cycles less
          basis: D
          expected: 4500 cycles
          measured: {value: "emulate.exit_cycles_total{reason=eoi} / emulate.exits_total{reason=eoi} - fast.exit_cycles_total{reason=eoi} / fast.exits_total{reason=eoi}", unit: cycles}
          calibrated: both costs
          predicted: nothing
        """;

    private static readonly string Wires = Ioscale.Small.Replace("name: small", "name: wires", StringComparison.Ordinal) + """

          - fast.packets_received_total == fast.packets_sent_total +- 5%
        claim: {id: 31, claim: Nothing is lost, basis: A, expected: all frames, measured: fast.packets_dropped_total, calibrated: nothing, predicted: the drops}
        """;

    private readonly Ioscale _ioscale = new();

    public void Dispose() => _ioscale.Dispose();

    [Fact]
    public async Task Claims_are_run_written_and_found_fresh_and_a_moved_cost_flips_its_verdict()
    {
        Directory.CreateDirectory(Path.Combine(_ioscale.Folder, "claims"));
        _ioscale.Write("claims/12.yaml", Saving);
        _ioscale.Write("claims/31.yaml", Wires);

        BufferedCommandResult run = await _ioscale.Run("run", "claims");
        Assert.True(run.ExitCode == 0, run.StandardOutput + run.StandardError);
        Assert.Contains("Claims: 2 of 2 hold", run.StandardOutput, StringComparison.Ordinal);

        BufferedCommandResult write = await _ioscale.Run("claims", "claims", "--out", "claims.md", "--sensitivity");
        Assert.True(write.ExitCode == 0, write.StandardOutput + write.StandardError);
        string page = await File.ReadAllTextAsync(Path.Combine(_ioscale.Folder, "claims.md"));
        Assert.Contains("| [12](claims/12.yaml) | An EOI without fetch and decode costs 4.5k cycles less | D | 4500 cycles | 4,500 cycles | holds |", page, StringComparison.Ordinal);
        Assert.Contains("| `exit-eoi-emulate` |  | 12 then fails |", page, StringComparison.Ordinal);
        Assert.Contains("| `exit-eoi-fast` | 12 then fails |  |", page, StringComparison.Ordinal);

        Assert.Equal(0, (await _ioscale.Run("claims", "claims", "--out", "claims.md", "--check", "--threads", "1")).ExitCode);
    }

    /// <summary>Once there are claims there is a page of them, and it is what they give. To write it anew: <c>ioscale claims --sensitivity</c>.</summary>
    [Fact]
    public async Task The_page_of_claims_is_what_the_scenarios_give()
    {
        string scenarios = Ioscale.Source("../../scenarios/claims");
        string page = Ioscale.Source("../../docs/claims.md");
        if (!Directory.Exists(scenarios))
        {
            Assert.False(File.Exists(page));
            return;
        }

        BufferedCommandResult check = await _ioscale.Run("claims", scenarios, "--out", page, "--check");
        Assert.True(check.ExitCode == 0, check.StandardOutput + check.StandardError);
    }
}
