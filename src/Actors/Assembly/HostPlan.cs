using IoScale.Hardware.Nics;
using IoScale.Hardware.Platform;
using IoScale.VirtualTime;

namespace IoScale.Actors.Assembly;

/// <summary>A host while it is being assembled.</summary>
internal sealed partial class HostPlan(HostSpec host, int index, IReadOnlyList<HostFunction> functions)
{
    public HostSpec Host { get; } = host;

    public int Index { get; } = index;

    public IReadOnlyList<HostFunction> Functions { get; } = functions;

    public List<int> Partitions { get; } = [];

    public EntityId Hypervisor { get; set; }

    public List<EntityId> Iommus { get; } = [];

    public List<EntityId> PCpus { get; } = [];

    /// <summary>Entity of each function: its port for a PF.</summary>
    public List<EntityId> Entities { get; } = [];

    public Dictionary<(int Nic, int Port), EntityId> Wires { get; } = [];

    public List<VcpuWiring> Vcpus { get; } = [];

    public List<VmPlan> Vms { get; } = [];

    public VmPlan? Dom0 { get; set; }

    public List<EntityId> Shards { get; } = [];

    public List<VifPlan> Vifs { get; } = [];

    /// <summary>PCIe bus of each NIC.</summary>
    public List<int> Buses { get; } = BusesOf(host);

    private Dictionary<(int Nic, int Port, int Vf), (VmPlan Vm, int VfOfVm)> Owners { get; } = [];

    private Dictionary<(int Nic, int Port, int Vf), int> FunctionIndexes { get; } =
        functions.Select((f, i) => (f, i)).Where(x => x.f.Queue < 0).ToDictionary(x => (x.f.Nic, x.f.Port, x.f.Vf), x => x.i);

    private static List<int> BusesOf(HostSpec host)
    {
        List<int> buses = [];
        int bus = 1;
        foreach (NicSpec nic in host.Nics)
        {
            buses.Add(bus);
            bus += RoutingIds.Buses(nic.Model);
        }

        return buses;
    }

    public int NicIndex(string name)
    {
        for (int i = 0; i < Host.Nics.Count; i++)
        {
            if (Host.Nics[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"{Host.Name} has no NIC {name}");
    }

    public int FunctionIndex(string nic, int port, int vf) => FunctionIndexes[(NicIndex(nic), port, vf)];

    public void Add(VmPlan vm)
    {
        Vms.Add(vm);
        for (int i = 0; i < vm.Spec.Vfs.Count; i++)
        {
            VfRef vf = vm.Spec.Vfs[i];
            Owners.Add((NicIndex(vf.Nic), vf.Port, vf.Vf), (vm, i));
        }
    }

    /// <summary>The VM that has a VF, and the VF's index there.</summary>
    public (VmPlan? Vm, int VfOfVm) OwnerOf(HostFunction function) =>
        function.Queue >= 0 ? (Dom0, QueueIndex(function)) : Owners.TryGetValue((function.Nic, function.Port, function.Vf), out (VmPlan Vm, int VfOfVm) owner) ? owner : (null, -1);
}

/// <summary>A VM while its host is being assembled.</summary>
internal sealed class VmPlan(HostPlan host, VmSpec spec, EntityId entity, int firstVcpu)
{
    public HostPlan Host { get; } = host;

    public VmSpec Spec { get; } = spec;

    public EntityId Entity { get; } = entity;

    public int FirstVcpu { get; } = firstVcpu;
}
