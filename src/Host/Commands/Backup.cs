using System.Globalization;
using Dapper;
using Lianka.Platform;
using Lianka.Platform.Data;

namespace Lianka.Host.Commands;

/// <summary>Writes one consistent snapshot of the database to a file, beside a running node.</summary>
internal static class Backup
{
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args is not [var file]) throw new UsageException("needs the name of one file");
        file = Path.GetFullPath(file);
        await using var database = Composition.OpenDatabase(settings);
        if (database.SqliteFile is { } source && !File.Exists(source)) throw new FileNotFoundException($"There is no database at {source}.");
        MakePrivate(file);
        try
        {
            if (database.Kind == DatabaseKind.Sqlite) await CopyAsync(database, file);
            else await (await ToolsAsync(settings, database)).RunAsync("pg_dump", "--format=custom", "--no-owner", "--no-privileges", $"--file={file}");
            await using var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
            written.Flush(flushToDisk: true);
        }
        catch
        {
            // A half-written file must never be taken for a backup.
            File.Delete(file);
            throw;
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"written: {file} ({new FileInfo(file).Length} bytes, readable by its owner only)"));
        await output.WriteLineAsync(
            $"The master key is NOT in it. Keep LIANKA_MASTER_KEY or {Path.Combine(settings.DataFolder, "master.key")} in another place: without it no card can be opened.");
        return 0;
    }

    public static async Task<PostgresTools> ToolsAsync(Settings settings, Database database)
    {
        await using var connection = await database.OpenAsync();
        return new PostgresTools(settings, int.Parse(connection.ServerVersion.Split('.', ' ')[0], CultureInfo.InvariantCulture));
    }

    // The file is there, empty and private, before the first byte of data: SQLite and pg_dump both write into it as it is.
    private static void MakePrivate(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    private static async Task CopyAsync(Database database, string file)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync("vacuum into @file", new { file }, commandTimeout: 0);
    }
}
