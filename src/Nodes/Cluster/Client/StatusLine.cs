using System.Globalization;
using IoScale.Nodes.Results;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>Where a run is, in words.</summary>
internal static class StatusLine
{
    /// <summary>One line for one run.</summary>
    public static string Of(RunStatus run)
    {
        List<string> parts = [RunStates.Name(run) + (run.Reason.Length > 0 ? $" ({run.Reason})" : "")];
        if (RunStates.IsOver(run))
        {
            parts.AddRange(run.State == RunState.Finished ? [run.Verdict, $"result {run.ResultHash}"] : []);
            parts.Add($"after {Numbers.Seconds(run.WallMs / 1000.0)}");
        }
        else if (run.Epoch > 0)
        {
            parts.Add(Variant(run));
            parts.Add(Time(run));
            parts.Add($"{Numbers.Short(run.EventsPerSecond)} events/s");
            parts.Add($"epoch {run.Epoch} on {run.Nodes} {(run.Nodes == 1 ? "node" : "nodes")}");
            parts.Add($"checkpoint {Checkpoint(run)}");
        }

        if (run.Recoveries > 0)
        {
            parts.Add(run.Recoveries == 1 ? "1 recovery" : $"{run.Recoveries} recoveries");
        }

        return $"{run.Run}: {string.Join(", ", parts)}";
    }

    public static string Variant(RunStatus run) =>
        run.Variants.Count == 0 ? "" : $"{run.Variants[Math.Clamp(run.Variant, 0, run.Variants.Count - 1)]} ({run.Variant + 1} of {run.Variants.Count})";

    public static string Time(RunStatus run) => run.Duration > 0
        ? $"{Numbers.Picoseconds(run.Time)} of {Numbers.Picoseconds(run.Duration)} ({Percent((double)run.Time / run.Duration)})"
        : Numbers.Picoseconds(run.Time);

    /// <summary>Virtual time and age of the last checkpoint committed.</summary>
    public static string Checkpoint(RunStatus run) => run.CheckpointTime < 0 ? "none yet"
        : run.CheckpointAgeMs < 0 ? $"at {Numbers.Picoseconds(run.CheckpointTime)}"
        : $"at {Numbers.Picoseconds(run.CheckpointTime)}, {Numbers.Seconds(Math.Round(run.CheckpointAgeMs / 1000.0))} ago";

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
