using IoScale.Hardware.Platform;
using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>
/// The one vector table of all pCPUs before per-CPU vectors (xen-2009-global, slide-global). The search starts at the vector handed out last, so a
/// vector freed just now is handed out again. Source: Xen before 19 August 2009, irq.c (V).
/// </summary>
[MemoryPackable]
public sealed partial class GlobalTable
{
    [MemoryPackInclude]
    private VectorAllocatorKind _kind;
    [MemoryPackInclude]
    private VectorBits _taken;
    [MemoryPackInclude]
    private int _cursor;

    /// <summary>The empty table.</summary>
    public GlobalTable(VectorAllocatorKind kind)
    {
        _kind = kind;
        _cursor = VectorLayout.For(kind).First;
    }

    [MemoryPackConstructor]
    private GlobalTable()
    {
    }

    /// <summary>Vectors handed out.</summary>
    [MemoryPackIgnore]
    public int Used => _taken.Count;

    /// <summary>Takes the next free vector.</summary>
    /// <returns>The vector, or <see cref="VectorErrors.NoSpace"/>.</returns>
    public int Assign()
    {
        var layout = VectorLayout.For(_kind);
        var vector = _cursor;
        while (_taken.Contains(vector) || !layout.Allows(0, vector))
        {
            vector += layout.Stride;
            if (vector > layout.Last)
            {
                vector = layout.First + ((vector + 1) & (layout.Stride - 1));
            }

            if (vector == _cursor)
            {
                return VectorErrors.NoSpace;
            }
        }

        _cursor = vector;
        _taken.Set(vector);
        return vector;
    }

    /// <summary>Gives a vector back. The search position stays.</summary>
    /// <returns>0, or <see cref="VectorErrors.Invalid"/> when the vector is not handed out.</returns>
    public int Free(int vector)
    {
        if (!_taken.Contains(vector))
        {
            return VectorErrors.Invalid;
        }

        _taken.Clear(vector);
        return VectorErrors.Ok;
    }
}
