using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>Where an irq stands in a move from one vector to another.</summary>
public enum IrqMoveState
{
    /// <summary>One vector.</summary>
    Idle,

    /// <summary>A new affinity is stored; nothing happens before the next interrupt.</summary>
    Pending,

    /// <summary>Two vectors: the device is told of the new one, no interrupt has arrived there yet.</summary>
    Moving,

    /// <summary>Two vectors: the cleanup interrupt is on its way to the old one.</summary>
    Cleanup,
}

/// <summary>
/// What the hypervisor knows of one irq: the irq is the index of everything, its vector changes with every move. Source: Xen struct arch_irq_desc, Linux struct apic_chip_data (V).
/// </summary>
[MemoryPackable]
public sealed partial class IrqDescriptor
{
    /// <summary>An irq without a vector.</summary>
    [MemoryPackConstructor]
    public IrqDescriptor(int irq)
    {
        Irq = irq;
    }

    /// <summary>Its number.</summary>
    public int Irq { get; }

    /// <summary>Its vector, or -1.</summary>
    [MemoryPackInclude]
    public int Vector { get; internal set; } = -1;

    /// <summary>The pCPUs on which <see cref="Vector"/> is its own.</summary>
    [MemoryPackInclude]
    public CpuMask Cpus { get; internal set; }

    /// <summary>The vector it is moving away from, or -1.</summary>
    [MemoryPackInclude]
    public int OldVector { get; internal set; } = -1;

    /// <summary>The pCPUs on which <see cref="OldVector"/> is its own; of a global vector, those that it was brought to before.</summary>
    [MemoryPackInclude]
    public CpuMask OldCpus { get; internal set; }

    /// <summary>The first interrupt at the new vector is still to come.</summary>
    [MemoryPackInclude]
    public bool MoveInProgress { get; internal set; }

    /// <summary>Old entries that the cleanup interrupt has still to erase.</summary>
    [MemoryPackInclude]
    public int CleanupCount { get; internal set; }

    /// <summary>Where the irq was last asked to be.</summary>
    [MemoryPackInclude]
    public CpuMask Affinity { get; internal set; }

    /// <summary>Affinity that the next interrupt puts into effect; empty when there is none.</summary>
    [MemoryPackInclude]
    public CpuMask PendingAffinity { get; internal set; }

    /// <summary>Linux: vectors are set aside for it on every pCPU of its affinity.</summary>
    [MemoryPackInclude]
    public bool IsManaged { get; internal set; }

    /// <summary>Linux: without a vector it goes back to a mere promise of one.</summary>
    [MemoryPackInclude]
    public bool CanReserve { get; internal set; }

    /// <summary>Linux: it has the promise of a vector, and none yet.</summary>
    [MemoryPackInclude]
    public bool HasReserved { get; internal set; }

    /// <summary>Where it stands.</summary>
    [MemoryPackIgnore]
    public IrqMoveState MoveState
    {
        get
        {
            if (MoveInProgress)
            {
                return IrqMoveState.Moving;
            }

            if (CleanupCount > 0)
            {
                return IrqMoveState.Cleanup;
            }

            return PendingAffinity.IsEmpty ? IrqMoveState.Idle : IrqMoveState.Pending;
        }
    }

    /// <summary>True when the number can be given to another irq: no vector, no promise, nothing to clean up.</summary>
    [MemoryPackIgnore]
    public bool IsFree => Vector < 0 && !MoveInProgress && CleanupCount == 0 && !HasReserved && !IsManaged;

    /// <summary>True when the entry at (<paramref name="cpu"/>, <paramref name="vector"/>) is the current one.</summary>
    public bool IsAt(int cpu, int vector) => vector == Vector && Cpus.Contains(cpu);

    /// <summary>The old vector is gone.</summary>
    internal void EndMove()
    {
        MoveInProgress = false;
        CleanupCount = 0;
        OldVector = -1;
        OldCpus = CpuMask.None;
    }

    /// <summary>The cleanup is forgotten, with the old entries where they are.</summary>
    internal void AbandonCleanup() => CleanupCount = 0;

    /// <summary>One old entry is erased; with the last one the move ends.</summary>
    internal void Cleaned(int cpu)
    {
        if (CleanupCount == 0)
        {
            return;
        }

        CleanupCount--;
        if (CleanupCount == 0)
        {
            EndMove();
        }
        else
        {
            OldCpus = OldCpus.Without(cpu);
        }
    }
}
