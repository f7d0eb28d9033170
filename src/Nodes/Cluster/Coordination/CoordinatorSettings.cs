namespace IoScale.Nodes.Cluster.Coordination;

/// <summary>How the coordinator works.</summary>
/// <param name="Build">Fingerprint of the code; nodes of another one are refused.</param>
/// <param name="Quorum">Nodes that must be here before anything runs.</param>
/// <param name="CheckpointEvery">Wall time between checkpoints, where the submission does not say.</param>
/// <param name="Step">Wall time that a step of a run should take.</param>
internal sealed record CoordinatorSettings(string Address, string Build, int Quorum, TimeSpan CheckpointEvery, TimeSpan Step);
