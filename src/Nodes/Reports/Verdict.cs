using IoScale.Nodes.Results;
using IoScale.Nodes.Running;

namespace IoScale.Nodes.Reports;

/// <summary>The first lines of a report: what came out, in plain words.</summary>
internal static class Verdict
{
    public static string Headline(ScenarioResult result, IReadOnlyList<VariantFigures> figures)
    {
        string vectors = figures.Count switch
        {
            0 => "no variant was reached",
            1 => OneVariant(figures[0]),
            _ => SeveralVariants(figures),
        };
        if (result.Interrupted)
        {
            string reached = result.Variants.Count == 1
                ? $"at {Numbers.Picoseconds(result.VirtualTimePs)} of {Numbers.Picoseconds(result.Variants[0].System.DurationPs)} virtual time"
                : $"with {result.Variants.Count(v => v.Outcome is { } o && o.VirtualTimePs >= v.System.DurationPs)} of {result.Variants.Count} variants complete";
            return $"{result.Name}: INTERRUPTED {reached}, expectations not evaluated";
        }

        int expectations = result.Variants.Sum(v => v.Expectations.Count);
        int failed = result.Variants.Sum(v => v.Expectations.Count(e => !e.Passed));
        return failed > 0
            ? $"{result.Name}: FAILED, {failed} of {expectations} expectations not met; {vectors}"
            : $"{result.Name}: {vectors}";
    }

    /// <summary>How many of the vectors asked for were assigned, and which was refused first.</summary>
    public static string Line(VariantFigures figures)
    {
        string line = $"{Numbers.Count(figures.Assigned)} of {Numbers.Count(figures.Demand)} vectors assigned";
        if (figures.Fits)
        {
            return line;
        }

        return $"{line}, {Numbers.Count(figures.Refused)} refused; first {figures.FirstRefused} (vector {figures.First.Vector + 1} of {figures.First.Of}): {figures.First.Reason}";
    }

    private static string OneVariant(VariantFigures figures) =>
        figures.Fits
            ? $"fits: all {Numbers.Count(figures.Demand)} vectors assigned"
            : $"runs out of vectors: {Numbers.Count(figures.Assigned)} of {Numbers.Count(figures.Demand)} assigned, {Numbers.Count(figures.Refused)} refused";

    private static string SeveralVariants(IReadOnlyList<VariantFigures> figures)
    {
        string[] full = [.. figures.Where(f => !f.Fits).Select(f => f.Name)];
        return full.Length switch
        {
            0 => figures.Count == 2 ? "both variants fit" : $"all {figures.Count} variants fit",
            1 => $"{figures.Count - 1} of {figures.Count} variants fit; {full[0]} runs out of vectors",
            _ when full.Length == figures.Count => $"none of {figures.Count} variants fits, all run out of vectors",
            _ => $"{figures.Count - full.Length} of {figures.Count} variants fit; {string.Join(", ", full)} run out of vectors",
        };
    }
}
