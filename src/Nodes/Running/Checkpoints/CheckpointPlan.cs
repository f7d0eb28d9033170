namespace IoScale.Nodes.Running.Checkpoints;

/// <summary>When a run of one process takes checkpoints of a variant: at the first border after either has passed since the last one.</summary>
/// <param name="EveryWall">Wall time, or null for none.</param>
/// <param name="EveryVirtualPs">Virtual time, or null for none; the borders fall on its multiples.</param>
internal sealed record CheckpointPlan(TimeSpan? EveryWall, long? EveryVirtualPs);
