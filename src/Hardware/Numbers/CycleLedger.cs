using MemoryPack;

namespace IoScale.Hardware.Numbers;

/// <summary>
/// Where a pCPU's time went. A cursor moves from charge to charge, so the categories' sum is the time elapsed since the ledger began, exactly and always.
/// </summary>
[MemoryPackable]
public sealed partial class CycleLedger
{
    [MemoryPackInclude]
    private long[] _ps = new long[CpuCategories.Count];

    [MemoryPackInclude]
    private long _startPs;

    [MemoryPackInclude]
    private long _cursorPs;

    public CycleLedger(long startPs)
    {
        _startPs = startPs;
        _cursorPs = startPs;
    }

    [MemoryPackConstructor]
    private CycleLedger()
    {
    }

    /// <summary>The time up to which everything is charged.</summary>
    [MemoryPackIgnore]
    public long CursorPs => _cursorPs;

    /// <summary>Time from the ledger's start to its cursor: the sum of all categories.</summary>
    [MemoryPackIgnore]
    public long ElapsedPs => _cursorPs - _startPs;

    /// <summary>Picoseconds of each category, in the order of <see cref="CpuCategory"/>.</summary>
    [MemoryPackIgnore]
    public ReadOnlySpan<long> Picoseconds => _ps;

    /// <summary>
    /// Cycles of each category such that their sum is the cycles elapsed, rounded down: the running sum is converted, and each category gets its step.
    /// For a window, convert the difference of two readings of <see cref="Picoseconds"/>, not two conversions.
    /// </summary>
    /// <param name="ps">Picoseconds by category, none negative.</param>
    /// <param name="cycles">Receives cycles by category; same length.</param>
    public static void ToCycles(ReadOnlySpan<long> ps, long clockHz, Span<long> cycles)
    {
        long sumPs = 0;
        long sumCycles = 0;
        for (int i = 0; i < ps.Length; i++)
        {
            sumPs += ps[i];
            long upTo = (long)((UInt128)(ulong)sumPs * (ulong)clockHz / 1_000_000_000_000UL);
            cycles[i] = upTo - sumCycles;
            sumCycles = upTo;
        }
    }

    /// <summary>Charges the time from the cursor to <paramref name="untilPs"/> and moves the cursor there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before the cursor: it is charged already.</exception>
    public void Charge(CpuCategory category, long untilPs)
    {
        if (untilPs < _cursorPs)
        {
            throw new ArgumentOutOfRangeException(nameof(untilPs), untilPs, $"charged up to {_cursorPs} ps already");
        }

        _ps[(int)category] += untilPs - _cursorPs;
        _cursorPs = untilPs;
    }
}
