using System.Globalization;
using IoScale.Protocol.Metrics;

namespace IoScale.Scenarios.Expectations;

/// <summary>A comparison over metrics that a run must fulfil, such as <c>after.ipis_delivery_total == 0</c>.</summary>
public sealed class Expectation
{
    private const int Longest = 1_000;
    private const int DeepestParentheses = 30;

    private readonly Comparison _comparison;

    private Expectation(string text, Comparison comparison)
    {
        Text = text;
        _comparison = comparison;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Every metric in it, from left to right.</summary>
    internal IEnumerable<MetricReference> Metrics => _comparison.Left.Metrics.Concat(_comparison.Right.Metrics);

    /// <summary>Reads an expectation.</summary>
    /// <exception cref="FormatException">Not an expectation; the message says what would be right.</exception>
    public static Expectation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        RefuseLong(text, "write several expectations");
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException("is empty; write a comparison such as functions_up == 128");
        }

        Comparison comparison = ExpectationGrammar.Parse(text);
        Check(comparison);
        return new(text, comparison);
    }

    /// <summary>Reads one side of an expectation.</summary>
    /// <exception cref="FormatException">Not a value of the run; the message says what would be right.</exception>
    internal static Expression ParseValue(string text)
    {
        RefuseLong(text, "shorten it");
        Expression value = ExpectationGrammar.ParseValue(text);
        return value.Metrics.Any() ? value : throw new FormatException("names no metric, so it says nothing of the run; write for example interrupts_total");
    }

    /// <summary>Compares.</summary>
    /// <param name="variant">The variant that metrics without a variant's name mean.</param>
    /// <param name="metrics">All series of a variant, by its name.</param>
    public ExpectationResult Evaluate(string variant, Func<string, IReadOnlyList<MetricSample>> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        SeriesSource series = new(variant, metrics);
        try
        {
            double left = _comparison.Left.Evaluate(series);
            double right = _comparison.Right.Evaluate(series);
            double tolerance = _comparison.Tolerance is { } t ? t.Value * (t.Percent ? Math.Abs(right) : 1) : 0;
            string allowed = _comparison.Tolerance is null ? "" : $", allowed difference {Show(tolerance)}";
            return new(Text, Holds(left, right, tolerance), $"left {Show(left)}, right {Show(right)}{allowed}");
        }
        catch (NoValueException e)
        {
            return new(Text, false, e.Message);
        }
    }

    private static void RefuseLong(string text, string right)
    {
        if (text.Length > Longest || text.Count(c => c == '(') > DeepestParentheses)
        {
            throw new FormatException($"is longer than {Longest} characters, or has more than {DeepestParentheses} parentheses; {right}");
        }
    }

    private bool Holds(double left, double right, double tolerance) => _comparison.Operator switch
    {
        "==" => Math.Abs(left - right) <= tolerance,
        "!=" => !(Math.Abs(left - right) <= tolerance),
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    };

    private static void Check(Comparison comparison)
    {
        if (!comparison.Left.Metrics.Concat(comparison.Right.Metrics).Any())
        {
            throw new FormatException("names no metric, so it compares nothing of the run; write for example functions_up == 128");
        }

        if (comparison.Left.Equals(comparison.Right))
        {
            throw new FormatException("compares a value with itself; name another metric, label or variant on one side");
        }

        Binding.RefuseMixedUnits(comparison.Left, comparison.Right);
        if (comparison.Tolerance is not { } tolerance)
        {
            return;
        }

        if (comparison.Operator is not ("==" or "!="))
        {
            throw new FormatException($"a tolerance (+-) belongs to == or !=, not to {comparison.Operator}; leave it out");
        }

        if (tolerance.Value < 0)
        {
            throw new FormatException("the tolerance is negative; write it without a sign");
        }

        if (!tolerance.Percent)
        {
            Binding.RefuseMixedUnits(comparison.Right, tolerance);
            Binding.RefuseMixedUnits(comparison.Left, tolerance);
        }
    }

    private static string Show(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < 1e15
            ? value.ToString("F0", CultureInfo.InvariantCulture)
            : value.ToString("G9", CultureInfo.InvariantCulture);
}
