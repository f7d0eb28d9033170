using IoScale.Nodes.Commands;
using IoScale.Nodes.Running;
using IoScale.Protocol.Wire;
using Spectre.Console;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>Shows how runs go on, on standard error, until they are over: live tables on a terminal, a line now and then otherwise.</summary>
internal sealed class RunFollower(DeskClient desk, Terminal terminal, TimeSpan refresh, TimeSpan betweenLines)
{
    public RunFollower(DeskClient desk, Terminal terminal)
        : this(desk, terminal, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2))
    {
    }

    /// <param name="run">Name of the run, or empty for all.</param>
    /// <returns>The last status; every run in it is over.</returns>
    /// <exception cref="InputException">There is no such run, or no node any more.</exception>
    public async Task<StatusReply> Follow(string run, CancellationToken stop)
    {
        StatusReply status = await Status(desk, run, stop).ConfigureAwait(false);
        if (status.Runs.All(RunStates.IsOver))
        {
            return status;
        }

        if (!terminal.ErrorIsTerminal)
        {
            while (true)
            {
                foreach (RunStatus active in status.Runs.Where(r => !RunStates.IsOver(r)))
                {
                    terminal.Err.WriteLine(StatusLine.Of(active));
                }

                await Task.Delay(betweenLines, stop).ConfigureAwait(false);
                status = await Status(desk, run, stop).ConfigureAwait(false);
                if (status.Runs.All(RunStates.IsOver))
                {
                    return status;
                }
            }
        }

        await terminal.ErrConsole.Live(StatusTables.Both(status)).AutoClear(true).StartAsync(async live =>
        {
            do
            {
                await Task.Delay(refresh, stop).ConfigureAwait(false);
                status = await Status(desk, run, stop).ConfigureAwait(false);
                live.UpdateTarget(StatusTables.Both(status));
            }
            while (!status.Runs.All(RunStates.IsOver));
        }).ConfigureAwait(false);
        return status;
    }

    /// <exception cref="InputException">There is no such run, or no node.</exception>
    public static Task<StatusReply> Status(DeskClient desk, string run, CancellationToken stop) =>
        desk.Ask<StatusReply>(new AskStatus { Protocol = WireProtocol.Version, Run = run }, stop);
}
