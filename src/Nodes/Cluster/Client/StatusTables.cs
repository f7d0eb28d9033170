using IoScale.Nodes.Reports;
using IoScale.Nodes.Results;
using IoScale.Protocol.Wire;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>Runs and nodes of a cluster as tables.</summary>
internal static class StatusTables
{
    private const int MostIncidents = 10;

    /// <summary>The printed report of <c>status</c>.</summary>
    public static void Print(IAnsiConsole console, StatusReply status)
    {
        ReportTable.Print(console, $"Nodes (coordinator {(status.Coordinator.Length > 0 ? status.Coordinator : "unknown")})", Nodes(status));
        if (status.Runs.Count == 0)
        {
            console.WriteLine();
            console.WriteLine("no runs; submit one with ioscale submit PATH");
            return;
        }

        ReportTable.Print(console, "Runs", Runs(status));
        foreach (string line in Remarks(status))
        {
            console.Write(new Padder(new Text(line)).Padding(2, 0, 0, 0));
        }
    }

    /// <summary>The same, for a live view.</summary>
    public static IRenderable Both(StatusReply status) =>
        new Rows([Nodes(status), Runs(status), .. Remarks(status).Select(line => new Text(line))]);

    private static Table Nodes(StatusReply status)
    {
        Table table = ReportTable.Create(4, "node", "roles", "state", "run", "threads", "partitions");
        foreach (NodeStatus node in status.Nodes)
        {
            ReportTable.Row(table, node.Address, node.Roles, node.State, node.Run, $"{node.Threads}", $"{node.Partitions}");
        }

        return table;
    }

    private static Table Runs(StatusReply status)
    {
        Table table = ReportTable.Create(4, "run", "state", "variant", "virtual time", "events/s", "epoch", "nodes", "checkpoint", "recoveries");
        foreach (RunStatus run in status.Runs)
        {
            bool over = RunStates.IsOver(run);
            ReportTable.Row(
                table,
                run.Run,
                run.State == RunState.Finished ? $"finished, {run.Verdict}" : RunStates.Name(run),
                over ? $"{run.Variants.Count}" : StatusLine.Variant(run),
                over ? "" : StatusLine.Time(run),
                over ? "" : Numbers.Short(run.EventsPerSecond),
                $"{run.Epoch}",
                $"{run.Nodes}",
                over ? "" : StatusLine.Checkpoint(run),
                $"{run.Recoveries}");
        }

        return table;
    }

    /// <summary>Why runs wait or have failed, the results of finished ones, and what has happened to a run that is shown alone.</summary>
    private static IEnumerable<string> Remarks(StatusReply status)
    {
        foreach (RunStatus run in status.Runs)
        {
            if (run.Reason.Length > 0)
            {
                yield return $"{run.Run}: {run.Reason}";
            }

            if (run.ResultHash.Length > 0)
            {
                yield return $"{run.Run}: result {run.ResultHash} after {Numbers.Seconds(run.WallMs / 1000.0)}";
            }
        }

        if (status.Runs.Count == 1)
        {
            foreach (string incident in status.Runs[0].Incidents.TakeLast(MostIncidents))
            {
                yield return incident;
            }
        }
    }
}
