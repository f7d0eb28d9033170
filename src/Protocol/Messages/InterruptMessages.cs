using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>A function's posted write of an interrupt message, on its way to the IOMMU.</summary>
/// <param name="SourceId">Routing id of the function: bus, device, function in 16 bits.</param>
[MemoryPackable]
public sealed partial record MsiWrite(ulong Address, uint Data, int SourceId) : VirtualMessage, ICarriesInterrupt
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0201);
        digest.Add(Address);
        digest.Add((ulong)Data);
        digest.Add(SourceId);
    }
}

/// <summary>A device interrupt arrives at a pCPU's local APIC.</summary>
[MemoryPackable]
public sealed partial record Interrupt(int Vector) : VirtualMessage, ICarriesInterrupt
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0202);
        digest.Add(Vector);
    }
}

/// <summary>Why a pCPU interrupts another.</summary>
public enum IpiPurpose
{
    /// <summary>Carries a device interrupt to its vCPU.</summary>
    Delivery,

    /// <summary>Asks for the release of an old vector.</summary>
    Cleanup,

    /// <summary>Carries a guest's own IPI to the vCPU it is for.</summary>
    Guest,
}

/// <summary>An inter-processor interrupt arrives.</summary>
/// <param name="Vcpu">Number in the host of the vCPU that it is for; -1 when it is for none.</param>
[MemoryPackable]
public sealed partial record Ipi(int Vector, IpiPurpose Purpose, int Vcpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0203);
        digest.Add(Vector);
        digest.Add((int)Purpose);
        digest.Add(Vcpu);
    }
}

/// <summary>A pCPU has taken a device interrupt that belongs to a VM.</summary>
/// <param name="Vf">Index into the VM's VFs.</param>
/// <param name="MsixEntry">Entry of the VF's MSI-X table.</param>
/// <param name="PCpu">Number of the pCPU in the host.</param>
[MemoryPackable]
public sealed partial record DeviceInterrupt(int Vf, int MsixEntry, int PCpu) : VirtualMessage, ICarriesInterrupt
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0204);
        digest.Add(Vf);
        digest.Add(MsixEntry);
        digest.Add(PCpu);
    }
}

/// <summary>A VM's interrupt logic, running on this pCPU, has to interrupt another pCPU where one of its vCPUs is.</summary>
/// <param name="PCpu">Number of the pCPU to interrupt.</param>
/// <param name="Vcpu">Number of the vCPU in the host.</param>
[MemoryPackable]
public sealed partial record KickVcpu(int PCpu, int Vcpu, IpiPurpose Purpose) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0205);
        digest.Add(PCpu);
        digest.Add(Vcpu);
        digest.Add((int)Purpose);
    }
}

/// <summary>A kick has reached the pCPU: what is pending for the vCPU will be seen at its next entry; a blocked one must be woken.</summary>
[MemoryPackable]
public sealed partial record Kicked(int Vcpu, int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0206);
        digest.Add(Vcpu);
        digest.Add(PCpu);
    }
}

/// <summary>To itself: a function's moderation interval for one vector is over.</summary>
[MemoryPackable]
public sealed partial record ModerationDue(int MsixEntry, int Generation) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0207);
        digest.Add(MsixEntry);
        digest.Add(Generation);
    }
}

/// <summary>The hypervisor writes an entry of a function's MSI-X table (masked, written, unmasked).</summary>
[MemoryPackable]
public sealed partial record WriteMsix(int MsixEntry, ulong Address, uint Data) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0208);
        digest.Add(MsixEntry);
        digest.Add(Address);
        digest.Add((ulong)Data);
    }
}

/// <summary>The hypervisor writes an interrupt remapping entry and invalidates the cache for it.</summary>
/// <param name="Present">False: the entry is cleared.</param>
/// <param name="Vector">The pCPU's vector; the vCPU's where the entry is a posted one.</param>
/// <param name="PostedVcpu">Number in the host of the vCPU whose descriptor a posted entry names; -1 for a remapped entry.</param>
[MemoryPackable]
public sealed partial record WriteIrte(int Index, bool Present, int Vector, int Destination, bool Logical, int SourceId, int PostedVcpu = -1) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0209);
        digest.Add(Index);
        digest.Add(Present);
        digest.Add(Vector);
        digest.Add(Destination);
        digest.Add(Logical);
        digest.Add(SourceId);
        digest.Add(PostedVcpu);
    }
}

/// <summary>A host's driver (dom0) has handled an interrupt of a PF.</summary>
[MemoryPackable]
public sealed partial record HostInterrupt(int MsixEntry) : VirtualMessage, ICarriesInterrupt
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x020A);
        digest.Add(MsixEntry);
    }
}
