using IoScale.Actors.Running;
using IoScale.Hardware.Platform;
using IoScale.Hardware.Vectors;
using IoScale.Nodes.Running;
using IoScale.Protocol.Metrics;

namespace IoScale.Nodes.Reports;

/// <summary>What the report says of one variant, computed once from its outcome and its system.</summary>
internal sealed class VariantFigures
{
    public VariantFigures(VariantResult variant, RunOutcome outcome)
    {
        Variant = variant;
        Outcome = outcome;
        Metrics = new MetricQuery(outcome.Metrics);
        WindowSeconds = Math.Max(0, outcome.VirtualTimePs - variant.System.WarmUpPs) / 1e12;
        Cores = variant.System.Hosts.Sum(h => h.PCpus);
        Demand = variant.System.Hosts.Sum(h => h.PlatformVectors + FunctionList.Of(h).Sum(f => f.Vectors));
        Capacity = variant.System.Hosts.Sum(h => VectorModel.HostCapacity(h.Allocator, h.Destination, h.PCpus));
        Assigned = Metrics.Sum(MetricCatalogue.VectorsAssigned);
    }

    public VariantResult Variant { get; }

    public RunOutcome Outcome { get; }

    public MetricQuery Metrics { get; }

    public string Name => Variant.Name;

    /// <summary>Length of the measured window.</summary>
    public double WindowSeconds { get; }

    /// <summary>pCPUs of all hosts.</summary>
    public int Cores { get; }

    /// <summary>Vectors that platform and drivers ask for.</summary>
    public int Demand { get; }

    public double Capacity { get; }

    public double Assigned { get; }

    public int Refused => Outcome.Refusals.Count;

    public bool Fits => Refused == 0;

    public double Interrupts => Metrics.Sum(MetricCatalogue.Interrupts);

    /// <summary>Busy share of all hosts together; every host weighs by its pCPUs.</summary>
    public double Utilization
    {
        get
        {
            Dictionary<string, int> cores = Variant.System.Hosts.ToDictionary(h => h.Name, h => h.PCpus, StringComparer.Ordinal);
            return Metrics.Of(MetricCatalogue.CpuUtilizationRatio).Sum(s => s.Value * cores.GetValueOrDefault(MetricQuery.Label(s, "host"))) / Cores;
        }
    }

    /// <summary>A count over the measured window as a rate a second.</summary>
    public double Rate(double count) => WindowSeconds > 0 ? count / WindowSeconds : double.NaN;

    /// <summary>The first vector refused, or "-": nic0.p0.vf62 tx of vm62, with the host where there are several.</summary>
    public string FirstRefused => Fits ? "-" : $"{(Variant.System.Hosts.Count > 1 ? First.Host + " " : "")}{First.Function} {First.Role}{(First.Vm is { } vm ? " of " + vm : "")}";

    /// <summary>The first refusal; there must be one.</summary>
    public VectorRefusal First => Outcome.Refusals[0];
}
