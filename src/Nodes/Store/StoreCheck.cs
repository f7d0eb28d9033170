using System.Data.Common;
using IoScale.Nodes.Commands;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IoScale.Nodes.Store;

/// <summary>Tries the place of a store before anything depends on it, and marks a new one with the version of what this program keeps there.</summary>
internal static class StoreCheck
{
    /// <summary>Of the tables and of the messages in them. One up whenever a program of the version before could not read them.</summary>
    public const int Version = 1;

    /// <summary>"ioscale" as a number: the lock under which one node at a time marks a new database.</summary>
    private const long MarkLock = 0x696F_7363_616C_65;

    /// <exception cref="InputException">The place cannot be used; one line says why.</exception>
    public static void Prepare(StoreSettings settings)
    {
        try
        {
            if (settings.Provider == StoreProvider.Sqlite)
            {
                Directory.CreateDirectory(settings.Folder);
                PrepareSqlite(settings.JournalFile);
                PrepareSqlite(settings.StatesFile);
            }
            else
            {
                PreparePostgresql(settings);
            }
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new InputException($"{settings.Place}: cannot keep states and journal there: {StoreReason.Of(e)}", e);
        }
    }

    private static void PrepareSqlite(string file)
    {
        using SqliteConnection connection = new(StoreConfiguration.SqliteConnection(file));
        connection.Open();
        // Stays with the file. Readers and the writer do not wait for each other, and a commit costs one sync.
        Execute(connection, null, "PRAGMA journal_mode = WAL");
        using SqliteTransaction transaction = connection.BeginTransaction();
        long version = Number(connection, transaction, "PRAGMA user_version");
        if (version == 0 && Number(connection, transaction, "SELECT count(*) FROM sqlite_master") > 0)
        {
            throw new InputException($"{file}: is the database of another program; name another folder");
        }

        if (version == 0)
        {
            version = Version;
            Execute(connection, transaction, $"PRAGMA user_version = {Version}");
        }
        else
        {
            // A write that changes nothing: a file that cannot be written to is known now.
            Execute(connection, transaction, $"PRAGMA user_version = {version}");
        }

        transaction.Commit();
        Expect(version, file);
    }

    private static void PreparePostgresql(StoreSettings settings)
    {
        using NpgsqlConnection connection = new(StoreConfiguration.PostgresqlConnection(settings));
        connection.Open();
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        Execute(connection, transaction, $"SELECT pg_advisory_xact_lock({MarkLock})");
        Execute(connection, transaction, "CREATE TABLE IF NOT EXISTS ioscale_store (version bigint NOT NULL)");
        Execute(connection, transaction, $"INSERT INTO ioscale_store SELECT {Version} WHERE NOT EXISTS (SELECT 1 FROM ioscale_store)");
        long version = Number(connection, transaction, "SELECT max(version) FROM ioscale_store");
        transaction.Commit();
        Expect(version, settings.Place);
    }

    private static void Expect(long version, string place)
    {
        if (version != Version)
        {
            throw new InputException($"{place}: was made by another version of ioscale (tables of version {version}; this program has {Version}); use another place, or that version");
        }
    }

    private static void Execute(DbConnection connection, DbTransaction? transaction, string sql)
    {
        using DbCommand command = Command(connection, transaction, sql);
        command.ExecuteNonQuery();
    }

    private static long Number(DbConnection connection, DbTransaction transaction, string sql)
    {
        using DbCommand command = Command(connection, transaction, sql);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

#pragma warning disable CA2100 // Texts of this file and numbers.
    private static DbCommand Command(DbConnection connection, DbTransaction? transaction, string sql)
    {
        DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }
#pragma warning restore CA2100
}
