using IoScale.Protocol.Metrics;
using IoScale.Scenarios.Claims;

namespace IoScale.Scenarios.Tests;

/// <summary>What a scenario is evidence for.</summary>
public class ClaimTests
{
    private const string Claimed = """
        apiVersion: ioscale/v1
        name: claimed
        claim:
          id: 15b
          claim: "Affinity tracking | removes IPIs"
          basis: D/R-M
          expected: 0 IPIs
          measured:
            - {label: before, value: before.ipis_delivery_total / before.interrupts_total, unit: IPIs per interrupt, decimals: 2}
            - {value: "max(after.packet_latency_seconds{quantile=0.99})", unit: us later}
          calibrated: nothing
          predicted: the IPIs
        duration: 100ms
        hosts: [{name: h0, pcpus: 2}]
        variants: [{name: before}, {name: after, expect: [ipis_delivery_total == 0]}]
        """;

    private static readonly Dictionary<string, IReadOnlyList<MetricSample>> Runs = new(StringComparer.Ordinal)
    {
        ["before"] = [new(MetricCatalogue.IpisDelivery, ["h0"], 4000), new(MetricCatalogue.Interrupts, ["h0", "vm0", "vf"], 3000)],
        ["after"] = [new(MetricCatalogue.PacketLatency, ["vm0", "0.99"], 0.000123456)],
    };

    [Fact]
    public void A_claim_is_read_whole_and_comes_back_from_the_resolved_scenario()
    {
        Scenario scenario = Text.Parse(Claimed);
        Scenario again = Text.Parse(scenario.ResolvedYaml);

        Assert.Equal(("15b", "Affinity tracking | removes IPIs", "D/R-M", "0 IPIs", "nothing", "the IPIs"), Words(scenario.Claim!));
        Assert.Equal(Words(scenario.Claim!), Words(again.Claim!));
        Assert.Equal([("before", 2, "IPIs per interrupt"), ("", (int?)null, "us later")], again.Claim!.Measured.Select(m => (m.Label, m.Decimals, m.Unit)));
        Assert.Equal(scenario.Claim!.Measured.Select(m => m.Value), again.Claim.Measured.Select(m => m.Value));
        Assert.Equal(scenario.ResolvedYaml, again.ResolvedYaml);
    }

    [Fact]
    public void What_was_measured_is_shown_in_its_unit() =>
        Assert.Equal(["1.33 IPIs per interrupt", "123.5 us later"], Text.Parse(Claimed).Claim!.Measured.Select(m => m.Evaluate("before", v => Runs[v]).Text));

    [Theory]
    [InlineData("ipis_delivery_total", "", "4,000")]
    [InlineData("ipis_delivery_total / 3", "", "1,333")]
    [InlineData("ipis_delivery_total / 300", "", "13.33")]
    [InlineData("ipis_delivery_total / 3000000", "", "0.001333")]
    [InlineData("ipis_delivery_total / 3", ", decimals: 0", "1,333")]
    [InlineData("ipis_delivery_total / 30000", ", decimals: 3", "0.133")]
    [InlineData("0 - ipis_delivery_total / interrupts_total / 100000000", ", decimals: 2, unit: \"% of one core\"", "0.00 % of one core")]
    [InlineData("0 - ipis_delivery_total / interrupts_total", ", unit: \"%\", decimals: 1", "-133.3 %")]
    [InlineData("ipis_delivery_total / interrupts_total", ", unit: \"% of one core\"", "133.3 % of one core")]
    [InlineData("packet_latency_seconds", "", "no value: no such series: packet_latency_seconds in variant base")]
    [InlineData("1 / packets_dropped_total", "", "no value: division by zero")]
    public void A_number_is_shown_in_its_unit_with_its_decimals(string value, string keys, string shown)
    {
        string text = $"{{value: {value}{keys}}}";
        Claim claim = Text.Parse($"{Text.Small}\nclaim: {{id: 1, claim: c, basis: A, expected: e, measured: [{text}], calibrated: c, predicted: p}}\n").Claim!;

        Assert.Equal(shown, claim.Measured[0].Evaluate("base", _ => Runs["before"]).Text);
    }

    [Fact]
    public void A_value_may_stand_alone()
    {
        Claim claim = Text.Parse($"{Text.Small}\nclaim: {{id: 1, claim: c, basis: A, expected: e, measured: ipis_delivery_total, calibrated: c, predicted: p}}\n").Claim!;

        Assert.Equal((4000.0, "4,000"), claim.Measured.Single().Evaluate("base", _ => Runs["before"]));
    }

    [Fact]
    public void Claims_are_in_the_order_of_their_numbers() =>
        Assert.Equal(["2", "9", "12", "12a", "12b", "101"], new[] { "101", "12b", "9", "12", "12a", "2" }.Order(Comparer<string>.Create(Claim.Compare)));

    [Theory]
    [InlineData("id: 15b", "id: b1", "4: claim.id", "for example 12 or 12b")]
    [InlineData("basis: D/R-M", "basis: D/Q", "6: claim.basis", "write one of V, D, A, X")]
    [InlineData("  expected: 0 IPIs\n", "", "4: claim.expected", "is missing")]
    [InlineData("before.interrupts_total", "interrupts_total", "9: claim.measured[0].value", "names no variant; write for example before.interrupts_total")]
    [InlineData("before.interrupts_total", "befor.interrupts_total", "9: claim.measured[0].value", "did you mean before?")]
    [InlineData("before.interrupts_total", "before.interrupt_total", "9: claim.measured[0].value", "did you mean interrupts_total?")]
    [InlineData("before.ipis_delivery_total / before.interrupts_total", "1 / 2", "9: claim.measured[0].value", "names no metric")]
    [InlineData("before.ipis_delivery_total / before.interrupts_total", "before.ipis_delivery_total == 0", "9: claim.measured[0].value", "write a value such as")]
    [InlineData("unit: us later", "unit: Gbps", "10: claim.measured[1].value", "is in seconds and cannot be shown in")]
    [InlineData("decimals: 2", "decimals: 7", "9: claim.measured[0].decimals", "from 0 to 6")]
    [InlineData(", expect: [ipis_delivery_total == 0]", "", "4: claim", "has no verdict")]
    public void A_mistake_in_a_claim_is_reported_under_its_key(string line, string replacement, string place, string says)
    {
        Assert.Contains(line, Claimed, StringComparison.Ordinal);

        Assert.Contains(Text.Mistakes(Claimed.Replace(line, replacement, StringComparison.Ordinal)),
            m => m.StartsWith($"test.yaml:{place}: ", StringComparison.Ordinal) && m.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void A_claim_cannot_be_overridden() =>
        Assert.Contains("cannot be overridden", Assert.Single(Text.Mistakes(Claimed, "claim.id=3")), StringComparison.Ordinal);

    private static (string, string, string, string, string, string) Words(Claim claim) =>
        (claim.Id, claim.Text, claim.Basis, claim.Expected, claim.Calibrated, claim.Predicted);
}
