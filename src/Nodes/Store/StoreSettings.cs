using Akka.Configuration;
using IoScale.Nodes.Commands;
using Npgsql;

namespace IoScale.Nodes.Store;

/// <summary>The databases that can hold what a run must not lose.</summary>
internal enum StoreProvider
{
    Sqlite,
    Postgresql,
}

/// <summary>Which database holds the journal of the coordinator and the states of the partitions, and where it is.</summary>
/// <param name="Folder">Of the SQLite files, absolute; empty with PostgreSQL.</param>
/// <param name="ConnectionString">Of PostgreSQL, in Npgsql's words; empty with SQLite.</param>
internal sealed record StoreSettings(StoreProvider Provider, string Folder, string ConnectionString)
{
    /// <summary>Two files, because journal and states are written side by side and a file takes one writer at a time.</summary>
    public string JournalFile => Path.Combine(Folder, "journal.sqlite");

    public string StatesFile => Path.Combine(Folder, "states.sqlite");

    /// <summary>The place as an error names it; never holds a password.</summary>
    public string Place => Provider == StoreProvider.Sqlite ? Folder : PlaceOf(ConnectionString);

    /// <summary>SQLite files in a folder of this machine, shared by the processes of the machine at most.</summary>
    public static StoreSettings Sqlite(string folder) => new(StoreProvider.Sqlite, Path.GetFullPath(folder), "");

    /// <summary>A PostgreSQL server that every node reaches.</summary>
    /// <exception cref="InputException">Not a connection string.</exception>
    public static StoreSettings Postgresql(string connectionString)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new InputException(
                $"ioscale.store.connection-string: is no connection string of PostgreSQL ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); write for example Host=db;Database=ioscale;Username=ioscale;Password=...", e);
        }

        return new(StoreProvider.Postgresql, "", connectionString);
    }

    /// <summary>Reads the section <c>ioscale.store</c>.</summary>
    /// <exception cref="InputException">The provider is unknown, or what it needs is missing.</exception>
    public static StoreSettings Read(Config store)
    {
        string provider = store.GetString("provider", "sqlite");
        switch (provider)
        {
            case "sqlite":
                return store.GetString("folder") is { Length: > 0 } folder
                    ? Sqlite(folder)
                    : throw new InputException("ioscale.store.folder: is empty; name the folder of the SQLite files");
            case "postgresql":
                return store.GetString("connection-string") is { Length: > 0 } connection
                    ? Postgresql(connection)
                    : throw new InputException("ioscale.store.connection-string: is empty; write for example Host=db;Database=ioscale;Username=ioscale;Password=...");
            default:
                throw new InputException($"ioscale.store.provider: '{provider}' is not sqlite or postgresql");
        }
    }

    private static string PlaceOf(string connectionString)
    {
        NpgsqlConnectionStringBuilder parts = new(connectionString);
        return $"PostgreSQL at {parts.Host}:{parts.Port}, database {parts.Database ?? parts.Username}";
    }
}
