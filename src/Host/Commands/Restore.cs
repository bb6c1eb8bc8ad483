using System.Data.Common;
using System.Text;
using Dapper;
using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Data.Sqlite;

namespace Lianka.Host.Commands;

/// <summary>Puts a backup in the place of the database and proves it. All of it, or nothing changes.</summary>
internal static class Restore
{
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        var isForced = args.Contains("--force");
        if (args.Where(a => a != "--force").ToArray() is not [var file]) throw new UsageException("needs the name of one file");
        file = Path.GetFullPath(file);
        CheckKind(file, settings);
        if (settings.IsSqlite) await IntoSqliteAsync(settings, file, isForced);
        else await IntoPostgresAsync(settings, file, isForced);

        await using var database = Composition.OpenDatabase(settings);
        await Composition.SchemaOf(database, TimeProvider.System).RunAsync();
        await output.WriteLineAsync($"restored: {file}");
        var isSound = await Verification.RunAsync(database, new BackupMoment(await LastMomentAsync(database)), output);
        return await CanOpenCardsAsync(settings, database, output) && isSound ? 0 : 1;
    }

    /// <summary>The last moment at which anything happened in the database.</summary>
    private static Task<DateTimeOffset> LastMomentAsync(Database database) => database.ReadAsync(async s => Instants.FromMicros(await s.ScalarAsync<long>(
        """
        select max(at) from (
            select coalesce(max(at), 0) as at from transfer_row union all select coalesce(max(at), 0) from order_note
            union all select coalesce(max(created_at), 0) from orders union all select coalesce(max(beat_at), 0) from import_job) as moments
        """)));

    // Nothing lapses in a file: what was in time when the backup was made is not late because it lay on a shelf.
    private sealed class BackupMoment(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }

    private static void CheckKind(string file, Settings settings)
    {
        var head = new byte[16];
        int length;
        using (var stream = File.OpenRead(file)) length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var text = Encoding.ASCII.GetString(head, 0, length);
        var isSqlite = text.StartsWith("SQLite format 3\0", StringComparison.Ordinal);
        if (!isSqlite && !text.StartsWith("PGDMP", StringComparison.Ordinal)) throw new IOException($"{file} is not a backup.");
        if (isSqlite != settings.IsSqlite)
            throw new IOException($"{file} is a backup of {(isSqlite ? "SQLite" : "PostgreSQL")}, and LIANKA_DATABASE names the other kind.");
    }

    private static async Task IntoSqliteAsync(Settings settings, string file, bool isForced)
    {
        var target = Path.Combine(settings.DataFolder, "lianka.db");
        if (File.Exists(target))
        {
            if (!isForced) throw Refused(target);
            await CloseAsync(target);
        }

        // Copied beside its place first: the last step is one rename, and a broken file never gets that far.
        var copy = $"{target}.restoring";
        try
        {
            File.Copy(file, copy, overwrite: true);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await CheckAsync(copy, file);
            await using (var written = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite)) written.Flush(flushToDisk: true);
            File.Move(copy, target, overwrite: true);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static async Task CheckAsync(string copy, string file)
    {
        await using var connection = new SqliteConnection($"Data Source={copy};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        var state = await connection.ExecuteScalarAsync<string>("pragma integrity_check");
        if (state != "ok") throw new IOException($"{file} is damaged: {state}");
        await connection.ExecuteScalarAsync<long>("select count(*) from schema_change");
    }

    // Leaving the write-ahead log needs the file for oneself alone, so it fails while a node has it open.
    private static async Task CloseAsync(string target)
    {
        await using var connection = new SqliteConnection($"Data Source={target};Pooling=False;Default Timeout=1");
        await connection.OpenAsync();
        try
        {
            await connection.ExecuteAsync("pragma journal_mode=delete");
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode is 5 or 6)
        {
            throw new IOException($"{target} is open in a running node: stop it first.", fault);
        }
    }

    private static async Task IntoPostgresAsync(Settings settings, string file, bool isForced)
    {
        PostgresTools tools;
        string drops;
        await using (var database = Composition.OpenDatabase(settings))
        {
            await using var connection = await database.OpenAsync();
            var tables = (await connection.QueryAsync<string>(
                "select format('drop table %I.%I cascade;', schemaname, tablename) from pg_tables where schemaname = current_schema()")).AsList();
            // Triggers go with their tables; what they call does not. What an extension brought stays.
            var functions = await connection.QueryAsync<string>(
                """
                select format('drop function %s cascade;', p.oid::regprocedure) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname = current_schema() and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
                """);
            if (tables.Count > 0 && !isForced) throw Refused($"database {connection.Database}");
            var others = await OthersAsync(connection);
            if (others > 0) throw new IOException($"{others} other connections to the database are open: stop the nodes first.");
            tools = await Backup.ToolsAsync(settings, database);
            // What goes with what would fill the words that say why something failed.
            drops = string.Join('\n', tables.Concat(functions).Prepend("set client_min_messages = warning;")) + "\n";
        }

        // One transaction from the first drop to the last row: when anything fails, what was there still is.
        await tools.PipeAsync(drops,
            ("pg_restore", ["--no-owner", "--no-privileges", "--file=-", file]),
            ("psql", ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null", "--file=-"]));
    }

    /// <summary>How many others are connected. Who closed a moment ago is still seen for a moment, so the look is repeated for two seconds.</summary>
    private static async Task<long> OthersAsync(DbConnection connection)
    {
        for (var look = 1; ; look++)
        {
            var others = await connection.ExecuteScalarAsync<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()");
            if (others == 0 || look == 20) return others;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private static IOException Refused(string target) =>
        new($"The {target} holds data already: nothing was changed. With --force it is replaced.");

    private static async Task<bool> CanOpenCardsAsync(Settings settings, Database database, TextWriter output)
    {
        try
        {
            using var vault = await VaultKeys.OpenAsync(database, settings, TimeProvider.System);
            return true;
        }
        catch (SealBrokenException)
        {
            await output.WriteLineAsync("The master key of this installation is not the one of the backup: its cards cannot be opened until that key is set.");
            return false;
        }
    }
}
