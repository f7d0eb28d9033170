using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;

namespace IoScale.Actors.Entities;

/// <summary>Vectors that the hypervisor keeps for itself.</summary>
public static class HostVectors
{
    /// <summary>Event check: makes a pCPU look at what is pending for the vCPU it runs (Xen, vector 0xfc).</summary>
    public const int EventCheck = 0xfc;

    /// <summary>
    /// The move-cleanup interrupt: of the lowest priority, so that device interrupts run first. Xen today 0x22, everyone else 0x20; -1 where one table
    /// serves all pCPUs: nothing is cleaned up there, and 0x20 is a device's vector like any other.
    /// </summary>
    public static int Cleanup(VectorAllocatorKind kind) => VectorModel.IsGlobal(kind) ? -1 : kind == VectorAllocatorKind.Xen ? 0x22 : 0x20;
}
