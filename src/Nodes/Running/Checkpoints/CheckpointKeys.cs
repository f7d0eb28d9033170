namespace IoScale.Nodes.Running.Checkpoints;

/// <summary>What the parts of a checkpoint are called in the store.</summary>
internal static class CheckpointKeys
{
    /// <summary>What is run, saved once before anything is emulated.</summary>
    public const string Run = "run";

    /// <summary>The record that makes a checkpoint count.</summary>
    public static string Commit(int variant) => $"{variant}/commit";

    public static string Partition(int variant, int partition) => $"{variant}/{partition}";
}
