using System.Numerics;

namespace IoScale.VirtualTime;

/// <summary>
/// -ln(u) for a uniform 64-bit u, in fixed point, from integers alone: libm may differ in the last bit between images, and a bit is a different run.
/// log2 comes from the position of the leading bit and, for the rest, from a table with linear interpolation; the error is below 2^-21. The
/// table is made by repeated squaring when the process starts.
/// </summary>
internal static class ExponentialTable
{
    private const int IndexBits = 10;

    /// <summary>Fractional bits of the logarithms.</summary>
    private const int FractionBits = 32;

    /// <summary>ln 2 with 32 fractional bits.</summary>
    private const ulong Ln2 = 2_977_044_472;

    /// <summary>log2(1 + i/1024), i from 0 to 1024, with 32 fractional bits.</summary>
    private static readonly ulong[] Logarithms = Make();

    /// <summary>-ln((bits+1)/2^64) * mean.</summary>
    public static long Scale(ulong bits, long mean)
    {
        // 0 stands for 2^64: the largest u, whose logarithm is 0.
        ulong u = unchecked(bits + 1);
        if (u == 0)
        {
            return 0;
        }

        int zeros = BitOperations.LeadingZeroCount(u);
        // The bits after the leading one: ten choose the interval, the next 32 the place in it.
        ulong rest = u << zeros << 1;
        int index = (int)(rest >> (64 - IndexBits));
        ulong place = rest << IndexBits >> 32;
        ulong low = Logarithms[index];
        ulong log2 = ((ulong)(63 - zeros) << FractionBits) + low + ((Logarithms[index + 1] - low) * place >> 32);
        ulong negLog2 = (64UL << FractionBits) - log2;
        ulong negLn = (ulong)((UInt128)negLog2 * Ln2 >> FractionBits);
        return (long)((UInt128)negLn * (ulong)mean >> FractionBits);
    }

    private static ulong[] Make()
    {
        const int size = 1 << IndexBits;
        ulong[] table = new ulong[size + 1];
        for (int i = 0; i < size; i++)
        {
            // x in [1, 2) with 63 fractional bits; each squaring gives one bit of its logarithm.
            ulong x = (1UL << 63) | ((ulong)i << (63 - IndexBits));
            for (int bit = 0; bit < FractionBits; bit++)
            {
                ulong high = Math.BigMul(x, x, out ulong low);
                bool one = high >> 63 != 0;
                table[i] = (table[i] << 1) | (one ? 1UL : 0);
                x = one ? high : (high << 1) | (low >> 63);
            }
        }

        table[size] = 1UL << FractionBits;
        return table;
    }
}
