using System.Globalization;
using System.Text.RegularExpressions;
using IoScale.Scenarios.Language;
using IoScale.Scenarios.Values;
using IoScale.Scenarios.Yaml;

namespace IoScale.Scenarios.Checking;

/// <summary>Checks single values. A wrong one is reported and comes back as null.</summary>
internal sealed partial class ScalarChecker(ErrorList errors)
{
    public object? Check(YamlScalar scalar, KeyType type, string path) => type switch
    {
        BooleanType => Boolean(scalar, path),
        IntegerType t => Integer(scalar, t, path),
        // Ranges are expanded before the check; one that is still here was reported there.
        IntegerOrRangeType t => NameRange.IsRange(scalar.Value) ? null : Integer(scalar, t.Integer, path, t),
        WordOrIntegerType t => scalar.Value == t.Word ? t.Word : Integer(scalar, t.Integer, path, t),
        QuantityType t => Measured(scalar, t, path),
        ClaimIdType => ClaimId().IsMatch(scalar.Value) ? scalar.Value : Wrong(scalar, path, $"is {Show.Value(scalar.Value)}; write {type.Describe()}"),
        CostType => Cost(scalar, path),
        WordType t => Word(scalar, t, path),
        NameType t => Name(scalar, t, path),
        TextType t => Text(scalar, t.Longest, path),
        _ => Text(scalar, 256, path),
    };

    private object? Wrong(YamlScalar scalar, string path, string message)
    {
        errors.Add(scalar.Source, path, message);
        return null;
    }

    private object? Boolean(YamlScalar scalar, string path) => scalar switch
    {
        { Quoted: false, Value: "true" } => true,
        { Quoted: false, Value: "false" } => false,
        _ => Wrong(scalar, path, $"is {Show.Value(scalar.Value)}; write true or false, without quotes"),
    };

    private object? Integer(YamlScalar scalar, IntegerType type, string path, KeyType? described = null)
    {
        string right = (described ?? type).Describe();
        if (scalar.Quoted)
        {
            return Wrong(scalar, path, $"is text in quotes; write {right}, without quotes");
        }

        if (scalar.Value.Length > 30 || !Int128.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 number) || scalar.Value[0] == '+')
        {
            return Wrong(scalar, path, $"is {Show.Value(scalar.Value)}; write {right}");
        }

        return number < type.Min || number > type.Max ? Wrong(scalar, path, $"is {scalar.Value}; write {right}") : number;
    }

    private object? Measured(YamlScalar scalar, QuantityType type, string path)
    {
        if (Quantity.Parse(scalar.Value, type.Dimension, type.Example, out long value) is { } mistake)
        {
            return Wrong(scalar, path, mistake);
        }

        return value < type.Min || value > type.Max
            ? Wrong(scalar, path, $"is {scalar.Value}; write a value from {Quantity.Format(type.Min, type.Dimension)} to {Quantity.Format(type.Max, type.Dimension)}")
            : (Int128)value;
    }

    /// <summary>Only the bounds; whether the profile has cycles or a time is known later.</summary>
    private object? Cost(YamlScalar scalar, string path)
    {
        string? notCycles = Quantity.Parse(scalar.Value, Dimension.Cycles, "3000cycles", out long value);
        if (notCycles is not null && Quantity.Parse(scalar.Value, Dimension.Time, "500ns", out value) is not null)
        {
            return Wrong(scalar, path, scalar.Value.All(char.IsAsciiDigit) ? $"{Show.Value(scalar.Value)} has no unit; write for example {scalar.Value}cycles" : notCycles);
        }

        return value is < 0 or > CostType.Most ? Wrong(scalar, path, $"is {scalar.Value}; costs are neither negative nor above {CostType.Most}cycles or 1s") : scalar.Value;
    }

    private object? Word(YamlScalar scalar, WordType type, string path) =>
        type.Words.Contains(scalar.Value, StringComparer.Ordinal)
            ? scalar.Value
            : Wrong(scalar, path, $"{Show.Value(scalar.Value)} is unknown; {NearestName.Hint(scalar.Value, type.Words, "write one of")}");

    private object? Name(YamlScalar scalar, NameType type, string path)
    {
        if (type.Ranges && NameRange.IsRange(scalar.Value))
        {
            // Ranges are expanded before the check; one that is still here was reported there.
            return null;
        }

        return NameRules.Check(scalar.Value) is { } mistake ? Wrong(scalar, path, mistake) : scalar.Value;
    }

    [GeneratedRegex($"^{ClaimIdType.Pattern}$", RegexOptions.CultureInvariant)]
    private static partial Regex ClaimId();

    private object? Text(YamlScalar scalar, int longest, string path) =>
        scalar.Value.Length > longest ? Wrong(scalar, path, $"is longer than {longest} characters; shorten it") : scalar.Value;
}
