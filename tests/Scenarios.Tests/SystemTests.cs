using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;

namespace IoScale.Scenarios.Tests;

/// <summary>What a scenario becomes: defaults, ranges, flows.</summary>
public class SystemTests
{
    [Fact]
    public void What_is_not_written_has_its_documented_default()
    {
        SystemSpec system = Text.System(Text.Small);
        HostSpec host = system.Hosts[0];
        NicSpec nic = host.Nics[0];

        Assert.Equal(1UL, system.Seed);
        Assert.Equal("nehalem-2009", system.Costs.Name);
        Assert.Null(system.Fabric);
        Assert.Equal((VectorAllocatorKind.Xen, DestinationMode.Physical, 0), (host.Allocator, host.Destination, host.PlatformVectors));
        Assert.Equal((DeliveryMode.FollowVcpu, EoiMode.Fast), (host.Delivery, host.Eoi));
        Assert.Equal(new IommuSpec(true, 65_536), host.Iommu);
        Assert.Equal(new SchedulerSpec(30_000_000_000, 10_000_000_000, 0, true, true), host.Scheduler);
        Assert.Equal((nic.Model.RingDefault, nic.Model.RingDefault), (nic.RxRing, nic.TxRing));
        Assert.Equal((nic.Model.DefaultVfVectors, nic.Model.DefaultPfVectors), (nic.VectorsPerVf, nic.VectorsPerPf));
        Assert.Equal(new CoalescingSpec(CoalescingPolicy.Fixed, nic.Model.DefaultVfRateHz, 120, 64, 1_000), nic.RxCoalescing);
        Assert.Equal(nic.RxCoalescing, nic.TxCoalescing);
        Assert.Equal((1_518, ArrivalKind.Constant, 1, 0L, system.DurationPs), (system.Flows[0].FrameBytes, system.Flows[0].Arrival, system.Flows[0].Burst, system.Flows[0].StartPs, system.Flows[0].StopPs));
    }

    [Fact]
    public void Vcpus_start_on_the_pcpus_of_their_socket_in_turn()
    {
        string text = Text.Small
            .Replace("{name: lone}", "{name: \"s[0..4]\", socket: 1}", StringComparison.Ordinal);

        SystemSpec system = Text.System(text);

        Assert.Equal(["0,1", "2", "4", "5", "6", "7", "4"], system.Vms.Select(v => string.Join(',', v.Starts)));
        Assert.Equal([0, 0, 1, 1, 1, 1, 1], system.Vms.Select(v => v.HomeSocket));
        Assert.All(system.Vms, v => Assert.All(v.Pins, p => Assert.Equal(-1, p)));
    }

    [Fact]
    public void A_pinned_vcpu_starts_on_its_pin_and_is_at_home_there()
    {
        VmSpec vm = Text.System(Text.With("name: lone", "name: lone, vcpus: 2, pin: [6, float]")).Vms[2];

        Assert.Equal([6, -1], vm.Pins);
        Assert.Equal([6, 7], vm.Starts);
        Assert.Equal(1, vm.HomeSocket);
    }

    [Fact]
    public void Values_of_a_range_are_taken_element_by_element()
    {
        SystemSpec system = Text.System("""
            apiVersion: ioscale/v1
            name: ranges
            duration: 1ms
            hosts: [{name: "h[0..2]", pcpus: 2, nics: [{name: "nic[0..1]", model: 82576, vfs: 2}]}]
            vms: [{name: "vm[7..9]", host: "h[0..2]", vfs: ["nic0.p0.vf1", "nic1.p1.vf0"]}, {name: "q[0..1]", host: h1, vf: "nic1.p0.vf[0..1]"}]
            fabric: {latency: 3us}
            traffic: [{name: x, from: "vm[7..8]", to: "vm[8..9]", fromVf: 1, rate: 1Mbps}, {name: y, from: vm7, to: "q*", rate: 2Mbps}, {name: z, from: vm9, rate: 3Mbps}]
            """);

        Assert.Equal(["h0", "h1", "h2"], system.Hosts.Select(h => h.Name));
        Assert.All(system.Hosts, h => Assert.Equal(["nic0", "nic1"], h.Nics.Select(n => n.Name)));
        Assert.Equal([new VfRef("h1", "nic0", 0, 1), new VfRef("h1", "nic1", 1, 0)], system.Vms[1].Vfs);
        Assert.Equal(new VfRef("h1", "nic1", 0, 1), system.Vms[4].Vfs[0]);
        Assert.Equal(["x-vm7-vm8", "x-vm8-vm9", "y-q0", "y-q1", "z"], system.Flows.Select(f => f.Name));
        Assert.Equal([("vm7", "vm8"), ("vm8", "vm9"), ("vm7", "q0"), ("vm7", "q1"), ("vm9", null)], system.Flows.Select(f => (f.FromVm, f.ToVm)));
        Assert.Equal(1, system.Flows[0].FromVf);
        Assert.Equal(3_000_000, system.Fabric!.LatencyPs);
    }

    [Fact]
    public void Costs_of_the_scenario_stand_in_for_those_of_the_profile()
    {
        CostProfile costs = Text.System(Text.With("warmUp: 10ms", "costs: {exit-eoi-fast: 3000cycles, ipi-send: 90ns}")).Costs;
        CostProfile untouched = Text.System(Text.Small).Costs;

        Assert.Equal(costs.CyclesToPs(3_000), costs.Ps(CostName.ExitEoiFast));
        Assert.Equal(90_000, costs.Ps(CostName.IpiSend));
        Assert.NotEqual(untouched.Ps(CostName.ExitEoiFast), costs.Ps(CostName.ExitEoiFast));
        Assert.Equal(untouched.Ps(CostName.ExitBare), costs.Ps(CostName.ExitBare));
    }

    [Fact]
    public void Moderation_of_the_two_directions_can_differ()
    {
        NicSpec nic = Text.System(Text.With("vfs: [4, 0]", "vfs: [4, 0], coalescing: {rx: {policy: aic, redundancy: 150%}, tx: {policy: none}}")).Hosts[0].Nics[0];

        Assert.Equal((CoalescingPolicy.Aic, 150), (nic.RxCoalescing.Policy, nic.RxCoalescing.AicRedundancyPercent));
        Assert.Equal((CoalescingPolicy.Fixed, 0L), (nic.TxCoalescing.Policy, nic.TxCoalescing.RateHz));
    }

    [Fact]
    public void A_card_with_a_pool_gives_fewer_vectors_to_more_vfs()
    {
        NicSpec Card(string vfs) => Text.System(Text.With("model: 82599, vfs: [4, 0]", $"model: e810, vfs: [{vfs}, 0], vectorsPerPf: 17")).Hosts[0].Nics[0];

        Assert.Equal(5, Card("4").VectorsPerVf);
        Assert.Equal(5, Card("256").VectorsPerVf);
        Assert.NotEmpty(Text.Mistakes(Text.With("model: 82599, vfs: [4, 0]", "model: e810, vfs: [256, 0], vectorsPerVf: 8")));
        Assert.Empty(Text.Mistakes(Text.With("model: 82599, vfs: [4, 0]", "model: e810, vfs: [4, 0], vectorsPerVf: 8")));
    }

    [Fact]
    public void The_timeline_is_in_the_order_of_time()
    {
        SystemSpec system = Text.System(Text.With(
            "  - {at: 50ms, do: migrate-vcpu, vm: vm0, vcpu: 1, pcpu: 3}",
            """
              - {at: 50ms, do: offline-pcpu, pcpu: 3}
              - {at: 20ms, do: set-affinity, device: nic0.p0.vf0, pcpus: [5, 2, 2]}
              - {at: 50ms, do: online-pcpu, pcpu: 3}
              - {at: 30ms, do: reset-device, device: nic0.p0.vf1}
            """));

        Assert.Equal([typeof(SetAffinityStep), typeof(ResetDeviceStep), typeof(OfflinePCpuStep), typeof(OnlinePCpuStep)], system.Timeline.Select(s => s.GetType()));
        Assert.Equal([2, 5], ((SetAffinityStep)system.Timeline[0]).PCpus);
        Assert.Equal(-1, ((SetAffinityStep)system.Timeline[0]).Vector);
    }

    [Fact]
    public void Everything_the_language_can_say_comes_back_from_the_resolved_scenario()
    {
        Scenario scenario = Text.Parse("""
            apiVersion: ioscale/v1
            name: everything
            description: "Quotes \" and # signs."
            seed: 18446744073709551615
            duration: 1.5ms
            warmUp: 1ps
            costProfile: skylake-2020
            costs: {exit-bare: 1234cycles, ipi-send: 77ns}
            hosts:
              - name: h0
                sockets: 2
                pcpus: 8
                vectors: {allocator: linux-2.6.32, destination: flat, platformVectors: 24}
                delivery: static
                eoi: x2apic
                iommu: {remapping: false, entries: 256}
                scheduler: {slice: 5ms, tick: 1ms, rateLimit: 100us, balance: false, boost: false}
                dom0: {vcpus: 3, socket: 1, pin: [float, 5, 6], start: [4, 5, 6], weight: 512, nicQueues: 2, busy: true}
                netback: {assignment: domid, shards: 7, execution: tasklet}
                eventChannels: fifo
                msixMask: dom0
                nics:
                  - {name: nic0, model: niantic, socket: 1, vfs: [2, 3], vectorsPerVf: 2, vectorsPerPf: 9, rxRing: 64, txRing: 4096, coalescing: {rx: {policy: aic, redundancy: 130%, applicationBuffers: 32, lowestRate: 2kHz, sample: 30ms}, tx: {policy: none}}}
                  - {name: nic1, model: e810, vfs: 1, coalescing: {policy: ixgbe-dynamic}}
              - {name: "null", pcpus: 1, nics: [{name: nic0, model: 82576, vfs: 1}]}
            fabric: {name: spine, latency: 1501ns}
            vms:
              - {name: a, host: h0, socket: 1, vcpus: 3, pin: [float, 6, 7], interruptVcpu: 2, multiDestination: true, applicationCycles: 999cycles, busy: true, weight: 1, vfs: [nic0.p1.vf2, nic1.p0.vf0]}
              - {name: b, host: "null", vf: nic0.p1.vf0}
              - {name: "c[0..1]", host: h0, domid: "[1..2]0", virtualization: pv, vif: "nic[0..1].p0", notification: {policy: netfront-poll, rate: 2kHz}, applicationVcpu: 0, socketBuffer: 64}
              - {name: d, host: h0, vif: nic0.p0, notification: {policy: every}, tick: 250Hz, eoiInstruction: stos, interrupts: intx}
              - {name: e, host: "null", vfs: [nic0.p0.vf0], maskPerInterrupt: true, applicationVcpu: 0}
            traffic:
              - {name: x, from: a, fromVf: 1, to: b, rate: 1.5Mbps, frame: 64B, arrival: on-off, on: 3us, off: 5us, burst: 7, start: 10us, stop: 1ms}
              - {name: y, from: b, rate: 3bps, arrival: poisson}
              - {name: z, to: "c*", rate: 1Gbps, transport: tcp, window: 99, distance: 50us}
              - {name: w, from: c0, to: d, rate: 1Mbps, transport: request-response, window: 3, response: 1000B}
            timeline:
              - {at: 7us, do: set-notification, vm: "c[0..1]", policy: netback-rate, rate: 3kHz}
              - {at: 8us, do: set-notification, vm: d, policy: every}
              - {at: 1us, do: migrate-vcpu, vm: a, vcpu: 1, pcpu: 4}
              - {at: 2us, do: set-affinity, host: h0, device: nic0.p1.vf2, vector: 1, pcpus: [7, 0]}
              - {at: 3us, do: set-affinity, host: h0, device: nic0.p1.vf2, pcpus: [1]}
              - {at: 4us, do: offline-pcpu, host: h0, pcpu: 5}
              - {at: 5us, do: online-pcpu, host: h0, pcpu: 5}
              - {at: 6us, do: reset-device, host: h0, device: nic1.p0.vf0}
            variants:
              - {name: one, set: {"costs.exit-bare": null, costProfile: nehalem-2009, "fabric.latency": 3us, "hosts[h0].sockets": 1, "hosts[h0].nics[nic0].socket": 0, "vms[a].socket": 0, "hosts[h0].dom0": null, "hosts[h0].msixMask": hypervisor, "hosts[h0].netback": {assignment: per-vif-thread}, "vms[c0].socketBuffer": null, "vms[c*].applicationVcpu": null}}
            """);

        Assert.Equal(Text.Dump(scenario.Variants[0].System), Text.Dump(Text.Parse(scenario.ResolvedYaml).Variants[0].System));
        string basis = scenario.ResolvedYaml[..scenario.ResolvedYaml.IndexOf("variants:", StringComparison.Ordinal)];
        Scenario alone = Text.Parse(basis);
        Assert.Equal(basis, alone.ResolvedYaml[..alone.ResolvedYaml.IndexOf("variants:", StringComparison.Ordinal)]);
        Assert.Equal(["77ns", "1234cycles", "130%", "1501ns", "1500kbps", "100us", "linux-2.6.32", "{policy: none}", "pin: [float, 6, 7]", "18446744073709551615"],
            new[] { "77ns", "1234cycles", "130%", "1501ns", "1500kbps", "100us", "linux-2.6.32", "{policy: none}", "pin: [float, 6, 7]", "18446744073709551615" }.Where(t => basis.Contains(t, StringComparison.Ordinal)));
    }
}
