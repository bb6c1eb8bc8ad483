using System.Data.Common;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Lianka.Kernel;

namespace Lianka.Platform.Data;

/// <summary>A numbered SQL file was changed after it had been applied, or is missing.</summary>
public sealed class SchemaMismatchException(string message) : Exception(message);

/// <summary>Brings a database to the newest schema: numbered SQL files, each applied once, with checksums.</summary>
/// <remarks>Files are resources named <c>schema/DATABASE/NNNN-name.sql</c>. Nodes that start together wait for each other.</remarks>
public sealed class SchemaRunner(Database database, Assembly files, TimeProvider clock)
{
    private const long LockKey = 0x4C4B_5343; // any number that nobody else locks

    private sealed record File(long Number, string Name, string Sql, string Checksum);

    /// <returns>The names of the files applied by this call, in order.</returns>
    /// <exception cref="SchemaMismatchException">History and files disagree; nothing was changed.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancel = default)
    {
        await using var connection = await database.OpenAsync(cancel);
        if (database.Kind == DatabaseKind.Postgres)
            await connection.ExecuteAsync("select pg_advisory_lock(@LockKey)", new { LockKey });
        try
        {
            return await RunLockedAsync(connection, cancel);
        }
        finally
        {
            if (database.Kind == DatabaseKind.Postgres)
                await connection.ExecuteAsync("select pg_advisory_unlock(@LockKey)", new { LockKey });
        }
    }

    private async Task<IReadOnlyList<string>> RunLockedAsync(DbConnection connection, CancellationToken cancel)
    {
        await connection.ExecuteAsync("""
            create table if not exists schema_change (
                number bigint primary key, name text not null, checksum text not null, applied_at bigint not null)
            """);
        var ran = new List<string>();
        foreach (var file in Files())
        {
            // SQLite: an immediate transaction is the lock, so the look at the history stands inside it.
            await using var transaction = connection is Microsoft.Data.Sqlite.SqliteConnection lite
                ? lite.BeginTransaction(deferred: false)
                : await connection.BeginTransactionAsync(cancel);
            var applied = await connection.QueryFirstOrDefaultAsync<string>(
                "select checksum from schema_change where number = @Number", new { file.Number }, transaction);
            if (applied == file.Checksum) continue;
            if (applied is not null)
                throw new SchemaMismatchException($"{file.Name} differs from what was applied to this database.");
            await connection.ExecuteAsync(file.Sql, transaction: transaction);
            await connection.ExecuteAsync(
                "insert into schema_change (number, name, checksum, applied_at) values (@Number, @Name, @Checksum, @At)",
                new { file.Number, file.Name, file.Checksum, At = clock.Now().ToMicros() }, transaction);
            await transaction.CommitAsync(cancel);
            ran.Add(file.Name);
        }

        var newest = Files().Max(f => f.Number);
        var seen = await connection.ExecuteScalarAsync<long>("select coalesce(max(number), 0) from schema_change");
        return seen <= newest ? ran
            : throw new SchemaMismatchException($"The database has schema {seen}, this program knows up to {newest}: use the newer program.");
    }

    private IEnumerable<File> Files()
    {
        var folder = $"schema/{(database.Kind == DatabaseKind.Sqlite ? "sqlite" : "postgres")}/";
        foreach (var resource in files.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(files.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var sql = reader.ReadToEnd();
            var name = resource[folder.Length..];
            yield return new File(long.Parse(name[..4]), name, sql,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
    }
}
