using System.Numerics;
using MemoryPack;

namespace IoScale.Hardware.Iommu;

/// <summary>Which entries of the remapping table are in use: first fit, blocks aligned to their size.</summary>
[MemoryPackable]
public sealed partial class EntryAllocator
{
    [MemoryPackInclude]
    private ulong[] _used = [];

    [MemoryPackInclude]
    private int _size;

    [MemoryPackInclude]
    private int _allocated;

    public EntryAllocator(int size)
    {
        _size = size;
        _used = new ulong[(size + 63) / 64];
    }

    [MemoryPackConstructor]
    private EntryAllocator()
    {
    }

    [MemoryPackIgnore]
    public int Allocated => _allocated;

    /// <param name="count">A power of two, at most 64.</param>
    /// <returns>First index of the block, or -1.</returns>
    public int Allocate(int count)
    {
        if (count is < 1 or > 64 || !BitOperations.IsPow2(count))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "a power of two, at most 64");
        }

        for (int word = 0; word < _used.Length; word++)
        {
            if (_used[word] == ulong.MaxValue)
            {
                continue;
            }

            for (int bit = 0; bit < 64 && word * 64 + bit + count <= _size; bit += count)
            {
                ulong block = Block(bit, count);
                if ((_used[word] & block) == 0)
                {
                    _used[word] |= block;
                    _allocated += count;
                    return word * 64 + bit;
                }
            }
        }

        return -1;
    }

    /// <exception cref="InvalidOperationException">Part of the block is not allocated.</exception>
    public void Free(int index, int count)
    {
        ulong block = Block(index & 63, count);
        if ((uint)index >= (uint)_size || (_used[index >> 6] & block) != block)
        {
            throw new InvalidOperationException($"entries {index} to {index + count - 1} are not all allocated");
        }

        _used[index >> 6] &= ~block;
        _allocated -= count;
    }

    private static ulong Block(int bit, int count) => (count == 64 ? ulong.MaxValue : (1UL << count) - 1) << bit;
}
