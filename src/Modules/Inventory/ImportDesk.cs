using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory.Core;
using Lianka.Modules.Inventory.Import;
using Lianka.Modules.Inventory.Store;
using Lianka.Platform.Data;
using Lianka.Platform.Sheets;
using Lianka.Vault;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Inventory;

/// <summary>Runs card imports in the background of this node, one at a time, with progress that can be asked for.</summary>
/// <remarks>Uploads wait in memory, never on disk: their secrets are not sealed yet. Hence the two limits below.</remarks>
public sealed class ImportDesk(
    Database database, CardVault vault, IdSource ids, Catalog.Catalog catalog, TimeProvider clock, ILogger<ImportDesk> log) : IAsyncDisposable
{
    /// <summary>The most bytes an upload through the web may have.</summary>
    public const int UploadMax = 64 << 20;

    /// <summary>The most rows that are read from the database at once.</summary>
    private const int PageMax = 10_000;

    /// <summary>The most uploads that wait on one node, the running one included.</summary>
    public const int WaitingMax = 4;

    /// <summary>An import that gave no sign of life for so long is given up (a beat comes every 5 s).</summary>
    internal static readonly TimeSpan BeatMissing = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _beatEvery = TimeSpan.FromSeconds(5);

    private sealed record Job(long Id, ImportRequest Request, Supply Supply, Sku Sku, Stream Content, CancellationToken Cancel);

    private readonly Channel<Job> _queue = Channel.CreateUnbounded<Job>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<long, ImportTally> _running = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _loops = [];
    private int _waiting;

    /// <summary>Reads the upload into memory (never to disk) and queues its import.</summary>
    /// <returns>At once, with the number to ask for; or what is wrong with the request.</returns>
    public async Task<ImportStart> StartAsync(ImportRequest request, Stream content, CancellationToken cancel = default)
    {
        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            return new ImportStart.Busy();
        }

        var isQueued = false;
        try
        {
            if (await BufferAsync(content, cancel) is not { } buffer) return Refused("file", $"too_large:{UploadMax >> 20}");
            if (buffer.Length == 0) return Refused("file", "empty_file");
            var print = request.ClientKey is null ? null : PrintOf(request, buffer);
            if (print is not null && await KnownAsync(request, print, cancel) is { } known) return known;
            var (job, refused) = await OpenAsync(request, buffer, _stop.Token, cancel, print);
            if (job is null) return refused!;
            StartLoops();
            isQueued = _queue.Writer.TryWrite(job);
            return new ImportStart.Accepted(job.Id);
        }
        finally
        {
            if (!isQueued) Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Imports straight from the stream and returns when it is over; for the command line and the demo.</summary>
    /// <param name="content">Can be gone back in: it may be read twice.</param>
    /// <param name="onStart">Learns the number, under which <see cref="FindAsync"/> tells the progress meanwhile.</param>
    /// <returns>Accepted also when the import failed: <see cref="FindAsync"/> tells how it ended.</returns>
    public async Task<ImportStart> RunAsync(ImportRequest request, Stream content, Action<long>? onStart = null, CancellationToken cancel = default)
    {
        var (job, refused) = await OpenAsync(request, content, cancel, cancel);
        if (job is null) return refused!;
        StartLoops();
        onStart?.Invoke(job.Id);
        await RunAsync(job);
        return new ImportStart.Accepted(job.Id);
    }

    /// <param name="supplier">The tenant: only its imports are found. Null: the operator.</param>
    public async Task<ImportJob?> FindAsync(long id, SupplierId? supplier, CancellationToken cancel = default) =>
        await database.ReadAsync(s => ImportStore.FindAsync(s, id, supplier), cancel) is { } job ? WithProgress(job) : null;

    /// <summary>The newest imports first.</summary>
    public async Task<List<ImportJob>> ListAsync(SupplierId? supplier, int limit = 50, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => ImportStore.ListAsync(s, supplier, Math.Clamp(limit, 1, 500)), cancel)).ConvertAll(WithProgress);

    /// <summary>The rows that were not imported, in file order. The caller has found the import with its tenant.</summary>
    public Task<List<ImportProblem>> ProblemsAsync(long id, long afterRow = 0, int limit = 100, CancellationToken cancel = default) =>
        database.ReadAsync(s => ImportStore.ProblemsAsync(s, id, afterRow, Math.Clamp(limit, 1, PageMax)), cancel);

    /// <summary>What became of each row of the file, as CSV in file order; never contains a secret.</summary>
    /// <remarks>Written with what this program says alone, so nothing in it can be a formula. Of imports that ended before
    /// this file was kept, only the rows that were left out.</remarks>
    public async Task WriteResultsAsync(long id, TextWriter output, bool isChinese, CancellationToken cancel = default)
    {
        await output.WriteAsync(isChinese ? "行号,结果,说明,卡在批次中的序号\r\n" : "row,result,reason,card number in the lot\r\n");
        var lines = new StringBuilder();
        var seq = 0L;
        await using var problems = EachProblemAsync(id, cancel).GetAsyncEnumerator(cancel);
        var isProblem = await problems.MoveNextAsync();
        await foreach (var range in EachRangeAsync(id, cancel))
        {
            for (var row = range.FromRow; row < range.FromRow + range.Count; row++)
            {
                if (isProblem && problems.Current.RowNo == row)
                {
                    Append(problems.Current);
                    isProblem = await problems.MoveNextAsync();
                }
                else
                {
                    lines.Append(CultureInfo.InvariantCulture, $"{row},imported,,{++seq}\r\n");
                }

                if (lines.Length > 32_768) await FlushAsync();
            }
        }

        for (; isProblem; isProblem = await problems.MoveNextAsync()) Append(problems.Current);
        await FlushAsync();

        void Append(ImportProblem problem)
        {
            var reason = ImportFailures.Text(problem, isChinese);
            lines.Append(CultureInfo.InvariantCulture, $"{problem.RowNo},{problem.Status},\"{reason.Replace("\"", "\"\"", StringComparison.Ordinal)}\",\r\n");
        }

        async Task FlushAsync()
        {
            await output.WriteAsync(lines, cancel);
            lines.Clear();
        }
    }

    private async IAsyncEnumerable<ImportProblem> EachProblemAsync(long id, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (long after = 0; ;)
        {
            var page = await ProblemsAsync(id, after, PageMax, cancel);
            foreach (var problem in page) yield return problem;
            if (page.Count < PageMax) yield break;
            after = page[^1].RowNo;
        }
    }

    private async IAsyncEnumerable<RowRange> EachRangeAsync(long id, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (long after = 0; ;)
        {
            var page = await database.ReadAsync(s => ImportStore.RowsAsync(s, id, after, PageMax), cancel);
            foreach (var range in page) yield return range;
            if (page.Count < PageMax) yield break;
            after = page[^1].FromRow;
        }
    }

    /// <summary>Marks the imports of dead nodes as failed.</summary>
    /// <returns>How many.</returns>
    public Task<int> SweepAsync(CancellationToken cancel = default)
    {
        var now = clock.Now();
        return database.WriteAsync(s => ImportStore.SweepAsync(s, now - BeatMissing, now), cancel);
    }

    /// <summary>Tells two contents apart. Keyed, so that nobody who reads the database can try cards against it.</summary>
    private byte[] PrintOf(ImportRequest request, MemoryStream content)
    {
        var hash = Convert.ToHexString(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
        return vault.Fingerprint(
            $"{request.Supply} {request.Format} {request.Encoding} {request.Kind} {request.ExpiresAt?.ToMicros()} {hash} {request.Note}", "import");
    }

    /// <summary>What became of an earlier import under this key; null: there is none, or it failed and brought nothing, and the key is free again.</summary>
    private Task<ImportStart?> KnownAsync(ImportRequest request, byte[] print, CancellationToken cancel) => database.ReadAsync<ImportStart?>(async s =>
    {
        if (await ImportStore.FindByKeyAsync(s, request.Supplier!.Value, request.ClientKey!) is not { State: not ImportState.Failed } earlier) return null;
        return earlier.Content.AsSpan().SequenceEqual(print) ? new ImportStart.Replayed(earlier.Id) : new ImportStart.KeyConflict();
    }, cancel);

    private async Task<(Job? Job, ImportStart? Refused)> OpenAsync(
        ImportRequest request, Stream content, CancellationToken run, CancellationToken cancel, byte[]? print = null)
    {
        request = request with { Source = Sheet.NameOf(request.Source), Note = request.Note.Trim() };
        var supply = await catalog.FindSupplyAsync(request.Supply, cancel);
        var sku = supply is null ? null : await catalog.FindSkuAsync(supply.SkuId, cancel);
        var now = clock.Now();
        var errors = ImportRules.Check(request, supply, sku, now);
        if (errors.Count > 0) return (null, new ImportStart.Refused(errors));
        var id = await ids.NextAsync();
        try
        {
            await database.WriteAsync(s => ImportStore.InsertAsync(s, id, request, supply!.SupplierId, now, print), cancel);
        }
        catch (DbException fault) when (print is not null && Database.IsDuplicate(fault))
        {
            // The same was sent at the same moment, and came first.
            return (null, await KnownAsync(request, print, cancel) ?? new ImportStart.Busy());
        }

        _running[id] = new ImportTally();
        return (new Job(id, request, supply!, sku!, content, run), null);
    }

    private async Task RunAsync(Job job)
    {
        var tally = _running[job.Id];
        var failure = "fault";
        try
        {
            await _turn.WaitAsync(job.Cancel);
            try
            {
                // Off the caller's thread: reading and sealing keep a core busy for seconds.
                await Task.Run(() => new CardImport(database, vault, ids, clock)
                    .RunAsync(job.Id, job.Request, job.Supply, job.Sku, job.Content, tally, job.Cancel), job.Cancel);
            }
            finally
            {
                _turn.Release();
            }

            return;
        }
        catch (ImportFailedException fault)
        {
            failure = fault.Failure;
        }
        catch (UnreadableSheetException fault)
        {
            failure = fault.Failure;
        }
        catch (OperationCanceledException)
        {
            failure = "stopped";
        }
        catch (Exception fault)
        {
            log.LogError(fault, "Import {Id} failed", job.Id);
        }
        finally
        {
            _running.TryRemove(job.Id, out _);
        }

        // Nothing but this mark was written; if it cannot be written either, the sweep does it.
        await database.WriteAsync(s => ImportStore.FailAsync(s, job.Id, tally, failure, clock.Now()));
    }

    private void StartLoops()
    {
        lock (_gate)
        {
            if (_loops.Count > 0) return;
            _loops.Add(Task.Run(QueueAsync));
            _loops.Add(Task.Run(BeatAsync));
        }
    }

    private async Task QueueAsync()
    {
        // Not cancelled: after a stop each waiting job is still marked as such.
        await foreach (var job in _queue.Reader.ReadAllAsync())
        {
            try
            {
                await RunAsync(job);
            }
            catch (Exception fault)
            {
                log.LogError(fault, "Import {Id} could not be marked", job.Id);
            }
            finally
            {
                await job.Content.DisposeAsync();
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_beatEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var (id, tally) in _running) await BeatAsync(id, tally);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task BeatAsync(long id, ImportTally tally)
    {
        try
        {
            await database.WriteAsync(s => ImportStore.BeatAsync(s, id, tally, clock.Now()), _stop.Token);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogWarning(fault, "Import {Id} could not say that it is alive", id);
        }
    }

    private ImportJob WithProgress(ImportJob job) => job.State switch
    {
        ImportState.Done => job with { Percent = 100 },
        ImportState.Running when _running.TryGetValue(job.Id, out var tally) => job with
        {
            Rows = tally.Rows,
            Imported = tally.Imported,
            DuplicateInFile = tally.DuplicateInFile,
            DuplicateInStock = tally.DuplicateInStock,
            Malformed = tally.Malformed,
            Percent = tally.Percent,
        },
        _ => job,
    };

    private static async Task<MemoryStream?> BufferAsync(Stream content, CancellationToken cancel)
    {
        // Grown step by step, a large upload would stand in memory three times over.
        var buffer = new MemoryStream(content.CanSeek ? (int)Math.Min(content.Length, UploadMax) : 0);
        var chunk = new byte[81_920];
        int read;
        while ((read = await content.ReadAsync(chunk, cancel)) > 0)
        {
            if (buffer.Length + read > UploadMax) return null;
            buffer.Write(chunk, 0, read);
        }

        buffer.Position = 0;
        return buffer;
    }

    private static ImportStart.Refused Refused(string field, string failure) => new([new FieldError(
        field, failure.Split(':')[0], ImportFailures.Text(failure, isChinese: false), ImportFailures.Text(failure, isChinese: true))]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _queue.Writer.TryComplete();
        await Task.WhenAll(_loops);
        _stop.Dispose();
        _turn.Dispose();
    }
}
