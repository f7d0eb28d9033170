using IoScale.Hardware.Platform;

namespace IoScale.Hardware.Vectors;

/// <summary>Properties of the allocators that follow from kind and destination mode alone.</summary>
public static class VectorModel
{
    /// <summary>Most pCPUs that flat logical mode can address.</summary>
    public const int FlatCpuLimit = 8;

    /// <summary>True when one table serves all pCPUs.</summary>
    public static bool IsGlobal(VectorAllocatorKind kind) => kind is VectorAllocatorKind.SlideGlobal or VectorAllocatorKind.Xen2009Global;

    /// <summary>
    /// True when an allocation takes the same vector on all online pCPUs. Only the per-CPU allocators of 2009 follow the APIC driver; Xen and Linux today
    /// always take a single pCPU, whatever the destination mode.
    /// </summary>
    public static bool IsFlat(VectorAllocatorKind kind, DestinationMode destination) =>
        destination == DestinationMode.Flat && (kind is VectorAllocatorKind.Xen2009PerCpu or VectorAllocatorKind.Linux2632);

    /// <summary>Vectors that one empty pCPU can hand out to devices.</summary>
    public static int CapacityOf(VectorAllocatorKind kind, int cpu, int firstSystemVector = VectorLayout.DefaultFirstSystemVector) =>
        VectorLayout.For(kind, firstSystemVector).CapacityOf(cpu);

    /// <summary>Vectors that a whole empty host can hand out to devices: the sum over its pCPUs, or one pCPU's worth where all tables hold the same entries.</summary>
    public static int HostCapacity(
        VectorAllocatorKind kind, DestinationMode destination, int cpus, int firstSystemVector = VectorLayout.DefaultFirstSystemVector)
    {
        var layout = VectorLayout.For(kind, firstSystemVector);
        if (IsGlobal(kind) || IsFlat(kind, destination))
        {
            return layout.CapacityOf(0);
        }

        var total = 0;
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            total += layout.CapacityOf(cpu);
        }

        return total;
    }
}
