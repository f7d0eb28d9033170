using System.Numerics;
using MemoryPack;

namespace IoScale.Hardware.Msi;

/// <summary>
/// MSI capability of one function: 1, 2, 4, .. 32 messages that share one address and one data word, the low bits of which the device replaces by the
/// message number (PCI specification, MSI). So the vectors must be contiguous and the first aligned to the count. With the optional per-vector mask.
/// After a call that may unmask, the owner drains <see cref="TryDeliver"/>.
/// </summary>
[MemoryPackable]
public sealed partial class MsiBlock
{
    public const int MaxMessages = 32;

    [MemoryPackInclude]
    private int _capable;

    [MemoryPackInclude]
    private int _count;

    [MemoryPackInclude]
    private MsiMessage _base;

    [MemoryPackInclude]
    private uint _mask;

    [MemoryPackInclude]
    private uint _pending;

    /// <param name="capable">Messages the function can send: a power of two, 1 to 32.</param>
    public MsiBlock(int capable)
    {
        if (!IsCount(capable))
        {
            throw new ArgumentOutOfRangeException(nameof(capable), capable, "a function offers 1, 2, 4, 8, 16 or 32 messages");
        }

        _capable = capable;
    }

    [MemoryPackConstructor]
    private MsiBlock()
    {
    }

    /// <summary>Messages the function can send.</summary>
    [MemoryPackIgnore]
    public int Capable => _capable;

    /// <summary>Messages enabled; 0 while disabled.</summary>
    [MemoryPackIgnore]
    public int Count => _count;

    /// <summary>One mask bit for each message.</summary>
    [MemoryPackIgnore]
    public uint Mask => _mask;

    /// <summary>One pending bit for each message.</summary>
    [MemoryPackIgnore]
    public uint Pending => _pending;

    /// <summary>True for a number of messages that a block can have.</summary>
    public static bool IsCount(int count) => count is >= 1 and <= MaxMessages && BitOperations.IsPow2(count);

    /// <summary>Enables the block.</summary>
    /// <param name="first">Message 0.</param>
    /// <param name="count">A power of two, at most <see cref="Capable"/>.</param>
    /// <exception cref="ArgumentException">Not such a count, or message 0's data is not aligned to it: the device would overwrite the vector's low bits.</exception>
    public void Enable(MsiMessage first, int count)
    {
        if (!IsCount(count) || count > _capable)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"a power of two up to {_capable}");
        }

        if ((first.Data & (uint)(count - 1)) != 0)
        {
            throw new ArgumentException($"data 0x{first.Data:x} is not aligned to {count} messages", nameof(first));
        }

        _base = first;
        _count = count;
        _pending = 0;
    }

    /// <summary>Disables the block and forgets what is pending.</summary>
    public void Disable()
    {
        _count = 0;
        _pending = 0;
    }

    /// <summary>Message <paramref name="index"/> as it goes out.</summary>
    public MsiMessage Message(int index) => _base with { Data = _base.Data | (uint)Check(index) };

    /// <summary>Sets the mask bits, one for each message.</summary>
    public void SetMask(uint mask) => _mask = mask;

    /// <summary>The device has an event for the message.</summary>
    public SignalResult Signal(int index, out MsiMessage message)
    {
        message = default;
        if (_count == 0)
        {
            return SignalResult.Disabled;
        }

        uint bit = 1u << Check(index);
        if ((_mask & bit) == 0)
        {
            message = Message(index);
            return SignalResult.Sent;
        }

        bool merged = (_pending & bit) != 0;
        _pending |= bit;
        return merged ? SignalResult.Merged : SignalResult.Pending;
    }

    /// <summary>Takes the lowest pending message that is no longer masked; its pending bit is cleared.</summary>
    public bool TryDeliver(out int index, out MsiMessage message)
    {
        uint ready = _pending & ~_mask;
        if (ready == 0)
        {
            index = -1;
            message = default;
            return false;
        }

        index = BitOperations.TrailingZeroCount(ready);
        _pending &= ~(1u << index);
        message = Message(index);
        return true;
    }

    private int Check(int index) => (uint)index < (uint)_count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"{_count} messages are enabled");
}
