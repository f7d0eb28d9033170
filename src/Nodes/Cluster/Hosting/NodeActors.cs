using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.DistributedData;
using Akka.Pattern;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Nodes.Cluster.Coordination;
using IoScale.Nodes.Cluster.Membership;
using IoScale.Nodes.Store;
using ClusterOf = Akka.Cluster.Cluster;

namespace IoScale.Nodes.Cluster.Hosting;

/// <summary>The actors of a node, as its roles want them.</summary>
internal static class NodeActors
{
    private const string SingletonName = "coordinator";
    private const string SupervisedName = "run";

    /// <summary>Starts them: what answers clients at once, what elects somebody when the node is up and the membership calm.</summary>
    public static void Start(ActorSystem system, NodeSettings settings)
    {
        ClusterOf cluster = ClusterOf.Get(system);
        StateStore store = StateStore.Of(system);
        IActorRef coordinator = system.ActorOf(
            ClusterSingletonProxy.Props(
                $"/user/{SingletonName}",
                ClusterSingletonProxySettings.Create(system).WithRole(NodeRoles.Coordinator).WithSingletonName(SupervisedName).WithBufferSize(16)),
            "coordinator-proxy");
        NodeIdentity identity = new(
            cluster.SelfAddress.ToString(), BuildFingerprint.Value, reason => NodeFate.Of(system).End($"was refused by the coordinator: {reason}"));
        HostingSettings hosting = new(settings.IsWorker ? settings.WorkerThreads : 0, settings.Window);
        IActorRef agent = system.ActorOf(Props.Create(() => new NodeAgent(identity, hosting, store, coordinator)), NodeAgent.Name);
        system.ActorOf(Props.Create(() => new ClientDesk(coordinator)), ClientDesk.Name);

        // Others speak of shards before this node knows that it is up: what understands them must be here.
        ClusterSharding sharding = ClusterSharding.Get(system);
        _ = DistributedData.Get(system);
        Action elect = () =>
        {
            IActorRef partitions = StartPartitions(sharding, system, settings, store, agent, cluster.SelfAddress);
            if (settings.IsCoordinator)
            {
                StartCoordinator(system, settings, store, partitions, cluster.SelfAddress);
            }
        };
        cluster.RegisterOnMemberUp(() => system.ActorOf(Props.Create(() => new WhenCalm(elect)), "when-calm"));
    }

    private static IActorRef StartPartitions(
        ClusterSharding sharding, ActorSystem system, NodeSettings settings, StateStore store, IActorRef agent, Address self)
    {
        PartitionExtractor extractor = new();
        return settings.IsWorker
            ? sharding.Start(
                PartitionKeys.EntityType,
                Props.Create(() => new PartitionEntity(store, agent)),
                ClusterShardingSettings.Create(system).WithRole(NodeRoles.Worker),
                extractor,
                new NodeShardAllocation(self),
                PoisonPill.Instance)
            : sharding.StartProxy(PartitionKeys.EntityType, NodeRoles.Worker, extractor);
    }

    /// <summary>The supervisor starts a coordinator that lost its journal again, later and later.</summary>
    private static void StartCoordinator(ActorSystem system, NodeSettings settings, StateStore store, IActorRef partitions, Address self)
    {
        CoordinatorSettings own = new(
            NodeRegistry.Short(self), BuildFingerprint.Value, settings.Quorum, settings.CheckpointEvery, settings.Step);
        Props supervised = BackoffSupervisor.Props(Backoff.OnStop(
            Props.Create(() => new RunCoordinator(own, store, partitions)), "journaled", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 0.2, -1));
        system.ActorOf(
            ClusterSingletonManager.Props(
                supervised,
                PoisonPill.Instance,
                ClusterSingletonManagerSettings.Create(system).WithRole(NodeRoles.Coordinator).WithSingletonName(SupervisedName)),
            SingletonName);
    }
}
