using Akka.Actor;
using Akka.Persistence;
using IoScale.Nodes.Store;
using IoScale.Protocol.Wire;
using IoScale.Tests.Shared;

namespace IoScale.Nodes.Tests.Store;

/// <summary>Two coordinators that both take themselves for the one: the journal takes the events of the first that writes, and the other ends.</summary>
public sealed class FencingTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-store").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task Sqlite_refuses_the_second_writer() => RefusesTheSecondWriter(StoreSettings.Sqlite(_folder));

    [PostgresFact]
    public async Task Postgresql_refuses_the_second_writer()
    {
        using PostgresServer server = PostgresServer.Start();
        await RefusesTheSecondWriter(StoreSettings.Postgresql(server.ConnectionString));
    }

    private static async Task RefusesTheSecondWriter(StoreSettings settings)
    {
        using ActorSystem first = Stores.Open(settings);
        using ActorSystem second = Stores.Open(settings);
        IActorRef one = await Recovered(first, []);
        Assert.Equal("stored", await one.Ask<string>("a", Bound));
        IActorRef other = await Recovered(second, ["a"]);

        Assert.Equal("stored", await one.Ask<string>("b", Bound));
        Task<bool> ended = other.WatchAsync();
        Assert.Equal("failed", await other.Ask<string>("c", Bound));
        Assert.True(await ended.WaitAsync(Bound));

        // The first does not notice, and what is read later is what it wrote.
        Assert.Equal("stored", await one.Ask<string>("d", Bound));
        await Recovered(second, ["a", "b", "d"]);
        await Task.WhenAll(first.Terminate(), second.Terminate());
    }

    private static async Task<IActorRef> Recovered(ActorSystem system, string[] events)
    {
        IActorRef writer = system.ActorOf(Props.Create(() => new Writer()));
        Assert.Equal(events, await writer.Ask<string[]>("events", Bound));
        return writer;
    }

    private sealed class Writer : ReceivePersistentActor
    {
        private readonly List<string> _events = [];

        public Writer()
        {
            Recover<RunCancelled>(e => _events.Add(e.Run));
            Command<string>(text => text == "events", _ => Sender.Tell(_events.ToArray()));
            Command<string>(text => Persist(new RunCancelled { Run = text }, e =>
            {
                _events.Add(e.Run);
                Sender.Tell("stored");
            }));
        }

        public override string PersistenceId => "coordinator";

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        {
            Assert.Equal(2, sequenceNr);
            Sender.Tell("failed");
        }

        protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Sender.Tell("rejected");
    }
}
