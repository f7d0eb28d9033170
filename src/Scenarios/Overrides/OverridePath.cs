using Superpower;
using Superpower.Model;
using Superpower.Parsers;

namespace IoScale.Scenarios.Overrides;

/// <summary>One step of a path: a key, and for lists which elements.</summary>
/// <param name="Selector">A name, pattern (<c>*</c>), range or index; null for none.</param>
internal sealed record PathStep(string Key, string? Selector)
{
    public override string ToString() => Selector is null ? Key : $"{Key}[{Selector}]";
}

/// <summary>Paths of overrides: <c>hosts[*].vectors.allocator</c>, <c>vms[vm3].busy</c>, <c>vms[vm[0..7]].weight</c>, <c>timeline[0].at</c>.</summary>
internal static class OverridePath
{
    private const int Longest = 500;

    private static readonly TextParser<string> Key =
        Span.MatchedBy(Character.LetterOrDigit.Or(Character.EqualTo('-')).AtLeastOnce()).Select(s => s.ToStringValue()).Named("key");

    private static readonly TextParser<char> Plain = Character.ExceptIn('[', ']');

    private static readonly TextParser<Unit> Range =
        Character.EqualTo('[').IgnoreThen(Plain.IgnoreMany()).IgnoreThen(Character.EqualTo(']')).Value(Unit.Value);

    private static readonly TextParser<string> Selector =
        from open in Character.EqualTo('[')
        from text in Span.MatchedBy(Plain.Value(Unit.Value).Or(Range).AtLeastOnce())
        from close in Character.EqualTo(']')
        select text.ToStringValue();

    private static readonly TextParser<PathStep> Step =
        from key in Key
        from selector in Selector.Select(s => (string?)s).OptionalOrDefault()
        select new PathStep(key, selector);

    private static readonly TextParser<PathStep[]> Path = Step.AtLeastOnceDelimitedBy(Character.EqualTo('.')).AtEnd();

    /// <returns>Null when <paramref name="steps"/> is filled; otherwise what is wrong and what would be right.</returns>
    public static string? Parse(string text, out IReadOnlyList<PathStep> steps)
    {
        steps = [];
        if (text.Length > Longest)
        {
            return $"is longer than {Longest} characters, so it is not a path; write for example hosts[*].pcpus";
        }

        Result<PathStep[]> result = Path.TryParse(text);
        if (!result.HasValue)
        {
            return $"is not a path at character {result.ErrorPosition.Column}; write for example hosts[*].vectors.allocator, vms[vm3].busy or seed";
        }

        steps = result.Value;
        return null;
    }
}
