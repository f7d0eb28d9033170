using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;
using IoScale.VirtualTime;

namespace IoScale.Actors.Tests;

/// <summary>Small systems, made in code.</summary>
internal static class Systems
{
    public const long Us = VirtualDuration.Microsecond;
    public const long Ms = VirtualDuration.Millisecond;

    public static CostProfile Costs { get; } = CostProfiles.Get("nehalem-2009");

    public static SchedulerSpec Scheduler { get; } = new(30 * Ms, 10 * Ms, 0, Balance: true, Boost: true);

    public static CoalescingSpec Fixed(long hertz) => new(CoalescingPolicy.Fixed, hertz, 120, 64, 500);

    public static NicSpec Nic(int vfs, long hertz = 0, int socket = 0, string name = "nic0", string model = "82599") => new(
        name, socket, NicModels.Get(model), [vfs], 3, 3, 512, 512, Fixed(hertz), Fixed(hertz));

    public static HostSpec Host(int pcpus, params NicSpec[] nics) => new(
        "h0", 1, pcpus, VectorAllocatorKind.Xen, DestinationMode.Physical, 0, DeliveryMode.FollowVcpu, EoiMode.Emulate,
        new IommuSpec(true, 4096), Scheduler, nics);

    /// <summary>A VM whose vCPUs are pinned, with one VF of port 0 of nic0.</summary>
    public static VmSpec Vm(string name, int vf, params int[] pins) => new(
        name, "h0", 0, pins, pins, 0, false, 0, false, 256, [new VfRef("h0", "nic0", 0, vf)]);

    /// <summary>A VM that floats.</summary>
    public static VmSpec Floating(this VmSpec vm) => vm with { Pins = [.. vm.Pins.Select(_ => -1)] };

    public static FlowSpec Flow(string to, long bps, int bytes = 1518, int burst = 1, ArrivalKind arrival = ArrivalKind.Constant) => new(
        $"to-{to}", null, to, 0, 0, bps, bytes, arrival, burst, Ms, Ms, 0, long.MaxValue);

    public static FlowSpec Between(string from, string to, long bps, int bytes = 1518, int burst = 1) =>
        Flow(to, bps, bytes, burst) with { Name = $"{from}-{to}", FromVm = from };

    public static SystemSpec Of(HostSpec host, long durationPs, IReadOnlyList<VmSpec> vms, IReadOnlyList<FlowSpec> flows, params TimelineStep[] timeline) =>
        new("test", 7, durationPs, 0, Costs, [host], null, vms, flows, timeline);

    /// <summary>Two sockets of two pCPUs, the NIC on socket 0, a VM on each socket and one across both; interrupts move while it runs.</summary>
    public static SystemSpec TwoSockets { get; } = Of(
        Host(4, Nic(3, 8000)) with { Sockets = 2 },
        8 * Ms,
        [
            Vm("near", 0, 0),
            Vm("far", 1, 2) with { HomeSocket = 1 },
            Vm("across", 2, 1, 3) with { InterruptVcpu = 1, Busy = true },
        ],
        [
            Flow("near", 300_000_000, arrival: ArrivalKind.Poisson),
            Flow("far", 300_000_000, burst: 4, arrival: ArrivalKind.OnOff),
            Flow("across", 100_000_000),
            Between("far", "near", 100_000_000),
        ],
        new MigrateVcpuStep(2 * Ms, "near", 0, 1),
        new MigrateVcpuStep(3 * Ms, "far", 0, 3),
        new SetAffinityStep(4 * Ms, new VfRef("h0", "nic0", 0, 2), -1, [0, 2]));

    /// <summary>Hosts in a ring: VM i of each sends to VM i of the next, over the fabric.</summary>
    public static SystemSpec Ring(int hosts, long durationPs)
    {
        List<VmSpec> vms = [];
        List<FlowSpec> flows = [];
        for (int h = 0; h < hosts; h++)
        {
            vms.Add(Vm($"a{h}", 0, 0) with { Host = $"h{h}", Vfs = [new VfRef($"h{h}", "nic0", 0, 0)] });
            vms.Add(Vm($"b{h}", 1, 1) with { Host = $"h{h}", Vfs = [new VfRef($"h{h}", "nic0", 0, 1)] });
            flows.Add(Between($"a{h}", $"a{(h + 1) % hosts}", 200_000_000, burst: 3));
            flows.Add(Between($"b{h}", $"a{(h + 2) % hosts}", 100_000_000) with { Arrival = ArrivalKind.Poisson });
        }

        SystemSpec one = Of(Host(2, Nic(2, 8000)), durationPs, vms, flows);
        return one with
        {
            Hosts = [.. Enumerable.Range(0, hosts).Select(h => one.Hosts[0] with { Name = $"h{h}" })],
            Fabric = new FabricSpec("fabric", 2 * Us),
        };
    }
}
