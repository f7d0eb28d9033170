using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>The IOMMU posts a device interrupt to a vCPU's descriptor.</summary>
/// <param name="Vf">Index into the VM's VFs.</param>
/// <param name="MsixEntry">Entry of the VF's MSI-X table.</param>
[MemoryPackable]
public sealed partial record PostInterrupt(int Vf, int MsixEntry) : VirtualMessage, ICarriesInterrupt
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x020B);
        digest.Add(Vf);
        digest.Add(MsixEntry);
    }
}

/// <summary>The posted-interrupt notification vector arrives at a pCPU.</summary>
/// <param name="Vcpu">Number in the host of the vCPU whose descriptor names the pCPU.</param>
[MemoryPackable]
public sealed partial record PostedNotification(int Vcpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x020C);
        digest.Add(Vcpu);
    }
}

/// <summary>To itself: a vCPU's timer fires.</summary>
/// <param name="Vcpu">Number of the vCPU in the VM.</param>
/// <param name="AtPs">When it was armed for; another time means that it has been stopped or armed anew.</param>
[MemoryPackable]
public sealed partial record GuestTick(int Vcpu, long AtPs) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x030D);
        digest.Add(Vcpu);
        digest.Add(AtPs);
    }
}

/// <summary>A vCPU of another VM waits for dom0's device model.</summary>
/// <param name="Vcpu">Number of the vCPU in the host.</param>
[MemoryPackable]
public sealed partial record DeviceModelRequest(int Vcpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x030E);
        digest.Add(Vcpu);
    }
}

/// <summary>dom0's device model has done what a vCPU waits for.</summary>
/// <param name="Vcpu">Number of the vCPU in the host.</param>
[MemoryPackable]
public sealed partial record DeviceModelDone(int Vcpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x030F);
        digest.Add(Vcpu);
    }
}
