using System.Numerics;
using MemoryPack;

namespace IoScale.Hardware.Msi;

/// <summary>What a device's event led to.</summary>
public enum SignalResult
{
    /// <summary>The message goes out now.</summary>
    Sent,

    /// <summary>Masked: the pending bit was set and the message goes out once when unmasked.</summary>
    Pending,

    /// <summary>Masked and pending already: one message will stand for both events.</summary>
    Merged,

    /// <summary>Message-signalled interrupts are disabled: the event leads to no message.</summary>
    Disabled,
}

/// <summary>
/// MSI-X capability of one function: table, pending bits, function mask and enable (PCI specification, MSI-X).
/// A masked event sets the entry's pending bit, and unmasking sends one message. After a reset every entry is masked and the function disabled.
/// After a call that may unmask, the owner drains <see cref="TryDeliver"/>.
/// </summary>
[MemoryPackable]
public sealed partial class MsixTable
{
    public const int MaxEntries = 2048;

    [MemoryPackInclude]
    private MsiMessage[] _messages = [];

    [MemoryPackInclude]
    private ulong[] _masked = [];

    [MemoryPackInclude]
    private ulong[] _pending = [];

    [MemoryPackInclude]
    private int _pendingCount;

    [MemoryPackInclude]
    private bool _enabled;

    [MemoryPackInclude]
    private bool _functionMasked;

    [MemoryPackInclude]
    private int _undefinedWrites;

    /// <param name="entries">1 to 2048.</param>
    public MsixTable(int entries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(entries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries, MaxEntries);
        _messages = new MsiMessage[entries];
        _masked = new ulong[(entries + 63) / 64];
        _pending = new ulong[(entries + 63) / 64];
        Reset();
    }

    [MemoryPackConstructor]
    private MsixTable()
    {
    }

    /// <summary>Entries in the table.</summary>
    [MemoryPackIgnore]
    public int Entries => _messages.Length;

    /// <summary>Entries whose pending bit is set.</summary>
    [MemoryPackIgnore]
    public int PendingCount => _pendingCount;

    /// <summary>Writes of address and data to an unmasked entry, the result of which the specification leaves undefined.</summary>
    [MemoryPackIgnore]
    public int UndefinedWrites => _undefinedWrites;

    /// <summary>Message control: bit 15 enable, bit 14 function mask, bits 10:0 entries - 1.</summary>
    [MemoryPackIgnore]
    public ushort Control => (ushort)((_enabled ? 1 << 15 : 0) | (_functionMasked ? 1 << 14 : 0) | (Entries - 1));

    public MsiMessage Message(int index) => _messages[index];

    public bool IsPending(int index) => Get(_pending, index);

    /// <summary>The entry's own mask bit.</summary>
    public bool IsMasked(int index) => Get(_masked, index);

    /// <summary>Function-level reset: entries zero and masked, nothing pending, disabled.</summary>
    public void Reset()
    {
        Array.Clear(_messages);
        Array.Fill(_masked, ulong.MaxValue);
        Array.Clear(_pending);
        _pendingCount = 0;
        _enabled = false;
        _functionMasked = false;
    }

    /// <summary>Writes address and data of an entry.</summary>
    /// <returns>False when the entry was unmasked: the result is undefined on hardware; here the new message counts from the next event on.</returns>
    public bool WriteMessage(int index, MsiMessage message)
    {
        _messages[index] = message;
        if (!CanSend(index))
        {
            return true;
        }

        _undefinedWrites++;
        return false;
    }

    /// <summary>Sets or clears an entry's mask bit.</summary>
    public void SetMask(int index, bool masked)
    {
        ulong bit = 1UL << (index & 63);
        ref ulong word = ref _masked[Check(index) >> 6];
        word = masked ? word | bit : word & ~bit;
    }

    /// <summary>Masks all entries at once, or none beyond their own mask bits.</summary>
    public void SetFunctionMask(bool masked) => _functionMasked = masked;

    /// <summary>Enables or disables MSI-X. What is pending is forgotten when it is disabled: the function then has no way to signal it.</summary>
    public void SetEnabled(bool enabled)
    {
        _enabled = enabled;
        if (!enabled)
        {
            Array.Clear(_pending);
            _pendingCount = 0;
        }
    }

    /// <summary>The device has an event for the entry.</summary>
    /// <param name="message">What to write, when sent.</param>
    public SignalResult Signal(int index, out MsiMessage message)
    {
        message = default;
        Check(index);
        if (!_enabled)
        {
            return SignalResult.Disabled;
        }

        if (CanSend(index))
        {
            message = _messages[index];
            return SignalResult.Sent;
        }

        if (Get(_pending, index))
        {
            return SignalResult.Merged;
        }

        _pending[index >> 6] |= 1UL << (index & 63);
        _pendingCount++;
        return SignalResult.Pending;
    }

    /// <summary>Takes the lowest pending entry that is no longer masked; its pending bit is cleared.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryDeliver(out int index, out MsiMessage message)
    {
        if (_pendingCount > 0 && _enabled && !_functionMasked)
        {
            for (int i = 0; i < _pending.Length; i++)
            {
                ulong ready = _pending[i] & ~_masked[i];
                if (ready != 0)
                {
                    index = i * 64 + BitOperations.TrailingZeroCount(ready);
                    message = _messages[index];
                    _pending[i] &= ~(ready & (0 - ready));
                    _pendingCount--;
                    return true;
                }
            }
        }

        index = -1;
        message = default;
        return false;
    }

    private bool CanSend(int index) => _enabled && !_functionMasked && !Get(_masked, index);

    private bool Get(ulong[] bits, int index) => (bits[Check(index) >> 6] >> (index & 63) & 1) != 0;

    private int Check(int index) => (uint)index < (uint)_messages.Length
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"the table has {_messages.Length} entries");
}
