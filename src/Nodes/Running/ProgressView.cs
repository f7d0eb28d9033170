using System.Globalization;
using IoScale.Nodes.Results;
using Spectre.Console;

namespace IoScale.Nodes.Running;

/// <summary>Shows how far a run is, on standard error: a live table on a terminal, a line now and then otherwise. Short runs show nothing.</summary>
internal static class ProgressView
{
    private static readonly TimeSpan FirstTable = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    /// <summary>Shows progress until <paramref name="done"/> is set.</summary>
    public static void Watch(ScenarioExecution execution, Terminal terminal, WaitHandle done)
    {
        if (!terminal.ErrorIsTerminal)
        {
            while (!done.WaitOne(BetweenLines))
            {
                terminal.Err.WriteLine(Line(execution));
            }
        }
        else if (!done.WaitOne(FirstTable))
        {
            terminal.ErrConsole.Live(Table(execution)).AutoClear(true).Start(live =>
            {
                while (!done.WaitOne(Refresh))
                {
                    live.UpdateTarget(Table(execution));
                }
            });
        }
    }

    /// <summary>The running variants of a scenario in one line.</summary>
    internal static string Line(ScenarioExecution execution)
    {
        IEnumerable<string> running = execution.Variants
            .Where(v => v.Outcome is null && v.Wall > TimeSpan.Zero)
            .Select(v => $"{v.Name} {Percent(v)} ({Numbers.Picoseconds(v.TimePs)} of {Numbers.Picoseconds(v.System.DurationPs)}, {Speed(v)}, {Rate(v)} events/s)");
        int ended = execution.Variants.Count(v => v.Outcome is not null);
        return $"{execution.Name}: {ended} of {execution.Variants.Count} done; {string.Join("; ", running)}";
    }

    private static Table Table(ScenarioExecution execution)
    {
        Table table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(execution.Name));
        foreach (string head in (string[])["variant", "done", "virtual time", "of", "speed", "events/s"])
        {
            table.AddColumn(new TableColumn(head) { Alignment = head == "variant" ? Justify.Left : Justify.Right });
        }

        foreach (VariantExecution variant in execution.Variants)
        {
            bool waiting = variant.Wall == TimeSpan.Zero;
            table.AddRow(
                Markup.Escape(variant.Name),
                waiting ? "waiting" : Percent(variant),
                Numbers.Picoseconds(variant.TimePs),
                Numbers.Picoseconds(variant.System.DurationPs),
                waiting ? "" : Speed(variant),
                waiting ? "" : Rate(variant));
        }

        return table;
    }

    private static string Percent(VariantExecution variant) =>
        ((double)variant.TimePs / Math.Max(1, variant.System.DurationPs) * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Virtual time per wall time.</summary>
    private static string Speed(VariantExecution variant) => Numbers.Short((variant.TimePs - variant.TimeBeforePs) / 1e12 / variant.Wall.TotalSeconds) + "x real time";

    private static string Rate(VariantExecution variant) => Numbers.Short((variant.Events - variant.EventsBefore) / variant.Wall.TotalSeconds);
}
