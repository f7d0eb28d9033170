using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Language;

/// <summary>Short forms for the key tables, and the bounds they share.</summary>
internal static class Types
{
    public const int MostHosts = 1_024;
    public const int MostPCpus = 4_096;
    public const int MostVms = NameRange.MostNames;
    public const int MostVariants = 256;
    public const int MostVcpus = 256;
    public const long Second = 1_000_000_000_000;

    /// <summary>Ten days: sums of a few such times still fit the clock.</summary>
    public const long LongestRun = 864_000 * Second;

    public static QuantityType Time(long min, long max, string example) => new(Dimension.Time, min, max, example);

    public static QuantityType BitRate(long min, long max, string example) => new(Dimension.BitRate, min, max, example);

    public static QuantityType Frequency(long min, long max, string example) => new(Dimension.Frequency, min, max, example);

    public static QuantityType Cycles(long min, long max, string example) => new(Dimension.Cycles, min, max, example);

    public static IntegerType Integer(long min, int max) => new(min, (ulong)max);

    public static NameType Name(string example) => new(false, example);

    public static NameType Names(string example) => new(true, example);

    public static TextType Text(string what) => new(4_000, what);
}

/// <summary>A cost: cycles or a time.</summary>
internal sealed record CostType : KeyType
{
    public const long Most = 1_000_000_000_000;

    public override string Describe() => "cycles or a time, for example 3000cycles or 500ns";
}
