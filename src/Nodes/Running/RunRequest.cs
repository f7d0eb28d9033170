using IoScale.Nodes.Commands;
using IoScale.Nodes.Running.Checkpoints;
using IoScale.Nodes.Tracing;

namespace IoScale.Nodes.Running;

/// <summary>What <c>run</c> was asked to do.</summary>
/// <param name="UntilPs">End of the run, or null for the scenario's.</param>
/// <param name="Out">Folder for the results, or null for out/NAME.</param>
/// <param name="Verify">Run everything twice, with different numbers of threads, and compare.</param>
/// <param name="TraceFile">File for the event trace, or null for none.</param>
/// <param name="Checkpoints">When to take checkpoints, or null for none.</param>
internal sealed record RunRequest(
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Sets,
    ulong? Seed,
    long? UntilPs,
    int Threads,
    string? Out,
    OutputFormat Format,
    string? TraceFile,
    TraceFilter TraceFilter,
    bool Verify = false,
    CheckpointPlan? Checkpoints = null);

/// <summary>What <c>resume</c> was asked to do.</summary>
/// <param name="Folder">Of the results, with the checkpoint in it.</param>
internal sealed record ResumeRequest(string Folder, int Threads, OutputFormat Format);
