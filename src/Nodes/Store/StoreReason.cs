using System.Net.Sockets;
using Akka.Configuration;
using Akka.Pattern;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IoScale.Nodes.Store;

/// <summary>What a database's error means to who runs the program.</summary>
internal static class StoreReason
{
    /// <summary>The place that a plugin's configuration names, as an error names it.</summary>
    public static string PlaceOf(Config plugin)
    {
        string connection = plugin.GetString("connection-string", "");
        return IsSqlite(plugin)
            ? new SqliteConnectionStringBuilder(connection).DataSource
            : new StoreSettings(StoreProvider.Postgresql, "", connection).Place;
    }

    /// <summary>Whether a plugin's configuration speaks of SQLite.</summary>
    public static bool IsSqlite(Config plugin) => plugin.GetString("provider-name", "").StartsWith("SQLite", StringComparison.Ordinal);

    /// <summary>One line without the place.</summary>
    public static string Of(Exception error)
    {
        Exception cause = Unwrapped(error);
        return cause switch
        {
            SqliteException sqlite => OfSqlite(sqlite),
            PostgresException postgres => OfPostgres(postgres),
            OpenCircuitException or TimeoutException or NpgsqlException { InnerException: TimeoutException } => "does not answer in time",
            NpgsqlException { InnerException: SocketException socket } => $"cannot be reached ({Line(socket)})",
            NpgsqlException { InnerException: IOException } => "went away during the call",
            SocketException socket => $"cannot be reached ({Line(socket)})",
            UnauthorizedAccessException => "no permission",
            _ => Line(cause),
        };
    }

    /// <summary>The error that the driver raised, whatever is wrapped around it.</summary>
    private static Exception Unwrapped(Exception error)
    {
        for (Exception? at = error; at is not null; at = at.InnerException)
        {
            if (at is SqliteException or NpgsqlException)
            {
                return at;
            }
        }

        return error.GetBaseException();
    }

    // https://www.sqlite.org/rescode.html
    private static string OfSqlite(SqliteException e) => e.SqliteErrorCode switch
    {
        3 or 23 => "no permission to the file",
        5 or 6 => $"locked by another process for more than {StoreConfiguration.StatementSeconds} s",
        8 => "the file is read-only",
        10 => "the disk does not read or write",
        11 or 26 => "the file is damaged or is no SQLite database",
        13 => "the disk is full",
        14 => "the file cannot be opened (folder gone, no permission, or disk full)",
        _ => Line(e),
    };

    // https://www.postgresql.org/docs/15/errcodes-appendix.html
    private static string OfPostgres(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.DiskFull => "the server's disk is full",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "the server does not accept this user and password",
        PostgresErrorCodes.InvalidCatalogName => "the server has no such database",
        PostgresErrorCodes.InsufficientPrivilege => "the user lacks the permission",
        PostgresErrorCodes.TooManyConnections => "the server has no connection left",
        PostgresErrorCodes.ReadOnlySqlTransaction => "the server is read-only (a standby?)",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => "the server is stopping or starting",
        _ => Line(e),
    };

    private static string Line(Exception e) => e.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
