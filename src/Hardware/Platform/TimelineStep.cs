namespace IoScale.Hardware.Platform;

/// <summary>Something done to the system at a virtual time; part of the scenario, so that a replay does the same.</summary>
public abstract record TimelineStep(long AtPs);

/// <summary>Moves a vCPU to another pCPU and pins it there.</summary>
public sealed record MigrateVcpuStep(long AtPs, string Vm, int Vcpu, int ToPCpu) : TimelineStep(AtPs);

/// <summary>Sets the affinity of one function's interrupts (all its vectors, or one).</summary>
/// <param name="Vector">MSI-X table index, or -1 for all.</param>
/// <param name="PCpus">Allowed pCPUs, ascending, not empty.</param>
public sealed record SetAffinityStep(long AtPs, VfRef Function, int Vector, IReadOnlyList<int> PCpus) : TimelineStep(AtPs);

/// <summary>Takes a pCPU offline. Linux refuses when its vectors have no place elsewhere; Xen does not.</summary>
public sealed record OfflinePCpuStep(long AtPs, string Host, int PCpu) : TimelineStep(AtPs);

/// <summary>Brings a pCPU back online.</summary>
public sealed record OnlinePCpuStep(long AtPs, string Host, int PCpu) : TimelineStep(AtPs);

/// <summary>Function-level reset of a VF: rings are lost, vectors freed and asked for again.</summary>
public sealed record ResetDeviceStep(long AtPs, VfRef Function) : TimelineStep(AtPs);

/// <summary>Changes how a VM's vif is notified.</summary>
public sealed record SetNotificationStep(long AtPs, string Vm, NotificationSpec Notification) : TimelineStep(AtPs);
