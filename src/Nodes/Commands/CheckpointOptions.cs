using System.CommandLine;
using IoScale.Nodes.Running.Checkpoints;

namespace IoScale.Nodes.Commands;

/// <summary>The options that say when checkpoints are taken.</summary>
internal sealed class CheckpointOptions
{
    /// <summary>More often, a run would do little else.</summary>
    private const long ShortestWallPs = 100_000_000_000;

    private const long PsPerMillisecond = 1_000_000_000;

    public Option<long?> EveryWall { get; } = CommonOptions.Time("--checkpoint-every", "Takes a checkpoint whenever so much wall time has passed, as in 10s; ioscale resume goes on from the last.");

    public Option<long?> EveryVirtual { get; } = CommonOptions.Time("--checkpoint-every-virtual", "Takes a checkpoint whenever so much virtual time has passed, as in 5ms.");

    /// <summary>What was asked for, or null for no checkpoints.</summary>
    /// <exception cref="InputException">An interval is too short.</exception>
    public CheckpointPlan? PlanOf(ParseResult parsed)
    {
        long? wall = parsed.GetValue(EveryWall);
        long? virtualPs = parsed.GetValue(EveryVirtual);
        if (wall < ShortestWallPs)
        {
            throw new InputException("--checkpoint-every: is shorter than 100ms of wall time; write for example 10s");
        }

        if (virtualPs == 0)
        {
            throw new InputException("--checkpoint-every-virtual: is zero; write for example 5ms");
        }

        return wall is null && virtualPs is null ? null : new(wall is { } ps ? TimeSpan.FromMilliseconds(ps / PsPerMillisecond) : null, virtualPs);
    }
}
