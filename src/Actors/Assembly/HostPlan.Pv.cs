using IoScale.Hardware.Platform;
using IoScale.Hardware.Pv;
using IoScale.VirtualTime;

namespace IoScale.Actors.Assembly;

/// <summary>dom0, the queues it drives and the vifs it serves.</summary>
internal sealed partial class HostPlan
{
    /// <summary>Functions that dom0 drives, as indexes into <see cref="Functions"/>: its NICs.</summary>
    private IReadOnlyList<int> Queues { get; } = [.. functions.Select((f, i) => (f, i)).Where(x => x.f.Queue >= 0).Select(x => x.i)];

    /// <summary>dom0 as a VM.</summary>
    public static VmSpec VmOf(HostSpec host, Dom0Spec dom0) => new(
        dom0.Name, host.Name, dom0.HomeSocket, dom0.Pins, dom0.Starts, 0, false, 0, dom0.Busy, dom0.Weight, [])
    {
        Virtualization = VirtualizationKind.Pv,
        Domid = 0,
    };

    /// <summary>The vifs go up in the order of their VMs: each gets its shard, and the queue that works for that shard.</summary>
    /// <exception cref="ArgumentException">A vif's port has no queue for dom0.</exception>
    public void AssignVifs()
    {
        VifShards shards = new(Host.Netback.Assignment, Host.Netback.Shards);
        foreach (VmPlan vm in Vms.Where(v => v.Spec.Vif is not null))
        {
            VifSpec vif = vm.Spec.Vif!;
            int[] queues = [.. Enumerable.Range(0, Queues.Count).Where(i => IsOn(Functions[Queues[i]], vif))];
            if (queues.Length == 0)
            {
                throw new ArgumentException($"dom0 of {Host.Name} drives no queue of {vif.Nic} port {vif.Port}");
            }

            int shard = shards.Join(vm.Spec.Domid);
            Vifs.Add(new VifPlan(vm, shard, queues[shard % queues.Length]));
        }
    }

    /// <summary>The functions that a VM drives, in the order of its NICs.</summary>
    public int[] FunctionsOf(VmPlan vm) => vm == Dom0 ? [.. Queues] : [.. vm.Spec.Vfs.Select(v => FunctionIndex(v.Nic, v.Port, v.Vf))];

    /// <summary>Number of a VM's vif in the host, or -1.</summary>
    public int VifOf(VmPlan vm) => Vifs.FindIndex(v => v.Vm == vm);

    public EntityId PortOf(VifSpec vif) => Entities[FunctionIndex(vif.Nic, vif.Port, -1)];

    /// <summary>What a NIC port hands a VM's frames to: its VF, or the queue that dom0 drives for its vif.</summary>
    public EntityId InterfaceOf(VmPlan vm, int vf)
    {
        if (vm.Spec.Vif is null)
        {
            VfRef place = vm.Spec.Vfs[vf];
            return Entities[FunctionIndex(place.Nic, place.Port, place.Vf)];
        }

        return Entities[Queues[Vifs[VifOf(vm)].Queue]];
    }

    /// <summary>The vCPU of the host that a function's interrupts can follow, or -1: several destinations, a pin, or posting to a guest without a virtual APIC.</summary>
    public int InterruptVcpuOf(HostFunction function, VmPlan vm)
    {
        bool cannotPost = Host.Delivery == DeliveryMode.Posted && vm.Spec.Virtualization == VirtualizationKind.Pv;
        return vm.Spec.MultiDestination || vm.Spec.Interrupts == InterruptKind.IntX || cannotPost ? -1
            : vm.FirstVcpu + (vm == Dom0 ? QueueIndex(function) % vm.Spec.Pins.Count : vm.Spec.InterruptVcpu);
    }

    private int QueueIndex(HostFunction function)
    {
        for (int i = 0; i < Queues.Count; i++)
        {
            if (Functions[Queues[i]] == function)
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsOn(HostFunction function, VifSpec vif) => function.Nic == NicIndex(vif.Nic) && function.Port == vif.Port;
}

/// <summary>A vif while its host is being assembled.</summary>
/// <param name="Queue">Index into dom0's NICs.</param>
internal sealed record VifPlan(VmPlan Vm, int Shard, int Queue);
