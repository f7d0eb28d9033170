using System.Globalization;
using System.Numerics;

namespace IoScale.Scenarios.Values;

/// <summary>What a value with a unit measures.</summary>
public enum Dimension
{
    /// <summary>Base unit: picosecond.</summary>
    Time,

    /// <summary>Base unit: bit per second.</summary>
    BitRate,

    /// <summary>Base unit: hertz.</summary>
    Frequency,

    /// <summary>Base unit: byte.</summary>
    Length,

    /// <summary>Base unit: cycle.</summary>
    Cycles,

    /// <summary>Base unit: hundredth.</summary>
    Percent,
}

/// <summary>A unit as it is written, and how many base units it is.</summary>
public readonly record struct Unit(string Text, long Factor);

/// <summary>Numbers with their unit, in exact integer arithmetic: <c>1.5ms</c> is 1 500 000 000 picoseconds.</summary>
public static class Quantity
{
    private const int LongestText = 40;

    private static readonly Unit[][] UnitsByDimension =
    [
        [new("ps", 1), new("ns", 1_000), new("us", 1_000_000), new("ms", 1_000_000_000), new("s", 1_000_000_000_000)],
        [new("bps", 1), new("kbps", 1_000), new("Mbps", 1_000_000), new("Gbps", 1_000_000_000), new("Tbps", 1_000_000_000_000)],
        [new("Hz", 1), new("kHz", 1_000), new("MHz", 1_000_000)],
        [new("B", 1), new("kB", 1_000)],
        [new("cycles", 1)],
        [new("%", 1)],
    ];

    /// <summary>The units of a dimension, smallest first.</summary>
    public static IReadOnlyList<Unit> Units(Dimension dimension) => UnitsByDimension[(int)dimension];

    public static string UnitNames(Dimension dimension) => string.Join(", ", Units(dimension).Select(u => u.Text));

    /// <summary>Reads a number with its unit.</summary>
    /// <param name="example">What a right value looks like; messages show it.</param>
    /// <param name="value">Base units: picoseconds, bits per second, hertz, bytes, cycles or hundredths.</param>
    /// <returns>Null when <paramref name="value"/> holds the number of base units; otherwise what is wrong and what would be right.</returns>
    public static string? Parse(string text, Dimension dimension, string example, out long value)
    {
        value = 0;
        if (text.Length > LongestText || !SplitNumber(text, out string digits, out int decimals, out string suffix))
        {
            return $"{Show.Value(text)} is not a number with a unit; write for example {example}";
        }

        if (suffix.Length == 0)
        {
            return $"{text} has no unit; write for example {text}{ExampleUnit(dimension, example)} (units: {UnitNames(dimension)})";
        }

        if (!FindUnit(dimension, suffix, out Unit unit))
        {
            string? near = Units(dimension).Select(u => u.Text).FirstOrDefault(u => u.Equals(suffix, StringComparison.OrdinalIgnoreCase));
            string hint = near is null ? $"write for example {example}" : $"did you mean {text[..^suffix.Length]}{near}?";
            return $"{Show.Value(text)} has the unknown unit {Show.Value(suffix)}; units here: {UnitNames(dimension)}; {hint}";
        }

        BigInteger scaled = BigInteger.Parse(digits, CultureInfo.InvariantCulture) * unit.Factor;
        BigInteger whole = BigInteger.DivRem(scaled, BigInteger.Pow(10, decimals), out BigInteger rest);
        if (!rest.IsZero)
        {
            return $"{text} is finer than 1{Units(dimension)[0].Text}, the smallest step";
        }

        if (whole > long.MaxValue || whole < long.MinValue)
        {
            return $"{text} is too large; the largest is {Format(long.MaxValue, dimension)}";
        }

        value = (long)whole;
        return null;
    }

    /// <summary>Writes a number in the largest unit that shows it as a whole number.</summary>
    public static string Format(long value, Dimension dimension)
    {
        IReadOnlyList<Unit> units = Units(dimension);
        int best = 0;
        for (int i = 1; i < units.Count && value != 0 && value % units[i].Factor == 0; i++)
        {
            best = i;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value / units[best].Factor}{units[best].Text}");
    }

    private static bool FindUnit(Dimension dimension, string suffix, out Unit unit)
    {
        string plain = suffix is "\u00b5s" or "\u03bcs" ? "us" : suffix;
        foreach (Unit candidate in Units(dimension))
        {
            if (candidate.Text == plain)
            {
                unit = candidate;
                return true;
            }
        }

        unit = default;
        return false;
    }

    private static string ExampleUnit(Dimension dimension, string example) =>
        SplitNumber(example, out _, out _, out string suffix) ? suffix : Units(dimension)[0].Text;

    private static bool SplitNumber(string text, out string digits, out int decimals, out string suffix)
    {
        int i = text.StartsWith('-') ? 1 : 0;
        int start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        int point = i;
        int end = i;
        if (i < text.Length && text[i] == '.')
        {
            end = i + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }
        }

        decimals = Math.Max(0, end - point - 1);
        bool valid = point > start && (end == point || decimals > 0);
        digits = valid ? string.Concat(text.AsSpan(0, point), end > point ? text.AsSpan(point + 1, decimals) : "") : "";
        suffix = valid ? text[end..].TrimStart(' ') : "";
        return valid;
    }
}
