namespace IoScale.Hardware.Vectors;

/// <summary>What the hypervisor asks of one pCPU's vector table.</summary>
public enum VectorAsk
{
    /// <summary>Find the next free vector after the rotor's position and claim it; refused when the search is back at <see cref="VectorRequest.Stop"/>.</summary>
    Propose,

    /// <summary>Claim a given vector; refused when it is taken or not for devices.</summary>
    TryClaim,

    /// <summary>Put an irq at a vector, whatever is there: a cancelled move goes back to where it came from; a vector of the global table gets its entry.</summary>
    Install,

    /// <summary>Erase the entry of an irq, if it is still there.</summary>
    Release,

    /// <summary>Linux: free the matrix bit but leave the entry, so that an interrupt pending on a pCPU that is going offline can still be told from others.</summary>
    Forget,

    /// <summary>Report the next interrupt at the vector.</summary>
    Watch,

    /// <summary>The irq has moved away: erase its entry in the next cleanup interrupt, once nothing is pending at the vector.</summary>
    Retire,

    /// <summary>The pCPU comes online with an empty table; matrix counts survive.</summary>
    Online,

    /// <summary>The pCPU no longer takes part in allocation; its table stays as it is.</summary>
    Offline,

    /// <summary>Linux: take the lowest free bit.</summary>
    MatrixAlloc,

    /// <summary>Linux: take the lowest reserved managed bit.</summary>
    MatrixAllocManaged,

    /// <summary>Linux: take a fixed vector (an ISA irq).</summary>
    MatrixAssign,

    /// <summary>Linux: set a bit aside for a managed irq.</summary>
    MatrixReserveManaged,

    /// <summary>Linux: give back a bit set aside.</summary>
    MatrixRemoveManaged,
}

/// <summary>One question of the hypervisor to one pCPU.</summary>
/// <param name="Cpu">The pCPU asked.</param>
/// <param name="Irq">The irq in question, or -1.</param>
/// <param name="Vector">The vector in question; for <see cref="VectorAsk.Propose"/> where the search stands.</param>
/// <param name="Offset">Column of the search, 0 to 7 (<see cref="VectorAsk.Propose"/>).</param>
/// <param name="Stop">Vector at which the search gives up (<see cref="VectorAsk.Propose"/>).</param>
/// <param name="Watch">The pCPU reports the first interrupt at the vector it claims.</param>
/// <param name="Managed">Linux: the vector comes from the managed ones.</param>
public readonly record struct VectorRequest(
    VectorAsk Ask, int Cpu, int Irq, int Vector = -1, int Offset = 0, int Stop = -1, bool Watch = false, bool Managed = false);

/// <summary>The pCPU's answer to one <see cref="VectorRequest"/>, or its word that a retired vector is erased.</summary>
/// <param name="Ask">The question; <see cref="VectorAsk.Retire"/> with <paramref name="Erased"/> comes from the cleanup interrupt.</param>
/// <param name="Vector">The vector found or named; -1 when refused.</param>
/// <param name="Offset">Column of the vector found.</param>
/// <param name="Erased">The entry of a retired vector is gone.</param>
/// <param name="Warned">The kernel would warn: the operation was not possible and changed nothing.</param>
/// <param name="Counts">Linux: the pCPU's counters after the operation.</param>
public readonly record struct VectorReply(
    VectorAsk Ask, int Cpu, int Irq, int Vector, int Offset, bool Erased, bool Warned, MatrixCounts Counts)
{
    /// <summary>False when the pCPU refused.</summary>
    public bool Granted => Vector >= 0;
}

/// <summary>Counters of one pCPU in the Linux matrix. Unsigned as in the kernel: a count that its quirks drive below zero wraps.</summary>
/// <param name="Available">Bits free for allocation, as the kernel believes.</param>
/// <param name="Allocated">Bits allocated, managed ones included.</param>
/// <param name="Managed">Bits set aside for managed irqs.</param>
/// <param name="ManagedAllocated">Managed bits in use.</param>
/// <param name="Online">The pCPU takes part in allocation.</param>
public readonly record struct MatrixCounts(uint Available, uint Allocated, uint Managed, uint ManagedAllocated, bool Online);
