using System.Globalization;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory;
using Lianka.Platform;

namespace Lianka.Host.Commands;

/// <summary><c>import</c>: brings the cards of a file into stock, beside a running node or without one.</summary>
internal static class ImportCommand
{
    public const string Arguments = "--supply ID|SKU:SUPPLIER --file FILE [--format text|csv|xlsx] [--encoding utf-8|gb18030] [--kind code|link|image|barcode] [--expires YYYY-MM-DD] [--note TEXT] [--results FILE]";

    private const int ProblemsShown = 1_000;

    /// <returns>0 also when rows were left out (they are printed); 1 when nothing could be imported.</returns>
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        var options = Options(args);
        var supplyName = options.GetValueOrDefault("supply") ?? throw new UsageException("needs --supply");
        var file = options.GetValueOrDefault("file") ?? throw new UsageException("needs --file");
        var format = options.GetValueOrDefault("format") switch
        {
            null => CardFormats.OfName(file),
            "text" => CardFormat.Text,
            "csv" => CardFormat.Csv,
            "xlsx" => CardFormat.Xlsx,
            var other => throw new UsageException($"--format is text, csv or xlsx, not '{other}'"),
        };
        var kind = options.GetValueOrDefault("kind", "code") switch
        {
            "code" => CardKind.Told,
            "link" => CardKind.Link,
            "image" => CardKind.Image,
            "barcode" => CardKind.Barcode,
            var other => throw new UsageException($"--kind is code, link, image or barcode, not '{other}'"),
        };
        var encoding = options.GetValueOrDefault("encoding", "utf-8") switch
        {
            "utf-8" => CardEncoding.Utf8,
            "gb18030" => CardEncoding.Gb18030,
            var other => throw new UsageException($"--encoding is utf-8 or gb18030, not '{other}'"),
        };
        DateTimeOffset? expires = options.GetValueOrDefault("expires") is not { } day ? null
            : DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? CardExpiry.EndOf(date)
            : throw new UsageException("--expires is a day such as 2027-12-31");
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = new ServiceCollection().AddLogging().AddLianka(settings, database, vault).BuildServiceProvider();
        if (await FindSupplyAsync(services.GetRequiredService<Catalog>(), supplyName) is not { } supply)
            throw new UsageException($"there is no supply '{supplyName}'");

        var desk = services.GetRequiredService<ImportDesk>();
        await desk.SweepAsync();
        using var stop = new CancellationTokenSource();
        using var onInterrupt = PosixStop(stop);
        var started = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = desk.RunAsync(
            new ImportRequest(supply, format, encoding, file, "cli", expires, options.GetValueOrDefault("note", ""), Kind: kind), content, started.SetResult, stop.Token);
        await Task.WhenAny(run, started.Task);
        while (started.Task.IsCompleted && !run.IsCompleted)
        {
            await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(200)));
            if (!run.IsCompleted && await desk.FindAsync(started.Task.Result, null) is { State: ImportState.Running } now)
                await output.WriteLineAsync($"{now.Percent,3} %  {now.Rows} rows, {now.Imported} imported");
        }

        return await run switch
        {
            ImportStart.Accepted accepted => await ReportAsync(desk, accepted.Id, options.GetValueOrDefault("results"), output),
            ImportStart.Refused refused => throw new UsageException(string.Join("; ", refused.Errors.Select(e => $"{e.Field}: {e.En}"))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<int> ReportAsync(ImportDesk desk, long id, string? results, TextWriter output)
    {
        var job = (await desk.FindAsync(id, null))!;
        if (job.State != ImportState.Done)
        {
            await output.WriteLineAsync($"failed: {ImportFailures.Text(job.Failure ?? "fault", isChinese: false)}");
            return 1;
        }

        if (results is not null)
        {
            await using var rows = new StreamWriter(results, append: false);
            await desk.WriteResultsAsync(id, rows, isChinese: false);
        }

        foreach (var problem in await desk.ProblemsAsync(id, limit: ProblemsShown))
            await output.WriteLineAsync($"row {problem.RowNo}: {problem.Status}: {ImportFailures.Text(problem, isChinese: false)}");
        var left = job.DuplicateInFile + job.DuplicateInStock + job.Malformed - ProblemsShown;
        if (left > 0) await output.WriteLineAsync($"and {left} rows more");
        await output.WriteLineAsync(
            $"done: {job.Rows} rows, {job.Imported} imported, {job.DuplicateInFile} duplicate in file, "
            + $"{job.DuplicateInStock} duplicate in stock, {job.Malformed} malformed{(job.LotId is { } lot ? $"; lot {lot}" : "")}");
        return 0;
    }

    private static async Task<SupplyId?> FindSupplyAsync(Catalog catalog, string name)
    {
        if (SupplyId.TryParse(name, out var id)) return (await catalog.FindSupplyAsync(id))?.Id;
        if (name.Split(':') is not [var code, var slug]) return null;
        return await catalog.FindSkuAsync(code) is { } sku && await catalog.FindSupplierAsync(slug) is { } supplier
            ? (await catalog.FindSupplyAsync(sku.Id, supplier.Id))?.Id
            : null;
    }

    /// <summary>Ctrl-C leaves nothing of the import, and says so in its record.</summary>
    private static System.Runtime.InteropServices.PosixSignalRegistration PosixStop(CancellationTokenSource stop) =>
        System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });

    private static Dictionary<string, string> Options(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] known = ["supply", "file", "format", "encoding", "kind", "expires", "note", "results"];
        for (var i = 0; i < args.Length; i += 2)
        {
            var name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            if (!known.Contains(name)) throw new UsageException($"does not know '{args[i]}'");
            if (i + 1 >= args.Length) throw new UsageException($"--{name} needs a value");
            if (!options.TryAdd(name, args[i + 1])) throw new UsageException($"--{name} is given twice");
        }

        return options;
    }
}
