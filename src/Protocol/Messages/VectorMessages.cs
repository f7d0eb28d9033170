using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>Whose interrupt a vector carries: told to the pCPU with the vector, so that it can dispatch without asking.</summary>
/// <param name="Function">Index in the host's list of functions, or -1: a platform device.</param>
/// <param name="MsixEntry">Entry of the function's MSI-X table.</param>
[MemoryPackable]
public readonly partial record struct VectorOwner(int Function, int MsixEntry);

/// <summary>The hypervisor asks a pCPU something about its vector table. <paramref name="Ask"/> and the fields are those of the hardware model's VectorRequest.</summary>
[MemoryPackable]
public sealed partial record AskVector(
    int Ask, int Irq, int Vector, int Offset, int Stop, bool Watch, bool Managed, VectorOwner Owner) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0501);
        digest.Add(Ask);
        digest.Add(Irq);
        digest.Add(Vector);
        digest.Add(Offset);
        digest.Add(Stop);
        digest.Add(Watch);
        digest.Add(Managed);
        digest.Add(Owner.Function);
        digest.Add(Owner.MsixEntry);
    }
}

/// <summary>A pCPU's answer: vector allocated, or refused (-1).</summary>
[MemoryPackable]
public sealed partial record VectorAnswer(
    int Ask, int PCpu, int Irq, int Vector, int Offset, bool Erased, bool Warned,
    uint Available, uint Allocated, uint Managed, uint ManagedAllocated, bool Online) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0502);
        digest.Add(Ask);
        digest.Add(PCpu);
        digest.Add(Irq);
        digest.Add(Vector);
        digest.Add(Offset);
        digest.Add(Erased);
        digest.Add(Warned);
        digest.Add((ulong)Available);
        digest.Add((ulong)Allocated);
        digest.Add((ulong)Managed);
        digest.Add((ulong)ManagedAllocated);
        digest.Add(Online);
    }
}

/// <summary>A watched vector has been taken: the first interrupt since the hypervisor asked.</summary>
[MemoryPackable]
public sealed partial record VectorTaken(int PCpu, int Irq, int Vector) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0503);
        digest.Add(PCpu);
        digest.Add(Irq);
        digest.Add(Vector);
    }
}

/// <summary>The hypervisor, acting on this pCPU, sends the cleanup IPI to another.</summary>
[MemoryPackable]
public sealed partial record SendCleanup(int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0504);
        digest.Add(PCpu);
    }
}

/// <summary>The function's driver has all the vectors it asked for.</summary>
/// <param name="Function">Index in the host's list of functions.</param>
[MemoryPackable]
public sealed partial record FunctionUp(int Function) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0505);
        digest.Add(Function);
    }
}

/// <summary>The function goes down: reset, or refused a vector.</summary>
[MemoryPackable]
public sealed partial record FunctionDown(int Function) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0506);
        digest.Add(Function);
    }
}

/// <summary>A message in the mailbox between a VF and its PF.</summary>
[MemoryPackable]
public sealed partial record Mailbox(int Function) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0507);
        digest.Add(Function);
    }
}
