using IoScale.Protocol.Metrics;
using IoScale.Scenarios.Expectations;

namespace IoScale.Scenarios.Tests;

public class ExpectationTests
{
    private static readonly Dictionary<string, IReadOnlyList<MetricSample>> Runs = new(StringComparer.Ordinal)
    {
        ["before"] =
        [
            new(MetricCatalogue.VectorsAssigned, ["h0", "0"], 189),
            new(MetricCatalogue.VectorsAssigned, ["h0", "1"], 195),
            new(MetricCatalogue.VectorsAssigned, ["h1", "0"], 16),
            new(MetricCatalogue.CpuUtilizationRatio, ["h0"], 0.25),
            new(MetricCatalogue.CpuUtilizationRatio, ["h1"], 0.75),
            new(MetricCatalogue.PacketLatency, ["vm0", "0.5"], 0.0001),
            new(MetricCatalogue.PacketLatency, ["vm0", "0.99"], 0.0004),
            new(MetricCatalogue.PacketsReceived, ["vm0"], 1000),
            new(MetricCatalogue.PacketsReceived, ["vm10"], 10),
            new(MetricCatalogue.IpisDelivery, ["h0"], 300),
        ],
        ["after-2"] = [new(MetricCatalogue.IpisDelivery, ["h0"], 0), new(MetricCatalogue.PacketsReceived, ["vm0"], 990)],
    };

    [Theory]
    [InlineData("vectors_assigned == 400", true)]
    [InlineData("vectors_assigned{host=h0} == 384", true)]
    [InlineData("vectors_assigned{host=h0, pcpu=1} == 195", true)]
    [InlineData("vectors_assigned{host=h*} == 400", true)]
    [InlineData("max(vectors_assigned) - min(vectors_assigned{host=h0}) == 6", true)]
    [InlineData("count(vectors_assigned) == 3", true)]
    [InlineData("mean(vectors_assigned{host=h0}) == 192", true)]
    [InlineData("sum(cpu_utilization_ratio) == 1", true)]
    [InlineData("cpu_utilization_ratio == 50%", true)]
    [InlineData("cpu_utilization_ratio{host=h1} < 75%", false)]
    [InlineData("cpu_utilization_ratio{host=h1} <= 75%", true)]
    [InlineData("packet_latency_seconds == 400us", true)]
    [InlineData("packet_latency_seconds{quantile=0.5} == 100us", true)]
    [InlineData("packet_latency_seconds{quantile=\"0.5\"} > 0.1ms", false)]
    [InlineData("packets_received_total{vm=vm1*} == 10", true)]
    [InlineData("packets_received_total / 2 + 5 * (2 - 1) == 510", true)]
    [InlineData("packets_received_total - 10 - 10 == 990", true)]
    [InlineData("packets_received_total > -1", true)]
    [InlineData("ipis_delivery_total != 300", false)]
    [InlineData("abs(packets_received_total{vm=vm10} - 30) == 20", true)]
    [InlineData("abs(30 - packets_received_total{vm=vm10}) == 20", true)]
    [InlineData("max(packets_received_total, ipis_delivery_total, 7) == 1010", true)]
    [InlineData("min(packets_received_total, max(ipis_delivery_total), 3 * 100 + 1) == 300", true)]
    [InlineData("max((vectors_assigned)) == 195", true)]
    [InlineData("after-2.ipis_delivery_total == 0", true)]
    [InlineData("after-2.ipis_delivery_total < before.ipis_delivery_total", true)]
    [InlineData("after-2.packets_received_total >= 99% * packets_received_total{vm=vm0}", true)]
    [InlineData("after-2.packets_received_total == packets_received_total{vm=vm0} +- 10", true)]
    [InlineData("after-2.packets_received_total == packets_received_total{vm=vm0} +- 9", false)]
    [InlineData("after-2.packets_received_total == packets_received_total{vm=vm0} +- 1%", true)]
    [InlineData("after-2.packets_received_total != packets_received_total{vm=vm0} +- 1%", false)]
    [InlineData("packets_dropped_total == 0", true)]
    [InlineData("max(packets_dropped_total{where=wire}) == 0", true)]
    [InlineData("after-2.cpu_utilization_ratio < 1", false)]
    [InlineData("packets_received_total / packets_dropped_total > 0", false)]
    public void A_comparison_is_judged_by_the_metrics(string text, bool passes) =>
        Assert.Equal(passes, Expectation.Parse(text).Evaluate("before", v => Runs[v]).Passed);

    [Theory]
    [InlineData("vectors_assigned{host=h1} == 191", "left 16, right 191")]
    [InlineData("packets_received_total{vm=vm0} == after-2.packets_received_total +- 0.5%", "left 1000, right 990, allowed difference 4.95")]
    [InlineData("after-2.cpu_utilization_ratio{host=h0} < 1", "no such series: cpu_utilization_ratio{host=h0} in variant after-2")]
    [InlineData("packets_received_total / packets_dropped_total > 0", "division by zero")]
    public void The_actual_values_of_both_sides_are_shown(string text, string actual) =>
        Assert.Equal(actual, Expectation.Parse(text).Evaluate("before", v => Runs[v]).Actual);

    [Theory]
    [InlineData("functions_up", "write a comparison")]
    [InlineData("functions_up = 3", "==")]
    [InlineData("functions_up == 3 == 3", "at character 19: unexpected `==`")]
    [InlineData("functions_up == 3)", "unexpected `)`")]
    [InlineData("functions_up == ", "at character")]
    [InlineData("functions_up == 3 # note", "at character 19")]
    [InlineData("functionsup == 3", "did you mean functions_up?")]
    [InlineData("functions_up == functions_up", "with itself")]
    [InlineData("functions_up{host=h0} == functions_up{host=h0}", "with itself")]
    [InlineData("1 + 1 == 2", "names no metric")]
    [InlineData("average(functions_up) == 2", "functions: sum, max")]
    [InlineData("max(functions_up + 1) == 2", "max joins the series of one metric")]
    [InlineData("sum(functions_up, vectors_assigned) == 2", "sum joins the series of one metric")]
    [InlineData("max(min(functions_up)) == 2", "max joins the series of one metric")]
    [InlineData("abs(functions_up, 1) == 2", "abs takes one value")]
    [InlineData("max(functions_up, 1ms) == 2", "compares functions with seconds")]
    [InlineData("max(functions_up, ) == 2", "at character")]
    [InlineData("functions_up{host} == 2", "has no value")]
    [InlineData("functions_up{} == 2", "has no label")]
    [InlineData("functions_up{vm=vm0} == 2", "its labels: host")]
    [InlineData("functions_up < 2 +- 1", "belongs to == or !=")]
    [InlineData("functions_up == 2 +- -1", "negative")]
    [InlineData("packet_latency_seconds < 2kHz", "compares seconds with hertz")]
    [InlineData("packet_latency_seconds + 1Gbps < 2", "compares seconds with bits per second")]
    [InlineData("cpu_utilization_cores < 90%", "compares cores with ratio")]
    [InlineData("packet_latency_seconds < 2parsecs", "unknown unit")]
    [InlineData("goodput_bits_per_second == 3Gbps +- 3ms", "compares")]
    public void What_is_no_comparison_is_refused_with_what_would_be_right(string text, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => Expectation.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_parentheses_are_refused() =>
        Assert.Throws<FormatException>(() => Expectation.Parse(new string('(', 900) + "functions_up == 1"));

    [Fact]
    public void An_expectation_without_a_variant_holds_for_each_and_one_with_variants_is_judged_once()
    {
        Scenario scenario = Text.Parse(Text.Small + """

              - a.functions_up == b.functions_up
              - b.functions_up < 7
              - functions_up <= a.functions_up
            variants: [{name: a}, {name: b, expect: [functions_refused == 0]}]
            """);

        Assert.Equal(["functions_up == 6", "a.functions_up == b.functions_up", "functions_up <= a.functions_up"], scenario.Variants[0].Expectations.Select(e => e.Text));
        Assert.Equal(["functions_up == 6", "b.functions_up < 7", "functions_up <= a.functions_up", "functions_refused == 0"], scenario.Variants[1].Expectations.Select(e => e.Text));
    }
}
