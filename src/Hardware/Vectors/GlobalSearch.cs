using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// The hypervisor's half of the allocators with one table: the table itself, and the pCPUs that must learn of an entry before the interrupt can reach them.
/// A move keeps the vector: only the destination changes.
/// </summary>
[MemoryPackable]
public sealed partial class GlobalSearch
{
    [MemoryPackInclude]
    private GlobalTable _table;
    [MemoryPackInclude]
    private bool _flat;
    [MemoryPackInclude]
    private int _irq;
    [MemoryPackInclude]
    private int _vector;
    [MemoryPackInclude]
    private CpuMask _domain;
    [MemoryPackInclude]
    private CpuMask _left;

    /// <summary>An empty table.</summary>
    /// <param name="flat">An interrupt may arrive at any online pCPU; otherwise at the lowest of its mask.</param>
    public GlobalSearch(VectorAllocatorKind kind, bool flat)
    {
        _table = new GlobalTable(kind);
        _flat = flat;
    }

    [MemoryPackConstructor]
    private GlobalSearch()
    {
        _table = null!;
    }

    /// <summary>The one table.</summary>
    [MemoryPackIgnore]
    public GlobalTable Table => _table;

    /// <summary>Starts to bring <paramref name="irq"/> to the online members of <paramref name="mask"/>.</summary>
    /// <param name="vector">The vector that the irq has, or -1 for a new one.</param>
    public VectorStep Begin(int irq, int vector, in CpuMask mask, in CpuMask online)
    {
        var target = mask.And(online);
        if (target.IsEmpty)
        {
            return VectorStep.Failed(VectorErrors.NoSpace);
        }

        _irq = irq;
        _vector = vector >= 0 ? vector : _table.Assign();
        if (_vector < 0)
        {
            return VectorStep.Failed(_vector);
        }

        _domain = _flat ? online : CpuMask.Single(target.First);
        _left = _domain;
        return Next();
    }

    /// <summary>Takes in a pCPU's answer to the last question.</summary>
    public VectorStep Digest(in VectorReply reply)
    {
        _left = _left.Without(reply.Cpu);
        return Next();
    }

    private VectorStep Next() => _left.First is var cpu and >= 0
        ? VectorStep.Ask(new VectorRequest(VectorAsk.Install, cpu, _irq, _vector))
        : VectorStep.Found(_vector, _domain);
}
