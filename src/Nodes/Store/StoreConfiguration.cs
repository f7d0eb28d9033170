using Akka.Configuration;
using Akka.Persistence.Sql;
using IoScale.Protocol.Wire;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IoScale.Nodes.Store;

/// <summary>From the settings of the store to the configuration of Akka.Persistence.</summary>
internal static class StoreConfiguration
{
    /// <summary>How long a statement waits for the writers of other processes, or for a server that is slow, seconds.</summary>
    public const int StatementSeconds = 60;

    /// <summary>How long to wait for a connection, seconds.</summary>
    private const int ConnectSeconds = 5;

    /// <summary>Journal and snapshot store, defaults of the plugin included, and the serializer of what they hold.</summary>
    public static Config Of(StoreSettings settings)
    {
        bool sqlite = settings.Provider == StoreProvider.Sqlite;
        return ConfigurationFactory.ParseString($$"""
            akka.actor {
              serializers.wire = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
              serialization-bindings { "{{typeof(IWireMessage).AssemblyQualifiedName}}" = wire }
            }
            akka.persistence {
              journal {
                plugin = "akka.persistence.journal.sql"
                sql {
                  {{Database(settings, settings.JournalFile)}}
                  parallelism = {{(sqlite ? 1 : 3)}}
                  {{Breaker}}
                }
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql {
                  {{Database(settings, settings.StatesFile)}}
                  {{Breaker}}
                }
              }
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration);
    }

    /// <summary>How the program connects to one of the SQLite files.</summary>
    public static string SqliteConnection(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        DefaultTimeout = StatementSeconds,
    }.ConnectionString;

    /// <summary>How the program connects to PostgreSQL: as the user said, and never for ever.</summary>
    public static string PostgresqlConnection(StoreSettings settings)
    {
        NpgsqlConnectionStringBuilder given = new(settings.ConnectionString);
        return new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            ApplicationName = given.ApplicationName ?? "ioscale",
            Timeout = Math.Min(given.Timeout, ConnectSeconds),
            CommandTimeout = Math.Min(given.CommandTimeout, StatementSeconds),
            // A server that vanished without a word is noticed, whatever the statement waits for.
            TcpKeepAlive = true,
        }.ConnectionString;
    }

    /// <summary>
    /// The breaker of Akka.Persistence would answer for a database that is back already, and hide what is wrong with it: every call is tried, and who
    /// called decides when to try again.
    /// </summary>
    private static string Breaker => $$"""
        circuit-breaker { max-failures = 1000000, call-timeout = {{StatementSeconds + ConnectSeconds}}s, reset-timeout = 1s }
        """;

    private static string Database(StoreSettings settings, string file)
    {
        (string provider, string connection) = settings.Provider == StoreProvider.Sqlite
            ? (ProviderName.SQLiteMS, SqliteConnection(file))
            : (ProviderName.PostgreSQL15, PostgresqlConnection(settings));
        return $"""
            connection-string = {Quoted(connection)}
            provider-name = "{provider}"
            auto-initialize = true
            """;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
