namespace IoScale.Nodes.Commands;

/// <summary>What the program returns to its caller.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>An option, a scenario, a file or a place to write to is wrong; nothing was emulated.</summary>
    public const int BadInput = 2;

    /// <summary>The emulation broke a rule of the model or a conservation law, or the program itself failed.</summary>
    public const int EmulationError = 3;

    /// <summary>The same run gave two different results.</summary>
    public const int DeterminismViolated = 4;

    /// <summary>A page made from runs is not what the runs give.</summary>
    public const int Stale = 5;

    /// <summary>The run is fine; an expectation of the scenario is not met.</summary>
    public const int ExpectationFailed = 99;

    /// <summary>Stopped by SIGINT or SIGTERM.</summary>
    public const int Interrupted = 130;
}
