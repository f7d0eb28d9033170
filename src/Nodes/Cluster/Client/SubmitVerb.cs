using IoScale.Actors.Assembly;
using IoScale.Hardware.Platform;
using IoScale.Nodes.Cluster.Coordination;
using IoScale.Nodes.Cluster.Planning;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Results;
using IoScale.Nodes.Running;
using IoScale.Protocol.Wire;
using IoScale.Scenarios;
using IoScale.VirtualTime;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>
/// Carries out <c>submit</c>. The name of the run is all that goes to standard output, for scripts; what a person wants to know besides goes to
/// standard error.
/// </summary>
internal sealed class SubmitVerb(DeskClient desk, Terminal terminal)
{
    /// <param name="wait">Until the run is over.</param>
    /// <returns>0, or the exit code of the run when it was waited for.</returns>
    /// <exception cref="InputException">No node, or it refuses.</exception>
    public async Task<int> Submit(Scenario scenario, RunWishes wishes, bool wait, CancellationToken stop)
    {
        StatusReply before = await RunFollower.Status(desk, "", stop).ConfigureAwait(false);
        foreach (string line in Foresee(scenario, wishes, before))
        {
            terminal.Err.WriteLine(line);
        }

        string run = await RunUpload.Send(desk, scenario, wishes, Guid.NewGuid().ToString("N"), stop).ConfigureAwait(false);
        terminal.Out.WriteLine(run);
        if (!wait)
        {
            terminal.Err.WriteLine($"follow it: ioscale status {run} --watch; get the result: ioscale fetch {run} --wait");
            return ExitCode.Ok;
        }

        RunStatus end = (await new RunFollower(desk, terminal).Follow(run, stop).ConfigureAwait(false)).Runs[0];
        terminal.Err.WriteLine(StatusLine.Of(end));
        return RunStates.ExitCodeOf(end);
    }

    private IEnumerable<string> Foresee(Scenario scenario, RunWishes wishes, StatusReply status)
    {
        // A worker that has just come has not said yet how many threads it has; one at least.
        int[] threads = [.. status.Nodes
            .Where(n => n.State is not ("unreachable" or "down") && n.Roles.Split(", ").Contains(NodeRoles.Worker))
            .Select(n => Math.Max(1, n.Threads))
            .OrderDescending()];
        if (threads.Length == 0)
        {
            return ["no worker is there at the moment; the run will wait for one"];
        }

        SystemSpec spec = scenario.Variants[0].System;
        Topology topology = SystemAssembly.Of(spec).Topology;
        if (topology.Entities.Count > Probe.MostEntities)
        {
            return [$"not predicted: {Numbers.Count(topology.Entities.Count)} entities are more than a quick trial takes ({Numbers.Count(Probe.MostEntities)}); large topologies gain by nodes"];
        }

        if (Probe.Measure(desk.System, spec, "probe") is not { } probe)
        {
            return ["not predicted: nothing happens in the beginning of the run"];
        }

        bool oneMachine = status.Nodes.All(n => n.Address.StartsWith("127.", StringComparison.Ordinal) || n.Address.StartsWith("localhost", StringComparison.Ordinal));
        Forecast forecast = Forecast.Of(topology, probe, threads, oneMachine ? Environment.ProcessorCount : null);
        return forecast.Lines(wishes.Nodes > 0 ? Math.Min(wishes.Nodes, threads.Length) : threads.Length);
    }
}
