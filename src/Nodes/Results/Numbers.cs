using System.Globalization;

namespace IoScale.Nodes.Results;

/// <summary>Numbers as text, the same on every machine.</summary>
internal static class Numbers
{
    /// <summary>Doubles hold every integer up to here.</summary>
    private const double LargestExactInteger = 9_007_199_254_740_992;

    /// <summary>Integers as integers, everything else in the shortest form that reads back as the same value; for machines.</summary>
    public static string Exact(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) <= LargestExactInteger
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits with an SI suffix: 123, 4.57 k, 12.3 M; for people.</summary>
    public static string Short(double value)
    {
        if (!double.IsFinite(value))
        {
            return "-";
        }

        double magnitude = Math.Abs(value);
        (double scale, string suffix) = magnitude switch
        {
            >= 999.5e9 => (1e12, " T"),
            >= 999.5e6 => (1e9, " G"),
            >= 999.5e3 => (1e6, " M"),
            >= 9_999.5 => (1e3, " k"),
            _ => (1.0, ""),
        };
        return (scale == 1 && value == Math.Truncate(value) ? value.ToString("0", CultureInfo.InvariantCulture) : Digits(value / scale)) + suffix;
    }

    /// <summary>Whole numbers with thousands separators.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A share as percent: 12.3 %, 0.04 %.</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? (share * 100).ToString(Math.Abs(share) is > 0 and < 0.001 ? "0.###" : "0.0", CultureInfo.InvariantCulture) + " %" : "-";

    /// <summary>A duration in the unit that suits it: 1.25 ms, 830 ns.</summary>
    public static string Seconds(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return "-";
        }

        (double scale, string unit) = Math.Abs(seconds) switch
        {
            0 => (1, "s"),
            < 999.5e-12 => (1e-12, "ps"),
            < 999.5e-9 => (1e-9, "ns"),
            < 999.5e-6 => (1e-6, "us"),
            < 999.5e-3 => (1e-3, "ms"),
            _ => (1, "s"),
        };
        double scaled = seconds / scale;
        return $"{(scaled == Math.Truncate(scaled) ? scaled.ToString("0", CultureInfo.InvariantCulture) : Digits(scaled))} {unit}";
    }

    /// <summary>A virtual time or duration in picoseconds, in the unit that suits it.</summary>
    public static string Picoseconds(long ps) => Seconds(ps / 1e12);

    private static string Digits(double value) =>
        value.ToString(Math.Abs(value) switch { < 9.995 => "0.00", < 99.95 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}
