using Npgsql;

namespace Lianka.Platform.Data;

/// <summary>A setting of the database under which an acknowledged order may be gone after a crash.</summary>
/// <param name="Name">As the database calls it.</param>
/// <param name="Value">As it is now.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record DurabilityFault(string Name, string Value, string Remedy);

/// <summary>Whether what the database calls committed is still there after a power cut (F11).</summary>
public static class Durability
{
    /// <summary>Looks at the settings as one of our own connections has them, so that those of a role, of a database and of
    /// the connection string count too.</summary>
    /// <returns>Empty when commits are durable.</returns>
    public static async Task<IReadOnlyList<DurabilityFault>> FaultsAsync(Database database, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenAsync(cancel);
        return connection is NpgsqlConnection postgres
            ?
            [
                .. await PostgresAsync(postgres, "fsync", static v => v == "on", "set fsync = on in postgresql.conf and restart the server", cancel),
                .. await PostgresAsync(postgres, "full_page_writes", static v => v == "on", "set full_page_writes = on in postgresql.conf and reload", cancel),
                .. await PostgresAsync(postgres, "synchronous_commit", static v => v != "off",
                    "set synchronous_commit = on: in postgresql.conf, for the role (alter role), for the database (alter database) and in LIANKA_DATABASE", cancel),
            ]
            :
            [
                .. await SqliteAsync(connection, "journal_mode", static v => v == "wal", "keep the data folder on a local disk; network folders cannot do WAL", cancel),
                .. await SqliteAsync(connection, "synchronous", static v => v is "2" or "3", "use the SQLite that Lianka brings along", cancel),
            ];
    }

    private static Task<DurabilityFault[]> PostgresAsync(
        NpgsqlConnection connection, string name, Func<string, bool> isDurable, string remedy, CancellationToken cancel) =>
        CheckAsync(connection, $"select current_setting('{name}')", name, isDurable, remedy, cancel);

    private static Task<DurabilityFault[]> SqliteAsync(
        System.Data.Common.DbConnection connection, string name, Func<string, bool> isDurable, string remedy, CancellationToken cancel) =>
        CheckAsync(connection, $"pragma {name}", name, isDurable, remedy, cancel);

    private static async Task<DurabilityFault[]> CheckAsync(
        System.Data.Common.DbConnection connection, string sql, string name, Func<string, bool> isDurable, string remedy, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        var value = $"{await command.ExecuteScalarAsync(cancel)}";
        return isDurable(value) ? [] : [new DurabilityFault(name, value, remedy)];
    }
}
