using IoScale.Hardware.Platform;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Pv;

/// <summary>Hosts whose VMs have vifs on port 0 of nic0. dom0's vCPUs are on the first pCPUs, one each; each VM has a pCPU of its own behind them.</summary>
internal static class PvSystems
{
    public const long Gbps = 1_000_000_000;

    public static NotificationSpec Every { get; } = new(NotificationPolicy.Every, 0);

    public static HostSpec PvHost(int dom0Vcpus, int vms, ShardAssignment assignment = ShardAssignment.Single, int shards = 1, int queues = 1, long hertz = 8000)
    {
        int[] pins = [.. Enumerable.Range(0, dom0Vcpus)];
        return Host(dom0Vcpus + vms, Nic(0, hertz) with { Dom0Queues = [queues] }) with
        {
            Dom0 = new Dom0Spec("dom0", 0, pins, pins, 256, queues, Busy: false),
            Netback = new NetbackSpec(assignment, shards, NetbackExecution.Tasklet),
        };
    }

    public static VmSpec PvVm(string name, int domid, int pcpu, NotificationSpec? notification = null) => Vm(name, 0, pcpu) with
    {
        Vfs = [],
        Vif = new VifSpec("nic0", 0, notification ?? Every),
        Domid = domid,
        Virtualization = VirtualizationKind.Pv,
    };

    /// <summary>VMs with the domids given; each receives its share of the rate from outside.</summary>
    public static SystemSpec Receivers(HostSpec host, long bps, long durationPs, params int[] domids)
    {
        int dom0Vcpus = host.Dom0!.Pins.Count;
        return Of(
            host,
            durationPs,
            [.. domids.Select((d, i) => PvVm($"vm{i}", d, dom0Vcpus + i))],
            [.. domids.Select((_, i) => Flow($"vm{i}", bps / domids.Length))]) with
        {
            WarmUpPs = durationPs / 5,
        };
    }

    public static SystemSpec With(this SystemSpec spec, Func<VmSpec, VmSpec> change) => spec with { Vms = [.. spec.Vms.Select(change)] };

    public static VmSpec Notified(this VmSpec vm, NotificationPolicy policy, int rateHz) =>
        vm with { Vif = vm.Vif! with { Notification = new NotificationSpec(policy, rateHz) } };

    /// <summary>Everything at once: two sockets, HVM and PV guests on both, traffic both ways and between guests, policies that change.</summary>
    public static SystemSpec Mixed(NetbackExecution execution = NetbackExecution.Tasklet, EventChannelAbi abi = EventChannelAbi.TwoLevel)
    {
        HostSpec host = PvHost(2, 4, ShardAssignment.LeastLoaded, 2, queues: 2) with { Sockets = 2, EventChannels = abi };
        host = host with
        {
            Dom0 = host.Dom0! with { Busy = execution == NetbackExecution.Kthread },
            Netback = host.Netback with { Execution = execution },
        };
        return Of(
            host,
            12 * Ms,
            [
                PvVm("near", 1, 2),
                PvVm("far", 2, 3) with { HomeSocket = 1, Virtualization = VirtualizationKind.Hvm },
                PvVm("poll", 3, 4, new(NotificationPolicy.NetfrontPoll, 2000)) with { HomeSocket = 1 },
                PvVm("slow", 4, 0, new(NotificationPolicy.NetbackRate, 3000)) with { Virtualization = VirtualizationKind.Hvm, Busy = true },
            ],
            [
                Flow("near", Gbps, burst: 5),
                Flow("far", 600_000_000, arrival: ArrivalKind.Poisson),
                Flow("poll", 300_000_000),
                Flow("slow", 200_000_000, 700, 40),
                Between("near", "far", 400_000_000),
                Between("far", "near", 200_000_000, 64, 30),
                Between("poll", "poll2", 300_000_000) with { ToVm = null },
                Between("slow", "poll", 50_000_000),
            ],
            new SetNotificationStep(4 * Ms, "near", new(NotificationPolicy.NetfrontPoll, 1000)),
            new SetNotificationStep(5 * Ms, "poll", Every),
            new SetNotificationStep(6 * Ms, "slow", new(NotificationPolicy.NetbackRate, 500)),
            new MigrateVcpuStep(7 * Ms, "dom0", 1, 2));
    }
}
