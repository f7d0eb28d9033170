using System.IO.Hashing;
using Akka.Actor;
using IoScale.Nodes.Cluster.Hosting;
using IoScale.Nodes.Store;
using IoScale.Nodes.Tests.Store;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Tests.Cluster;

public sealed class PartitionEntityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-entity").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_partition_that_is_asked_for_again_while_it_loads_loads_once()
    {
        using ActorSystem system = Stores.Open(StoreSettings.Sqlite(_folder));
        StateStore store = StateStore.Of(system);
        await store.SaveAsync(PartitionKeys.StateOf("r-1", 0, 3), 5, [1, 2]);
        using Inbox agent = Inbox.Create(system);
        IActorRef receiver = agent.Receiver;
        IActorRef entity = system.ActorOf(Props.Create(() => new PartitionEntity(store, receiver)));
        ToPartition host = new()
        {
            Shard = "here",
            Run = "r-1",
            Partition = 3,
            Host = new HostPartition { Epoch = 2, Checkpoint = 5, Hash = XxHash3.HashToUInt64([1, 2]) },
        };
        for (int i = 0; i < 5; i++)
        {
            entity.Tell(host);
        }

        TimeSpan bound = TimeSpan.FromSeconds(60);
        Assert.Equal([1, 2], Assert.IsType<PartitionArrived>(agent.Receive(bound)).State);
        entity.Tell(new SaveState("r-1", 2, 6, 5, [3]));
        Assert.Equal(6, Assert.IsType<StateSaved>(agent.Receive(bound)).Checkpoint);
        entity.Tell(host);
        Assert.IsType<PartitionArrived>(agent.Receive(bound));
    }

    [Fact]
    public void A_partition_that_has_taken_the_next_epoch_does_not_go_with_the_last_one()
    {
        using ActorSystem system = Stores.Open(StoreSettings.Sqlite(_folder));
        StateStore store = StateStore.Of(system);
        using Inbox agent = Inbox.Create(system);
        IActorRef receiver = agent.Receiver;
        using Inbox parent = Inbox.Create(system);
        IActorRef shard = system.ActorOf(Props.Create(() => new Shard(store, receiver, parent.Receiver)));
        foreach (long epoch in (long[])[2, 3])
        {
            shard.Tell(new ToPartition { Shard = "here", Run = "r-1", Partition = 3, Host = new HostPartition { Epoch = epoch } });
            Assert.Equal(epoch, Assert.IsType<PartitionArrived>(agent.Receive(TimeSpan.FromSeconds(60))).Epoch);
            shard.Tell(new LeaveEpoch(2));
        }

        shard.Tell(new SaveState("r-1", 3, 6, 0, [3]));
        Assert.Equal(6, Assert.IsType<StateSaved>(agent.Receive(TimeSpan.FromSeconds(60))).Checkpoint);
        shard.Tell("was it asked to go?");
        Assert.Equal("was it asked to go?", parent.Receive(TimeSpan.FromSeconds(60)));
    }

    /// <summary>Above an entity: passes down what it gets, and on to the test what comes up.</summary>
    private sealed class Shard : ReceiveActor
    {
        public Shard(StateStore store, IActorRef agent, IActorRef test)
        {
            IActorRef entity = Context.ActorOf(Props.Create(() => new PartitionEntity(store, agent)));
            Receive<Akka.Cluster.Sharding.Passivate>(test.Tell);
            Receive<string>(test.Tell);
            ReceiveAny(entity.Forward);
        }
    }
}
