using IoScale.Nodes.Reports;
using IoScale.Nodes.Running;
using IoScale.Scenarios;
using IoScale.Scenarios.Claims;
using Spectre.Console;

namespace IoScale.Nodes.Claims;

/// <summary>The table of claims as a person reads it on a terminal.</summary>
internal static class ClaimTable
{
    public const string Holds = "holds";
    public const string Fails = "FAILS";
    public const string NoResult = "no result";

    /// <summary>Writes the claims of the scenarios in the order of their numbers.</summary>
    /// <param name="results">Of those that ran.</param>
    public static void Write(IAnsiConsole console, IEnumerable<Scenario> scenarios, IReadOnlyList<ScenarioResult> results)
    {
        (Claim Claim, ScenarioResult? Result)[] rows =
        [
            .. scenarios.Where(s => s.Claim is not null)
                .OrderBy(s => s.Claim!.Id, Comparer<string>.Create(Claim.Compare)).ThenBy(s => s.Name, StringComparer.Ordinal)
                .Select(s => (s.Claim!, results.FirstOrDefault(r => r.Name == s.Name))),
        ];
        Table table = ReportTable.Create(6, "", "claim", "basis", "expected", "measured", "verdict").ShowRowSeparators();
        table.Columns[5].NoWrap();
        foreach ((Claim claim, ScenarioResult? result) in rows)
        {
            string verdict = VerdictOf(result);
            table.AddRow(
                claim.Id,
                Markup.Escape(claim.Text),
                Markup.Escape(claim.Basis),
                Markup.Escape(claim.Expected),
                Markup.Escape(string.Join('\n', result?.Claim?.Measured.Select(m => m.ToString()) ?? [])),
                $"[{(verdict == Holds ? "green" : "red")}]{verdict}[/]");
        }

        int holding = rows.Count(r => VerdictOf(r.Result) == Holds);
        ReportTable.Print(console, $"Claims: {holding} of {rows.Length} hold", table);
    }

    public static string VerdictOf(ScenarioResult? result) =>
        result is null or { Interrupted: true } ? NoResult : result.ExpectationsHold ? Holds : Fails;
}
