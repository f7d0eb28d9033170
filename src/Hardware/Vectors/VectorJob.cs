using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>Operations on a host's vectors.</summary>
public enum VectorOp
{
    /// <summary>A pCPU comes online.</summary>
    Online,

    /// <summary>A pCPU leaves.</summary>
    Offline,

    /// <summary>An irq gets a vector, or moves, at once.</summary>
    Assign,

    /// <summary>A stored affinity takes effect with an interrupt.</summary>
    Move,

    /// <summary>The first interrupt at the new vector has arrived.</summary>
    FirstInterrupt,

    /// <summary>An irq gives up its vectors.</summary>
    Free,

    /// <summary>A new affinity is stored.</summary>
    SetAffinity,

    /// <summary>An irq is taken off a pCPU that leaves.</summary>
    Fixup,

    /// <summary>Second half of <see cref="Offline"/>: the pCPU has been emptied. Outcomes name the first.</summary>
    Leave,

    /// <summary>Linux: an irq gets the promise of a vector.</summary>
    Reserve,

    /// <summary>Linux: vectors are set aside for a managed irq.</summary>
    ReserveManaged,

    /// <summary>Linux: an irq with a promise or with vectors set aside gets its vector.</summary>
    Activate,

    /// <summary>Linux: the irq gives its vector up and keeps the promise or the vectors set aside.</summary>
    Deactivate,

    /// <summary>Second half of <see cref="Deactivate"/>: the promise is made again. Outcomes name the first.</summary>
    Promise,

    /// <summary>Linux: the vectors set aside are given back.</summary>
    RemoveManaged,
}

/// <summary>One operation to do.</summary>
[MemoryPackable]
internal readonly partial record struct VectorJob(VectorOp Op, int Irq, int Cpu, int Vector, CpuMask Mask);

/// <summary>How one operation ended.</summary>
/// <param name="Irq">The irq, or -1.</param>
/// <param name="Cpu">The pCPU named in the operation, or -1.</param>
/// <param name="Rc">0 or a negative errno (<see cref="VectorErrors"/>).</param>
/// <param name="Moved">The irq's vector or pCPUs changed: the device or its remapping entry must be programmed.</param>
/// <param name="Vector">The irq's vector after the operation, or -1.</param>
/// <param name="Cpus">The pCPUs of that vector.</param>
/// <param name="Warned">The kernel would warn: affinity broken, or more promised than there is.</param>
[MemoryPackable]
public readonly partial record struct VectorOutcome(VectorOp Op, int Irq, int Cpu, int Rc, bool Moved, int Vector, CpuMask Cpus, bool Warned);
