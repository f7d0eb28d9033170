using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Sharding.External;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Persistence;
using IoScale.Nodes.Cluster.Configuration;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster.Membership;

/// <summary>Everything that nodes use of Akka works with nothing but our serializer and Akka's own.</summary>
public sealed class InternalsTests : IDisposable
{
    private static readonly string[] Refusals = ["serializ", "may not leave", "nobody here understands"];
    private readonly TestNodes _nodes = new();
    private readonly LogSink _log = new();

    public void Dispose() => _nodes.Dispose();

    [Fact]
    public async Task Singleton_sharding_and_persistence_between_two_nodes_need_no_other_serializer()
    {
        int[] ports = TestNodes.FreePorts(2);
        ActorSystem[] systems = [.. ports.Select(p => Start(_nodes.Settings(p, ports)))];
        foreach (ActorSystem system in systems)
        {
            await TestNodes.UntilUp(system, 2);
        }

        // Each node reaches the singleton, which writes to its journal and its snapshot store.
        IActorRef[] proxies = [.. systems.Select(s => s.ActorOf(ClusterSingletonProxy.Props("/user/keeper", ClusterSingletonProxySettings.Create(s).WithRole("coordinator")), "proxy"))];
        foreach (IActorRef proxy in proxies)
        {
            Assert.Equal("r-1", (await Ask<Submitted>(proxy, new RunSubmitted { Run = "r-1" })).Run);
        }

        // Shards of either node, from either node.
        foreach (ActorSystem system in systems)
        {
            foreach (int place in (int[])[0, 1])
            {
                string address = $"{Akka.Cluster.Cluster.Get(systems[place]).SelfAddress}";
                await ExternalShardAllocation.Get(system).ClientFor("partition").UpdateShardLocation(address, Akka.Cluster.Cluster.Get(systems[place]).SelfAddress);
                IActorRef region = ClusterSharding.Get(system).ShardRegion("partition");
                ToPartition message = new() { Shard = address, Run = "r-1", Partition = place };

                // The coordinator of the shards may hear of the place after the first message, and moves the shard then.
                using CancellationTokenSource late = new(TestNodes.Patience);
                while ((await Ask<Reached>(region, message)).Run != address)
                {
                    late.Token.ThrowIfCancellationRequested();
                }
            }
        }

        // A slow machine has its heartbeats late and its shards register twice, with a warning.
        Assert.DoesNotContain(_log.Lines, l => l.StartsWith("ioscale: error", StringComparison.Ordinal) || Refusals.Any(r => l.Contains(r, StringComparison.OrdinalIgnoreCase)));
    }

    private static async Task<T> Ask<T>(IActorRef target, object question)
    {
        using CancellationTokenSource late = new(TestNodes.Patience);
        while (true)
        {
            try
            {
                return await target.Ask<T>(question, TimeSpan.FromSeconds(2), late.Token);
            }
            catch (AskTimeoutException)
            {
                // Sharding and singletons find their places first.
            }
        }
    }

    private ActorSystem Start(NodeSettings settings)
    {
        ActorSystem system = _nodes.Start(settings, _log);
        system.ActorOf(
            ClusterSingletonManager.Props(Props.Create<Keeper>(), PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithRole("coordinator")), "keeper");
        ClusterSharding.Get(system).Start(
            "partition",
            id => Props.Create<PartitionOf>(),
            ClusterShardingSettings.Create(system),
            new Extractor(),
            new ExternalShardAllocationStrategy(system, "partition"),
            PoisonPill.Instance);
        return system;
    }

    private sealed class Extractor : IMessageExtractor
    {
        public string? EntityId(object message) => message is ToPartition to ? $"{to.Run}-{to.Partition}" : null;

        public object EntityMessage(object message) => message;

        public string? ShardId(object message) => message is ToPartition to ? to.Shard : null;

        public string ShardId(string entityId, object? messageHint = null) => messageHint is ToPartition to ? to.Shard : "";
    }

    private sealed class PartitionOf : ReceiveActor
    {
        public PartitionOf() => Receive<ToPartition>(_ => Sender.Tell(new Reached { Run = $"{Akka.Cluster.Cluster.Get(Context.System).SelfAddress}" }));
    }

    private sealed class Keeper : ReceivePersistentActor
    {
        public Keeper()
        {
            Recover<RunSubmitted>(_ => { });
            Command<RunSubmitted>(run => Persist(run, kept =>
            {
                SaveSnapshot(new StoredState());
                Sender.Tell(new Submitted { Run = kept.Run });
            }));
            Command<SaveSnapshotSuccess>(_ => { });
        }

        public override string PersistenceId => "keeper";
    }
}
