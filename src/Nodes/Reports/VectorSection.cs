using IoScale.Nodes.Results;
using IoScale.Protocol.Metrics;
using Spectre.Console;

namespace IoScale.Nodes.Reports;

/// <summary>Vectors: what there is, what was asked for, what was refused first.</summary>
internal static class VectorSection
{
    public static void Write(IAnsiConsole console, IReadOnlyList<VariantFigures> figures)
    {
        Table table = ReportTable.Create(1, "variant", "capacity", "asked for", "assigned", "refused", "functions up", "first refused");
        table.Columns[^1].Alignment = Justify.Left;
        foreach (VariantFigures f in figures)
        {
            double up = f.Metrics.Sum(MetricCatalogue.FunctionsUp);
            double down = f.Metrics.Sum(MetricCatalogue.FunctionsRefused);
            ReportTable.Row(table,
                f.Name,
                Numbers.Count(f.Capacity),
                Numbers.Count(f.Demand),
                Numbers.Count(f.Assigned),
                Numbers.Count(f.Refused),
                $"{Numbers.Count(up)} of {Numbers.Count(up + down)}",
                f.FirstRefused);
        }

        ReportTable.Print(console, "Vectors (capacity: what empty hosts can hand out)", table);
    }
}
