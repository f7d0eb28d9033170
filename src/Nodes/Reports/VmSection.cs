using IoScale.Nodes.Results;
using IoScale.Protocol.Metrics;
using Spectre.Console;

namespace IoScale.Nodes.Reports;

/// <summary>What the VMs got: throughput, drops and latency; then the few that fared worst.</summary>
internal static class VmSection
{
    private const int WorstOfOne = 10;
    private const int WorstOfSeveral = 3;

    public static void Write(IAnsiConsole console, IReadOnlyList<VariantFigures> figures)
    {
        List<(VariantFigures Figures, List<Vm> Vms)> all = [.. figures.Select(f => (f, VmsOf(f)))];
        if (all.All(v => v.Vms.Count == 0))
        {
            return;
        }

        Table table = ReportTable.Create(1, "variant", "throughput", "VM min", "VM median", "VM max", "dropped", "of sent", "top reason", "worst p50", "worst p99");
        table.Columns[7].Alignment = Justify.Left;
        foreach ((VariantFigures f, List<Vm> vms) in all)
        {
            double[] rates = [.. vms.Select(v => v.Throughput).Order()];
            double dropped = f.Metrics.Sum(MetricCatalogue.PacketsDropped);
            ReportTable.Row(table,
                f.Name,
                Rate(rates.Sum()),
                Rate(rates.Length > 0 ? rates[0] : double.NaN),
                Rate(rates.Length > 0 ? rates[(rates.Length - 1) / 2] : double.NaN),
                Rate(rates.Length > 0 ? rates[^1] : double.NaN),
                Numbers.Count(dropped),
                Numbers.Percent(dropped / f.Metrics.Sum(MetricCatalogue.PacketsSent)),
                dropped > 0 ? TopReason(f) : "-",
                Numbers.Seconds(Worst(vms, v => v.P50)),
                Numbers.Seconds(Worst(vms, v => v.P99)));
        }

        ReportTable.Print(console, "VMs (frames that reached applications in the measured window)", table);
        WriteWorst(console, all);
    }

    private static void WriteWorst(IAnsiConsole console, List<(VariantFigures Figures, List<Vm> Vms)> all)
    {
        int most = all.Count == 1 ? WorstOfOne : WorstOfSeveral;
        Table table = ReportTable.Create(2, "variant", "VM", "throughput", "dropped", "p50", "p99");
        foreach ((VariantFigures f, List<Vm> vms) in all)
        {
            Vm[] worst = [.. vms.OrderByDescending(v => v.Dropped).ThenByDescending(v => double.IsNaN(v.P99) ? 0 : v.P99).ThenBy(v => v.Throughput).Take(most)];
            foreach (Vm vm in worst)
            {
                ReportTable.Row(table, vm == worst[0] ? f.Name : "", vm.Name, Rate(vm.Throughput), Numbers.Count(vm.Dropped), Numbers.Seconds(vm.P50), Numbers.Seconds(vm.P99));
            }
        }

        bool shortened = all.Any(v => v.Vms.Count > most);
        ReportTable.Print(console, shortened ? "VMs that fared worst (drops, then p99 latency; all VMs are in summary.json)" : "Each VM", table);
    }

    private static List<Vm> VmsOf(VariantFigures f)
    {
        Dictionary<string, double> dropped = f.Metrics.By(MetricCatalogue.PacketsDroppedVm, "vm").ToDictionary(StringComparer.Ordinal);
        Dictionary<string, double> p50 = Latency(f, "0.5");
        Dictionary<string, double> p99 = Latency(f, "0.99");
        return [.. f.Metrics.By(MetricCatalogue.Throughput, "vm").Select(v =>
            new Vm(v.Key, v.Value, dropped.GetValueOrDefault(v.Key), p50.GetValueOrDefault(v.Key, double.NaN), p99.GetValueOrDefault(v.Key, double.NaN)))];
    }

    private static Dictionary<string, double> Latency(VariantFigures f, string quantile) =>
        f.Metrics.Of(MetricCatalogue.PacketLatency)
            .Where(s => MetricQuery.Label(s, "quantile") == quantile)
            .ToDictionary(s => MetricQuery.Label(s, "vm"), s => s.Value, StringComparer.Ordinal);

    private static string TopReason(VariantFigures f) => f.Metrics.By(MetricCatalogue.PacketsDropped, "reason").MaxBy(r => r.Value).Key;

    private static double Worst(List<Vm> vms, Func<Vm, double> latency) =>
        vms.Select(latency).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    private static string Rate(double bps) => double.IsFinite(bps) ? Numbers.Short(bps) + (bps >= 9_999.5 ? "b/s" : " b/s") : "-";

    private sealed record Vm(string Name, double Throughput, double Dropped, double P50, double P99);
}
