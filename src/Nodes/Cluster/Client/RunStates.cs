using IoScale.Nodes.Commands;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Cluster.Client;

/// <summary>What the state of a run means to a client.</summary>
internal static class RunStates
{
    public static bool IsOver(RunStatus run) => run.State is RunState.Finished or RunState.Failed or RunState.Cancelled;

    /// <summary>As a word.</summary>
    public static string Name(RunStatus run) => run.State.ToString().ToLowerInvariant();

    /// <summary>The program's exit code for a run that is over: that of <c>run</c> for one that has finished.</summary>
    public static int ExitCodeOf(RunStatus run) => run.State switch
    {
        RunState.Finished => run.Verdict == "ok" ? ExitCode.Ok : ExitCode.ExpectationFailed,
        RunState.Cancelled => ExitCode.Interrupted,
        _ => ExitCode.EmulationError,
    };
}
