using IoScale.Actors.Running;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Scenarios.Expectations;
using Spectre.Console;

namespace IoScale.Nodes.Reports;

/// <summary>What a person reads after a run: the verdict first, then tables, then where the files are.</summary>
internal static class RunReport
{
    private const int MostNotes = 8;

    /// <param name="folder">Where the result files are.</param>
    /// <param name="trace">The trace file, or null.</param>
    public static void Write(IAnsiConsole console, ScenarioResult result, HostFacts host, string folder, string? trace)
    {
        WriteFindings(console, result, host);
        // Not wrapped: names of files are for copying.
        console.Profile.Out.Writer.WriteLine(Wrote(folder) + (trace is null ? "" : $", trace {trace}"));
    }

    /// <summary>The last line of a report.</summary>
    /// <param name="folder">Where the result files are.</param>
    public static string Wrote(string folder) => $"wrote {folder}/{{summary.json,metrics.prom,resolved.yaml,host.json}}";

    /// <summary>The report without its last line, so without anything that depends on where the files are.</summary>
    public static void WriteFindings(IAnsiConsole console, ScenarioResult result, HostFacts host)
    {
        VariantFigures[] figures = [.. result.Variants.Where(v => v.Outcome is not null).Select(v => new VariantFigures(v, v.Outcome!))];
        string colour = result.Verdict != "ok" ? "red" : figures.All(f => f.Fits) ? "green" : "yellow";
        console.MarkupLine($"[bold {colour}]{Markup.Escape(Verdict.Headline(result, figures))}[/]");
        if (figures.Length > 0)
        {
            WriteLines(console, figures);
            VectorSection.Write(console, figures);
            CostSection.Write(console, figures);
            VmSection.Write(console, figures);
        }

        WriteExpectations(console, result);
        WriteNotes(console, figures);
        console.WriteLine();
        console.Profile.Out.Writer.WriteLine(
            $"result {SummaryJson.Hash(result.ResultHash)}, {Numbers.Count(result.Events)} events ({Numbers.Short(host.EventsPerSecond)}/s)");
    }

    /// <summary>One line, and the expectations that are not met.</summary>
    public static void WriteBrief(IAnsiConsole console, ScenarioResult result)
    {
        ExpectationResult[] all = [.. result.Variants.SelectMany(v => v.Expectations)];
        string line = result.Interrupted ? "INTERRUPTED, expectations not evaluated"
            : result.ExpectationsHold ? $"{all.Length} of {all.Length} expectations met"
            : $"FAILED, {all.Count(e => !e.Passed)} of {all.Length} expectations not met";
        console.MarkupLine($"[{(result.Verdict == "ok" ? "green" : "bold red")}]{Markup.Escape($"{result.Name}: {line}")}[/]");
        foreach (VariantResult variant in result.Variants)
        {
            foreach (ExpectationResult failed in variant.Expectations.Where(e => !e.Passed))
            {
                console.Write(new Padder(new Text($"{variant.Name}: {failed.Text} ({failed.Actual})")).Padding(2, 0, 0, 0));
            }
        }
    }

    /// <summary>One line after several scenarios.</summary>
    /// <param name="scenarios">Scenarios asked for; those without a result failed or were not reached.</param>
    public static string Closing(IReadOnlyList<ScenarioResult> results, int scenarios)
    {
        string[] failed = [.. results.Where(r => r.Verdict == "failed").Select(r => r.Name)];
        int without = scenarios - results.Count(r => r.Verdict != "interrupted");
        return $"{results.Count(r => r.Verdict == "ok")} of {scenarios} scenarios ok"
            + (failed.Length > 0 ? $"; expectations not met in {string.Join(", ", failed)}" : "")
            + (without > 0 ? $"; {without} without a complete result" : "");
    }

    private static void WriteLines(IAnsiConsole console, VariantFigures[] figures)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn();
        foreach (VariantFigures f in figures)
        {
            grid.AddRow(Markup.Escape(f.Name), Markup.Escape(Verdict.Line(f)));
        }

        console.Write(grid);
    }

    private static void WriteExpectations(IAnsiConsole console, ScenarioResult result)
    {
        if (result.Variants.All(v => v.Expectations.Count == 0))
        {
            return;
        }

        Table table = ReportTable.Create(4, "", "variant", "expectation", "actual");
        IEnumerable<IGrouping<ExpectationResult, string>> same = result.Variants
            .SelectMany(v => v.Expectations.Select(e => (v.Name, Expectation: e)))
            .GroupBy(e => e.Expectation, e => e.Name);
        foreach (IGrouping<ExpectationResult, string> e in same.OrderBy(e => e.Key.Passed))
        {
            table.AddRow(e.Key.Passed ? "[green]pass[/]" : "[red]FAIL[/]", Markup.Escape(Together(e, result.Variants.Count)), Markup.Escape(e.Key.Text), Markup.Escape(e.Key.Actual));
        }

        ReportTable.Print(console, "Expectations", table);
    }

    private static void WriteNotes(IAnsiConsole console, VariantFigures[] figures)
    {
        (string Variants, string Text)[] notes = [.. figures
            .SelectMany(f => f.Outcome.Notes.Concat(f.Outcome.SharedVectors.Take(1).Select(Describe)).Select(note => (f.Name, Note: note)))
            .GroupBy(n => n.Note, n => n.Name, StringComparer.Ordinal)
            .Select(g => (Together(g, figures.Length), g.Key))];
        if (notes.Length == 0)
        {
            return;
        }

        console.WriteLine();
        console.MarkupLine("[bold]Notes[/]");
        foreach ((string variants, string text) in notes.Take(MostNotes))
        {
            console.Write(new Padder(new Text(figures.Length > 1 ? $"{variants}: {text}" : text)).Padding(2, 0, 0, 0));
        }

        if (notes.Length > MostNotes)
        {
            console.WriteLine($"  {notes.Length - MostNotes} more in summary.json");
        }
    }

    private static string Together(IEnumerable<string> variants, int ofVariants) =>
        ofVariants > 1 && variants.Count() == ofVariants ? "all" : string.Join(", ", variants);

    private static string Describe(SharedVector shared) =>
        $"one number, two interrupts: on {shared.Host} vector 0x{shared.Vector:x2} is irq {shared.IrqA} ({shared.OwnerA}) on pCPU {shared.PCpuA} and irq {shared.IrqB} ({shared.OwnerB}) on pCPU {shared.PCpuB}";
}
