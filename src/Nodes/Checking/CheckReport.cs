using IoScale.Hardware.Vectors;
using IoScale.Nodes.Reports;
using IoScale.Nodes.Results;
using Spectre.Console;

namespace IoScale.Nodes.Checking;

/// <summary>What a person reads after <c>check</c>: the verdict, the budget of every layer, and what would make it fit.</summary>
internal static class CheckReport
{
    /// <summary>Groups of equal hosts shown for each variant; those that do not fit come first. All are in the JSON.</summary>
    private const int MostGroups = 12;

    /// <summary>Groups that do not fit whose refusal and fixes are told.</summary>
    private const int MostRefusals = 5;

    public static void Write(IAnsiConsole console, ScenarioCheck check)
    {
        console.MarkupLine($"[bold {(check.Variants.All(v => v.Fits) ? "green" : "yellow")}]{Markup.Escape(Headline(check))}[/]");
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn();
        foreach (VariantCheck variant in check.Variants)
        {
            foreach (HostGroup group in variant.Groups.Where(g => !g.Budget.Fits).Take(MostRefusals))
            {
                grid.AddRow(Markup.Escape(variant.Name), Markup.Escape(Refusal(group)));
                grid.AddRow("", Markup.Escape("would fit with " + (group.Fixes.Count > 0 ? string.Join("; or ", group.Fixes) : "no single change; combine several")));
            }
        }

        console.Write(grid);
        WriteLayers(console, check);
    }

    /// <summary>The verdict in one line.</summary>
    public static string Headline(ScenarioCheck check)
    {
        string[] full = [.. check.Variants.Where(v => !v.Fits).Select(v => v.Name)];
        int hosts = check.Variants[0].Groups.Sum(g => g.Names.Count);
        string where = hosts == 1 ? "" : $" on {Numbers.Count(hosts)} hosts";
        return (full.Length, check.Variants.Count) switch
        {
            (0, 1) => $"{check.Name}: fits{where}: every driver gets the vectors it asks for",
            (0, 2) => $"{check.Name}: both variants fit{where}",
            (0, _) => $"{check.Name}: all {check.Variants.Count} variants fit{where}",
            (1, 1) => $"{check.Name}: does not fit: {Shortfall(check.Variants[0], hosts)}",
            var (none, all) when none == all => $"{check.Name}: none of {all} variants fits{where}",
            (1, var all) => $"{check.Name}: {all - 1} of {all} variants fit{where}; {full[0]} does not",
            var (some, all) => $"{check.Name}: {all - some} of {all} variants fit{where}; {string.Join(", ", full)} do not",
        };
    }

    private static string Shortfall(VariantCheck variant, int hosts)
    {
        HostGroup[] full = [.. variant.Groups.Where(g => !g.Budget.Fits)];
        string refused = $"{Numbers.Count(full.Sum(g => (double)g.Budget.Refused * g.Names.Count))} vectors refused";
        return hosts == 1 ? refused : $"{refused} on {Numbers.Count(full.Sum(g => g.Names.Count))} of {Numbers.Count(hosts)} hosts";
    }

    /// <summary>A layer as the reader knows it.</summary>
    public static string NameOf(Layer layer) => layer switch
    {
        Layer.VfPool => "VF pool",
        Layer.Msix => "MSI-X",
        Layer.Irte => "IRTE",
        Layer.Vectors => "pCPU vectors",
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, "not a layer"),
    };

    private static string Refusal(HostGroup group)
    {
        FirstRefusal first = group.Budget.First!;
        return $"{group.Title}: {Numbers.Count(group.Budget.Assigned)} of {Numbers.Count(group.Budget.Demand)} vectors assigned, {Numbers.Count(group.Budget.Refused)} refused; "
            + $"{NameOf(first.Layer)} run out first, at {first.Function} {first.Role} (vector {first.Vector + 1} of {first.Of})";
    }

    private static void WriteLayers(IAnsiConsole console, ScenarioCheck check)
    {
        Table table = ReportTable.Create(2, "variant", "hosts", "VF pool", "MSI-X", "IRTE", "pCPU vectors", "headroom", "on each pCPU");
        foreach (VariantCheck variant in check.Variants)
        {
            string name = variant.Name;
            foreach (HostGroup group in Shown(variant))
            {
                HostBudget budget = group.Budget;
                ReportTable.Row(table, name, group.Title, Tightest(budget, Layer.VfPool), Tightest(budget, Layer.Msix), Tightest(budget, Layer.Irte),
                    Tightest(budget, Layer.Vectors), Numbers.Count(budget.Capacity - budget.Demand), Spread(group));
                name = "";
            }

            if (variant.Groups.Count > MostGroups)
            {
                IEnumerable<HostGroup> rest = variant.Groups.Except(Shown(variant));
                ReportTable.Row(table, "", $"{Numbers.Count(rest.Sum(g => g.Names.Count))} more hosts, {Numbers.Count(rest.Where(g => !g.Budget.Fits).Sum(g => g.Names.Count))} of them do not fit (--format json has all)", "", "", "", "", "", "");
            }
        }

        ReportTable.Print(console, "Asked for of available, in the order in which a driver meets them (where a layer has several: the tightest)", table);
    }

    private static HostGroup[] Shown(VariantCheck variant) => [.. variant.Groups.OrderBy(g => g.Budget.Fits).Take(MostGroups)];

    private static string Tightest(HostBudget budget, Layer layer) =>
        budget.Layers.Where(l => l.Layer == layer).MinBy(l => l.Headroom) is { } tight ? $"{Numbers.Count(tight.Demand)} of {Numbers.Count(tight.Capacity)}" : "-";

    private static string Spread(HostGroup group)
    {
        if (VectorModel.IsGlobal(group.Host.Allocator) || VectorModel.IsFlat(group.Host.Allocator, group.Host.Destination))
        {
            return "the same";
        }

        (int least, int most) = (group.Budget.PerPCpu.Min(), group.Budget.PerPCpu.Max());
        return least == most ? Numbers.Count(least) : $"{Numbers.Count(least)} to {Numbers.Count(most)}";
    }
}
