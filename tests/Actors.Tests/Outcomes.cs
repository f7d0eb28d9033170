using IoScale.Actors.Entities;
using IoScale.Actors.Running;
using IoScale.Hardware.Vectors;
using IoScale.Protocol.Metrics;
using IoScale.VirtualTime;

namespace IoScale.Actors.Tests;

/// <summary>Reads what a run gave.</summary>
internal static class Outcomes
{
    /// <summary>Sum of a metric's series whose labels have the values given, "label=value".</summary>
    public static double Sum(this RunOutcome outcome, MetricDefinition metric, params string[] labels) => outcome.Metrics
        .Where(s => s.Metric == metric && labels.All(l => Has(s, l)))
        .Sum(s => s.Value);

    public static void AssertLaws(this RunOutcome outcome) => Assert.All(
        outcome.Laws,
        law => Assert.True(law.Holds, $"{law.Name} at {outcome.VirtualTimePs} ps: {law.LeftValue} {law.Left}, {law.RightValue} {law.Right}"));

    /// <summary>Both runs gave the same to the bit; the number of events is one session's and may differ after a restore.</summary>
    public static void AssertSame(RunOutcome expected, RunOutcome actual)
    {
        Assert.Equal(Lines(expected), Lines(actual));
        Assert.Equal(expected.ResultHash, actual.ResultHash);
        Assert.Equal(expected.Refusals, actual.Refusals);
        Assert.Equal(expected.SharedVectors, actual.SharedVectors);
        Assert.Equal(expected.Laws, actual.Laws);
        Assert.Equal(expected.Notes, actual.Notes);
    }

    public static IEnumerable<string> Lines(RunOutcome outcome) =>
        outcome.Metrics.Select(s => $"{s.Metric.Name} {string.Join(' ', s.LabelValues)} {s.Value:R}");

    public static PCpuState PCpu(this SystemRun run, int pcpu, int host = 0) =>
        ((PCpuActor)run.Simulation.Entity(run.Wiring.Hosts[host].PCpus[pcpu])).Current;

    public static HypervisorState Hypervisor(this SystemRun run, int host = 0) =>
        ((HypervisorActor)run.Simulation.Entity(run.Wiring.Hosts[host].Hypervisor)).Current;

    /// <summary>The VM that has the host's vCPU of this number.</summary>
    public static VmState VmOf(this SystemRun run, int vcpu, int host = 0) =>
        ((VmActor)run.Simulation.Entity(run.Wiring.Hosts[host].Vcpus[vcpu].Vm)).Current;

    public static EntityId Function(this SystemRun run, string name, int host = 0) =>
        run.Wiring.Hosts[host].Functions.Single(f => f.Function.Name == name).Entity;

    public static VfState Vf(this SystemRun run, string name, int host = 0) =>
        ((VfActor)run.Simulation.Entity(run.Function(name, host))).Current;

    public static IEnumerable<PCpuState> PCpus(this SystemRun run, int host = 0) =>
        Enumerable.Range(0, run.Wiring.Hosts[host].PCpus.Count).Select(p => run.PCpu(p, host));

    /// <summary>Vectors of the table that the irq holds.</summary>
    public static int HeldBy(this CpuVectors table, int irq) => Enumerable.Range(0, 256).Count(v => table.Owner(v) == irq);

    private static bool Has(MetricSample sample, string label)
    {
        string[] parts = label.Split('=', 2);
        int at = sample.Metric.Labels.ToList().IndexOf(parts[0]);
        Assert.True(at >= 0, $"{sample.Metric.Name} has no label {parts[0]}");
        return sample.LabelValues[at] == parts[1];
    }
}
