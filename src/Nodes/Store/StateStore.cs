using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Google.Protobuf;
using IoScale.Protocol.Wire;

namespace IoScale.Nodes.Store;

/// <summary>
/// Pieces of bytes by key and number, kept by the snapshot store of Akka.Persistence. Members may be called from any thread, and a call that failed may be
/// repeated. Without an answer in time a save may have happened or not; what it was to replace may be gone.
/// </summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing to dispose of.
internal sealed class StateStore : IExtension
#pragma warning restore CA1001
{
    /// <summary>Above what the database's own limits add up to: an answer that never comes is an error of the program.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2 * StoreConfiguration.StatementSeconds);

    /// <summary>SQLite takes one writer, and lets others wait in steps of 150 ms: in one process they wait better here.</summary>
    private const int SqliteWriters = 1;

    private const int PostgresqlWriters = 4;

    private readonly IActorRef _store;
    private readonly SemaphoreSlim _writers;
    private readonly string _place;

    private StateStore(ExtendedActorSystem system)
    {
        _store = Persistence.Instance.Apply(system).SnapshotStoreFor("akka.persistence.snapshot-store.sql");
        Config plugin = system.Settings.Config.GetConfig("akka.persistence.snapshot-store.sql");
        _place = StoreReason.PlaceOf(plugin);
        _writers = new SemaphoreSlim(StoreReason.IsSqlite(plugin) ? SqliteWriters : PostgresqlWriters);
    }

    /// <summary>The store of an actor system whose configuration holds <see cref="StoreConfiguration.Of"/>.</summary>
    public static StateStore Of(ActorSystem system) => system.WithExtension<StateStore, Provider>();

    /// <summary>Keeps a content; one of the same key and number is replaced. Durable when the task completes.</summary>
    /// <exception cref="StoreException">The database did not take it; what it held before is untouched.</exception>
    public async Task SaveAsync(string key, long number, byte[] content)
    {
        StoredState state = new() { Content = UnsafeByteOperations.UnsafeWrap(content) };
        Expect<SaveSnapshotSuccess>(await Write(new SaveSnapshot(new SnapshotMetadata(key, number, DateTime.UtcNow), state)).ConfigureAwait(false));
    }

    /// <summary>What was saved under a key and number, or null. Its integrity is checked by who knows its hash.</summary>
    /// <exception cref="StoreException">The database did not answer, or holds something else there.</exception>
    public async Task<byte[]?> LoadAsync(string key, long number)
    {
        return await Newest(key, number).ConfigureAwait(false) is { } found && found.Number == number ? found.Content : null;
    }

    /// <summary>What was saved under a key with the largest number, or null.</summary>
    /// <exception cref="StoreException">The database did not answer, or holds something else there.</exception>
    public Task<NumberedState?> LoadLastAsync(string key) => Newest(key, long.MaxValue);

    /// <summary>Drops what is kept under a key with a smaller number.</summary>
    /// <exception cref="StoreException">The database did not do it.</exception>
    public Task DeleteBelowAsync(string key, long number) => number <= 0 ? Task.CompletedTask : Delete(key, number - 1);

    /// <summary>Drops all that is kept under a key.</summary>
    /// <exception cref="StoreException">The database did not do it.</exception>
    public Task DeleteAsync(string key) => Delete(key, long.MaxValue);

    private async Task Delete(string key, long upTo) =>
        Expect<DeleteSnapshotsSuccess>(await Write(new DeleteSnapshots(key, new SnapshotSelectionCriteria(upTo, DateTime.MaxValue))).ConfigureAwait(false));

    private async Task<NumberedState?> Newest(string key, long upTo)
    {
        LoadSnapshot load = new(key, new SnapshotSelectionCriteria(upTo, DateTime.MaxValue), upTo);
        SelectedSnapshot? found = Expect<LoadSnapshotResult>(await Ask(load).ConfigureAwait(false)).Snapshot;
        return found is null ? null
            : found.Snapshot is StoredState state ? new NumberedState(found.Metadata.SequenceNr, state.Content.ToByteArray())
            : throw new StoreException($"{_place}: {key} number {found.Metadata.SequenceNr} is nothing that ioscale has saved");
    }

    private async Task<object> Write(object request)
    {
        await _writers.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Ask(request).ConfigureAwait(false);
        }
        finally
        {
            _writers.Release();
        }
    }

    private async Task<object> Ask(object request)
    {
        try
        {
            return await _store.Ask<object>(request, Patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException e)
        {
            throw new StoreException($"{_place}: no answer within {Patience.TotalSeconds:0} s", e);
        }
    }

    private T Expect<T>(object answer) => answer switch
    {
        T expected => expected,
        SaveSnapshotFailure failure => throw Failure(failure.Cause),
        LoadSnapshotFailed failure => throw Failure(failure.Cause),
        DeleteSnapshotsFailure failure => throw Failure(failure.Cause),
        Status.Failure failure => throw Failure(failure.Cause),
        _ => throw new StoreException($"{_place}: unexpected answer {answer.GetType().Name}"),
    };

    private StoreException Failure(Exception cause) => new($"{_place}: {StoreReason.Of(cause)}", cause);

    private sealed class Provider : ExtensionIdProvider<StateStore>
    {
        public override StateStore CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

/// <summary>A content and the number it was saved with.</summary>
internal sealed record NumberedState(long Number, byte[] Content);
