using IoScale.Hardware.Platform;

namespace IoScale.Scenarios.Tests;

/// <summary>Variants and the command line.</summary>
public class OverrideTests
{
    private const string Variants = Text.Small + """

        variants:
          - name: many
            set:
              "hosts[*].pcpus": 16
              "vms[vm[0..1]].busy": true
              "hosts[h0].vectors.allocator": linux
          - {name: plain}
        """;

    [Fact]
    public void A_variant_replaces_what_it_names_and_nothing_else()
    {
        Scenario scenario = Text.Parse(Variants);
        SystemSpec many = scenario.Variants[0].System;

        Assert.Equal(["many", "plain"], scenario.Variants.Select(v => v.Name));
        Assert.Equal((16, VectorAllocatorKind.Linux), (many.Hosts[0].PCpus, many.Hosts[0].Allocator));
        Assert.Equal([true, true, false], many.Vms.Select(v => v.Busy));
        Assert.Equal(Text.Dump(Text.System(Text.Small)), Text.Dump(scenario.Variants[1].System));
    }

    [Fact]
    public void The_command_line_wins_in_every_variant()
    {
        Scenario scenario = ScenarioLoader.Parse("test.yaml", Variants, ["hosts[*].pcpus=16", "traffic[rx].rate = 5Mbps", "vms[lone].pin=[1]"], seed: 77, untilPs: 60_000_000_000);

        Assert.All(scenario.Variants, v =>
        {
            Assert.Equal(16, v.System.Hosts[0].PCpus);
            Assert.Equal(5_000_000, v.System.Flows[0].RateBps);
            Assert.Equal([1], v.System.Vms[2].Pins);
            Assert.Equal((77UL, 60_000_000_000), (v.System.Seed, v.System.DurationPs));
        });
        Assert.Equal(Text.Dump(scenario.Variants[0].System), Text.Dump(Text.Parse(scenario.ResolvedYaml).Variants[0].System));
    }

    [Fact]
    public void What_comes_after_until_is_left_out()
    {
        SystemSpec system = ScenarioLoader.Parse(
            "test.yaml", Text.With("rate: 1Gbps}", "rate: 1Gbps, stop: 80ms}\n  - {name: late, to: vm0, rate: 1Mbps, start: 60ms}"), untilPs: 40_000_000_000).Variants[0].System;

        Assert.Empty(system.Timeline);
        Assert.All(system.Flows, f => Assert.StartsWith("rx-", f.Name, StringComparison.Ordinal));
        Assert.All(system.Flows, f => Assert.Equal(40_000_000_000, f.StopPs));
    }

    [Fact]
    public void Null_goes_back_to_the_default() =>
        Assert.Equal(0, Text.System(Text.Small, "warmUp=null").WarmUpPs);

    [Theory]
    [InlineData("hosts[*].pcpu=8", "--set: hosts[*].pcpu: ", "did you mean pcpus?")]
    [InlineData("hosts[h1].pcpus=8", "--set: hosts[h1].pcpus: ", "did you mean h0?")]
    [InlineData("hosts.pcpus=8", "--set: hosts.pcpus: ", "hosts[*]")]
    [InlineData("vms[q*].busy=true", "--set: vms[q*].busy: ", "matches nothing")]
    [InlineData("vms[vm[0..]].busy=true", "--set: vms[vm[0..]].busy: ", "is not a range")]
    [InlineData("seed[0]=1", "--set: seed[0]: ", "no elements")]
    [InlineData("seed.x=1", "--set: seed.x: ", "no keys")]
    [InlineData("name=other", "--set: name: ", "cannot be overridden")]
    [InlineData("hosts[*]..pcpus=1", "--set: hosts[*]..pcpus: ", "is not a path at character 10")]
    [InlineData("timeline[1].at=1ms", "--set: timeline[1].at: ", "holds 1 elements")]
    [InlineData("hosts[*].pcpus=eight", "--set: hosts[h0].pcpus: ", "whole number")]
    [InlineData("hosts[*].nics[*].vfs=[1", "--set: ", "is not YAML")]
    [InlineData("seed", "--set: ", "is not path=value")]
    public void A_wrong_override_names_itself(string set, string place, string says)
    {
        string mistake = Assert.Single(Text.Mistakes(Text.Small, set));

        Assert.StartsWith(place, mistake, StringComparison.Ordinal);
        Assert.Contains(says, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"hosts[*].pcpus\": 16", "\"hosts[*].pcpus\": 15", "test.yaml:24: hosts[h0].pcpus: ", "(in variant many)")]
    [InlineData("\"hosts[*].pcpus\": 16", "\"hosts[*].pcpus\": 2", "test.yaml:18: timeline[0].pcpu: ", "(in variant many)")]
    [InlineData("\"hosts[*].pcpus\": 16", "\"hosts[x].pcpus\": 16", "test.yaml:24: hosts[x].pcpus: ", "matches nothing")]
    [InlineData("{name: plain}", "{name: Many}", "test.yaml:27: variants[Many].name: ", "more than case")]
    [InlineData("{name: plain}", "{name: plain, expect: [many.functions_up == man.functions_up]}", "test.yaml:27: variants[plain].expect[0]: ", "did you mean many?")]
    public void A_mistake_in_a_variant_is_shown_where_it_is_written(string line, string replacement, string place, string says)
    {
        string mistake = Assert.Single(Text.Mistakes(Variants.Replace(line, replacement, StringComparison.Ordinal)));

        Assert.StartsWith(place, mistake, StringComparison.Ordinal);
        Assert.Contains(says, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variant_can_bring_and_remove_whole_parts()
    {
        const string Text2 = Text.Small + """

            fabric: {latency: 5us}
            variants:
              - name: other
                set:
                  fabric: null
                  timeline: []
                  vms: [{name: "vm[0..3]", vf: "nic0.p0.vf[0..3]"}]
                  "vms[vm2].weight": 512
            """;

        Scenario scenario = Text.Parse(Text2);
        SystemSpec other = scenario.Variants[0].System;

        Assert.Null(other.Fabric);
        Assert.Equal([256, 256, 512, 256], other.Vms.Select(v => v.Weight));
        Assert.Equal(4, other.Flows.Count);
        Assert.Equal(Text.Dump(other), Text.Dump(Text.Parse(scenario.ResolvedYaml).Variants[0].System));
    }
}
