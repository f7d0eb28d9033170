using System.Diagnostics;
using Akka.Actor;
using IoScale.Nodes.Commands;
using IoScale.Nodes.Store;
using IoScale.Tests.Shared;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace IoScale.Nodes.Tests.Store;

/// <summary>Places that cannot be used, full disks, and several writers of one file.</summary>
public sealed class StoreTroubleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ioscale-store").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Three_writers_of_the_same_files_lose_nothing()
    {
        const int Writers = 3;
        const int States = 40;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            using ActorSystem system = Stores.Open(StoreSettings.Sqlite(_folder));
            StateStore store = StateStore.Of(system);
            await Task.WhenAll(Enumerable.Range(0, States).Select(i => store.SaveAsync($"{writer}/{i}", 1, Stores.Content((writer * States) + i, 200_000))));
            await system.Terminate();
        }));

        using ActorSystem reader = Stores.Open(StoreSettings.Sqlite(_folder));
        for (int i = 0; i < Writers * States; i++)
        {
            Assert.Equal(Stores.Content(i, 200_000), await StateStore.Of(reader).LoadAsync($"{i / States}/{i % States}", 1));
        }

        await reader.Terminate();
    }

    [SmallDiskFact]
    public async Task A_full_disk_fails_the_save_and_leaves_what_is_there()
    {
        using SmallDisk disk = new(_folder, megabytes: 8);
        using ActorSystem system = Stores.Open(StoreSettings.Sqlite(Path.Combine(_folder, "data")));
        StateStore store = StateStore.Of(system);
        byte[] fits = Stores.Content(1, 1_000_000);
        await store.SaveAsync("a", 1, fits);
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync("a", 2, new byte[20_000_000]));
        Assert.Contains("disk", failure.Message, StringComparison.Ordinal);
        Assert.Equal(fits, await store.LoadAsync("a", 1));
        Assert.Null(await store.LoadAsync("a", 2));
        await store.SaveAsync("a", 3, [3]);
        await system.Terminate();
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public void A_place_that_cannot_be_used_is_one_line()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "text");
        Assert.Contains("cannot keep states and journal there", Refusal(StoreSettings.Sqlite(Path.Combine(file, "data"))), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_folder, "journal.sqlite"), new string('x', 5000));
        Assert.Contains("is no SQLite database", Refusal(StoreSettings.Sqlite(_folder)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 2", "was made by another version of ioscale (tables of version 2; this program has 1)")]
    [InlineData("PRAGMA user_version = 0; CREATE TABLE foreign_table (a)", "is the database of another program")]
    public void Files_of_another_version_or_program_are_one_line(string sql, string line)
    {
        StoreSettings settings = StoreSettings.Sqlite(_folder);
        StoreCheck.Prepare(settings);
        using (SqliteConnection connection = new(StoreConfiguration.SqliteConnection(settings.StatesFile)))
        {
            connection.Open();
            using SqliteCommand command = new(sql, connection);
            command.ExecuteNonQuery();
        }

        Assert.Contains(line, Refusal(settings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_one_line()
    {
        string line = Refusal(StoreSettings.Postgresql("Host=127.0.0.1;Port=1;Username=ioscale;Password=secret"));
        Assert.StartsWith("PostgreSQL at 127.0.0.1:1, database ioscale: cannot keep states and journal there: cannot be reached", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [PostgresFact]
    public void A_server_with_tables_of_another_version_or_without_the_database_is_one_line()
    {
        using PostgresServer server = PostgresServer.Start();
        StoreSettings settings = StoreSettings.Postgresql(server.ConnectionString);
        StoreCheck.Prepare(settings);
        StoreCheck.Prepare(settings);
        using (NpgsqlConnection connection = new(server.ConnectionString))
        {
            connection.Open();
            using NpgsqlCommand command = new("UPDATE ioscale_store SET version = 2", connection);
            command.ExecuteNonQuery();
        }

        Assert.Contains("was made by another version of ioscale", Refusal(settings), StringComparison.Ordinal);
        Assert.Contains(
            "the server has no such database",
            Refusal(StoreSettings.Postgresql(server.ConnectionString.Replace("Database=postgres", "Database=nowhere", StringComparison.Ordinal))),
            StringComparison.Ordinal);
    }

    private static string Refusal(StoreSettings settings)
    {
        string line = Assert.Throws<InputException>(() => StoreCheck.Prepare(settings)).Message;
        Assert.DoesNotContain('\n', line);
        return line;
    }
}
