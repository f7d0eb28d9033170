using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>One pCPU's map in the Linux interrupt matrix: what it has set aside, handed out and left. Source: Linux 5.10 kernel/irq/matrix.c (V).</summary>
[MemoryPackable]
public sealed partial class MatrixMap
{
    [MemoryPackInclude]
    private int _start;
    [MemoryPackInclude]
    private int _end;
    [MemoryPackInclude]
    private VectorBits _system;
    [MemoryPackInclude]
    private VectorBits _allocMap;
    [MemoryPackInclude]
    private VectorBits _managedMap;
    [MemoryPackInclude]
    private uint _systemInRange;
    [MemoryPackInclude]
    private bool _initialized;
    [MemoryPackInclude]
    private MatrixCounts _counts;

    /// <summary>An empty map that allocates from [<paramref name="start"/>, <paramref name="end"/>).</summary>
    public MatrixMap(int start, int end)
    {
        _start = start;
        _end = end;
    }

    [MemoryPackConstructor]
    private MatrixMap()
    {
    }

    /// <summary>The counters now.</summary>
    [MemoryPackIgnore]
    public MatrixCounts Counts => _counts;

    /// <summary>True when the bit is allocated.</summary>
    public bool IsAllocated(int bit) => _allocMap.Contains(bit);

    /// <summary>Marks a system vector. Marking one twice counts it twice, as the kernel does; nobody does so.</summary>
    /// <returns>False, and nothing changed, when it is to replace an allocation that does not exist.</returns>
    public bool MarkSystem(int bit, bool replace)
    {
        if (replace && !_allocMap.Contains(bit))
        {
            return false;
        }

        _system.Set(bit);
        if (replace)
        {
            _allocMap.Clear(bit);
            _counts = _counts with { Allocated = _counts.Allocated - 1 };
        }

        if (InRange(bit))
        {
            _systemInRange++;
        }

        return true;
    }

    /// <summary>The pCPU takes part. The first time its free bits are counted; after that the count that it left with is believed.</summary>
    public void Online()
    {
        if (!_initialized)
        {
            _initialized = true;
            _counts = _counts with { Available = (uint)(_end - _start) - _counts.Managed - _systemInRange };
        }

        _counts = _counts with { Online = true };
    }

    /// <summary>The pCPU takes no part; map and counts stay.</summary>
    public void Offline() => _counts = _counts with { Online = false };

    /// <summary>Takes the lowest bit that is free, or -1.</summary>
    public int Alloc()
    {
        var bit = FindArea();
        if (bit >= 0)
        {
            Take(bit);
        }

        return bit;
    }

    /// <summary>Takes a fixed bit; false, with a kernel warning, when it is out of range or taken.</summary>
    public bool Assign(int bit)
    {
        if (!InRange(bit) || _allocMap.Contains(bit))
        {
            return false;
        }

        Take(bit);
        return true;
    }

    /// <summary>Gives a bit back; false, with a kernel warning, when it is out of range or not taken. Offline, a bit that is not managed still counts as available.</summary>
    public bool Free(int bit, bool managed)
    {
        if (!InRange(bit) || !_allocMap.Contains(bit))
        {
            return false;
        }

        _allocMap.Clear(bit);
        _counts = managed
            ? _counts with { Allocated = _counts.Allocated - 1, ManagedAllocated = _counts.ManagedAllocated - 1 }
            : _counts with { Allocated = _counts.Allocated - 1, Available = _counts.Available + 1 };
        return true;
    }

    /// <summary>Sets a bit aside for a managed irq, or -1. Offline, the count of available bits is left alone, stale.</summary>
    public int ReserveManaged()
    {
        var bit = FindArea();
        if (bit >= 0)
        {
            _managedMap.Set(bit);
            _counts = _counts with { Managed = _counts.Managed + 1, Available = _counts.Available - (_counts.Online ? 1u : 0) };
        }

        return bit;
    }

    /// <summary>Gives back the lowest managed bit that is not in use, or -1 with a kernel warning.</summary>
    public int RemoveManaged()
    {
        var bit = _counts.Managed == 0 ? -1 : FindManaged();
        if (bit >= 0)
        {
            _managedMap.Clear(bit);
            _counts = _counts with { Managed = _counts.Managed - 1, Available = _counts.Available + (_counts.Online ? 1u : 0) };
        }

        return bit;
    }

    /// <summary>Takes the lowest managed bit that is not in use, or -1. The count of available bits fell when it was set aside.</summary>
    public int AllocManaged()
    {
        var bit = FindManaged();
        if (bit >= 0)
        {
            _allocMap.Set(bit);
            _counts = _counts with { Allocated = _counts.Allocated + 1, ManagedAllocated = _counts.ManagedAllocated + 1 };
        }

        return bit;
    }

    private bool InRange(int bit) => bit >= _start && bit < _end;

    private void Take(int bit)
    {
        _allocMap.Set(bit);
        _counts = _counts with { Allocated = _counts.Allocated + 1, Available = _counts.Available - 1 };
    }

    private int FindArea()
    {
        var taken = _managedMap.Or(_system).Or(_allocMap);
        return WithinRange(taken.Not().NextMember(_start));
    }

    private int FindManaged() => WithinRange(_managedMap.AndNot(_allocMap).NextMember(0));

    private int WithinRange(int bit) => bit < _end ? bit : -1;
}
