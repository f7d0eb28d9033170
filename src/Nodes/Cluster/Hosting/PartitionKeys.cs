using System.Globalization;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>How partitions, their states and results are called in the cluster and in the database.</summary>
internal static class PartitionKeys
{
    /// <summary>Type name of the sharded entities.</summary>
    public const string EntityType = "partition";

    public static string EntityOf(string run, int variant, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{run}.{variant}.{partition}");

    public static string StateOf(string run, int variant, int partition) => $"state.{EntityOf(run, variant, partition)}";

    public static string ResultOf(string run) => $"result.{run}";
}
