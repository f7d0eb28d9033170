namespace IoScale.Nodes.Running.Checkpoints;

/// <summary>What the checkpoints of a run cost; they depend on the machine.</summary>
/// <param name="Committed">Checkpoints that a run can go on from, or could have.</param>
/// <param name="LongestPause">For which a variant stood still while it was copied.</param>
/// <param name="LongestWrite">From the copy to the commit; the run goes on meanwhile.</param>
/// <param name="LargestBytes">Of one checkpoint of one variant.</param>
internal sealed record CheckpointFigures(int Committed, TimeSpan LongestPause, TimeSpan LongestWrite, long LargestBytes);
