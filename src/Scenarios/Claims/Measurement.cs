using System.Globalization;
using IoScale.Protocol.Metrics;
using IoScale.Scenarios.Expectations;

namespace IoScale.Scenarios.Claims;

/// <summary>A value that a claim shows beside what it expected.</summary>
public sealed class Measurement
{
    private const int SignificantDigits = 4;

    private readonly Expression _expression;
    private readonly double _factor;
    private readonly double _baseUnits;

    internal Measurement(string label, string value, string unit, int? decimals, Expression expression)
    {
        (Label, Value, Unit, Decimals, _expression) = (label, value, unit, decimals, expression);
        (_factor, _baseUnits) = Binding.Unit(unit.Split(' ')[0]) is { } known ? (known.Factor, known.BaseUnits) : (1, 1);
    }

    public string Label { get; }

    /// <summary>The expression, as it was written.</summary>
    public string Value { get; }

    /// <summary>What stands behind the number, as it was written.</summary>
    public string Unit { get; }

    /// <summary>Digits behind the point; null for four significant digits.</summary>
    public int? Decimals { get; }

    /// <summary>Computes the value.</summary>
    /// <param name="variant">The variant that metrics without a variant's name mean.</param>
    /// <param name="metrics">All series of a variant, by its name.</param>
    /// <returns>The value in the catalogue's unit, and the number with its unit; null and why where there is none.</returns>
    public (double? Number, string Text) Evaluate(string variant, Func<string, IReadOnlyList<MetricSample>> metrics)
    {
        try
        {
            double number = _expression.Evaluate(new SeriesSource(variant, metrics));
            return (number, Show(number * _baseUnits / _factor) + (Unit.Length == 0 ? "" : " " + Unit));
        }
        catch (NoValueException e)
        {
            return (null, $"no value: {e.Message}");
        }
    }

    private string Show(double value)
    {
        int decimals = Decimals ?? 0;
        if (Decimals is null && value != Math.Truncate(value))
        {
            decimals = SignificantDigits - 1;
            for (double size = Math.Abs(value); size >= 10 && decimals > 0; size /= 10)
            {
                decimals--;
            }

            for (double size = Math.Abs(value); size is > 0 and < 1 && decimals < 12; size *= 10)
            {
                decimals++;
            }
        }

        string text = value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Trim('-', '0', '.', ',').Length == 0 ? text.TrimStart('-') : text;
    }
}
