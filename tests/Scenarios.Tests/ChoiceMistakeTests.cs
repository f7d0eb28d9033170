namespace IoScale.Scenarios.Tests;

/// <summary>Choices that cannot go together are refused with the reason and the nearest valid one.</summary>
public class ChoiceMistakeTests
{
    /// <summary>Two VMs with a vif, one with a VF, one with neither.</summary>
    private const string Bridged = """
        apiVersion: ioscale/v1
        name: bridged
        duration: 100ms
        costProfile: skylake-2020
        hosts:
          - name: h0
            pcpus: 8
            dom0: {vcpus: 2}
            netback: {assignment: least-loaded}
            nics: [{name: nic0, model: 82599, vfs: [4, 0]}]
        vms:
          - {name: "pv[0..1]", domid: "[1..2]0", virtualization: pv, vif: nic0.p0}
          - {name: direct, vf: nic0.p0.vf0}
          - {name: lone}
        traffic:
          - {name: rx, to: "pv*", rate: 1Gbps}
        timeline:
          - {at: 50ms, do: set-notification, vm: pv0, policy: netback-rate, rate: 1kHz}
        """;

    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        // What is replaced, by what, where the mistake is shown, and what the message says.
        { "    pcpus: 8", "    pcpus: 8\n    delivery: posted", "8: hosts[h0].delivery", "write eoi: apicv, or delivery: follow-vcpu" },
        { "    pcpus: 8", "    pcpus: 8\n    delivery: posted\n    eoi: apicv\n    iommu: {remapping: false}", "8: hosts[h0].delivery", "write iommu: {remapping: true}" },
        { "costProfile: skylake-2020", "costs: {posted-delivery: 300cycles}", "4: costs.posted-delivery", "costProfile: skylake-2020" },
        { "    netback: {assignment: least-loaded}", "    netback: {shards: 2}", "9: hosts[h0].netback.shards", "write assignment: domid or least-loaded" },
        { "    netback: {assignment: least-loaded}", "    netback: {assignment: per-vif-thread, shards: 3}", "9: hosts[h0].netback.shards", "2 vifs has a thread of its own" },
        { "    netback: {assignment: least-loaded}", "    netback: {assignment: per-vif-thread, execution: tasklet}", "9: hosts[h0].netback.execution", "write kthread" },
        { "    netback: {assignment: least-loaded}", "    netback: {assignment: least-loaded, shards: 3, execution: kthread}", "9: hosts[h0].netback.shards", "write shards: 2, execution: tasklet, or dom0: {vcpus: 3}" },
        { "    netback: {assignment: least-loaded}", "    netback: {assignment: domid, execution: kthread}", "9: hosts[h0].netback.execution", "10 shards are more than dom0's 2 vCPUs" },
        { "    netback: {assignment: least-loaded}", "    netback: {shards: 0}", "9: hosts[h0].netback.shards", "from 1 to" },
        { "    netback: {assignment: least-loaded}", "    netback: {assignment: domain}", "9: hosts[h0].netback.assignment", "did you mean domid?" },
        { "dom0: {vcpus: 2}", "dom0: {vcpus: 2, pin: 1}", "8: hosts[h0].dom0.pin", "1 pCPUs for 2 vCPUs" },
        { "dom0: {vcpus: 2}", "dom0: {vcpus: 2, pin: [1, 8]}", "8: hosts[h0].dom0.pin", "0 to 7" },
        { "dom0: {vcpus: 2}", "dom0: {socket: 1}", "8: hosts[h0].dom0.socket", "0 to 0" },
        { "dom0: {vcpus: 2}", "dom0: {nicQueues: 31}", "8: hosts[h0].dom0.nicQueues", "write at most 30" },
        { "name: lone", "name: H0-dom0", "6: hosts[h0].name", "the dom0 of this host is called h0-dom0" },
        { "name: direct, vf: nic0.p0.vf0", "name: direct, vf: nic0.p0.vf0, vif: nic0.p0", "13: vms[direct].vif", "VFs or a vif" },
        { "name: lone", "name: q, vif: nic0", "14: vms[q].vif", "write NIC.pPORT" },
        { "name: lone", "name: q, vif: nic0.p2", "14: vms[q].vif", "p0 to p1" },
        { "name: lone", "name: q, vif: nic1.p0", "14: vms[q].vif", "did you mean nic0?" },
        { "name: lone", "name: q, vif: \"nic[0..1].p0\"", "14: vms[q].vif", "name stands for one VM" },
        { "name: lone", "name: q, notification: {policy: every}", "14: vms[q].notification", "the VM has none" },
        { "name: lone", "name: q, vif: nic0.p0, notification: {policy: netfront-poll}", "14: vms[q].notification.rate", "for example rate: 1kHz" },
        { "name: lone", "name: q, vif: nic0.p0, notification: {policy: netfront-poll, rate: 0Hz}", "14: vms[q].notification.rate", "from 1Hz to" },
        { "name: lone", "name: q, vif: nic0.p0, notification: {rate: 1kHz}", "14: vms[q].notification.rate", "write one of those" },
        { "name: lone", "name: q, domid: 20", "14: vms[q].domid", "domain id of pv1 already" },
        { "name: lone", "name: q, domid: 0", "14: vms[q].domid", "from 1 to" },
        { "name: lone", "name: q, domid: \"[5..6]\"", "14: vms[q].domid", "name stands for one VM" },
        { "domid: \"[1..2]0\"", "domid: \"[1..3]0\"", "12: vms[pv[0..1]].domid", "same length" },
        { "domid: \"[1..2]0\"", "domid: 7", "12: vms[pv[0..1]].domid", "7 is the domain id of pv0" },
        { "virtualization: pv", "virtualization: pv, interrupts: intx", "12: vms[pv[0..1]].interrupts", "write msi, or virtualization: hvm" },
        { "virtualization: pv", "virtualization: pv, maskPerInterrupt: true", "12: vms[pv[0..1]].maskPerInterrupt", "masks its event channel" },
        { "virtualization: pv", "virtualization: pv, eoiInstruction: stos", "12: vms[pv[0..1]].eoiInstruction", "no EOI register" },
        { "name: lone", "name: q, maskPerInterrupt: true", "14: vms[q].maskPerInterrupt", "the VM has no VF" },
        { "vf: nic0.p0.vf0", "vf: nic0.p0.vf0, interrupts: intx, maskPerInterrupt: true", "13: vms[direct].maskPerInterrupt", "write interrupts: msi" },
        { "name: lone", "name: q, applicationVcpu: 1", "14: vms[q].applicationVcpu", "0 to 0" },
        { "name: lone", "name: q, tick: 250", "14: vms[q].tick", "250Hz" },
        { "rate: 1Gbps", "rate: 1Gbps, window: 4", "16: traffic[rx].window", "a udp sender waits for nothing" },
        { "rate: 1Gbps", "rate: 1Gbps, distance: 50us", "16: traffic[rx].distance", "tcp or request-response" },
        { "rate: 1Gbps", "rate: 1Gbps, response: 64B", "16: traffic[rx].response", "instead of udp" },
        { "rate: 1Gbps", "rate: 1Gbps, transport: tcp, response: 64B", "16: traffic[rx].response", "instead of tcp" },
        { "rate: 1Gbps", "rate: 1Gbps, transport: request-response, arrival: poisson", "16: traffic[rx].arrival", "sends when responses come" },
        { "rate: 1Gbps", "rate: 1Gbps, transport: request-response, burst: 8", "16: traffic[rx].burst", "write window: 8" },
        { "rate: 1Gbps", "rate: 1Gbps, transport: tcp, window: 0", "16: traffic[rx].window", "from 1 to" },
        { "to: \"pv*\"", "from: pv0, to: pv1, transport: tcp, distance: 1us", "16: traffic[rx].distance", "both ends are VMs" },
        { "to: \"pv*\"", "transport: tcp", "16: traffic[rx].to", "both ends are external" },
        { "to: \"pv*\"", "to: pv0, toVf: 1", "16: traffic[rx].toVf", "leave toVf out" },
        { "to: \"pv*\"", "from: direct, to: pv1", "16: traffic[rx].to", "give both a VF or both a vif" },
        { "to: \"pv*\"", "to: h0-dom0", "16: traffic[rx].to", "there is no VM" },
        { "vm: pv0", "vm: direct", "18: timeline[0].vm", "has no vif" },
        { "vm: pv0", "vm: \"pv[0..2]\"", "18: timeline[0].vm", "there is no VM" },
        { ", rate: 1kHz}", "}", "18: timeline[0].rate", "netback-rate needs it" },
        { "policy: netback-rate", "policy: every", "18: timeline[0].rate", "remove it" },
        { "do: set-notification", "do: offline-pcpu, pcpu: 1", "18: timeline[0].policy", "does not belong to offline-pcpu" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_choice_that_cannot_be_is_refused_with_the_nearest_one_that_can(string line, string replacement, string place, string says)
    {
        IReadOnlyList<string> mistakes = Text.Mistakes(With(line, replacement));

        Assert.Contains(mistakes, m => m.StartsWith($"test.yaml:{place}: ", StringComparison.Ordinal) && m.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void The_bridged_scenario_itself_has_no_mistake() => Assert.Empty(Text.Mistakes(Bridged));

    [Theory]
    [InlineData("eoi: apicv", "hosts[h0].eoi", "write eoi: x2apic, or costProfile: skylake-2020")]
    [InlineData("eoi: apicv, delivery: posted", "hosts[h0].delivery", "write delivery: follow-vcpu, or costProfile: skylake-2020")]
    public void What_a_processor_of_2009_lacks_is_refused_on_its_profile_only(string keys, string key, string says)
    {
        string modern = With("    pcpus: 8", "    pcpus: 8\n    " + keys.Replace(", ", "\n    ", StringComparison.Ordinal));

        Assert.Empty(Text.Mistakes(modern));
        Assert.Contains(Text.Mistakes(modern.Replace("skylake-2020", "nehalem-2009", StringComparison.Ordinal)),
            m => m.Contains(key, StringComparison.Ordinal) && m.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("netback: {assignment: single}", "hosts[h0].netback")]
    [InlineData("dom0: {nicQueues: 2}", "hosts[h0].dom0.nicQueues")]
    [InlineData("msixMask: dom0", "hosts[h0].msixMask")]
    public void What_serves_vifs_or_needs_dom0_is_refused_where_there_is_none(string keys, string key)
    {
        string mistake = Assert.Single(Text.Mistakes(Text.With("    pcpus: 8", "    pcpus: 8\n    " + keys)));

        Assert.StartsWith($"test.yaml:9: {key}: ", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eoi: apicv\n    costProfile: nehalem-2010")]
    [InlineData("dom0: {vcpus: many}")]
    [InlineData("netback: {assignment: mod, shards: 4}")]
    [InlineData("delivery: posted\n    eoi: never")]
    public void A_wrong_choice_raises_no_mistakes_elsewhere(string keys) =>
        Assert.Single(Text.Mistakes(With("    dom0: {vcpus: 2}\n    netback: {assignment: least-loaded}", "    " + keys)));

    private static string With(string line, string replacement)
    {
        Assert.Contains(line, Bridged, StringComparison.Ordinal);
        return Bridged.Replace(line, replacement, StringComparison.Ordinal);
    }
}
