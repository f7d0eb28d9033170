using Superpower;
using Superpower.Display;
using Superpower.Model;
using Superpower.Parsers;
using Superpower.Tokenizers;

namespace IoScale.Scenarios.Expectations;

/// <summary>What the grammar finds: two sides, how they compare, and how far apart they may be.</summary>
internal sealed record Comparison(Expression Left, string Operator, Expression Right, NumberLiteral? Tolerance);

/// <summary>
/// <code>
/// comparison := sum operator sum [ "+-" number ]        operator := == != &lt; &lt;= &gt; &gt;=
/// sum        := product { (+|-) product }               product  := value { (*|/) value }
/// value      := [-] number [unit] | ( sum ) | series | function ( sum { , sum } )
/// series     := [variant .] metric [ { label = value, ... } ]
/// </code>
/// A dash inside a name belongs to the name, so a minus stands between spaces.
/// </summary>
internal static class ExpectationGrammar
{
    private enum Kind
    {
        Number,
        Name,
        [Token(Example = "{label=value}")]
        Labels,
        [Token(Example = "==, !=, <, <=, > or >=")]
        Operator,
        [Token(Example = "+-")]
        Tolerance,
        [Token(Example = "=")]
        Assign,
        [Token(Example = "+")]
        Plus,
        [Token(Example = "-")]
        Minus,
        [Token(Example = "*")]
        Times,
        [Token(Example = "/")]
        Over,
        [Token(Example = "(")]
        Open,
        [Token(Example = ")")]
        Close,
        [Token(Example = ".")]
        Dot,
        [Token(Example = ",")]
        Comma,
    }

    private static readonly TextParser<char> WordCharacter = Character.Matching(c => char.IsAsciiLetterOrDigit(c) || c == '_', "letter, digit or _");

    private static readonly TextParser<TextSpan> NameText = Span.MatchedBy(
        Character.Matching(char.IsAsciiLetter, "letter").IgnoreThen(WordCharacter.IgnoreMany()).IgnoreThen(
            Character.EqualTo('-').AtLeastOnce().IgnoreThen(WordCharacter.AtLeastOnce()).Try().IgnoreMany()));

    private static readonly TextParser<TextSpan> NumberText = Span.MatchedBy(
        Character.Digit.AtLeastOnce()
            .IgnoreThen(Character.EqualTo('.').IgnoreThen(Character.Digit.AtLeastOnce()).Value(true).Try().OptionalOrDefault())
            .IgnoreThen(Character.Matching(c => char.IsAsciiLetter(c) || c == '%', "unit").IgnoreMany()));

    private static readonly TextParser<TextSpan> LabelsText = Span.MatchedBy(
        Character.EqualTo('{').IgnoreThen(Character.ExceptIn('{', '}').IgnoreMany()).IgnoreThen(Character.EqualTo('}')));

    private static readonly Tokenizer<Kind> Tokens = new TokenizerBuilder<Kind>()
        .Ignore(Span.WhiteSpace)
        .Match(NumberText, Kind.Number)
        .Match(NameText, Kind.Name)
        .Match(LabelsText, Kind.Labels)
        .Match(Span.EqualTo("==").Or(Span.EqualTo("!=")).Try().Or(Span.EqualTo("<=").Try()).Or(Span.EqualTo(">=").Try()).Or(Span.EqualTo("<")).Or(Span.EqualTo(">")), Kind.Operator)
        .Match(Span.EqualTo("+-"), Kind.Tolerance)
        .Match(Character.EqualTo('='), Kind.Assign)
        .Match(Character.EqualTo('+'), Kind.Plus)
        .Match(Character.EqualTo('-'), Kind.Minus)
        .Match(Character.EqualTo('*'), Kind.Times)
        .Match(Character.EqualTo('/'), Kind.Over)
        .Match(Character.EqualTo('('), Kind.Open)
        .Match(Character.EqualTo(')'), Kind.Close)
        .Match(Character.EqualTo('.'), Kind.Dot)
        .Match(Character.EqualTo(','), Kind.Comma)
        .Build();

    private static readonly TokenListParser<Kind, string> Name = Token.EqualTo(Kind.Name).Select(t => t.ToStringValue());

    private static readonly TokenListParser<Kind, NumberLiteral> Number =
        from minus in Token.EqualTo(Kind.Minus).Value(true).OptionalOrDefault()
        from number in Token.EqualTo(Kind.Number)
        select Binding.Number(number.ToStringValue(), minus);

    private static readonly TokenListParser<Kind, Expression> NameLed = Name.Then(first =>
        Token.EqualTo(Kind.Open).IgnoreThen(Superpower.Parse.Ref(() => Sum!).AtLeastOnceDelimitedBy(Token.EqualTo(Kind.Comma)))
            .Then(arguments => Token.EqualTo(Kind.Close).Value(arguments))
            .Select(arguments => Binding.Call(first, arguments))
            .Or(Series(first).Select(series => (Expression)series)));

    private static readonly TokenListParser<Kind, Expression> Value =
        Number.Select(n => (Expression)n)
            .Or(Token.EqualTo(Kind.Open).IgnoreThen(Superpower.Parse.Ref(() => Sum!)).Then(e => Token.EqualTo(Kind.Close).Value(e)))
            .Or(NameLed);

    private static readonly TokenListParser<Kind, Expression> Product = Superpower.Parse.Chain(
        Token.EqualTo(Kind.Times).Value(ArithmeticOperator.Multiply).Or(Token.EqualTo(Kind.Over).Value(ArithmeticOperator.Divide)),
        Value,
        Binding.Arithmetic);

    private static readonly TokenListParser<Kind, Expression> Sum = Superpower.Parse.Chain(
        Token.EqualTo(Kind.Plus).Value(ArithmeticOperator.Add).Or(Token.EqualTo(Kind.Minus).Value(ArithmeticOperator.Subtract)),
        Product,
        Binding.Arithmetic);

    private static readonly TokenListParser<Kind, Comparison> Whole =
        (from left in Sum
         from comparator in Token.EqualTo(Kind.Operator)
         from right in Sum
         from tolerance in Token.EqualTo(Kind.Tolerance).IgnoreThen(Number).Select(n => (NumberLiteral?)n).OptionalOrDefault()
         select new Comparison(left, comparator.ToStringValue(), right, tolerance)).AtEnd();

    /// <exception cref="FormatException">Not a comparison, or it names what does not exist.</exception>
    public static Comparison Parse(string text) => Parse(text, Whole, "a comparison such as after.ipis_delivery_total == 0 (operators: == != < <= > >=)");

    /// <exception cref="FormatException">Not a value, or it names what does not exist.</exception>
    public static Expression ParseValue(string text) => Parse(text, Sum.AtEnd(), "a value such as after.ipis_delivery_total / after.interrupts_total");

    private static T Parse<T>(string text, TokenListParser<Kind, T> parser, string right)
    {
        Result<TokenList<Kind>> tokens = Tokens.TryTokenize(text);
        if (!tokens.HasValue)
        {
            throw Mistake(tokens.ErrorPosition, text, tokens.FormatErrorMessageFragment(), right);
        }

        TokenListParserResult<Kind, T> result = parser.TryParse(tokens.Value);
        return result.HasValue ? result.Value : throw Mistake(result.ErrorPosition, text, result.FormatErrorMessageFragment(), right);
    }

    private static TokenListParser<Kind, MetricReference> Series(string first) =>
        from second in Token.EqualTo(Kind.Dot).IgnoreThen(Name).Select(n => (string?)n).OptionalOrDefault()
        from labels in Token.EqualTo(Kind.Labels).Select(t => (string?)t.ToStringValue()).OptionalOrDefault()
        select Binding.Series(second is null ? null : first, second ?? first, labels);

    private static FormatException Mistake(Position position, string text, string problem, string right)
    {
        int column = position.HasValue ? position.Column : text.Length + 1;
        return new($"at character {column}: {problem}; write {right}");
    }
}
