using IoScale.Hardware.Platform;
using static IoScale.Actors.Tests.Pv.PvSystems;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests.Pv;

/// <summary>Systems with vifs at random, VFs beside them on the same port: every number gives one, within what the scenario language allows.</summary>
internal sealed class RandomPv
{
    private readonly Random _random;
    private readonly List<VmSpec> _vms = [];

    private RandomPv(int number) => _random = new Random(number);

    public static SystemSpec Get(int number) => new RandomPv(number).Make(number);

    private SystemSpec Make(int number)
    {
        int hosts = Chance(3) ? 2 : 1;
        HostSpec[] specs = [.. Enumerable.Range(0, hosts).Select(h => MakeHost($"h{h}"))];
        long duration = _random.NextInt64(6 * Ms, 20 * Ms);
        FlowSpec[] flows = [.. _vms.SelectMany(v => Enumerable.Range(0, _random.Next(1, 3)).Select(i => MakeFlow(v, i, hosts, duration)))];
        TimelineStep[] timeline = [.. Enumerable.Range(0, _random.Next(0, 8)).Select(_ => Step(duration, specs)).OrderBy(s => s.AtPs)];
        FabricSpec? fabric = hosts > 1 ? new FabricSpec("fabric", _random.NextInt64(1, 5 * Us)) : null;
        return new SystemSpec("random", (ulong)number, duration, _random.NextInt64(0, 3 * Ms), Costs, specs, fabric, _vms, flows, timeline);
    }

    private HostSpec MakeHost(string name)
    {
        int sockets = _random.Next(1, 3);
        int perSocket = _random.Next(1, 4);
        int dom0Socket = _random.Next(sockets);
        int[] starts = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => (dom0Socket * perSocket) + _random.Next(perSocket))];
        int vifs = _random.Next(1, 6);
        int vfs = _random.Next(0, 3);
        int queues = _random.Next(1, 4);
        ShardAssignment assignment = Pick<ShardAssignment>();
        int shards = assignment switch
        {
            ShardAssignment.Single => 1,
            ShardAssignment.PerVifThread => vifs,
            _ => _random.Next(1, 5),
        };
        NicSpec nic = Nic(vfs, _random.Next(0, 20_000), _random.Next(sockets)) with
        {
            Dom0Queues = [queues],
            RxRing = _random.Next(8, 600),
            TxRing = _random.Next(8, 600),
        };
        for (int i = 0; i < vifs + vfs; i++)
        {
            _vms.Add(MakeVm(name, i, i < vifs ? -1 : i - vifs, _random.Next(sockets), perSocket));
        }

        return Host(sockets * perSocket, nic) with
        {
            Name = name,
            Sockets = sockets,
            Delivery = Chance(3) ? DeliveryMode.Static : DeliveryMode.FollowVcpu,
            Dom0 = new Dom0Spec($"{name}-dom0", dom0Socket, Chance(3) ? [.. starts.Select(_ => -1)] : starts, starts, 256, queues, Chance(4)),
            Netback = new NetbackSpec(assignment, shards, Pick<NetbackExecution>()),
            EventChannels = Pick<EventChannelAbi>(),
            MsixMask = Pick<MsixMaskOwner>(),
        };
    }

    private VmSpec MakeVm(string host, int index, int vf, int socket, int perSocket)
    {
        int[] starts = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => (socket * perSocket) + _random.Next(perSocket))];
        VmSpec vm = Vm($"{host}-vm{index}", Math.Max(0, vf), starts) with
        {
            Host = host,
            HomeSocket = socket,
            Domid = _random.Next(1, 4) + (index * 4),
            Busy = Chance(4),
            ApplicationCycles = Chance(3) ? _random.Next(60_000) : 0,
            ApplicationVcpu = Chance(3) ? starts.Length - 1 : -1,
            SocketBuffer = Chance(2) ? _random.Next(1, 100) : 0,
            InterruptVcpu = _random.Next(starts.Length),
            Virtualization = Pick<VirtualizationKind>(),
            TickHz = Chance(3) ? 1000 : 0,
            MaskPerInterrupt = Chance(3),
            Vfs = vf < 0 ? [] : [new VfRef(host, "nic0", 0, vf)],
            Vif = vf < 0 ? new VifSpec("nic0", 0, Notification()) : null,
        };
        return Chance(3) ? vm.Floating() : vm;
    }

    private NotificationSpec Notification()
    {
        NotificationPolicy policy = Pick<NotificationPolicy>();
        return new(policy, policy == NotificationPolicy.Every ? 0 : _random.Next(1, 10_000));
    }

    private FlowSpec MakeFlow(VmSpec vm, int index, int hosts, long duration)
    {
        VmSpec peer = _vms[_random.Next(_vms.Count)];
        bool inside = Chance(2) && peer != vm && (hosts > 1 || peer.Host == vm.Host);
        bool outward = !inside && Chance(4);
        TransportKind transport = Chance(3) ? (TransportKind)_random.Next(3) : TransportKind.Udp;
        FlowSpec flow = Flow(vm.Name, _random.NextInt64(1_000_000, 2 * Gbps), _random.Next(64, 9018), _random.Next(1, 60), Pick<ArrivalKind>()) with
        {
            Name = $"{vm.Name}-{index}",
            StopPs = Chance(2) ? duration / 2 : long.MaxValue,
            Transport = transport,
            Window = _random.Next(1, 64),
        };
        return inside ? flow with { FromVm = peer.Name } : outward ? flow with { FromVm = vm.Name, ToVm = null } : flow;
    }

    private TimelineStep Step(long duration, HostSpec[] hosts)
    {
        long at = _random.NextInt64(1, duration);
        VmSpec vm = _vms[_random.Next(_vms.Count)];
        HostSpec host = hosts.First(h => h.Name == vm.Host);
        int perSocket = host.PCpus / host.Sockets;
        if (vm.Vif is not null && Chance(2))
        {
            return new SetNotificationStep(at, vm.Name, Notification());
        }

        return Chance(2)
            ? new MigrateVcpuStep(at, host.Dom0!.Name, _random.Next(host.Dom0.Pins.Count), (host.Dom0.HomeSocket * perSocket) + _random.Next(perSocket))
            : new MigrateVcpuStep(at, vm.Name, _random.Next(vm.Pins.Count), (vm.HomeSocket * perSocket) + _random.Next(perSocket));
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>()
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        return values[_random.Next(values.Length)];
    }
}
