using Akka.Actor;
using Akka.Configuration;
using IoScale.Nodes.Cluster.Windows;
using IoScale.Nodes.Store;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>The section <c>ioscale</c> of the merged configuration, read and checked.</summary>
/// <param name="Host">Address to listen on.</param>
/// <param name="Port">0 for a free one.</param>
/// <param name="PublicHost">Where the others reach the node, if not at <paramref name="Host"/>.</param>
/// <param name="Seeds">Empty for a cluster of this node alone.</param>
/// <param name="WorkerThreads">Threads for partitions, at least 1.</param>
/// <param name="CheckpointEvery">Wall time.</param>
/// <param name="Step">Wall time that one command of the coordinator is meant to take.</param>
/// <param name="Config">For the actor system: everything merged, with what follows from the other fields.</param>
internal sealed record NodeSettings(
    string Host,
    int Port,
    string? PublicHost,
    IReadOnlyList<NodeEndpoint> Seeds,
    IReadOnlyList<string> Roles,
    TimeSpan JoinTimeout,
    int WorkerThreads,
    StoreSettings Store,
    TimeSpan CheckpointEvery,
    TimeSpan Step,
    WindowSettings Window,
    TlsSettings Tls,
    Config Config)
{
    /// <summary>Name of the actor system of every node.</summary>
    public const string SystemName = "ioscale";

    public bool IsCoordinator => Roles.Contains("coordinator");

    public bool IsWorker => Roles.Contains("worker");

    /// <summary>Members that must be there before anything runs: more than half of the seeds.</summary>
    public int Quorum => (Seeds.Count / 2) + 1;

    /// <summary>The seeds as Akka addresses them.</summary>
    public IEnumerable<Address> SeedAddresses => Seeds.Select(s => AddressOf(s, Tls));

    /// <summary>A node's address in Akka.</summary>
    public static Address AddressOf(NodeEndpoint node, TlsSettings tls) => new(tls.Protocol, SystemName, node.Host, node.Port);

    /// <summary>From the command line, the environment and the files.</summary>
    /// <exception cref="SettingsException">Something is wrong; a line for each mistake.</exception>
    public static NodeSettings Load(NodeOptions options, IReadOnlyDictionary<string, string> variables) =>
        NodeSettingsReader.Read(ConfigurationLayers.Merge(options, variables));
}
