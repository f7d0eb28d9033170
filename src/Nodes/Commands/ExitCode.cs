namespace IoScale.Nodes.Commands;

/// <summary>What the program returns to its caller.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>
    /// An option, a scenario, a file or a place to write to is wrong, or a client finds no node, or no such run, or none that is over; nothing was
    /// emulated.
    /// </summary>
    public const int BadInput = 2;

    /// <summary>The emulation broke a rule of the model or a conservation law, or the program itself failed; of a run on a cluster: it has failed.</summary>
    public const int EmulationError = 3;

    /// <summary>The same run gave two different results.</summary>
    public const int DeterminismViolated = 4;

    /// <summary>A page made from runs is not what the runs give.</summary>
    public const int Stale = 5;

    /// <summary>
    /// A node has lost its place in the cluster, or found none: cut off, declared dead, refused, or not a member in time. Started again, it may
    /// find one.
    /// </summary>
    public const int NodeEnded = 6;

    /// <summary>The run is fine; an expectation of the scenario is not met.</summary>
    public const int ExpectationFailed = 99;

    /// <summary>Stopped by SIGINT or SIGTERM; of a run on a cluster: it was cancelled. A node that was asked to stop and has left the cluster in good order returns <see cref="Ok"/>.</summary>
    public const int Interrupted = 130;
}
