using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IoScale.Cluster.Harness.Trials;

/// <summary>Sees in the database that a checkpoint is being written.</summary>
internal sealed class CheckpointWatch : IAsyncDisposable
{
    private const string Newest = "select coalesce(max(sequence_number), 0) from snapshot where persistence_id like @keys";

    private readonly DbConnection _connection;

    /// <param name="data">Folder of the SQLite files.</param>
    /// <param name="connectionString">Of PostgreSQL, or null.</param>
    public CheckpointWatch(string data, string? connectionString)
    {
        _connection = connectionString is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "states.sqlite"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString)
            : new NpgsqlConnection(connectionString + ";Pooling=false");
        _connection.Open();
    }

    /// <summary>Number of the newest checkpoint of which a part has been written; 0 before the first.</summary>
    public async Task<long> NewestNumber(string run)
    {
        await using DbCommand command = _connection.CreateCommand();
        command.CommandText = Newest;
        DbParameter keys = command.CreateParameter();
        (keys.ParameterName, keys.Value) = ("@keys", $"state.{run}.%");
        command.Parameters.Add(keys);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), null);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
