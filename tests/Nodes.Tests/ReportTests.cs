using IoScale.Nodes.Reports;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Scenarios.Expectations;

namespace IoScale.Nodes.Tests;

public class ReportTests
{
    private static readonly string[] SixNames = ["slide-global", "xen-2009-global", "xen-2009-percpu-flat", "xen-2009-percpu", "xen", "linux"];

    [Fact]
    public void The_first_line_says_which_variants_run_out() =>
        Assert.StartsWith("niantic: 3 of 6 variants fit; slide-global, xen-2009-global, xen-2009-percpu-flat run out of vectors", Text(Six()), StringComparison.Ordinal);

    [Fact]
    public void The_first_line_says_first_that_an_expectation_failed()
    {
        ScenarioResult result = Samples.Result(Samples.Variant("base", Samples.Outcome(Samples.Metrics(384, 2)), null, new ExpectationResult("a == 1", false, "2 == 1"), new ExpectationResult("b == 1", true, "1 == 1")));
        string text = Text(result);
        Assert.StartsWith("niantic: FAILED, 1 of 2 expectations not met; fits: all 384 vectors assigned\n", text, StringComparison.Ordinal);
        Assert.Contains(" FAIL  base     a == 1       2 == 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_says_how_far_it_came()
    {
        ScenarioResult result = Samples.Result(Samples.Variant("base", Samples.Outcome(Samples.Metrics(384, 2), timePs: 4_000_000_000))) with { Interrupted = true };
        Assert.StartsWith("niantic: INTERRUPTED at 4 ms of 10 ms virtual time", Text(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(6, 126)]
    [InlineData(14, 3)]
    public void No_line_is_wider_than_the_report_and_none_has_trailing_blanks_or_escapes(int variants, int vms)
    {
        string text = Text(Samples.Result([.. Enumerable.Range(0, variants).Select(i => Samples.Variant($"{SixNames[i % 6]}-{i}", Samples.Outcome(Samples.Metrics(384, vms))))]));
        Assert.All(text.Split('\n'), line =>
        {
            Assert.InRange(line.Length, 0, Terminal.ReportWidth);
            Assert.Equal(line.TrimEnd(), line);
        });
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Every_cycle_is_in_one_row_and_the_rows_sum_to_all_of_them()
    {
        string[] lines = Text(Samples.Result(Samples.Variant("base", Samples.Outcome(Samples.Metrics(384, 2))))).Split('\n');
        int heading = Array.FindIndex(lines, l => l.StartsWith("Where every CPU cycle went (% of the host (4 cores))", StringComparison.Ordinal));
        Assert.Equal(["guest 25.0 %", "exit-eoi 6.3 %", "idle 68.8 %", "sum 100.0 %"], lines[(heading + 4)..(heading + 8)].Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void Costs_are_rates_over_the_measured_window_and_name_their_base()
    {
        string text = Text(Samples.Result(Samples.Variant("base", Samples.Outcome(Samples.Metrics(384, 2)))));
        Assert.Matches(@"device interrupts/s +100 k\n", text);
        Assert.Matches(@"VM exits/s +1\.30 M\n", text);
        Assert.Matches(@"IPIs per interrupt +2\.00\n", text);
        Assert.Matches(@"CPU, % of the host \(4 cores\) +31\.3 %\n", text);
        Assert.Matches(@"CPU, in cores +1\.25\n", text);
    }

    [Fact]
    public void The_VMs_that_lost_frames_are_shown_first_and_not_all_126()
    {
        string text = Text(Six());
        Assert.Contains("VMs that fared worst", text, StringComparison.Ordinal);
        Assert.Contains("slide-global          vm1 ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("vm60 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_note_of_all_variants_is_said_once() =>
        Assert.Contains("Notes\n  all: pCPU 3 stays online\n", Text(Six()), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234, "1234")]
    [InlineData(96_000, "96.0 k")]
    [InlineData(999_999, "1.00 M")]
    [InlineData(1.23456, "1.23")]
    [InlineData(double.NaN, "-")]
    public void Short_numbers_have_three_digits(double value, string text) => Assert.Equal(text, Numbers.Short(value));

    private static ScenarioResult Six() => Samples.Result([.. SixNames.Select((n, i) =>
        Samples.Variant(n, Samples.Outcome(Samples.Metrics(i < 3 ? 191 : 384, 126), i < 3 ? [Samples.Refusal] : [], notes: ["pCPU 3 stays online"])))]);

    private static string Text(ScenarioResult result) =>
        Samples.Print(console => RunReport.Write(console, result, new HostFacts(1.5, result.Events, 2), "out/niantic", null));
}
