using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IoScale.Hardware.Costs;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Scenarios.Claims;

namespace IoScale.Nodes.Claims;

/// <summary>A claim's result and the file that its scenario is in, as the page links to it.</summary>
internal sealed record ClaimRow(string Link, ScenarioResult Result)
{
    public Claim Claim => Result.Claim!.Claim;
}

/// <summary>docs/claims.md: the claims with their verdicts, and how the verdicts depend on the cost constants. The same text on every machine.</summary>
internal static class ClaimsPage
{
    private const string SensitivityHeading = "\n## Sensitivity\n";

    /// <param name="rows">In the order of the claims.</param>
    public static string Write(IReadOnlyList<ClaimRow> rows)
    {
        StringBuilder page = new("""
            # Claims

            <!-- Made by `ioscale claims`; do not edit. A test fails when the tables are not what the scenarios give. -->

            The claims of the Xen Summit 2009 deck "Extending I/O scalability in Xen", and what follows from them, each with the scenario that is evidence
            for it. A claim holds when all expectations of its scenario are met. Basis: V verified in a source, D the deck, A arithmetic, X observed by
            running the code, R-H, R-M, R-L recalled with high, medium or low confidence. To run them, and to write this page anew:

                ioscale run scenarios/claims
                ioscale claims --sensitivity


            """.ReplaceLineEndings("\n"));
        page.Append(CultureInfo.InvariantCulture, $"{rows.Count(r => r.Result.ExpectationsHold)} of {rows.Count} claims hold.\n\n");
        page.Append("| # | claim | basis | expected | measured | verdict |\n|---|---|---|---|---|---|\n");
        foreach (ClaimRow row in rows)
        {
            string measured = string.Join("<br>", row.Result.Claim!.Measured.Select(m => Cell(m.ToString())));
            page.Append($"| [{row.Claim.Id}]({row.Link}) | {Cell(row.Claim.Text)} | {row.Claim.Basis} | {Cell(row.Claim.Expected)} | {measured} | {ClaimTable.VerdictOf(row.Result)} |\n");
        }

        page.Append("\n## What is put in and what comes out\n\nNo number of a claim is an input of its own scenario.\n\n");
        page.Append("| # | calibrated | predicted |\n|---|---|---|\n");
        foreach (ClaimRow row in rows)
        {
            page.Append($"| {row.Claim.Id} | {Cell(row.Claim.Calibrated)} | {Cell(row.Claim.Predicted)} |\n");
        }

        return page.ToString();
    }

    /// <summary>The second part of the page.</summary>
    /// <param name="fingerprint">Of the results it belongs to.</param>
    public static string WriteSensitivity(IReadOnlyList<ConstantSensitivity> constants, string fingerprint)
    {
        StringBuilder page = new(SensitivityHeading);
        page.Append('\n').Append(Mark(fingerprint)).Append("""


            Each cost constant of the scenarios' profiles moved by 20 % either way, all claims run again: which verdicts flip.

            | constant | 20 % lower | 20 % higher |
            |---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (ConstantSensitivity constant in constants.Where(c => !c.FlipsNothing))
        {
            page.Append($"| `{CostNames.Names.Of(constant.Constant)}` | {Flips(constant.Lower)} | {Flips(constant.Higher)} |\n");
        }

        string[] none = [.. constants.Where(c => c.FlipsNothing).Select(c => $"`{CostNames.Names.Of(c.Constant)}`")];
        return page.Append($"\nConstants that flip no verdict: {(none.Length == 0 ? "none" : string.Join(", ", none))}.\n").ToString();
    }

    /// <summary>The sensitivity part of a page, where it has one that belongs to these results; otherwise nothing.</summary>
    public static string SensitivityOf(string page, string fingerprint)
    {
        int start = page.IndexOf(SensitivityHeading, StringComparison.Ordinal);
        return start >= 0 && page.AsSpan(start).Contains(Mark(fingerprint), StringComparison.Ordinal) ? page[start..] : "";
    }

    public static bool HasSensitivity(string page) => page.Contains(SensitivityHeading, StringComparison.Ordinal);

    /// <summary>Changes with every scenario and every result.</summary>
    public static string Fingerprint(IReadOnlyList<ClaimRow> rows)
    {
        StringBuilder text = new();
        foreach (ClaimRow row in rows)
        {
            text.Append(row.Result.ResolvedYaml).Append(SummaryJson.Hash(row.Result.ResultHash));
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static string Mark(string fingerprint) => $"<!-- Of the results {fingerprint}. -->";

    private static string Flips(IReadOnlyList<ScenarioResult> results) =>
        results.Count == 0 ? "" : string.Join("; ", results
            .GroupBy(r => r.ExpectationsHold)
            .Select(g => $"{string.Join(", ", g.Select(r => r.Claim!.Claim.Id))} {(g.Key ? "then hold" : "then fail")}{(g.Count() == 1 ? "s" : "")}"));

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Trim();
}
