using IoScale.Hardware.Platform;
using IoScale.VirtualTime;

namespace IoScale.Actors.Assembly;

/// <summary>Who is who: entity numbers of everything that entities send to. Constant during a run.</summary>
public sealed class Wiring
{
    /// <summary>Partition of each entity.</summary>
    public required IReadOnlyList<int> PartitionOf { get; init; }

    /// <summary>Latency between the sockets of a host: the lookahead of its links, and what a message adds when it crosses.</summary>
    public required long CrossSocketPs { get; init; }

    public required IReadOnlyList<HostWiring> Hosts { get; init; }

    public required IReadOnlyList<FlowWiring> Flows { get; init; }
}

/// <summary>The entities of one host.</summary>
public sealed class HostWiring
{
    public required HostSpec Spec { get; init; }

    public required EntityId Hypervisor { get; init; }

    /// <summary>dom0's VM; null where there is none.</summary>
    public EntityId? Dom0 { get; init; }

    /// <summary>The host's vifs, in the order of its VMs.</summary>
    public IReadOnlyList<VifWiring> Vifs { get; init; } = [];

    /// <summary>The host's netback shards.</summary>
    public IReadOnlyList<EntityId> Shards { get; init; } = [];

    public required IReadOnlyList<EntityId> PCpus { get; init; }

    public required IReadOnlyList<VcpuWiring> Vcpus { get; init; }

    public required IReadOnlyList<FunctionWiring> Functions { get; init; }

    /// <summary>pCPUs of each socket.</summary>
    public int PCpusPerSocket => Spec.PCpus / Spec.Sockets;

    public int SocketOf(int pcpu) => pcpu / PCpusPerSocket;

    /// <summary>Number of a VM's vif in the host, or -1.</summary>
    public int VifOf(string vm)
    {
        for (int i = 0; i < Vifs.Count; i++)
        {
            if (Vifs[i].VmName == vm)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A vif of a host.</summary>
/// <param name="Vm">Its guest's entity.</param>
/// <param name="Port">NIC port that it is bridged to.</param>
/// <param name="Queue">Queue pair of that port that carries its frames, as index into dom0's NICs.</param>
/// <param name="Shard">netback shard that serves it.</param>
/// <param name="Notification">How its guest is notified at the start.</param>
public sealed record VifWiring(EntityId Vm, string VmName, EntityId Port, int Queue, int Shard, NotificationSpec Notification);

/// <summary>A vCPU of a host.</summary>
/// <param name="Vm">Its VM's entity.</param>
/// <param name="Index">Its number in the VM.</param>
/// <param name="Busy">It computes from the start.</param>
/// <param name="Pv">Its VM is paravirtual: no VM exits.</param>
public sealed record VcpuWiring(EntityId Vm, int Index, int Pin, int Start, int Weight, bool Busy, bool Pv);

/// <summary>A PF or VF of a host.</summary>
/// <param name="Entity">The VF, or the port for its PF.</param>
/// <param name="SourceId">Routing id.</param>
/// <param name="Vm">VM that owns the VF; null for a PF and for a VF that no VM uses.</param>
/// <param name="VmName">Name of that VM.</param>
/// <param name="VfOfVm">Index into the VM's VFs.</param>
/// <param name="InterruptVcpu">vCPU (number in the host) whose pCPU the function's interrupts can follow; -1 when they cannot follow one.</param>
public sealed record FunctionWiring(
    HostFunction Function, EntityId Entity, EntityId Iommu, int IommuIndex, int SourceId, EntityId? Vm, string? VmName, int VfOfVm, int InterruptVcpu);

/// <summary>The way of a flow.</summary>
/// <param name="ToPort">NIC port of the receiving VF; null when the receiver is outside.</param>
/// <param name="ToWire">Wire into that port.</param>
/// <param name="ToVf">Receiving VF.</param>
public sealed record FlowWiring(FlowSpec Spec, EntityId? ToPort, EntityId? ToWire, EntityId? ToVf)
{
    /// <summary>Who sends, and gets the acknowledgements: the VM, or the wire that the station outside sends from.</summary>
    public required EntityId Sender { get; init; }

    /// <summary>NIC port of the sending VM; null when the sender is outside.</summary>
    public EntityId? FromPort { get; init; }

    /// <summary>The wire where the station outside is; null when both ends are VMs.</summary>
    public EntityId? Station { get; init; }

    /// <summary>Request/response: index of the flow of the responses, or, for that one, of the requests; otherwise -1.</summary>
    public int Partner { get; init; } = -1;

    /// <summary>Number in its host of the receiving vif; -1 where the receiver has none. <see cref="ToVf"/> is then the queue pair of dom0's NIC.</summary>
    public int ToVif { get; init; } = -1;

    /// <summary>The frames are responses; flows of responses come behind all flows of the scenario.</summary>
    public bool IsResponse { get; init; }

    /// <summary>Somebody wants to know when its frames arrive.</summary>
    public bool IsWatched => Spec.Transport != TransportKind.Udp;
}
