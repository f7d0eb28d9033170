using IoScale.Actors.Entities;
using IoScale.Hardware.Costs;
using IoScale.Hardware.Guest;
using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;
using IoScale.VirtualTime;

namespace IoScale.Actors.Assembly;

/// <summary>
/// Turns a system into a topology of entities: numbers them, groups them in partitions (one for each socket, one for the fabric), links the
/// partitions, and says who sends to whom.
/// </summary>
public sealed partial class SystemAssembly
{
    private readonly SystemSpec _spec;
    private readonly List<PartitionSpec> _partitions = [];
    private readonly List<LinkSpec> _links = [];
    private readonly List<EntitySpec> _entities = [];
    private readonly List<int> _partitionOf = [];
    private readonly List<HostWiring> _hosts = [];
    private readonly List<FlowWiring> _flows = [];
    private readonly Dictionary<string, HostPlan> _plans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VmPlan> _vms = new(StringComparer.Ordinal);
    private readonly ILookup<string, VmSpec> _vmsByHost;
    private readonly ILookup<string?, int> _flowsByVm;
    private readonly ILookup<EntityId?, int> _flowsByWire;

    private SystemAssembly(SystemSpec spec)
    {
        _spec = spec;
        _vmsByHost = spec.Vms.ToLookup(v => v.Host, StringComparer.Ordinal);
        CostProfile costs = spec.Costs;
        long cross = Math.Max(1, costs.Ps(CostName.IpiFlightCrossSocket) - costs.Ps(CostName.IpiFlightSameSocket));
        foreach (HostSpec host in spec.Hosts)
        {
            Number(host);
        }

        Fabric = spec.Fabric is null ? null : Reserve(AddPartition(spec.Fabric.Name, spec.Fabric.Name));
        foreach (HostSpec host in spec.Hosts)
        {
            _hosts.Add(Describe(_plans[host.Name]));
        }

        foreach (FlowSpec flow in spec.Flows)
        {
            _flows.Add(Describe(flow));
        }

        AddResponses();
        _flowsByVm = Enumerable.Range(0, spec.Flows.Count).ToLookup(i => spec.Flows[i].FromVm, StringComparer.Ordinal);
        _flowsByWire = Enumerable.Range(0, spec.Flows.Count).Where(i => spec.Flows[i].FromVm is null).ToLookup(i => _flows[i].ToWire);
        Wiring = new Wiring { PartitionOf = _partitionOf, CrossSocketPs = cross, Hosts = _hosts, Flows = _flows };
        Link(cross);
        for (int i = 0; i < _hosts.Count; i++)
        {
            Populate(_plans[spec.Hosts[i].Name], _hosts[i]);
        }

        if (Fabric is { } fabric)
        {
            long latency = spec.Fabric!.LatencyPs;
            Place(fabric, "switch", () => new FabricActor(Wiring, latency));
        }

        Topology = new Topology(spec.Seed, _partitions, _links, _entities);
    }

    public Wiring Wiring { get; }

    public Topology Topology { get; }

    /// <summary>The switch between hosts, or null.</summary>
    public EntityId? Fabric { get; }

    /// <summary>Assembles a system.</summary>
    public static SystemAssembly Of(SystemSpec spec) => new(spec);

    /// <summary>The index in its host of a VM's vCPU 0, and its host.</summary>
    public (HostWiring Host, int FirstVcpu) PlaceOf(string vm)
    {
        VmPlan plan = _vms[vm];
        return (_hosts[plan.Host.Index], plan.FirstVcpu);
    }

    /// <summary>A function's host and its index in the host's list.</summary>
    public (HostWiring Host, int Function) PlaceOf(VfRef function)
    {
        HostPlan plan = _plans[function.Host];
        return (_hosts[plan.Index], plan.FunctionIndex(function.Nic, function.Port, function.Vf));
    }

    private int AddPartition(string name, string group)
    {
        _partitions.Add(new PartitionSpec(name, group));
        return _partitions.Count - 1;
    }

    /// <summary>Gives out the next entity number; what the entity is, is said later.</summary>
    private EntityId Reserve(int partition)
    {
        _partitionOf.Add(partition);
        _entities.Add(null!);
        return new EntityId(_entities.Count - 1);
    }

    private EntityId[] Reserve(int partition, int count)
    {
        EntityId[] ids = new EntityId[count];
        for (int i = 0; i < count; i++)
        {
            ids[i] = Reserve(partition);
        }

        return ids;
    }

    private void Place(EntityId id, string name, Func<EntityActor> create) => _entities[id.Value] = new EntitySpec(name, _partitionOf[id.Value], create);

    private void Number(HostSpec host)
    {
        HostPlan plan = new(host, _plans.Count, FunctionList.Of(host));
        _plans.Add(host.Name, plan);
        for (int socket = 0; socket < host.Sockets; socket++)
        {
            plan.Partitions.Add(AddPartition($"{host.Name}.{socket}", host.Name));
        }

        plan.Hypervisor = Reserve(plan.Partitions[0]);
        foreach (int partition in plan.Partitions)
        {
            plan.Iommus.Add(Reserve(partition));
            plan.PCpus.AddRange(Reserve(partition, host.PCpus / host.Sockets));
        }

        foreach (HostFunction function in plan.Functions)
        {
            int partition = plan.Partitions[host.Nics[function.Nic].Socket];
            if (function.IsPf)
            {
                plan.Wires.Add((function.Nic, function.Port), Reserve(partition));
            }

            plan.Entities.Add(Reserve(partition));
        }

        foreach (VmSpec vm in _vmsByHost[host.Name])
        {
            Number(plan, vm);
        }

        if (host.Dom0 is { } dom0)
        {
            plan.Dom0 = Number(plan, HostPlan.VmOf(host, dom0));
            plan.Shards.AddRange(Reserve(plan.Partitions[dom0.HomeSocket], host.Netback.Shards));
            plan.AssignVifs();
        }
    }

    private VmPlan Number(HostPlan plan, VmSpec vm)
    {
        VmPlan vmPlan = new(plan, vm, Reserve(plan.Partitions[vm.HomeSocket]), plan.Vcpus.Count);
        bool pv = vm.Virtualization == VirtualizationKind.Pv;
        for (int i = 0; i < vm.Pins.Count; i++)
        {
            plan.Vcpus.Add(new VcpuWiring(vmPlan.Entity, i, vm.Pins[i], vm.Starts[i], vm.Weight, vm.Busy, pv));
        }

        plan.Add(vmPlan);
        _vms.Add(vm.Name, vmPlan);
        return vmPlan;
    }

    private static HostWiring Describe(HostPlan plan)
    {
        List<FunctionWiring> functions = [];
        for (int i = 0; i < plan.Functions.Count; i++)
        {
            HostFunction function = plan.Functions[i];
            NicSpec nic = plan.Host.Nics[function.Nic];
            (VmPlan? vm, int vfOfVm) = plan.OwnerOf(function);
            int bus = plan.Buses[function.Nic];
            int sourceId = function.Vf < 0
                ? RoutingIds.Pf(bus, 0, function.Port)
                : RoutingIds.Vf(nic.Model, bus, 0, function.Port, function.Vf);
            functions.Add(new FunctionWiring(
                function,
                plan.Entities[i],
                plan.Iommus[nic.Socket],
                nic.Socket,
                sourceId & 0xffff,
                vm?.Entity,
                vm?.Spec.Name,
                vfOfVm,
                vm is null ? -1 : plan.InterruptVcpuOf(function, vm)));
        }

        return new HostWiring
        {
            Spec = plan.Host,
            Hypervisor = plan.Hypervisor,
            PCpus = plan.PCpus,
            Vcpus = plan.Vcpus,
            Functions = functions,
            Dom0 = plan.Dom0?.Entity,
            Vifs = [.. plan.Vifs.Select(v => new VifWiring(
                v.Vm.Entity, v.Vm.Spec.Name, plan.PortOf(v.Vm.Spec.Vif!), v.Queue, v.Shard, v.Vm.Spec.Vif!.Notification))],
            Shards = plan.Shards,
        };
    }

    private void Link(long crossSocketPs)
    {
        foreach (HostPlan plan in _spec.Hosts.Select(h => _plans[h.Name]))
        {
            for (int a = 0; a < plan.Partitions.Count; a++)
            {
                for (int b = a + 1; b < plan.Partitions.Count; b++)
                {
                    _links.Add(new LinkSpec($"{plan.Host.Name}.{a}-{b}", plan.Partitions[a], plan.Partitions[b], crossSocketPs));
                }

                if (Fabric is { } fabric && plan.Host.Nics.Any(n => n.Socket == a))
                {
                    _links.Add(new LinkSpec(
                        $"{_spec.Fabric!.Name}-{plan.Host.Name}.{a}", _partitionOf[fabric.Value], plan.Partitions[a], _spec.Fabric.LatencyPs));
                }
            }
        }
    }

    private void Populate(HostPlan plan, HostWiring host)
    {
        CostProfile costs = _spec.Costs;
        long msi = costs.Ps(CostName.MsiLatency);
        PCpuCosts pcpuCosts = PCpuCosts.Of(costs, plan.Host.Eoi);
        bool extended = plan.Host.Destination == DestinationMode.X2Apic || plan.Host.PCpus > 255;
        Place(plan.Hypervisor, "hypervisor", () => new HypervisorActor(Wiring, host, costs));
        foreach (EntityId iommu in plan.Iommus)
        {
            Place(iommu, "iommu", () => new IommuActor(Wiring, host, costs, extended));
        }

        for (int i = 0; i < plan.PCpus.Count; i++)
        {
            int pcpu = i;
            Place(plan.PCpus[i], $"pcpu-{i}", () => new PCpuActor(Wiring, host, pcpu, pcpuCosts));
        }

        PopulateNics(plan, host, msi);
        for (int i = 0; i < plan.Shards.Count; i++)
        {
            int shard = i;
            Place(plan.Shards[i], $"netback-{i}", () => new NetbackShardActor(Wiring, host, shard, NetbackCosts.Of(costs)));
        }

        foreach (VmPlan vm in plan.Vms)
        {
            int[] functions = plan.FunctionsOf(vm);
            int[] flows = [.. _flowsByVm[vm.Spec.Name]];
            GuestSetup setup = GuestSetups.Of(plan, vm, costs, _flows);
            long notification = plan.Host.Delivery == DeliveryMode.Posted ? costs.Ps(CostName.PostedNotification) : 0;
            Place(vm.Entity, vm.Spec.Name, () => new VmActor(Wiring, host, vm.Spec, setup, vm.FirstVcpu, functions, flows, msi, notification));
        }
    }

    private void PopulateNics(HostPlan plan, HostWiring host, long msiLatencyPs)
    {
        EntityId port = default;
        for (int i = 0; i < plan.Functions.Count; i++)
        {
            int index = i;
            HostFunction function = plan.Functions[i];
            NicSpec nic = plan.Host.Nics[function.Nic];
            if (function.IsPf)
            {
                port = plan.Entities[i];
                EntityId wire = plan.Wires[(function.Nic, function.Port)];
                int[] flows = [.. _flowsByWire[wire]];
                EntityId thisPort = port;
                Place(wire, $"{nic.Name}.p{function.Port}.wire", () => new TrafficActor(Wiring, thisPort, nic.Model.PortRateBps, flows));
                Place(
                    port,
                    $"{nic.Name}.p{function.Port}",
                    () => new NicPortActor(Wiring, host, nic.Model, index, Fabric, _spec.Fabric?.LatencyPs ?? 0, msiLatencyPs));
            }
            else
            {
                EntityId itsPort = port;
                Place(plan.Entities[i], function.Name, () => new VfActor(Wiring, host, index, itsPort, nic, msiLatencyPs));
            }
        }
    }
}
