using IoScale.Nodes.Results;
using IoScale.Protocol.Metrics;
using Spectre.Console;

namespace IoScale.Nodes.Reports;

/// <summary>What interrupts cost, and where every CPU cycle went; variants side by side.</summary>
internal static class CostSection
{
    private const string Idle = "idle";

    public static void Write(IAnsiConsole console, IReadOnlyList<VariantFigures> figures)
    {
        foreach (VariantFigures[] chunk in figures.Chunk(ReportTable.ColumnsAtOnce))
        {
            WriteCost(console, chunk);
        }

        foreach (VariantFigures[] chunk in figures.Chunk(ReportTable.ColumnsAtOnce))
        {
            WriteCycles(console, chunk);
        }
    }

    private static void WriteCost(IAnsiConsole console, VariantFigures[] figures)
    {
        Table table = ReportTable.Create(1, ["", .. figures.Select(f => f.Name)]);
        void Row(string head, Func<VariantFigures, string> cell) => ReportTable.Row(table, [head, .. figures.Select(cell)]);

        Row("device interrupts/s", f => Numbers.Short(f.Rate(f.Interrupts)));
        Row("VM exits/s", f => Numbers.Short(f.Rate(f.Metrics.Sum(MetricCatalogue.Exits))));
        foreach (string reason in Keys(figures, MetricCatalogue.Exits, "reason"))
        {
            Row("  " + reason, f => Numbers.Short(f.Rate(f.Metrics.Sum(MetricCatalogue.Exits, "reason", reason))));
        }

        Row("IPIs per interrupt", f => PerInterrupt(f, f.Metrics.Sum(MetricCatalogue.Ipis)));
        Row("  to deliver it", f => PerInterrupt(f, f.Metrics.Sum(MetricCatalogue.IpisDelivery)));
        Row($"CPU, % of {Machines(figures)}", f => Numbers.Percent(f.Utilization));
        Row("CPU, in cores", f => Numbers.Short(f.Utilization * f.Cores));
        ReportTable.Print(console, $"Cost (measured window of {Window(figures)})", table);
    }

    private static void WriteCycles(IAnsiConsole console, VariantFigures[] figures)
    {
        Table table = ReportTable.Create(1, ["category", .. figures.Select(f => f.Name)]);
        double[] totals = [.. figures.Select(f => f.Metrics.Sum(MetricCatalogue.CpuCycles))];
        foreach (string category in Keys(figures, MetricCatalogue.CpuCycles, "category").OrderBy(c => c == Idle))
        {
            ReportTable.Row(table, [category, .. figures.Select((f, i) => Numbers.Percent(f.Metrics.Sum(MetricCatalogue.CpuCycles, "category", category) / totals[i]))]);
        }

        ReportTable.Row(table, ["sum", .. figures.Select((f, i) => Numbers.Percent(f.Metrics.By(MetricCatalogue.CpuCycles, "category").Sum(c => c.Value) / totals[i]))]);
        ReportTable.Print(console, $"Where every CPU cycle went (% of {Machines(figures)})", table);
    }

    /// <summary>Label values with something to show, the largest first; equal ones by name.</summary>
    private static IEnumerable<string> Keys(VariantFigures[] figures, MetricDefinition metric, string label) =>
        figures.SelectMany(f => f.Metrics.By(metric, label))
            .GroupBy(p => p.Key, p => p.Value, StringComparer.Ordinal)
            .Select(g => (g.Key, Most: g.Max()))
            .Where(g => g.Most > 0)
            .OrderByDescending(g => g.Most).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key);

    private static string PerInterrupt(VariantFigures f, double count) => f.Interrupts > 0 ? (count / f.Interrupts).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) : "-";

    /// <summary>What the percentages are percentages of.</summary>
    private static string Machines(VariantFigures[] figures)
    {
        string[] sizes = [.. figures.Select(Size).Distinct()];
        return sizes.Length == 1 ? sizes[0] : "the variant's hosts";
    }

    private static string Size(VariantFigures f) =>
        f.Variant.System.Hosts.Count == 1 ? $"the host ({f.Cores} cores)" : $"{f.Variant.System.Hosts.Count} hosts ({f.Cores} cores)";

    private static string Window(VariantFigures[] figures)
    {
        string[] windows = [.. figures.Select(f => Numbers.Seconds(f.WindowSeconds)).Distinct()];
        return windows.Length == 1 ? windows[0] : "each variant";
    }
}
