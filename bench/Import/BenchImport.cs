using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lianka.Bench.Machine;
using Lianka.Bench.Orders;
using Lianka.Host;
using Lianka.Platform;
using Lianka.Platform.Data;

namespace Lianka.Bench.Import;

/// <summary>Cards by the million, as <c>lianka import</c> brings them in, beside the same bytes written plainly.</summary>
internal static class BenchImport
{
    public const string Arguments = "[--rows N] [--report FILE]";

    private sealed record Row
    {
        public long LotId { get; init; }
        public long Seq { get; init; }
        public byte[] Sealed { get; init; } = [];
        public byte[] Fingerprint { get; init; } = [];
    }

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var rows = Text("--rows") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : 1_000_000;
        var root = Directory.CreateTempSubdirectory("lianka-bench-import-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync();
            var report = new StringBuilder("# Importing cards\n\n`./lianka bench import`\n\n").Append(await Description.OfAsync(server))
                .Append(F($"\n\n{rows:N0} cards a file, number and secret; a process of its own for each import (`lianka import`).\n\n"))
                .Append("| database | file | cards in stock before | seconds | cards/s | peak memory (VmHWM) | the same rows written plainly | ratio |\n|---|---|---|---|---|---|---|---|\n");
            foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
            {
                var folder = Directory.CreateDirectory(Path.Combine(root, kind.ToString())).FullName;
                var database = kind == DatabaseKind.Sqlite ? "sqlite" : await server.NewDatabaseAsync("cards");
                await Market.FillAsync(folder, database, new MarketSize(Skus: 1, Merchants: 1, Cards: 1), Path.Combine(folder, "callers"), TextWriter.Null);
                var seed = 0;
                foreach (var format in new[] { "csv", "xlsx", "csv" })
                {
                    var file = Path.Combine(folder, $"cards.{format}");
                    if (format == "csv") CardFiles.WriteCsv(file, rows, ++seed);
                    else CardFiles.WriteXlsx(file, rows, ++seed);
                    var (seconds, peak, before) = await ImportAsync(folder, database, file, rows);
                    var plain = await PlainAsync(folder, database);
                    report.Append(F($"| {kind} | {format}, {new FileInfo(file).Length >> 20} MiB | {before:N0} | {seconds:F1} | {rows / seconds:N0} | {peak >> 20} MiB | {plain:F1} s | {seconds / plain:F1} |\n"));
                    await output.WriteLineAsync(report.ToString().Split('\n')[^2]);
                }
            }

            report.Append(
                """

                Seconds are those of the import's record, from its start to its end: reading, looking for duplicates in the file and in
                the stock, sealing, writing, committing. Written plainly: the sealed rows, ready in memory, into a table like `card`
                with the same two indexes, empty, in one transaction: binary COPY on PostgreSQL, one prepared statement on SQLite.

                """);
            await output.WriteLineAsync(report.ToString());
            if (Text("--report") is { } to) await File.WriteAllTextAsync(to, report.ToString());
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static async Task<(double Seconds, long Peak, long Before)> ImportAsync(string folder, string database, string file, int rows)
    {
        var before = await AskAsync(folder, database, s => s.ScalarAsync<long>("select coalesce(sum(total), 0) from lot"));
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var arg in new[] { Path.Combine(AppContext.BaseDirectory, "lianka.dll"), "import", "--supply", "b-0000:supplier-0", "--file", file })
            start.ArgumentList.Add(arg);
        start.Environment["LIANKA_DATA"] = folder;
        start.Environment["LIANKA_DATABASE"] = database;
        foreach (var (name, value) in Market.Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, PeakOf(process.Id));
            await Task.Delay(10);
        }

        if (!(await said).Contains($"done: {rows} rows, {rows} imported", StringComparison.Ordinal)) throw new InvalidOperationException(await said);
        var micros = await AskAsync(folder, database, s => s.ScalarAsync<long>("select ended_at - started_at from import_job order by id desc limit 1"));
        return (micros / 1e6, peak, before);
    }

    /// <summary>Writes the cards of the newest lot once more, with nothing to think about.</summary>
    private static Task<double> PlainAsync(string folder, string database) => AskAsync(folder, database, async (opened, _) =>
    {
        var cards = await opened.ReadAsync(s => s.QueryAsync<Row>(
            "select lot_id, seq, sealed, fingerprint from card where lot_id = (select max(id) from lot) order by seq"));
        await opened.WriteAsync(async s =>
        {
            await s.ExecuteAsync("drop table if exists plain");
            await s.ExecuteAsync(s.Kind == DatabaseKind.Postgres
                ? "create table plain (lot_id bigint not null, seq bigint not null, sealed bytea not null, fingerprint bytea not null, primary key (lot_id, seq))"
                : "create table plain (lot_id integer not null, seq integer not null, sealed blob not null, fingerprint blob not null, primary key (lot_id, seq)) without rowid");
            await s.ExecuteAsync("create unique index plain_fingerprint on plain (fingerprint)");
        });
        var watch = Stopwatch.StartNew();
        await opened.WriteAsync(s => s.InsertAsync("plain", "lot_id, seq, sealed, fingerprint", cards, (card, w) =>
        {
            w.Number(card.LotId);
            w.Number(card.Seq);
            w.Bytes(card.Sealed);
            w.Bytes(card.Fingerprint);
        }));
        var seconds = watch.Elapsed.TotalSeconds;
        await opened.WriteAsync(s => s.ExecuteAsync("drop table plain"));
        return seconds;
    });

    private static Task<T> AskAsync<T>(string folder, string database, Func<Session, Task<T>> work) =>
        AskAsync(folder, database, (opened, _) => opened.ReadAsync(work));

    private static async Task<T> AskAsync<T>(string folder, string database, Func<Database, Settings, Task<T>> work)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", database, "none", Market.MasterKey);
        var (opened, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = opened;
        using var __ = vault;
        return await work(opened, settings);
    }

    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0; // It has just ended.
        }
    }

    private static string F(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
