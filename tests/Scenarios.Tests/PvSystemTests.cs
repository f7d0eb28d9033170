using IoScale.Hardware.Platform;

namespace IoScale.Scenarios.Tests;

/// <summary>What vifs, dom0 and transports become.</summary>
public class PvSystemTests
{
    private const string Vifs = "vms: [{name: \"pv[0..3]\", vif: nic0.p1}]";

    [Fact]
    public void A_host_has_a_dom0_where_a_vm_has_a_vif()
    {
        HostSpec without = Host("", "vms: [{name: a, vf: nic0.p0.vf0}]");
        HostSpec with = Host("", Vifs);

        Assert.Null(without.Dom0);
        Assert.Equal([], without.Nics[0].Dom0Queues);
        Assert.Equal(("h0-dom0", 0, 256, 1, false), (with.Dom0!.Name, with.Dom0.HomeSocket, with.Dom0.Weight, with.Dom0.NicQueues, with.Dom0.Busy));
        Assert.Equal([-1, 0], with.Dom0.Pins.Concat(with.Dom0.Starts));
        Assert.Equal(new NetbackSpec(ShardAssignment.Single, 1, NetbackExecution.Tasklet), with.Netback);
        Assert.Equal([0, 1], with.Nics[0].Dom0Queues);
    }

    [Theory]
    [InlineData("{assignment: domid}", 10, NetbackExecution.Tasklet, 3)]
    [InlineData("{assignment: least-loaded}", 3, NetbackExecution.Tasklet, 3)]
    [InlineData("{assignment: least-loaded, shards: 2, execution: kthread}", 2, NetbackExecution.Kthread, 2)]
    [InlineData("{assignment: per-vif-thread}", 4, NetbackExecution.Kthread, 3)]
    public void Shards_follow_from_the_assignment_and_queues_from_the_shards(string netback, int shards, NetbackExecution execution, int queues)
    {
        HostSpec host = Host($"dom0: {{vcpus: 3}}, netback: {netback}, ", Vifs);

        Assert.Equal((shards, execution, queues), (host.Netback.Shards, host.Netback.Execution, host.Dom0!.NicQueues));
        Assert.Equal([0, queues], host.Nics[0].Dom0Queues);
        Assert.Equal([0, 1, 2], host.Dom0.Starts);
    }

    [Fact]
    public void A_dom0_that_is_written_is_there_without_vifs()
    {
        HostSpec host = Host("dom0: {busy: true}, msixMask: dom0, ", "vms: [{name: a, vf: nic0.p0.vf0, maskPerInterrupt: true}]");

        Assert.True(host.Dom0!.Busy);
        Assert.Equal(MsixMaskOwner.Dom0, host.MsixMask);
        Assert.DoesNotContain(FunctionList.Of(host), f => f.Queue >= 0);
    }

    [Fact]
    public void Domain_ids_count_up_from_the_one_before_on_the_host()
    {
        SystemSpec system = System("hosts: [{name: \"h[0..1]\", pcpus: 2}]\nvms: [{name: a, host: h0}, {name: \"b[0..2]\", host: h0, domid: \"[1..3]0\"}, {name: c, host: h0}, {name: d, host: h1}]");

        Assert.Equal([1, 10, 20, 30, 31, 1], system.Vms.Select(v => v.Domid));
    }

    [Fact]
    public void A_socket_buffer_puts_the_application_on_the_vcpu_of_the_interrupts()
    {
        const string Hosts = "hosts: [{name: h0, pcpus: 2}]\n";
        int Application(string keys) => System($"{Hosts}vms: [{{name: a, vcpus: 2, interruptVcpu: 1, {keys}}}]").Vms[0].ApplicationVcpu;

        Assert.Equal([-1, 1, 0, 0], [Application("tick: 1kHz"), Application("socketBuffer: 64"), Application("applicationVcpu: 0"), Application("applicationVcpu: 0, socketBuffer: 64")]);
    }

    [Theory]
    [InlineData("udp", 1)]
    [InlineData("tcp", 60)]
    [InlineData("request-response", 1)]
    [InlineData("tcp, window: 7, distance: 3us", 7)]
    public void A_window_suits_its_transport(string transport, int window)
    {
        FlowSpec flow = System($"{Nic("")}\nvms: [{{name: a, vf: nic0.p0.vf0}}]\ntraffic: [{{name: x, to: a, rate: 1Gbps, transport: {transport}}}]").Flows[0];

        Assert.Equal((window, 64, window == 7 ? 3_000_000 : 0), (flow.Window, flow.ResponseBytes, flow.DistancePs));
    }

    [Fact]
    public void Vifs_of_a_host_reach_each_other_whatever_their_ports_and_others_over_a_fabric()
    {
        string text = $"{Nic("")}\nvms: [{{name: a, vif: nic0.p0}}, {{name: b, vif: nic0.p1}}, {{name: c, vf: nic0.p0.vf0}}]\ntraffic: [{{name: x, from: a, to: b, rate: 1Gbps}}{{0}}]\n";
        Assert.Equal("a", System(text.Replace("{0}", "", StringComparison.Ordinal)).Flows[0].FromVm);

        string far = text.Replace("{0}", ", {name: y, from: c, to: b, rate: 1Gbps}", StringComparison.Ordinal);
        Assert.Contains("add a fabric", Assert.Single(Text.Mistakes(Head + far)), StringComparison.Ordinal);
        Assert.Equal(2, System(far + "fabric: {latency: 1us}\n").Flows.Count);
    }

    [Fact]
    public void A_change_of_notification_is_one_step_for_each_vm()
    {
        SystemSpec system = System($"{Nic("")}\n{Vifs}\ntimeline: [{{at: 2us, do: set-notification, vm: \"pv[1..2]\", policy: netfront-poll, rate: 2kHz}}, {{at: 1us, do: set-notification, vm: \"pv*\", policy: every}}]");

        Assert.Equal(
            [.. Enumerable.Range(0, 4).Select(i => new SetNotificationStep(1_000_000, $"pv{i}", new(NotificationPolicy.Every, 0))),
             .. Enumerable.Range(1, 2).Select(i => new SetNotificationStep(2_000_000, $"pv{i}", new(NotificationPolicy.NetfrontPoll, 2_000)))],
            system.Timeline);
    }

    [Fact]
    public void Expectations_may_name_dom0_and_the_shards_there_are()
    {
        string text = $"{Head}{Nic("netback: {assignment: domid}, ")}\n{Vifs}\nexpect: [\"netback_frames_total{{shard=9}} == 0\", \"packets_received_total{{vm=h0-dom0}} == 0\", \"netback_vifs{{shard=10}} == 0\"]\n";

        Assert.Contains("no shard matches", Assert.Single(Text.Mistakes(text)), StringComparison.Ordinal);
    }

    private const string Head = "apiVersion: ioscale/v1\nname: pv\nduration: 1ms\n";

    private static string Nic(string keys) => $"hosts: [{{name: h0, pcpus: 4, {keys}nics: [{{name: nic0, model: 82599, vfs: 2}}]}}]";

    private static SystemSpec System(string text) => Text.System(Head + text);

    private static HostSpec Host(string keys, string vms) => System($"{Nic(keys)}\n{vms}").Hosts[0];
}
