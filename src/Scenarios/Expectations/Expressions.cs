using IoScale.Protocol.Metrics;

namespace IoScale.Scenarios.Expectations;

/// <summary>An arithmetic expression over metrics.</summary>
internal abstract record Expression
{
    /// <summary>Unit as the metric catalogue names it; null for plain numbers and for what mixes units.</summary>
    public abstract string? Unit { get; }

    /// <summary>No metric in it.</summary>
    public abstract bool IsLiteral { get; }

    /// <exception cref="NoValueException">A series is missing, or a division by zero.</exception>
    public abstract double Evaluate(SeriesSource series);

    /// <summary>The metrics in it, from left to right.</summary>
    public abstract IEnumerable<MetricReference> Metrics { get; }
}

internal sealed class NoValueException(string message) : Exception(message);

/// <param name="Percent">Written with %; the value is the ratio.</param>
internal sealed record NumberLiteral(double Value, string? NumberUnit, bool Percent) : Expression
{
    public override string? Unit => NumberUnit;

    public override bool IsLiteral => true;

    public override IEnumerable<MetricReference> Metrics => [];

    public override double Evaluate(SeriesSource series) => Value;
}

internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

internal sealed record Arithmetic(ArithmeticOperator Operator, Expression Left, Expression Right) : Expression
{
    public override string? Unit => Operator switch
    {
        ArithmeticOperator.Add or ArithmeticOperator.Subtract => Left.Unit == Right.Unit ? Left.Unit : null,
        ArithmeticOperator.Multiply => IsFactor(Left) ? Right.Unit : IsFactor(Right) ? Left.Unit : null,
        _ => IsFactor(Right) ? Left.Unit : null,
    };

    public override bool IsLiteral => Left.IsLiteral && Right.IsLiteral;

    public override IEnumerable<MetricReference> Metrics => Left.Metrics.Concat(Right.Metrics);

    public override double Evaluate(SeriesSource series)
    {
        double left = Left.Evaluate(series);
        double right = Right.Evaluate(series);
        return Operator switch
        {
            ArithmeticOperator.Add => left + right,
            ArithmeticOperator.Subtract => left - right,
            ArithmeticOperator.Multiply => left * right,
            _ when right == 0 => throw new NoValueException("division by zero"),
            _ => left / right,
        };
    }

    /// <summary>A number without a unit, also where it is written as a calculation; 2800MHz * 1s is none.</summary>
    private static bool IsFactor(Expression e) => e switch
    {
        NumberLiteral number => number.Unit is null or "ratio",
        Arithmetic sides => IsFactor(sides.Left) && IsFactor(sides.Right),
        _ => false,
    };
}

internal sealed record AbsoluteValue(Expression Inner) : Expression
{
    public override string? Unit => Inner.Unit;

    public override bool IsLiteral => Inner.IsLiteral;

    public override IEnumerable<MetricReference> Metrics => Inner.Metrics;

    public override double Evaluate(SeriesSource series) => Math.Abs(Inner.Evaluate(series));
}

/// <summary>The larger or the smaller of two values.</summary>
internal sealed record Extreme(bool Larger, Expression Left, Expression Right) : Expression
{
    public override string? Unit => Left.Unit == Right.Unit ? Left.Unit : null;

    public override bool IsLiteral => Left.IsLiteral && Right.IsLiteral;

    public override IEnumerable<MetricReference> Metrics => Left.Metrics.Concat(Right.Metrics);

    public override double Evaluate(SeriesSource series)
    {
        double left = Left.Evaluate(series);
        double right = Right.Evaluate(series);
        return Larger ? Math.Max(left, right) : Math.Min(left, right);
    }
}

internal enum SeriesFunction
{
    /// <summary>None written: several series are joined as the catalogue says.</summary>
    Catalogue,
    Sum,
    Max,
    Min,
    Mean,
    Count,
}

/// <summary>A label and the value it must have; <c>*</c> stands for any run of characters.</summary>
internal readonly record struct LabelFilter(string Label, string Value);

/// <param name="Variant">Null for the variant that is being judged.</param>
internal sealed record MetricReference(string? Variant, MetricDefinition Metric, IReadOnlyList<LabelFilter> Filters, SeriesFunction Function) : Expression
{
    public override string? Unit => Function == SeriesFunction.Count ? null : Metric.Unit;

    public override bool IsLiteral => false;

    public override IEnumerable<MetricReference> Metrics => [this];

    public override double Evaluate(SeriesSource series) => series.Value(this);

    /// <summary>Same series, whoever made the filters.</summary>
    public bool Equals(MetricReference? other) =>
        other is not null && Variant == other.Variant && Metric.Name == other.Metric.Name && Function == other.Function && Filters.SequenceEqual(other.Filters);

    public override int GetHashCode() => HashCode.Combine(Variant, Metric.Name, Function, Filters.Count);

    public override string ToString() =>
        Metric.Name + (Filters.Count == 0 ? "" : "{" + string.Join(", ", Filters.Select(f => $"{f.Label}={f.Value}")) + "}");
}
