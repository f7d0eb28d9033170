using System.Numerics;
using MemoryPack;

namespace IoScale.Hardware.Pv;

/// <summary>
/// Two levels of bits: a pending bit for each port, and for each vCPU a selector bit for each 64 ports (Xen event_2l.c; V). The handler takes ports in turn from
/// the one behind the last it took, so that a low port cannot starve a high one.
/// </summary>
[MemoryPackable]
public sealed partial class TwoLevelChannels : EventChannels
{
    /// <summary>Ports of a 64-bit domain.</summary>
    public const int MaxPorts = WordBits * WordBits;

    private const int WordBits = 64;

    [MemoryPackInclude]
    private ulong[] _pending = [];

    [MemoryPackInclude]
    private ulong[] _masked = [];

    [MemoryPackInclude]
    private ulong[] _selectors = [];

    // For each vCPU the ports bound to it, word by word.
    [MemoryPackInclude]
    private ulong[] _bound = [];

    // What the handler has taken from the selector and not worked through, and the port it took last.
    [MemoryPackInclude]
    private ulong[] _taken = [];

    [MemoryPackInclude]
    private int[] _last = [];

    public TwoLevelChannels(int vcpus, int ports)
        : base(vcpus, ports)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ports, MaxPorts);
        int words = (ports + WordBits - 1) / WordBits;
        _pending = new ulong[words];
        _masked = new ulong[words];
        _selectors = new ulong[vcpus];
        _bound = new ulong[vcpus * words];
        Array.Fill(_bound, ulong.MaxValue, 0, words);
        _taken = new ulong[vcpus];
        _last = new int[vcpus];
    }

    [MemoryPackConstructor]
    private TwoLevelChannels()
    {
    }

    /// <inheritdoc/>
    public override bool Send(int port)
    {
        CheckPort(port);
        if (IsPending(port))
        {
            Merged++;
            return false;
        }

        _pending[port / WordBits] |= Bit(port);
        return !IsMasked(port) && Select(port);
    }

    /// <inheritdoc/>
    public override void Mask(int port)
    {
        CheckPort(port);
        _masked[port / WordBits] |= Bit(port);
    }

    /// <inheritdoc/>
    public override bool Unmask(int port)
    {
        CheckPort(port);
        _masked[port / WordBits] &= ~Bit(port);
        return IsPending(port) && Select(port);
    }

    /// <inheritdoc/>
    public override bool IsPending(int port) => (_pending[port / WordBits] & Bit(port)) != 0;

    /// <inheritdoc/>
    public override bool IsMasked(int port) => (_masked[port / WordBits] & Bit(port)) != 0;

    /// <inheritdoc/>
    public override int TakeNext(int vcpu)
    {
        while (true)
        {
            if (_taken[vcpu] == 0)
            {
                // In this order: an event that comes after the selector was read asks for another round.
                Upcalls[vcpu] = false;
                _taken[vcpu] = _selectors[vcpu];
                _selectors[vcpu] = 0;
                if (_taken[vcpu] == 0)
                {
                    return None;
                }
            }

            int port = NextOf(vcpu);
            if (port != None)
            {
                _pending[port / WordBits] &= ~Bit(port);
                _last[vcpu] = port;
                return port;
            }
        }
    }

    /// <inheritdoc/>
    public override int PendingCount()
    {
        int count = 0;
        foreach (ulong word in _pending)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    protected override bool MoveTo(int port, int vcpu)
    {
        int word = port / WordBits;
        _bound[(Vcpus[port] * _pending.Length) + word] &= ~Bit(port);
        _bound[(vcpu * _pending.Length) + word] |= Bit(port);
        Vcpus[port] = vcpu;
        return IsPending(port) && !IsMasked(port) && Select(port);
    }

    private static ulong Bit(int port) => 1UL << (port % WordBits);

    /// <summary>A pending port that is not masked: selector bit, then upcall; each newly set leads to the next.</summary>
    private bool Select(int port)
    {
        int vcpu = Vcpus[port];
        ulong bit = 1UL << (port / WordBits);
        if ((_selectors[vcpu] & bit) != 0)
        {
            return false;
        }

        _selectors[vcpu] |= bit;
        return RequestUpcall(vcpu);
    }

    /// <summary>The next port of the words taken, beginning behind the last one; words without any are done.</summary>
    private int NextOf(int vcpu)
    {
        int first = (_last[vcpu] + 1) % MaxPorts;
        for (int step = 0; step <= WordBits; step++)
        {
            int word = ((first / WordBits) + step) % WordBits;
            if ((_taken[vcpu] >> word & 1) == 0)
            {
                continue;
            }

            // The first word is looked at twice: from the first port on, and once round again, whole.
            ulong from = step == 0 ? ulong.MaxValue << (first % WordBits) : ulong.MaxValue;
            ulong there = _pending[word] & ~_masked[word] & _bound[(vcpu * _pending.Length) + word] & from;
            if (there != 0)
            {
                return (word * WordBits) + BitOperations.TrailingZeroCount(there);
            }

            if (step > 0 || first % WordBits == 0)
            {
                _taken[vcpu] &= ~(1UL << word);
            }
        }

        return None;
    }
}
