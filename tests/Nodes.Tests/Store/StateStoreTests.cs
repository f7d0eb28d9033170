using Akka.Actor;
using IoScale.Nodes.Store;
using IoScale.Tests.Shared;

namespace IoScale.Nodes.Tests.Store;

public sealed class StateStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-store").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task Sqlite_keeps_what_it_was_given() => KeepsWhatItWasGiven(StoreSettings.Sqlite(_folder));

    [PostgresFact]
    public async Task Postgresql_keeps_what_it_was_given()
    {
        using PostgresServer server = PostgresServer.Start();
        await KeepsWhatItWasGiven(StoreSettings.Postgresql(server.ConnectionString));
    }

    [Fact]
    public Task Sqlite_is_made_by_several_nodes_at_once() => IsMadeBySeveralAtOnce(StoreSettings.Sqlite(_folder));

    [PostgresFact]
    public async Task Postgresql_is_made_by_several_nodes_at_once()
    {
        using PostgresServer server = PostgresServer.Start();
        await IsMadeBySeveralAtOnce(StoreSettings.Postgresql(server.ConnectionString));
    }

    [PostgresFact]
    public async Task A_server_that_goes_away_for_a_moment_fails_saves_only_for_that_moment()
    {
        using PostgresServer server = PostgresServer.Start();
        using ActorSystem system = Stores.Open(StoreSettings.Postgresql(server.ConnectionString));
        StateStore store = StateStore.Of(system);
        await store.SaveAsync("a", 1, [1]);
        server.Stop();
        for (int i = 0; i < 20; i++)
        {
            StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync("a", 2, [2]));
            Assert.StartsWith("PostgreSQL at 127.0.0.1:", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
        }

        server.StartAgain();
        await store.SaveAsync("a", 3, [3]);
        Assert.Equal(new byte[] { 1 }, await store.LoadAsync("a", 1));
        Assert.Equal(new byte[] { 3 }, await store.LoadAsync("a", 3));
    }

    private static async Task KeepsWhatItWasGiven(StoreSettings settings)
    {
        byte[] large = Stores.Content(1, 50_000_000);
        using (ActorSystem system = Stores.Open(settings))
        {
            StateStore store = StateStore.Of(system);
            await store.SaveAsync("run-1/0/0", 7, [1, 2]);
            await store.SaveAsync("run-1/0/0", 7, [3]);
            await store.SaveAsync("run-1/0/0", 8, large);
            await store.SaveAsync("run-1/0/0", (5L << 20) + 1, []);
            await store.SaveAsync("run-1/0/1", 7, [4]);
            await system.Terminate();
        }

        using (ActorSystem system = Stores.Open(settings))
        {
            StateStore store = StateStore.Of(system);
            Assert.Equal(new byte[] { 3 }, await store.LoadAsync("run-1/0/0", 7));
            Assert.Equal(large, await store.LoadAsync("run-1/0/0", 8));
            Assert.Equal(Array.Empty<byte>(), await store.LoadAsync("run-1/0/0", (5L << 20) + 1));
            Assert.Null(await store.LoadAsync("run-1/0/0", 9));
            Assert.Null(await store.LoadAsync("run-1/0/0", 6));
            Assert.Null(await store.LoadAsync("run-1/0/2", 7));
            Assert.Equal((5L << 20) + 1, (await store.LoadLastAsync("run-1/0/0"))?.Number);
            Assert.Null(await store.LoadLastAsync("run-1/0/2"));

            await store.DeleteBelowAsync("run-1/0/0", 8);
            Assert.Null(await store.LoadAsync("run-1/0/0", 7));
            Assert.NotNull(await store.LoadAsync("run-1/0/0", 8));
            Assert.Equal(new byte[] { 4 }, await store.LoadAsync("run-1/0/1", 7));

            await store.DeleteAsync("run-1/0/0");
            Assert.Null(await store.LoadAsync("run-1/0/0", 8));
            Assert.Null(await store.LoadAsync("run-1/0/0", (5L << 20) + 1));
            Assert.Equal(new byte[] { 4 }, await store.LoadAsync("run-1/0/1", 7));
            await system.Terminate();
        }
    }

    private static async Task IsMadeBySeveralAtOnce(StoreSettings settings)
    {
        const int Nodes = 4;
        using Barrier together = new(Nodes);
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(node => Task.Factory.StartNew(async () =>
        {
            together.SignalAndWait();
            using ActorSystem system = Stores.Open(settings);
            await StateStore.Of(system).SaveAsync($"node-{node}", 1, [(byte)node]);
            Assert.Equal(new byte[] { (byte)node }, await StateStore.Of(system).LoadAsync($"node-{node}", 1));
            await system.Terminate();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }
}
