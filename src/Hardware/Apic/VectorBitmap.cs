using System.Numerics;

namespace IoScale.Hardware.Apic;

/// <summary>One bit for each of the 256 vectors, as the local APIC's IRR, ISR and TMR hold them.</summary>
public struct VectorBitmap : IEquatable<VectorBitmap>
{
    private ulong _w0;
    private ulong _w1;
    private ulong _w2;
    private ulong _w3;

    /// <summary>Number of bits set.</summary>
    public readonly int Count =>
        BitOperations.PopCount(_w0) + BitOperations.PopCount(_w1) + BitOperations.PopCount(_w2) + BitOperations.PopCount(_w3);

    /// <summary>Highest vector whose bit is set, or -1.</summary>
    public readonly int Highest =>
        _w3 != 0 ? 255 - BitOperations.LeadingZeroCount(_w3)
        : _w2 != 0 ? 191 - BitOperations.LeadingZeroCount(_w2)
        : _w1 != 0 ? 127 - BitOperations.LeadingZeroCount(_w1)
        : _w0 != 0 ? 63 - BitOperations.LeadingZeroCount(_w0)
        : -1;

    public static bool operator ==(VectorBitmap left, VectorBitmap right) => left.Equals(right);

    public static bool operator !=(VectorBitmap left, VectorBitmap right) => !left.Equals(right);

    /// <param name="vector">0 to 255.</param>
    public readonly bool Contains(int vector) => (Word(vector) >> (vector & 63) & 1) != 0;

    /// <summary>Sets a bit.</summary>
    /// <returns>False when it was set before.</returns>
    public bool Add(int vector)
    {
        ulong bit = 1UL << (vector & 63);
        ref ulong word = ref WordRef(ref this, vector);
        bool added = (word & bit) == 0;
        word |= bit;
        return added;
    }

    /// <summary>Clears a bit.</summary>
    /// <returns>False when it was clear before.</returns>
    public bool Remove(int vector)
    {
        ulong bit = 1UL << (vector & 63);
        ref ulong word = ref WordRef(ref this, vector);
        bool removed = (word & bit) != 0;
        word &= ~bit;
        return removed;
    }

    public readonly bool Equals(VectorBitmap other) => _w0 == other._w0 && _w1 == other._w1 && _w2 == other._w2 && _w3 == other._w3;

    public override readonly bool Equals(object? obj) => obj is VectorBitmap other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_w0, _w1, _w2, _w3);

    private static ref ulong WordRef(ref VectorBitmap bitmap, int vector)
    {
        switch (vector >> 6)
        {
            case 0: return ref bitmap._w0;
            case 1: return ref bitmap._w1;
            case 2: return ref bitmap._w2;
            case 3: return ref bitmap._w3;
            default: throw new ArgumentOutOfRangeException(nameof(vector), vector, "a vector is 0 to 255");
        }
    }

    private readonly ulong Word(int vector) => (vector >> 6) switch
    {
        0 => _w0,
        1 => _w1,
        2 => _w2,
        3 => _w3,
        _ => throw new ArgumentOutOfRangeException(nameof(vector), vector, "a vector is 0 to 255"),
    };
}
