using MemoryPack;

namespace IoScale.Hardware.Iommu;

/// <summary>
/// The interrupt entry cache: copies of table entries that stay in use until they are invalidated or displaced. Direct-mapped by the
/// index's low bits; the real cache's shape is not public, and its size decides only between the costs of a hit and a miss.
/// </summary>
[MemoryPackable]
public sealed partial class EntryCache
{
    [MemoryPackInclude]
    private int[] _tags = [];

    [MemoryPackInclude]
    private IrteBits[] _lines = [];

    /// <param name="lines">A power of two; 0 for no cache.</param>
    public EntryCache(int lines)
    {
        if (lines < 0 || (lines & (lines - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(lines), lines, "a power of two or 0");
        }

        _tags = new int[lines];
        _lines = new IrteBits[lines];
        Clear();
    }

    [MemoryPackConstructor]
    private EntryCache()
    {
    }

    public bool TryGet(int index, out IrteBits bits)
    {
        if (_tags.Length > 0)
        {
            int line = index & (_tags.Length - 1);
            if (_tags[line] == index)
            {
                bits = _lines[line];
                return true;
            }
        }

        bits = default;
        return false;
    }

    public void Fill(int index, IrteBits bits)
    {
        if (_tags.Length > 0)
        {
            int line = index & (_tags.Length - 1);
            _tags[line] = index;
            _lines[line] = bits;
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear() => Array.Fill(_tags, -1);

    /// <summary>Drops the aligned group of 2^<paramref name="maskBits"/> entries that holds <paramref name="index"/>.</summary>
    public void Drop(int index, int maskBits)
    {
        for (int i = 0; i < _tags.Length; i++)
        {
            if (_tags[i] >= 0 && _tags[i] >> maskBits == index >> maskBits)
            {
                _tags[i] = -1;
            }
        }
    }
}
