using System.Globalization;
using IoScale.Nodes.Running;
using Spectre.Console;

namespace IoScale.Nodes.Claims;

/// <summary>Shows how many runs are done, on standard error: a bar on a terminal, a line now and then otherwise. Short work shows nothing.</summary>
internal static class ClaimProgress
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    /// <summary>Shows progress until <paramref name="done"/> is set.</summary>
    public static void Watch(string name, ClaimRuns runs, Terminal terminal, WaitHandle done)
    {
        if (!terminal.ErrorIsTerminal)
        {
            while (!done.WaitOne(BetweenLines))
            {
                terminal.Err.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {runs.Done} of {runs.Count} runs"));
            }
        }
        else if (!done.WaitOne(First))
        {
            terminal.ErrConsole.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context =>
                {
                    ProgressTask task = context.AddTask(Markup.Escape(name), maxValue: runs.Count);
                    while (!done.WaitOne(Refresh))
                    {
                        task.Value = runs.Done;
                    }
                });
        }
    }
}
