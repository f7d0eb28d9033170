using IoScale.VirtualTime;
using MemoryPack;

namespace IoScale.Protocol.Messages;

/// <summary>The measured window begins: remember the counters.</summary>
[MemoryPackable]
public sealed partial record MeasureStart : VirtualMessage
{
    public override void Fold(ref Digest digest) => digest.Add(0x0401);
}

/// <summary>Timeline: move a vCPU and pin it.</summary>
[MemoryPackable]
public sealed partial record MigrateVcpu(int Vcpu, int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0403);
        digest.Add(Vcpu);
        digest.Add(PCpu);
    }
}

/// <summary>Timeline: set the affinity of a function's interrupts.</summary>
/// <param name="Function">Index in the host's list of functions.</param>
/// <param name="MsixEntry">Entry, or -1 for all.</param>
[MemoryPackable]
public sealed partial record SetAffinity(int Function, int MsixEntry, int[] PCpus) : VirtualMessage
{
    public int[] PCpus { get; init; } = PCpus ?? throw new InvalidDataException("an affinity without pCPUs");

    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0404);
        digest.Add(Function);
        digest.Add(MsixEntry);
        foreach (int pcpu in PCpus)
        {
            digest.Add(pcpu);
        }
    }
}

/// <summary>Timeline: take a pCPU offline.</summary>
[MemoryPackable]
public sealed partial record OfflinePCpu(int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0405);
        digest.Add(PCpu);
    }
}

/// <summary>Timeline: bring a pCPU online.</summary>
[MemoryPackable]
public sealed partial record OnlinePCpu(int PCpu) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0406);
        digest.Add(PCpu);
    }
}

/// <summary>Timeline: function-level reset.</summary>
/// <param name="Function">Index in the host's list of functions.</param>
[MemoryPackable]
public sealed partial record ResetFunction(int Function) : VirtualMessage
{
    public override void Fold(ref Digest digest)
    {
        digest.Add(0x0407);
        digest.Add(Function);
    }
}
