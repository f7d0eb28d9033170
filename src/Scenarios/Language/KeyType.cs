using IoScale.Scenarios.Values;

namespace IoScale.Scenarios.Language;

/// <summary>What the value of a key may be. Checker, JSON Schema and reference page all read it from here.</summary>
internal abstract record KeyType
{
    /// <summary>What would be right, in a few words: "a whole number from 1 to 16".</summary>
    public abstract string Describe();
}

internal sealed record BooleanType : KeyType
{
    public override string Describe() => "true or false";
}

/// <summary>A plain count.</summary>
internal sealed record IntegerType(long Min, ulong Max) : KeyType
{
    public override string Describe() => $"a whole number from {Min} to {Max}";
}

/// <summary>A count that may be a range where the name beside it is one.</summary>
internal sealed record IntegerOrRangeType(IntegerType Integer, string Example) : KeyType
{
    public override string Describe() => $"{Integer.Describe()}, or a range beside a range of names, for example {Example}";
}

/// <summary>A number with its unit.</summary>
internal sealed record QuantityType(Dimension Dimension, long Min, long Max, string Example) : KeyType
{
    public override string Describe() =>
        $"a number with its unit ({Quantity.UnitNames(Dimension)}) from {Quantity.Format(Min, Dimension)} to {Quantity.Format(Max, Dimension)}, for example {Example}";
}

/// <summary>Free text.</summary>
internal sealed record TextType(int Longest, string What) : KeyType
{
    public override string Describe() => What;
}

/// <summary>The name that something is given.</summary>
/// <param name="Ranges">A range makes several of them: <c>vm[0..62]</c>.</param>
internal sealed record NameType(bool Ranges, string Example) : KeyType
{
    public override string Describe() =>
        $"a name of letters, digits, - and _{(Ranges ? " (or a range of them)" : "")}, for example {Example}";
}

/// <summary>One of a few words.</summary>
internal sealed record WordType(IReadOnlyList<string> Words) : KeyType
{
    public override string Describe() => Words.Count == 1 ? Words[0] : "one of " + string.Join(", ", Words);
}

/// <summary>Something that exists elsewhere: a host, a VM, a VF. What it names is checked after the structure.</summary>
internal sealed record ReferenceType(string What, string Example) : KeyType
{
    public override string Describe() => $"{What}, for example {Example}";
}

/// <param name="OneWithoutBrackets">A single element may stand without brackets.</param>
internal sealed record ListType(KeyType Element, int Fewest, int Most, bool OneWithoutBrackets = false) : KeyType
{
    public override string Describe() => OneWithoutBrackets ? $"{Element.Describe()}, or a list of them" : $"a list; each element is {Element.Describe()}";
}

/// <summary>A number, or a word for what no number says.</summary>
internal sealed record WordOrIntegerType(string Word, IntegerType Integer) : KeyType
{
    public override string Describe() => $"{Integer.Describe()}, or {Word}";
}

/// <param name="ScalarKey">A single value may stand for a mapping that has this key alone.</param>
internal sealed record ShapeType(Shape Shape, string? ScalarKey = null) : KeyType
{
    public override string Describe() => ScalarKey is { } key ? $"the text of its {key}, or a mapping with keys such as {string.Join(", ", Shape.Keys.Take(3).Select(k => k.Name))}" : $"a mapping with keys such as {string.Join(", ", Shape.Keys.Take(3).Select(k => k.Name))}";
}

/// <summary>Number of a claim, with a letter where there are several under one number.</summary>
internal sealed record ClaimIdType : KeyType
{
    public const string Pattern = "[1-9][0-9]{0,2}[a-z]?";

    public override string Describe() => "a number from 1 to 999, with a letter where several belong to one number, for example 12 or 12b";
}

/// <summary>Paths and the values they are set to.</summary>
internal sealed record OverridesType : KeyType
{
    public override string Describe() => "a mapping of paths to values, for example {\"hosts[*].delivery\": static}";
}
