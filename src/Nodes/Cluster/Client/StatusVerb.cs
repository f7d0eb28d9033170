using IoScale.Nodes.Commands;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>Carries out <c>status</c>.</summary>
internal sealed class StatusVerb(DeskClient desk, Terminal terminal)
{
    /// <param name="run">Empty for all.</param>
    /// <param name="watch">Until all of them are over.</param>
    /// <returns>The exit code of the one run that was watched; otherwise 0.</returns>
    /// <exception cref="InputException">No such run, or no node.</exception>
    public async Task<int> Show(string run, bool watch, OutputFormat format, CancellationToken stop)
    {
        StatusReply status = watch
            ? await new RunFollower(desk, terminal).Follow(run, stop).ConfigureAwait(false)
            : await RunFollower.Status(desk, run, stop).ConfigureAwait(false);
        if (format == OutputFormat.Json)
        {
            using Stream output = terminal.OpenOutput();
            JsonOutput.Write(output, [status], several: false, StatusJson.Write);
        }
        else
        {
            terminal.Print(console => StatusTables.Print(console, status));
        }

        return watch && run.Length > 0 ? RunStates.ExitCodeOf(status.Runs[0]) : ExitCode.Ok;
    }

    /// <summary>Carries out <c>cancel</c>.</summary>
    /// <exception cref="InputException">No such run, or it is over.</exception>
    public async Task<int> Cancel(string run, CancellationToken stop)
    {
        Cancelled cancelled = await desk.Ask<Cancelled>(new CancelRun { Protocol = WireProtocol.Version, Run = run }, stop).ConfigureAwait(false);
        terminal.Out.WriteLine($"run {cancelled.Run} cancelled");
        return ExitCode.Ok;
    }
}
