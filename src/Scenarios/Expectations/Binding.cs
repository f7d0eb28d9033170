using System.Globalization;
using IoScale.Protocol.Metrics;
using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Expectations;

/// <summary>Gives the words of an expectation their meaning: units, metrics, labels.</summary>
internal static class Binding
{
    private const string Absolute = "abs";

    private static readonly Dictionary<string, SeriesFunction> Functions = new(StringComparer.Ordinal)
    {
        ["sum"] = SeriesFunction.Sum,
        ["max"] = SeriesFunction.Max,
        ["min"] = SeriesFunction.Min,
        ["mean"] = SeriesFunction.Mean,
        ["count"] = SeriesFunction.Count,
    };

    /// <summary>The units of a number, what one base unit is in the unit of the catalogue, and that unit's name there.</summary>
    private static readonly (Dimension Dimension, double BaseUnits, string Unit)[] Units =
    [
        (Dimension.Time, 1e12, "seconds"),
        (Dimension.BitRate, 1, "bits per second"),
        (Dimension.Frequency, 1, "hertz"),
        (Dimension.Cycles, 1, "cycles"),
        (Dimension.Percent, 100, "ratio"),
    ];

    public static NumberLiteral Number(string text, bool negative)
    {
        int end = text.Length;
        while (char.IsAsciiLetter(text[end - 1]) || text[end - 1] == '%')
        {
            end--;
        }

        double value = double.Parse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * (negative ? -1 : 1);
        string suffix = text[end..];
        if (suffix.Length == 0)
        {
            return new(value, null, false);
        }

        if (Unit(suffix) is { } known)
        {
            return new(value * known.Factor / known.BaseUnits, known.Unit, known.Percent);
        }

        throw new FormatException($"{Show.Value(text)} has the unknown unit {suffix}; units here: {string.Join(", ", Units.Select(u => Quantity.UnitNames(u.Dimension)))}");
    }

    /// <summary>A written unit: how many base units it is, how many of them the catalogue's unit is, and that unit's name. Null for a word that is no unit.</summary>
    public static (long Factor, double BaseUnits, string Unit, bool Percent)? Unit(string suffix)
    {
        foreach ((Dimension dimension, double baseUnits, string unit) in Units)
        {
            foreach (Unit candidate in Quantity.Units(dimension).Where(c => c.Text == suffix))
            {
                return (candidate.Factor, baseUnits, unit, dimension == Dimension.Percent);
            }
        }

        return null;
    }

    /// <summary>One series: its values are joined by the function. Several values: the smallest or largest of them. abs takes any value.</summary>
    public static Expression Call(string name, IReadOnlyList<Expression> arguments)
    {
        if (name == Absolute)
        {
            return arguments.Count == 1 ? new AbsoluteValue(arguments[0]) : throw new FormatException($"{Absolute} takes one value, not {arguments.Count}");
        }

        if (!Functions.TryGetValue(name, out SeriesFunction function))
        {
            throw new FormatException($"there is no function {Show.Value(name)}; {NearestName.Hint(name, [.. Functions.Keys, Absolute], "functions")}");
        }

        if (arguments is [MetricReference { Function: SeriesFunction.Catalogue } series])
        {
            return series with { Function = function };
        }

        if (arguments.Count == 1 || function is not (SeriesFunction.Min or SeriesFunction.Max))
        {
            throw new FormatException($"{name} joins the series of one metric, as in {name}(ipis_total){(function is SeriesFunction.Min or SeriesFunction.Max ? ", or compares several values with commas between them" : "")}");
        }

        foreach (Expression other in arguments.Skip(1))
        {
            RefuseMixedUnits(arguments[0], other);
        }

        return arguments.Aggregate((a, b) => new Extreme(function == SeriesFunction.Max, a, b));
    }

    public static MetricReference Series(string? variant, string metric, string? labels)
    {
        MetricDefinition definition = MetricCatalogue.Find(metric)
            ?? throw new FormatException($"there is no metric {Show.Value(metric)}; {NearestName.Hint(metric, [.. MetricCatalogue.All.Select(m => m.Name)], "metrics")}");
        List<LabelFilter> filters = [];
        foreach (string part in labels is null ? [] : labels[1..^1].Split(','))
        {
            filters.Add(Filter(definition, part));
        }

        return new(variant, definition, filters, SeriesFunction.Catalogue);
    }

    public static Expression Arithmetic(ArithmeticOperator op, Expression left, Expression right)
    {
        if (op is ArithmeticOperator.Add or ArithmeticOperator.Subtract)
        {
            RefuseMixedUnits(left, right);
        }

        return new Arithmetic(op, left, right);
    }

    /// <summary>A number with a unit can only stand against what has the same unit. Metrics may be compared across units: a ratio of counts is fine.</summary>
    /// <exception cref="FormatException">They differ.</exception>
    public static void RefuseMixedUnits(Expression left, Expression right)
    {
        if ((left.IsLiteral || right.IsLiteral) && left.Unit is { } a && right.Unit is { } b && a != b)
        {
            throw new FormatException($"compares {a} with {b}; write both sides in the same unit");
        }
    }

    private static LabelFilter Filter(MetricDefinition metric, string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string label = equals < 0 ? text.Trim() : text[..equals].Trim();
        string value = equals < 0 ? "" : text[(equals + 1)..].Trim().Trim('"');
        if (!metric.Labels.Contains(label, StringComparer.Ordinal))
        {
            throw new FormatException($"{metric.Name} has no label {Show.Value(label)}; {NearestName.Hint(label, metric.Labels, "its labels")}");
        }

        return value.Length > 0 ? new(label, value) : throw new FormatException($"the label {label} has no value; write for example {label}=*");
    }
}
