using System.Numerics;
using System.Runtime.CompilerServices;

namespace IoScale.Hardware.Vectors;

/// <summary>A set of the 256 interrupt vectors of one pCPU.</summary>
[InlineArray(4)]
public struct VectorBits
{
    private ulong _word;

    /// <summary>Number of members.</summary>
    public readonly int Count =>
        BitOperations.PopCount(this[0]) + BitOperations.PopCount(this[1]) + BitOperations.PopCount(this[2]) + BitOperations.PopCount(this[3]);

    /// <summary>The set of the listed vectors.</summary>
    public static VectorBits Of(params ReadOnlySpan<int> vectors)
    {
        VectorBits bits = default;
        foreach (var vector in vectors)
        {
            bits.Set(vector);
        }

        return bits;
    }

    /// <summary>The vectors [<paramref name="first"/>, <paramref name="last"/>], both included.</summary>
    public static VectorBits Range(int first, int last)
    {
        VectorBits bits = default;
        for (var vector = first; vector <= last; vector++)
        {
            bits.Set(vector);
        }

        return bits;
    }

    /// <summary>True when <paramref name="vector"/> (0 to 255) is a member.</summary>
    public readonly bool Contains(int vector) => (this[vector >> 6] >> (vector & 63) & 1) != 0;

    /// <summary>Adds <paramref name="vector"/>.</summary>
    public void Set(int vector) => this[vector >> 6] |= 1UL << (vector & 63);

    /// <summary>Takes <paramref name="vector"/> out.</summary>
    public void Clear(int vector) => this[vector >> 6] &= ~(1UL << (vector & 63));

    /// <summary>The vectors outside this set.</summary>
    public readonly VectorBits Not()
    {
        VectorBits bits = default;
        for (var i = 0; i < 4; i++)
        {
            bits[i] = ~this[i];
        }

        return bits;
    }

    /// <summary>Members of either set.</summary>
    public readonly VectorBits Or(in VectorBits other)
    {
        VectorBits bits = default;
        for (var i = 0; i < 4; i++)
        {
            bits[i] = this[i] | other[i];
        }

        return bits;
    }

    /// <summary>Members of this set that are not in <paramref name="other"/>.</summary>
    public readonly VectorBits AndNot(in VectorBits other)
    {
        VectorBits bits = default;
        for (var i = 0; i < 4; i++)
        {
            bits[i] = this[i] & ~other[i];
        }

        return bits;
    }

    /// <summary>The lowest member that is not below <paramref name="from"/>, or -1.</summary>
    public readonly int NextMember(int from)
    {
        for (var i = from >> 6; i < 4; i++)
        {
            var word = this[i];
            if (i == from >> 6)
            {
                word &= ulong.MaxValue << (from & 63);
            }

            if (word != 0)
            {
                return (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return -1;
    }
}
