using System.Globalization;

namespace IoScale.Bench;

/// <summary>What several measurements of one thing gave.</summary>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary><c>MEDIAN (MIN..MAX)</c>.</summary>
    public string Text(string format)
    {
        CultureInfo plain = CultureInfo.InvariantCulture;
        return $"{Median.ToString(format, plain)} ({Min.ToString(format, plain)}..{Max.ToString(format, plain)})";
    }
}
