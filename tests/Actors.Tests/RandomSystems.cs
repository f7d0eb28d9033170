using IoScale.Hardware.Coalescing;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Platform;
using static IoScale.Actors.Tests.Systems;

namespace IoScale.Actors.Tests;

/// <summary>Systems at random: every number gives one, within what the scenario language allows.</summary>
internal sealed class RandomSystems
{
    private readonly Random _random;
    private readonly List<HostSpec> _hosts = [];
    private readonly List<VmSpec> _vms = [];
    private readonly bool _withResets;
    private readonly bool _modern;

    private RandomSystems(int number, bool withResets)
    {
        _random = new Random(number);
        _withResets = withResets;
        _modern = Chance(2);
    }

    private static readonly CostProfile Modern = CostProfiles.Get("skylake-2020");

    public static SystemSpec Get(int number, bool withResets = true) => new RandomSystems(number, withResets).Make(number);

    /// <summary>Increasing times within a run at which nothing in particular happens.</summary>
    public static IEnumerable<long> Cuts(SystemSpec spec, int number)
    {
        Random random = new(number);
        return Enumerable.Range(0, 12).Select(_ => random.NextInt64(1, spec.DurationPs)).Order();
    }

    private SystemSpec Make(int number)
    {
        int hosts = Chance(3) ? 2 : 1;
        for (int h = 0; h < hosts; h++)
        {
            MakeHost($"h{h}");
        }

        FlowSpec[] flows = [.. _vms.SelectMany(Flows)];
        long duration = _random.NextInt64(8 * Ms, 25 * Ms);
        TimelineStep[] timeline = [.. Enumerable.Range(0, _random.Next(0, 14)).Select(_ => Step(duration)).OfType<TimelineStep>().OrderBy(s => s.AtPs)];
        FabricSpec? fabric = hosts > 1 ? new FabricSpec("fabric", _random.NextInt64(1, 5 * Us)) : null;
        return new SystemSpec("random", (ulong)number, duration, _random.NextInt64(0, 5 * Ms), _modern ? Modern : Costs, _hosts, fabric, _vms, flows, timeline);
    }

    private void MakeHost(string name)
    {
        int sockets = _random.Next(1, 3);
        int perSocket = _random.Next(1, 4);
        int vms = _random.Next(1, 4);
        NicSpec nic = Nic(vms, socket: _random.Next(sockets), model: Chance(4) ? "82576" : "82599") with
        {
            RxRing = _random.Next(8, 300),
            TxRing = _random.Next(8, 300),
            VectorsPerVf = Chance(5) ? _random.Next(1, 3) : 3,
            RxCoalescing = Coalescing(),
            TxCoalescing = Coalescing(),
        };
        HostSpec host = Host(sockets * perSocket, nic) with
        {
            Name = name,
            Sockets = sockets,
            Allocator = Pick<VectorAllocatorKind>(),
            Destination = Pick<DestinationMode>(),
            Delivery = _modern && Chance(2) ? DeliveryMode.Posted : Chance(2) ? DeliveryMode.Static : DeliveryMode.FollowVcpu,
            Eoi = Pick<EoiMode>(),
            PlatformVectors = _random.Next(0, 5),
            Scheduler = Scheduler with { Boost = !Chance(3), Balance = !Chance(3), RateLimitPs = Chance(3) ? Ms : 0 },
        };
        if (host.Delivery == DeliveryMode.Posted || (host.Eoi == EoiMode.Apicv && !_modern))
        {
            host = host with { Eoi = _modern ? EoiMode.Apicv : EoiMode.Fast };
        }

        bool remapping = !Chance(4) || host.Destination == DestinationMode.X2Apic || host.Delivery == DeliveryMode.Posted;
        _hosts.Add(host with { Iommu = new IommuSpec(remapping, 64) });
        for (int i = 0; i < vms; i++)
        {
            MakeVm(host, $"{name}v{i}", i);
        }
    }

    private void MakeVm(HostSpec host, string name, int vf)
    {
        int[] starts = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _random.Next(host.PCpus))];
        int[] pins = [.. starts.Select(s => Chance(2) ? s : -1)];
        _vms.Add(new VmSpec(
            name, host.Name, starts[0] / (host.PCpus / host.Sockets), pins, starts, _random.Next(starts.Length), Chance(4), _random.Next(3) * 2000,
            Chance(3), _random.Next(1, 600), [new VfRef(host.Name, "nic0", 0, vf)])
        {
            EoiInstruction = Pick<EoiInstruction>(),
            Interrupts = Chance(4) ? InterruptKind.IntX : InterruptKind.Msi,
            MaskPerInterrupt = Chance(4),
            ApplicationVcpu = Chance(2) ? -1 : _random.Next(starts.Length),
            SocketBuffer = Chance(2) ? 0 : _random.Next(1, 100),
            TickHz = Chance(2) ? 0 : _random.Next(100, 2000),
        });
    }

    private CoalescingSpec Coalescing() => Fixed(Chance(2) ? 0 : _random.NextInt64(500, 20_000)) with { Policy = Pick<CoalescingPolicy>() };

    private IEnumerable<FlowSpec> Flows(VmSpec vm, int index)
    {
        yield return Shape(Flow(vm.Name, Rate()));
        VmSpec other = _vms[_random.Next(_vms.Count)];
        if (other != vm && Chance(2))
        {
            yield return Shape(Between(vm.Name, other.Name, Rate()));
        }

        if (Chance(4))
        {
            yield return Shape(Flow(vm.Name, Rate()) with { Name = $"out-{vm.Name}", FromVm = vm.Name, ToVm = null });
        }
    }

    private long Rate() => _random.NextInt64(1_000_000, Chance(5) ? 2_000_000_000 : 150_000_000);

    private FlowSpec Shape(FlowSpec flow) => flow with
    {
        FrameBytes = _random.Next(200, 1519),
        Arrival = Pick<ArrivalKind>(),
        Burst = Chance(2) ? 1 : _random.Next(1, 100),
        Transport = Chance(2) ? TransportKind.Udp : Pick<TransportKind>(),
        Window = _random.Next(1, 300),
        ResponseBytes = _random.Next(64, 1519),
        DistancePs = Chance(2) ? 0 : _random.NextInt64(Ms),
    };

    private TimelineStep? Step(long duration)
    {
        long at = _random.NextInt64(Chance(4) ? 10 * Us : duration);
        VmSpec vm = _vms[_random.Next(_vms.Count)];
        HostSpec host = _hosts.Single(h => h.Name == vm.Host);
        int pcpu = _random.Next(host.PCpus);
        return _random.Next(5) switch
        {
            0 => new MigrateVcpuStep(at, vm.Name, _random.Next(vm.Pins.Count), pcpu),
            1 => new SetAffinityStep(at, vm.Vfs[0], -1, [pcpu]),
            2 => new OfflinePCpuStep(at, host.Name, pcpu),
            3 => new OnlinePCpuStep(at, host.Name, pcpu),
            _ => _withResets ? new ResetDeviceStep(at, vm.Vfs[0]) : null,
        };
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>()
        where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        return values[_random.Next(values.Length)];
    }
}
