namespace IoScale.Scenarios.Tests;

/// <summary>Each mistake is found in its line, under its key, with what would be right.</summary>
public class MistakeTests
{
    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        // What is replaced, by what, where the mistake is shown, and what the message says.
        { "name: small", "name: \"sm all\"", "test.yaml:2: name", "is not a name" },
        { "name: small", "name: con", "test.yaml:2: name", "Windows" },
        { "name: small", "nmae: small", "test.yaml:2: nmae", "did you mean name?" },
        { "name: small", "nmae: small", "test.yaml:1: name", "is missing" },
        { "apiVersion: ioscale/v1", "apiVersion: ioscale/v2", "test.yaml:1: apiVersion", "this program reads ioscale/v1" },
        { "duration: 100ms", "duration: 100", "test.yaml:3: duration", "write for example 100ms" },
        { "duration: 100ms", "duration: 100msec", "test.yaml:3: duration", "unknown unit" },
        { "duration: 100ms", "duration: 100MS", "test.yaml:3: duration", "did you mean 100ms?" },
        { "duration: 100ms", "duration: -5ms", "test.yaml:3: duration", "from 1ns to" },
        { "duration: 100ms", "duration: 0.1ps", "test.yaml:3: duration", "finer than 1ps" },
        { "duration: 100ms", "duration: 99999999999999999999s", "test.yaml:3: duration", "too large" },
        { "duration: 100ms", "duration:", "test.yaml:3: duration", "has no value" },
        { "duration: 100ms", "duration: [100ms]", "test.yaml:3: duration", "is a list" },
        { "duration: 100ms", "duration: 5ms", "test.yaml:4: warmUp", "less than duration" },
        { "warmUp: 10ms", "warmUp: 10ms\nwarmUp: 20ms", "test.yaml:5: warmUp", "written twice" },
        { "warmUp: 10ms", "costProfile: nehalem", "test.yaml:4: costProfile", "did you mean nehalem-2009?" },
        { "warmUp: 10ms", "costs: {exit-bare: 1500}", "test.yaml:4: costs.exit-bare", "1500cycles" },
        { "warmUp: 10ms", "costs: {exit-beer: 1500cycles}", "test.yaml:4: costs.exit-beer", "did you mean exit-bare?" },
        { "warmUp: 10ms", "seed: -1", "test.yaml:4: seed", "from 0 to" },
        { "    pcpus: 8", "    pcpus: 0", "test.yaml:8: hosts[h0].pcpus", "from 1 to" },
        { "    pcpus: 8", "    pcpus: \"8\"", "test.yaml:8: hosts[h0].pcpus", "without quotes" },
        { "    pcpus: 8", "    pcpus: 7", "test.yaml:8: hosts[h0].pcpus", "cannot be shared evenly by 2 sockets" },
        { "    pcpus: 8", "    pcpus: 16\n    vectors: {destination: flat}", "test.yaml:9: hosts[h0].vectors.destination", "at most 8 pCPUs" },
        { "    pcpus: 8", "    pcpus: 8\n    vectors: {allocator: xen-2009}", "test.yaml:9: hosts[h0].vectors.allocator", "did you mean xen-2009-global?" },
        { "    pcpus: 8", "    pcpus: 8\n    iommu: {remapping: yes}", "test.yaml:9: hosts[h0].iommu.remapping", "true or false" },
        { "    pcpus: 8", "    pcpus: 8\n    scheduler: {tick: 50ms}", "test.yaml:9: hosts[h0].scheduler.tick", "longer than the slice" },
        { "model: 82599", "model: 82577", "test.yaml:10: hosts[h0].nics[nic0].model", "did you mean 82576?" },
        { "model: 82599", "model: 82599, socket: 2", "test.yaml:10: hosts[h0].nics[nic0].socket", "0 to 1" },
        { "vfs: [4, 0]", "vfs: 64", "test.yaml:10: hosts[h0].nics[nic0].vfs", "at most 63" },
        { "vfs: [4, 0]", "vfs: [4]", "test.yaml:10: hosts[h0].nics[nic0].vfs", "2 numbers" },
        { "model: 82599, vfs: [4, 0]", "model: xl710, vfs: 100", "test.yaml:10: hosts[h0].nics[nic0].vfs", "share 128" },
        { "model: 82599, vfs: [4, 0]", "model: e810, vfs: 128, vectorsPerVf: 9", "test.yaml:10: hosts[h0].nics[nic0].vectorsPerVf", "gives each of them 5" },
        { "model: 82599, vfs: [4, 0]", "model: e810, vfs: 128, vectorsPerPf: 1024", "test.yaml:10: hosts[h0].nics[nic0].vfs", "do not suffice" },
        { "vfs: [4, 0]", "vfs: [4, 0], vectorsPerVf: 4", "test.yaml:10: hosts[h0].nics[nic0].vectorsPerVf", "has 3" },
        { "vfs: [4, 0]", "vfs: [4, 0], rxRing: 32", "test.yaml:10: hosts[h0].nics[nic0].rxRing", "64 to 4096" },
        { "vfs: [4, 0]", "vfs: [4, 0], coalescing: {rate: 100Hz}", "test.yaml:10: hosts[h0].nics[nic0].coalescing.rate", "its range is 956Hz to" },
        { "vfs: [4, 0]", "vfs: [4, 0], coalescing: {policy: aic, rate: 2kHz}", "test.yaml:10: hosts[h0].nics[nic0].coalescing.rate", "belongs to the policy fixed" },
        { "vfs: [4, 0]", "vfs: [4, 0], coalescing: {redundancy: 120%}", "test.yaml:10: hosts[h0].nics[nic0].coalescing.redundancy", "" },
        { "vfs: [4, 0]", "vfs: [4, 0], coalescing: {rate: 2kHz, rx: {rate: 2kHz}}", "test.yaml:10: hosts[h0].nics[nic0].coalescing.rate", "beside rx or tx" },
        { "name: nic0, model", "name: \"nic[0..1]\", modle", "test.yaml:10: hosts[h0].nics[nic[0..1]].modle", "did you mean model?" },
        { "name: vm0,", "name: vm1,", "test.yaml:13: vms[vm1].name", "name of two VMs" },
        { "name: vm0,", "name: VM1,", "test.yaml:13: vms[vm1].name", "only in case" },
        { "name: vm0,", "name: external,", "test.yaml:12: vms[external].name", "station outside" },
        { "name: vm0,", "name: \"vm[0..\",", "test.yaml:12: vms.name", "is not a range" },
        { "name: vm0,", "name: \"vm[3..1]\",", "test.yaml:12: vms.name", "counts down" },
        { "name: lone", "name: \"q[0..1]\", vf: \"nic0.p0.vf[1..3]\"", "test.yaml:14: vms[q[0..1]].vf", "same length" },
        { "name: lone", "name: q, vf: \"nic0.p0.vf[1..3]\"", "test.yaml:14: vms[q].vf", "name stands for one VM" },
        { "name: lone", "name: q, vf: nic0.p0.vf1", "test.yaml:14: vms[q].vf", "used by vm1 already" },
        { "name: lone", "name: q, vf: nic0.p0.vf4", "test.yaml:14: vms[q].vf", "vf0 to vf3" },
        { "name: lone", "name: q, vf: nic0.p1.vf0", "test.yaml:14: vms[q].vf", "no VFs are enabled there" },
        { "name: lone", "name: q, vf: nic0.p2.vf0", "test.yaml:14: vms[q].vf", "p0 to p1" },
        { "name: lone", "name: q, vf: nic1.p0.vf0", "test.yaml:14: vms[q].vf", "did you mean nic0?" },
        { "name: lone", "name: q, vf: nic0", "test.yaml:14: vms[q].vf", "nic0.p0.vf3" },
        { "name: lone", "name: q, vf: nic0.p0.vf2, vfs: [nic0.p0.vf3]", "test.yaml:14: vms[q].vf", "list all VFs under vfs" },
        { "name: lone", "name: q, host: h1", "test.yaml:14: vms[q].host", "did you mean h0?" },
        { "name: lone", "name: q, pin: 8", "test.yaml:14: vms[q].pin", "0 to 7" },
        { "name: lone", "name: q, pin: [1, 2]", "test.yaml:14: vms[q].pin", "2 pCPUs for 1 vCPUs" },
        { "name: lone", "name: q, pin: any", "test.yaml:14: vms[q].pin", "or float" },
        { "name: lone", "name: q, pin: 1, start: 2", "test.yaml:14: vms[q].start", "pinned to 1" },
        { "name: lone", "name: q, socket: 2", "test.yaml:14: vms[q].socket", "0 to 1" },
        { "name: lone", "name: q, socket: 1, pin: 0", "test.yaml:14: vms[q].pin", "4 to 7" },
        { "name: lone", "name: q, interruptVcpu: 1", "test.yaml:14: vms[q].interruptVcpu", "0 to 0" },
        { "name: lone", "name: q, weight: 0", "test.yaml:14: vms[q].weight", "from 1 to 65535" },
        { "name: lone", "name: q, applicationCycles: 100", "test.yaml:14: vms[q].applicationCycles", "100cycles" },
        { "rate: 1Gbps", "rate: 0Gbps", "test.yaml:16: traffic[rx].rate", "from 1bps" },
        { "rate: 1Gbps", "rate: 1Gbps, frame: 63B", "test.yaml:16: traffic[rx].frame", "from 64B to 9018B" },
        { "rate: 1Gbps", "rate: 1Gbps, frame: 1500", "test.yaml:16: traffic[rx].frame", "1500B" },
        { "rate: 1Gbps", "rate: 10Gbps, arrival: on-off, on: 1ns, off: 3ms", "test.yaml:16: traffic[rx].on", "10Tbps" },
        { "rate: 1Gbps", "rate: 1Gbps, arrival: on-off, on: 1ms", "test.yaml:16: traffic[rx].off", "is missing" },
        { "rate: 1Gbps", "rate: 1Gbps, on: 1ms", "test.yaml:16: traffic[rx].on", "belongs to arrival on-off" },
        { "rate: 1Gbps", "rate: 1Gbps, start: 100ms", "test.yaml:16: traffic[rx].start", "ends at 100ms" },
        { "rate: 1Gbps", "rate: 1Gbps, start: 20ms, stop: 20ms", "test.yaml:16: traffic[rx].stop", "not after start" },
        { "to: \"vm*\"", "to: \"xm*\"", "test.yaml:16: traffic[rx].to", "no VM matches" },
        { "to: \"vm*\"", "to: vm3", "test.yaml:16: traffic[rx].to", "there is no VM" },
        { "to: \"vm*\"", "to: lone", "test.yaml:16: traffic[rx].to", "lone has no VF" },
        { "to: \"vm*\"", "to: vm0, toVf: 1", "test.yaml:16: traffic[rx].toVf", "0 to 0" },
        { "to: \"vm*\"", "to: external", "test.yaml:16: traffic[rx].to", "both ends are external" },
        { "to: \"vm*\"", "from: vm0, to: vm0", "test.yaml:16: traffic[rx].to", "to itself" },
        { "to: \"vm*\"", "from: \"vm[0..1]\", to: \"*\"", "test.yaml:16: traffic[rx].to", "stands for 3 VMs and from for 2" },
        { "at: 50ms", "at: 100ms", "test.yaml:18: timeline[0].at", "ends at 100ms" },
        { "do: migrate-vcpu", "do: migrate", "test.yaml:18: timeline[0].do", "did you mean migrate-vcpu?" },
        { "vm: vm0, vcpu: 1", "vm: vm7, vcpu: 1", "test.yaml:18: timeline[0].vm", "there is no VM" },
        { "vm: vm0, vcpu: 1", "vm: vm0, vcpu: 2", "test.yaml:18: timeline[0].vcpu", "0 to 1" },
        { "pcpu: 3", "pcpu: 8", "test.yaml:18: timeline[0].pcpu", "0 to 7" },
        { ", pcpu: 3", "", "test.yaml:18: timeline[0].pcpu", "needs vm and pcpu" },
        { "do: migrate-vcpu, vm: vm0, vcpu: 1, pcpu: 3", "do: offline-pcpu, pcpu: 3, vm: vm0", "test.yaml:18: timeline[0].vm", "does not belong to offline-pcpu" },
        { "do: migrate-vcpu, vm: vm0, vcpu: 1, pcpu: 3", "do: set-affinity, device: nic0.p0.vf0, pcpus: [9]", "test.yaml:18: timeline[0].pcpus", "0 to 7" },
        { "do: migrate-vcpu, vm: vm0, vcpu: 1, pcpu: 3", "do: set-affinity, device: nic0.p0.vf0, pcpus: [1], vector: 3", "test.yaml:18: timeline[0].vector", "0 to 2" },
        { "do: migrate-vcpu, vm: vm0, vcpu: 1, pcpu: 3", "do: reset-device, device: nic0.p0.vf9", "test.yaml:18: timeline[0].device", "vf0 to vf3" },
        { "functions_up == 6", "functions_pu == 6", "test.yaml:20: expect[0]", "did you mean functions_up?" },
        { "functions_up == 6", "functions_up{hots=h0} == 6", "test.yaml:20: expect[0]", "did you mean host?" },
        { "functions_up == 6", "functions_up{host=h9} == 6", "test.yaml:20: expect[0]", "did you mean h0?" },
        { "functions_up == 6", "packets_received_total{vm=vn*} == 0", "test.yaml:20: expect[0]", "no vm matches" },
        { "functions_up == 6", "bsae.functions_up == 6", "test.yaml:20: expect[0]", "did you mean base?" },
        { "functions_up == 6", "functions_up", "test.yaml:20: expect[0]", "write a comparison" },
        { "functions_up == 6", "6 == 6", "test.yaml:20: expect[0]", "compares nothing" },
        { "  - functions_up == 6", "  - ", "test.yaml:20: expect[0]", "is empty" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_reported_in_its_line_under_its_key(string line, string replacement, string place, string says)
    {
        IReadOnlyList<string> mistakes = Text.Mistakes(Text.With(line, replacement));

        Assert.Contains(mistakes, m => m.StartsWith(place + ": ", StringComparison.Ordinal) && m.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void The_small_scenario_itself_has_no_mistake() => Assert.Empty(Text.Mistakes(Text.Small));

    [Fact]
    public void All_mistakes_come_at_once_in_the_order_of_their_lines()
    {
        string text = Text.Small
            .Replace("functions_up", "functions_pu", StringComparison.Ordinal)
            .Replace("vfs: [4, 0]", "vfs: [400, 0]", StringComparison.Ordinal)
            .Replace("100ms", "100", StringComparison.Ordinal)
            .Replace("name: rx,", "name: rx, bust: 3,", StringComparison.Ordinal);

        IReadOnlyList<string> mistakes = Text.Mistakes(text);

        Assert.Equal(["3", "10", "16", "20"], mistakes.Select(m => m.Split(':')[1]));
    }

    [Theory]
    [InlineData("    pcpus: 8", "    pcpus: many")]
    [InlineData("name: nic0, model: 82599", "name: nic0, model: nianti")]
    [InlineData("  - name: h0", "  - name: h/0")]
    [InlineData("vfs: [4, 0]", "vfs: [4, 0, 0]")]
    [InlineData("sockets: 2", "sockets: 3")]
    [InlineData("name: vm0,", "name: \"vm[0..9\",")]
    public void A_wrong_value_raises_no_mistakes_elsewhere(string line, string replacement) =>
        Assert.Single(Text.Mistakes(Text.With(line, replacement)));

    [Fact]
    public void Without_hosts_only_that_is_a_mistake() =>
        Assert.Contains("at least 1", Assert.Single(Text.Mistakes("apiVersion: ioscale/v1\nname: none\nduration: 1ms\nhosts: []\nexpect: [\"cpu_cycles_total{pcpu=1} == 0\"]\n")), StringComparison.Ordinal);

    [Fact]
    public void Mistakes_of_a_range_are_counted_rather_than_repeated()
    {
        IReadOnlyList<string> mistakes = Text.Mistakes(Text.With("name: lone", "name: \"q[0..39]\", vf: \"nic0.p0.vf[10..49]\""));

        Assert.Equal(4, mistakes.Count);
        Assert.Contains("and 37 more mistakes like these", mistakes[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_that_nothing_links_need_a_fabric()
    {
        string text = Text.Small.Replace("vfs: [4, 0]", "vfs: 4", StringComparison.Ordinal)
            .Replace("name: vm1, vf: nic0.p0.vf1", "name: vm1, vf: nic0.p1.vf1", StringComparison.Ordinal)
            .Replace("name: rx, to: \"vm*\"", "name: rx, from: vm0, to: vm1", StringComparison.Ordinal);

        Assert.Contains("add a fabric", Assert.Single(Text.Mistakes(text)), StringComparison.Ordinal);
        Assert.Empty(Text.Mistakes(text + "\nfabric: {latency: 1us}\n"));
    }

    [Fact]
    public void With_several_hosts_a_vm_says_which()
    {
        IReadOnlyList<string> mistakes = Text.Mistakes(Text.With("  - name: h0", "  - name: h[0..1]"));

        Assert.Contains(mistakes, m => m.StartsWith("test.yaml:14: vms[lone].host: is missing", StringComparison.Ordinal));
    }
}
