using IoScale.Cluster.Harness.Networks;

namespace IoScale.Cluster.Harness.Clusters;

/// <summary>What a cluster of processes is like.</summary>
public sealed record ClusterSetup
{
    /// <summary>Nodes that it has from the start; more can be added.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Nodes that every node has in its list of seeds, at most <see cref="Nodes"/>.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>PostgreSQL for journal and checkpoints; null for SQLite in the cluster's folder.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>A node that ends is started again after this time, as a supervisor does; null for not at all.</summary>
    public TimeSpan? RestartAfter { get; init; }

    /// <summary>Addresses of their own and cables to cut; null for the loopback interface.</summary>
    public CableLab? Network { get; init; }

    /// <summary>Variables that every node gets.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
