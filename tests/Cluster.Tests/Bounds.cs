namespace IoScale.Cluster.Tests;

/// <summary>Longest waits: far more than a machine needs that does nothing else.</summary>
internal static class Bounds
{
    /// <summary>For nodes to find each other.</summary>
    public static readonly TimeSpan Join = TimeSpan.FromSeconds(90);

    /// <summary>For a run of a few seconds.</summary>
    public static readonly TimeSpan Run = TimeSpan.FromSeconds(120);

    /// <summary>For a run that loses nodes on the way.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(180);
}
