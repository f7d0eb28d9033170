using IoScale.Hardware.Msi;
using MemoryPack;

namespace IoScale.Hardware.Iommu;

/// <summary>
/// Interrupt remapping of one IOMMU (VT-d specification): a table of entries, the cache in front of it, and the checks each request passes in
/// this order: remapping enabled, format, request's reserved bits, index in range, entry present, entry's reserved bits, source id.
/// A changed entry takes effect when its cached copy is invalidated; until then requests use the old one and say so.
/// </summary>
[MemoryPackable]
public sealed partial class InterruptRemapping
{
    public const int MaxEntries = 65_536;

    /// <summary>Lines of the interrupt entry cache unless told otherwise (R-L: not public).</summary>
    public const int DefaultCacheLines = 512;

    [MemoryPackInclude]
    private int _size;

    [MemoryPackInclude]
    private bool _enabled;

    [MemoryPackInclude]
    private bool _extended;

    [MemoryPackInclude]
    private bool _compatibilityAllowed;

    [MemoryPackInclude]
    private EntryCache _cache = new(0);

    [MemoryPackInclude]
    private EntryAllocator _allocator = new(1);

    // Grows with the highest entry written: a full table is a mebibyte that most IOMMUs never touch.
    [MemoryPackInclude]
    private IrteBits[] _table = [];

    /// <param name="size">Entries of the table, 1 to 65536.</param>
    /// <param name="enabled">False: requests pass as the device wrote them.</param>
    /// <param name="extended">x2APIC mode: 32-bit destinations, compatibility-format requests always blocked.</param>
    /// <param name="compatibilityAllowed">xAPIC mode: compatibility-format requests pass.</param>
    /// <param name="cacheLines">Lines of the interrupt entry cache, a power of two; 0 for none.</param>
    public InterruptRemapping(int size, bool enabled, bool extended, bool compatibilityAllowed = false, int cacheLines = DefaultCacheLines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxEntries);
        _size = size;
        _enabled = enabled;
        _extended = extended;
        _compatibilityAllowed = compatibilityAllowed;
        _cache = new EntryCache(cacheLines);
        _allocator = new EntryAllocator(size);
    }

    [MemoryPackConstructor]
    private InterruptRemapping()
    {
    }

    /// <summary>Entries of the table.</summary>
    [MemoryPackIgnore]
    public int Size => _size;

    [MemoryPackIgnore]
    public bool Enabled => _enabled;

    /// <summary>Entries allocated.</summary>
    [MemoryPackIgnore]
    public int Allocated => _allocator.Allocated;

    /// <summary>Allocates an aligned block of entries, lowest first.</summary>
    /// <param name="count">A power of two: 1, or the messages of an MSI block.</param>
    /// <returns>The first index, or -1 when no such block is free.</returns>
    public int Allocate(int count = 1) => _allocator.Allocate(count);

    /// <summary>Frees a block and clears its entries. Cached copies remain until invalidated.</summary>
    public void Free(int index, int count = 1)
    {
        _allocator.Free(index, count);
        for (int i = index; i < Math.Min(index + count, _table.Length); i++)
        {
            _table[i] = default;
        }
    }

    /// <summary>Writes an entry.</summary>
    /// <returns>True when the cache holds another copy of it: an invalidation is due.</returns>
    public bool Write(int index, Irte entry) => Write(index, entry.Encode());

    /// <summary>Writes an entry's raw bits.</summary>
    public bool Write(int index, IrteBits bits)
    {
        Check(index);
        if (index >= _table.Length)
        {
            Array.Resize(ref _table, Math.Min(_size, Math.Max(Math.Max(64, _table.Length * 2), index + 1)));
        }

        _table[index] = bits;
        return _cache.TryGet(index, out IrteBits cached) && cached != bits;
    }

    /// <summary>The entry as the table in memory has it.</summary>
    public Irte Read(int index) => Irte.Decode(InTable(Check(index)));

    /// <summary>Invalidates the whole cache.</summary>
    public void InvalidateAll() => _cache.Clear();

    /// <summary>Invalidates the aligned group of 2^<paramref name="maskBits"/> entries that holds <paramref name="index"/>.</summary>
    /// <param name="maskBits">0 to 31.</param>
    public void Invalidate(int index, int maskBits = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maskBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maskBits, 31);
        _cache.Drop(Check(index), maskBits);
    }

    /// <summary>Handles an interrupt request.</summary>
    /// <param name="requester">Routing id of the function that wrote the message.</param>
    public RemapResult Remap(ushort requester, MsiMessage message)
    {
        if (!_enabled)
        {
            return Pass(message);
        }

        if (!message.IsRemappable)
        {
            return _compatibilityAllowed && !_extended ? Pass(message) : Block(RemapFault.CompatibilityBlocked, -1, true);
        }

        RemappableFields request = message.ToRemappable();
        uint reserved = request.SubhandleValid ? 0xffff_0000 : 0xffff_ffff;
        if ((message.Data & reserved) != 0)
        {
            return Block(RemapFault.ReservedInRequest, request.Index, true);
        }

        if (request.Index >= _size)
        {
            return Block(RemapFault.IndexBeyondTable, request.Index, true);
        }

        return Remap(requester, request.Index);
    }

    private RemapResult Remap(ushort requester, int index)
    {
        IrteBits inTable = InTable(index);
        bool hit = _cache.TryGet(index, out IrteBits bits);
        if (!hit)
        {
            bits = inTable;
        }

        Irte entry = Irte.Decode(bits);
        bool stale = bits != inTable;
        RemapFault fault = !entry.Present ? RemapFault.NotPresent
            : Irte.HasReservedBits(bits) ? RemapFault.ReservedInEntry
            : !entry.Admits(requester) ? RemapFault.SourceMismatch
            : RemapFault.None;
        // Entries that are not present or malformed are not cached; the others are, whoever asked.
        if (!hit && fault is RemapFault.None or RemapFault.SourceMismatch)
        {
            _cache.Fill(index, bits);
        }

        if (fault != RemapFault.None)
        {
            return Block(fault, index, !entry.FaultProcessingDisabled) with { Looked = true, CacheHit = hit, Stale = stale };
        }

        return entry.Posted
            ? new RemapResult(RemapStatus.Posted, entry.Vector, Urgent: entry.Urgent, Descriptor: entry.Descriptor, Index: index, Looked: true, CacheHit: hit, Stale: stale)
            : new RemapResult(
                RemapStatus.Remapped,
                entry.Vector,
                _extended ? entry.Destination : entry.Destination >> 8 & 0xff,
                entry.Logical,
                entry.RedirectionHint,
                entry.Delivery,
                entry.Level,
                Index: index,
                Looked: true,
                CacheHit: hit,
                Stale: stale);
    }

    private static RemapResult Pass(MsiMessage message)
    {
        CompatibilityFields fields = message.ToCompatibility();
        return new RemapResult(
            RemapStatus.Passed, fields.Vector, fields.Destination, fields.Logical, fields.RedirectionHint, fields.Delivery, fields.Level);
    }

    private static RemapResult Block(RemapFault fault, int index, bool logged) =>
        new(RemapStatus.Blocked, Index: index, Fault: fault, Logged: logged);

    private IrteBits InTable(int index) => index < _table.Length ? _table[index] : default;

    private int Check(int index) => (uint)index < (uint)_size
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"the table has {_size} entries");
}
