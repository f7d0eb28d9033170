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

    public required IReadOnlyList<EntityId> PCpus { get; init; }

    public required IReadOnlyList<VcpuWiring> Vcpus { get; init; }

    public required IReadOnlyList<FunctionWiring> Functions { get; init; }

    /// <summary>pCPUs of each socket.</summary>
    public int PCpusPerSocket => Spec.PCpus / Spec.Sockets;

    public int SocketOf(int pcpu) => pcpu / PCpusPerSocket;
}

/// <summary>A vCPU of a host.</summary>
/// <param name="Vm">Its VM's entity.</param>
/// <param name="Index">Its number in the VM.</param>
/// <param name="Busy">It computes from the start.</param>
public sealed record VcpuWiring(EntityId Vm, int Index, int Pin, int Start, int Weight, bool Busy);

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
public sealed record FlowWiring(FlowSpec Spec, EntityId? ToPort, EntityId? ToWire, EntityId? ToVf);
