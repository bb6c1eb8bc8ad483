using System.Data.Common;
using System.Text;
using System.Threading.Channels;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory.Core;
using Lianka.Modules.Inventory.Store;
using Lianka.Platform.Data;
using Lianka.Platform.Sheets;
using Lianka.Vault;

namespace Lianka.Modules.Inventory.Import;

/// <summary>One import: reads the file, finds duplicates, seals, and writes cards, lot and result in one transaction.</summary>
/// <remarks>
/// Everything slow comes before the transaction, so that SQLite's only writer is held for the inserts alone; what is
/// sealed waits in a <see cref="SealedSpool"/>. One thread reads rows and takes their fingerprints, another looks them up
/// and seals them. What the look at the stock could not see yet (an import beside this one) meets the unique fingerprint;
/// then all is done again. A stop at any point leaves the job's row and nothing else (F36).
/// </remarks>
internal sealed class CardImport(Database database, CardVault vault, IdSource ids, TimeProvider clock)
{
    private const int AttemptsMax = 5;

    /// <summary>Rows that go through the stages together, and how many such parts may wait between them.</summary>
    private const int PartRows = 4_096, PartsWaiting = 4;

    /// <summary>Bytes of a file that a card is likely to take; only so that the table of a large file need not grow.</summary>
    private const int CardSize = 32;

    private readonly record struct Taken(CardFile.Row Row, UInt128 Fingerprint);

    private sealed record Results(List<RowRange> Rows, List<ImportProblem> Problems, List<CardTails.Row> Tails);

    /// <param name="content">Can be read again from its beginning.</param>
    /// <exception cref="ImportFailedException">Nothing was imported; the job is still to be marked. Likewise <see cref="UnreadableSheetException"/>.</exception>
    public async Task RunAsync(long job, ImportRequest request, Supply supply, Sku sku, Stream content, ImportTally tally, CancellationToken cancel)
    {
        var lot = await ids.NextAsync<OfLot>();
        for (var attempt = 1; ; attempt++)
        {
            content.Position = 0;
            tally.Restart();
            using var spool = new SealedSpool();
            var results = await ReadAsync(request, sku.ProductId, lot, content, spool, tally, cancel);
            if (tally.Rows == 0) throw new ImportFailedException("empty_file");
            try
            {
                await SaveAsync(job, request, supply, sku, lot, spool, results, tally, cancel);
                return;
            }
            catch (DbException fault) when (Database.IsDuplicate(fault))
            {
                if (attempt == AttemptsMax) throw new ImportFailedException("crowded");
            }
        }
    }

    private async Task<Results> ReadAsync(
        ImportRequest request, ProductId product, LotId lot, Stream content, SealedSpool spool, ImportTally tally, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var parts = Channel.CreateBounded<List<Taken>>(new BoundedChannelOptions(PartsWaiting) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => TakeAsync(request, product, content, parts.Writer, tally, stop.Token), CancellationToken.None);
        try
        {
            return await SealAsync(parts.Reader, (int)Math.Min(content.Length / CardSize, ImportRules.RowsMax), lot, spool, tally, cancel);
        }
        finally
        {
            // The stream is the caller's again: nobody may still read from it.
            await stop.CancelAsync();
            await reading;
        }
    }

    /// <summary>Reads the rows in parts, each with its fingerprint. What goes wrong comes out of the channel.</summary>
    private async Task TakeAsync(
        ImportRequest request, ProductId product, Stream content, ChannelWriter<List<Taken>> parts, ImportTally tally, CancellationToken cancel)
    {
        try
        {
            var scope = CardText.Scope(product);
            using var bulk = vault.Bulk();
            var part = new List<Taken>(PartRows);
            foreach (var row in CardFile.Read(content, request))
            {
                if (++tally.Rows > ImportRules.RowsMax) throw new ImportFailedException($"too_many_rows:{ImportRules.RowsMax}");
                var card = row.Card;
                part.Add(new Taken(row, card.Fault is null ? bulk.Fingerprint(CardText.Comparable(card.Number, card.Secret), scope) : default));
                if (part.Count < PartRows) continue;
                await parts.WriteAsync(part, cancel);
                tally.Progress(content.Position, content.Length, 0, 75);
                part = new List<Taken>(PartRows);
            }

            await parts.WriteAsync(part, cancel);
            parts.Complete();
        }
        catch (Exception fault)
        {
            parts.Complete(fault);
        }
    }

    /// <summary>Seals the cards that no row before and no lot has yet; their numbers run from 1 without a hole.</summary>
    private async Task<Results> SealAsync(
        ChannelReader<List<Taken>> parts, int rowsLikely, LotId lot, SealedSpool spool, ImportTally tally, CancellationToken cancel)
    {
        var rows = new List<RowRange>();
        var problems = new List<ImportProblem>();
        var firstRows = new Dictionary<UInt128, long>(rowsLikely);
        // Number and secret. Room that is never written takes no memory; growing would take it twice.
        var tails = new List<CardTails.Row>(2 * rowsLikely);
        using var bulk = vault.Bulk();
        var plain = new byte[1_024];
        await foreach (var part in parts.ReadAllAsync(cancel))
        {
            var fresh = new List<Taken>(part.Count);
            foreach (var taken in part)
            {
                var (rowNo, card) = taken.Row;
                Extend(rows, rowNo);
                if (card.Fault is { } fault)
                {
                    tally.Malformed++;
                    problems.Add(new ImportProblem { RowNo = rowNo, Status = "malformed", Detail = fault });
                }
                else if (!firstRows.TryAdd(taken.Fingerprint, rowNo))
                {
                    tally.DuplicateInFile++;
                    problems.Add(new ImportProblem { RowNo = rowNo, Status = "duplicate_in_file", Detail = $"{firstRows[taken.Fingerprint]}" });
                }
                else
                {
                    fresh.Add(taken);
                }
            }

            var known = await database.ReadAsync(s => ImportStore.KnownAsync(s, fresh.ConvertAll(c => c.Fingerprint), cancel), cancel);
            foreach (var (row, fingerprint) in fresh)
            {
                if (known.Contains(fingerprint))
                {
                    tally.DuplicateInStock++;
                    problems.Add(new ImportProblem { RowNo = row.RowNo, Status = "duplicate_in_stock" });
                    continue;
                }

                var text = CardText.Join(row.Card.Number, row.Card.Secret, row.Card.IsBarcode);
                if (plain.Length < text.Length * 3) plain = new byte[text.Length * 3];
                spool.Add(bulk, lot, fingerprint, plain.AsSpan(0, Encoding.UTF8.GetBytes(text, plain)));
                CardTails.Add(tails, bulk, spool.Count, row.Card.Number, row.Card.Secret);
            }
        }

        return new Results(rows, problems, tails);
    }

    private static void Extend(List<RowRange> rows, long rowNo)
    {
        if (rows.Count > 0 && rows[^1] is var last && last.FromRow + last.Count == rowNo) rows[^1] = last with { Count = last.Count + 1 };
        else rows.Add(new RowRange { FromRow = rowNo, Count = 1 });
    }

    private Task SaveAsync(
        long job, ImportRequest request, Supply supply, Sku sku, LotId lot, SealedSpool spool, Results results,
        ImportTally tally, CancellationToken cancel) => database.WriteAsync(async s =>
    {
        var at = clock.Now();
        // Imports of one product write one after the other, so that two with the same cards cannot wait for each other.
        if (s.Kind == DatabaseKind.Postgres)
            await s.ExecuteAsync("select pg_advisory_xact_lock(@Value)", new { sku.ProductId.Value });
        if (spool.Count > 0)
        {
            await ImportStore.InsertLotAsync(s, lot, request, sku.Id, supply.SupplierId, spool.Read(), spool.Count, at, done =>
            {
                tally.Imported = done;
                tally.Progress(done, spool.Count, 75, 99);
            }, cancel);
            await CardTails.InsertAsync(s, lot, results.Tails);
        }

        tally.Imported = spool.Count;
        await ImportStore.InsertResultsAsync(s, job, results.Rows, results.Problems);
        if (!await ImportStore.FinishAsync(s, job, spool.Count > 0 ? lot : null, tally, at))
            throw new ImportFailedException("interrupted");
        await LotStore.BumpAsync(s);
    }, cancel);
}
