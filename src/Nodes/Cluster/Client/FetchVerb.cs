using System.Text;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Reports;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>Carries out <c>fetch</c>: the files that <c>run</c> would have written, and its report.</summary>
internal sealed class FetchVerb(DeskClient desk, Terminal terminal)
{
    /// <param name="place">Folder for the files; null for out/RUN.</param>
    /// <param name="wait">Until the run is over.</param>
    /// <returns>What <c>run</c> would have returned; <see cref="ExitCode.Interrupted"/> for a run that was cancelled.</returns>
    /// <exception cref="InputException">No such run, it is not over, the folder cannot be written to, or no node.</exception>
    /// <exception cref="EmulationException">The run has failed.</exception>
    public async Task<int> Fetch(string run, string? place, bool wait, OutputFormat format, CancellationToken stop)
    {
        RunStatus status = (await RunFollower.Status(desk, run, stop).ConfigureAwait(false)).Runs[0];
        if (!RunStates.IsOver(status) && !wait)
        {
            throw new InputException($"run {StatusLine.Of(status)}; fetch --wait waits for its end");
        }

        using ResultFolder folder = ResultFolder.Prepare(place ?? Path.Combine("out", run));
        status = (await new RunFollower(desk, terminal).Follow(run, stop).ConfigureAwait(false)).Runs[0];
        if (status.State == RunState.Failed)
        {
            throw new EmulationException($"run {run} failed: {status.Reason}");
        }

        if (status.State == RunState.Cancelled)
        {
            terminal.Error($"run {run} was cancelled; it has no result");
            return RunStates.ExitCodeOf(status);
        }

        FetchedResult result = await RunDownload.Get(desk, run, stop).ConfigureAwait(false);
        foreach (ResultFile file in result.Files.Where(f => f != result.Report))
        {
            folder.Write(file);
        }

        folder.Commit();
        if (format == OutputFormat.Json)
        {
            using Stream output = terminal.OpenOutput();
            output.Write(result.Summary.Content);
        }
        else
        {
            terminal.Out.Write(Encoding.UTF8.GetString(result.Report.Content));
            terminal.Out.WriteLine(RunReport.Wrote(folder.Path));
        }

        return result.ExitCode;
    }
}
