using System.Collections.Immutable;
using System.Numerics;
using MemoryPack;

namespace IoScale.Hardware.Vectors;

/// <summary>An immutable set of pCPU numbers in [0, <see cref="MaxCpus"/>), enumerated in ascending order. Up to 64 pCPUs it needs no heap.</summary>
[MemoryPackable]
public readonly partial struct CpuMask : IEquatable<CpuMask>
{
    /// <summary>Number of pCPUs that a mask can name.</summary>
    public const int MaxCpus = 4096;

    [MemoryPackInclude]
    private readonly ulong _low;

    // Words 1 and up without trailing zero words; null when all are zero, so that equal sets are equal values.
    [MemoryPackInclude]
    private readonly ulong[]? _high;

    [MemoryPackConstructor]
    private CpuMask(ulong _low, ulong[]? _high)
    {
        this._low = _low;
        this._high = _high;
    }

    private CpuMask(ReadOnlySpan<ulong> words)
    {
        _low = words.IsEmpty ? 0 : words[0];
        var length = words.TrimEnd(0UL).Length;
        _high = length > 1 ? words[1..length].ToArray() : null;
    }

    /// <summary>The empty set.</summary>
    public static CpuMask None => default;

    /// <summary>True when the set has no member.</summary>
    [MemoryPackIgnore]
    public bool IsEmpty => _low == 0 && _high is null;

    /// <summary>Number of members.</summary>
    [MemoryPackIgnore]
    public int Count
    {
        get
        {
            var count = BitOperations.PopCount(_low);
            foreach (var word in _high ?? [])
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>The lowest member, or -1.</summary>
    [MemoryPackIgnore]
    public int First => Next(-1);

    private int Words => 1 + (_high?.Length ?? 0);

    /// <summary>The set of one pCPU.</summary>
    public static CpuMask Single(int cpu) => None.With(cpu);

    /// <summary>The pCPUs [0, <paramref name="count"/>).</summary>
    public static CpuMask FirstCpus(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)MaxCpus);
        Span<ulong> words = stackalloc ulong[(count + 63) / 64];
        words.Fill(ulong.MaxValue);
        if (count % 64 != 0)
        {
            words[^1] = (1UL << (count % 64)) - 1;
        }

        return new CpuMask(words);
    }

    /// <summary>The set of the listed pCPUs.</summary>
    public static CpuMask Of(params ReadOnlySpan<int> cpus)
    {
        var mask = None;
        foreach (var cpu in cpus)
        {
            mask = mask.With(cpu);
        }

        return mask;
    }

    /// <summary>True when <paramref name="cpu"/> is a member.</summary>
    public bool Contains(int cpu) => cpu >= 0 && (Word(cpu >> 6) >> (cpu & 63) & 1) != 0;

    /// <summary>This set and <paramref name="cpu"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside [0, <see cref="MaxCpus"/>).</exception>
    public CpuMask With(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)MaxCpus);
        if (cpu < 64 && _high is null)
        {
            return new CpuMask(_low | (1UL << cpu), null);
        }

        Span<ulong> words = stackalloc ulong[Math.Max(Words, (cpu >> 6) + 1)];
        CopyTo(words);
        words[cpu >> 6] |= 1UL << (cpu & 63);
        return new CpuMask(words);
    }

    /// <summary>This set without <paramref name="cpu"/>.</summary>
    public CpuMask Without(int cpu) => Contains(cpu) ? AndNot(Single(cpu)) : this;

    /// <summary>Members of both sets.</summary>
    public CpuMask And(in CpuMask other)
    {
        if (_high is null || other._high is null)
        {
            return new CpuMask(_low & other._low, null);
        }

        Span<ulong> words = stackalloc ulong[Math.Min(Words, other.Words)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Word(i) & other.Word(i);
        }

        return new CpuMask(words);
    }

    /// <summary>Members of either set.</summary>
    public CpuMask Or(in CpuMask other)
    {
        if (_high is null && other._high is null)
        {
            return new CpuMask(_low | other._low, null);
        }

        Span<ulong> words = stackalloc ulong[Math.Max(Words, other.Words)];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Word(i) | other.Word(i);
        }

        return new CpuMask(words);
    }

    /// <summary>Members of this set that are not in <paramref name="other"/>.</summary>
    public CpuMask AndNot(in CpuMask other)
    {
        if (_high is null)
        {
            return new CpuMask(_low & ~other._low, null);
        }

        Span<ulong> words = stackalloc ulong[Words];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Word(i) & ~other.Word(i);
        }

        return new CpuMask(words);
    }

    /// <summary>True when the sets share a member.</summary>
    public bool Intersects(in CpuMask other) => !And(other).IsEmpty;

    /// <summary>True when every member is in <paramref name="other"/>.</summary>
    public bool IsSubsetOf(in CpuMask other) => AndNot(other).IsEmpty;

    /// <summary>The lowest member above <paramref name="cpu"/>, or -1; start with -1.</summary>
    public int Next(int cpu)
    {
        cpu++;
        for (var i = cpu >> 6; i < Words; i++)
        {
            var word = Word(i);
            if (i == cpu >> 6)
            {
                word &= ulong.MaxValue << (cpu & 63);
            }

            if (word != 0)
            {
                return (i << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return -1;
    }

    /// <summary>The set as an integer with bit n for pCPU n.</summary>
    public BigInteger ToInteger()
    {
        BigInteger value = 0;
        for (var i = Words - 1; i >= 0; i--)
        {
            value = (value << 64) | Word(i);
        }

        return value;
    }

    /// <summary>Enumerates the members in ascending order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc />
    public bool Equals(CpuMask other) =>
        _low == other._low && (_high ?? []).AsSpan().SequenceEqual(other._high ?? []);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is CpuMask other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => ToInteger().GetHashCode();

    /// <summary>A comma list of the members, "-" when empty: <c>0,2,3</c>.</summary>
    public override string ToString()
    {
        var members = ImmutableArray.CreateBuilder<int>();
        foreach (var cpu in this)
        {
            members.Add(cpu);
        }

        return members.Count == 0 ? "-" : string.Join(',', members);
    }

    /// <summary>Equality of sets.</summary>
    public static bool operator ==(CpuMask left, CpuMask right) => left.Equals(right);

    /// <summary>Inequality of sets.</summary>
    public static bool operator !=(CpuMask left, CpuMask right) => !left.Equals(right);

    private ulong Word(int index)
    {
        if (index == 0)
        {
            return _low;
        }

        return _high is not null && index <= _high.Length ? _high[index - 1] : 0;
    }

    private void CopyTo(Span<ulong> words)
    {
        for (var i = 0; i < Words; i++)
        {
            words[i] = Word(i);
        }
    }

    /// <summary>Walks a mask in ascending order without allocating.</summary>
    public ref struct Enumerator
    {
        private readonly CpuMask _mask;

        internal Enumerator(CpuMask mask)
        {
            _mask = mask;
            Current = -1;
        }

        /// <summary>The pCPU the walk stands on.</summary>
        public int Current { get; private set; }

        /// <summary>Goes to the next member.</summary>
        public bool MoveNext() => (Current = _mask.Next(Current)) >= 0;
    }
}
