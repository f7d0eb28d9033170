using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Persistence.Sql;

namespace IoScale.Nodes.Cluster.Configuration;

/// <summary>What Akka itself says about its keys: which there are, and their defaults.</summary>
internal static class AkkaReference
{
    /// <summary>The reference configurations of every part of Akka that a node uses.</summary>
    public static Config Config { get; } = ClusterSharding.DefaultConfig()
        .WithFallback(ClusterSingleton.DefaultConfig())
        .WithFallback(DistributedData.DefaultConfig())
        .WithFallback(SqlPersistence.DefaultConfiguration)
        .WithFallback(Akka.Persistence.Persistence.DefaultConfig())
        .WithFallback(ConfigurationFactory.FromResource<Akka.Cluster.Cluster>("Akka.Cluster.Configuration.Cluster.conf"))
        .WithFallback(ConfigurationFactory.FromResource<Akka.Remote.RemoteActorRefProvider>("Akka.Remote.Configuration.Remote.conf"))
        .WithFallback(ConfigurationFactory.Default());
}
