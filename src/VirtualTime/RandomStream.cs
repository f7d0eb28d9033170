using MemoryPack;

namespace IoScale.VirtualTime;

/// <summary>One stream of random numbers (splitmix64). A mutable value: keep it in the entity's state, never copy it by accident.</summary>
[MemoryPackable]
public partial struct RandomStream
{
    [MemoryPackInclude]
    private ulong _state;

    public RandomStream(ulong state) => _state = state;

    /// <summary>The stream named <paramref name="name"/> of the entity at <paramref name="path"/>: a pure function of its three arguments.</summary>
    public static RandomStream Create(ulong seed, string path, string name)
    {
        Digest digest = new(seed);
        foreach (char c in path)
        {
            digest.Add((ulong)c);
        }

        digest.Add(0xFFFF_FFFFUL);
        foreach (char c in name)
        {
            digest.Add((ulong)c);
        }

        return new RandomStream(digest.Finish());
    }

    /// <summary>64 uniform bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, bound), bound at least 1 (multiply-shift; bias below bound/2^64).</summary>
    public long Next(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (long)Math.BigMul(Next(), (ulong)bound, out _);
    }

    /// <summary>Exponentially distributed with the given mean (picoseconds, 0 to 10^15), integer arithmetic only.</summary>
    public long NextExponential(long mean) => ExponentialTable.Scale(Next(), mean);
}
