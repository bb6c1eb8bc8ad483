using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Inventory.Core;
using Lianka.Modules.Inventory.Store;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory.Import;

/// <summary>One import: reads the file, finds duplicates, seals, and writes cards, lot and result in one transaction.</summary>
/// <remarks>
/// Everything slow comes before the transaction, so that SQLite's only writer is held for the inserts alone. What the
/// look at the stock could not see yet (an import beside this one) meets the unique fingerprint; then the look is
/// repeated. A stop at any point leaves the job's row and nothing else (F36).
/// </remarks>
internal sealed class CardImport(Database database, CardVault vault, IdSource ids, TimeProvider clock)
{
    private const int AttemptsMax = 5;

    private readonly record struct Candidate(long RowNo, string Plain, UInt128 Fingerprint);

    /// <exception cref="ImportFailedException">Nothing was imported; the job is still to be marked.</exception>
    public async Task RunAsync(long job, ImportRequest request, Supply supply, Sku sku, Stream content, ImportTally tally, CancellationToken cancel)
    {
        var problems = new List<ImportProblem>();
        var candidates = Read(request, sku.ProductId, content, tally, problems, cancel);
        if (tally.Rows == 0) throw new ImportFailedException("empty_file");
        var lot = await ids.NextAsync<OfLot>();
        for (var attempt = 1; ; attempt++)
        {
            var repeated = new List<ImportProblem>();
            var cards = await SealNewAsync(candidates, lot, tally, repeated, cancel);
            try
            {
                await SaveAsync(job, request, supply, sku, lot, cards, [.. problems, .. repeated], tally, cancel);
                return;
            }
            catch (DbException fault) when (Database.IsDuplicate(fault))
            {
                if (attempt == AttemptsMax) throw new ImportFailedException("crowded");
            }
        }
    }

    private List<Candidate> Read(
        ImportRequest request, ProductId product, Stream content, ImportTally tally, List<ImportProblem> problems, CancellationToken cancel)
    {
        var candidates = new List<Candidate>();
        var firstRows = new Dictionary<UInt128, long>();
        var scope = CardText.Scope(product);
        using var bulk = vault.Bulk();
        var length = content.CanSeek ? content.Length : 0;
        foreach (var (rowNo, card) in CardFile.Read(content, request.Format, request.Encoding))
        {
            if (++tally.Rows > ImportRules.RowsMax) throw new ImportFailedException($"too_many_rows:{ImportRules.RowsMax}");
            if (tally.Rows % 1_024 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                if (length > 0) tally.Progress(content.Position, length, 0, 45);
            }

            if (card.Fault is { } fault)
            {
                tally.Malformed++;
                problems.Add(new ImportProblem { RowNo = rowNo, Status = "malformed", Detail = fault });
                continue;
            }

            var fingerprint = bulk.Fingerprint(CardText.Comparable(card.Number, card.Secret), scope);
            if (!firstRows.TryAdd(fingerprint, rowNo))
            {
                tally.DuplicateInFile++;
                problems.Add(new ImportProblem { RowNo = rowNo, Status = "duplicate_in_file", Detail = $"{firstRows[fingerprint]}" });
                continue;
            }

            candidates.Add(new Candidate(rowNo, CardText.Join(card.Number, card.Secret), fingerprint));
        }

        return candidates;
    }

    /// <summary>Numbers and seals the cards that no lot has yet; the numbers run from 1 without a hole.</summary>
    private async Task<List<SealedCard>> SealNewAsync(
        List<Candidate> candidates, LotId lot, ImportTally tally, List<ImportProblem> repeated, CancellationToken cancel)
    {
        var fingerprints = candidates.ConvertAll(c => c.Fingerprint);
        var known = await database.ReadAsync(
            s => ImportStore.KnownAsync(s, fingerprints, done => tally.Progress(done, candidates.Count, 45, 55), cancel), cancel);
        using var bulk = vault.Bulk();
        var cards = new List<SealedCard>(candidates.Count - known.Count);
        foreach (var candidate in candidates)
        {
            if (known.Contains(candidate.Fingerprint))
            {
                repeated.Add(new ImportProblem { RowNo = candidate.RowNo, Status = "duplicate_in_stock" });
                continue;
            }

            cards.Add(new SealedCard(candidate.Fingerprint, bulk.Seal(candidate.Plain, CardText.Context(lot, cards.Count + 1))));
            if (cards.Count % 1_024 != 0) continue;
            cancel.ThrowIfCancellationRequested();
            tally.Progress(cards.Count, candidates.Count, 55, 75);
        }

        tally.DuplicateInStock = repeated.Count;
        return cards;
    }

    private Task SaveAsync(
        long job, ImportRequest request, Supply supply, Sku sku, LotId lot, List<SealedCard> cards, List<ImportProblem> problems,
        ImportTally tally, CancellationToken cancel) => database.WriteAsync(async s =>
    {
        var at = clock.Now();
        // Imports of one product write one after the other, so that two with the same cards cannot wait for each other.
        if (s.Kind == DatabaseKind.Postgres)
            await s.ExecuteAsync("select pg_advisory_xact_lock(@Value)", new { sku.ProductId.Value });
        if (cards.Count > 0)
        {
            await ImportStore.InsertLotAsync(s, lot, request, sku.Id, supply.SupplierId, cards, at, done =>
            {
                tally.Imported = done;
                tally.Progress(done, cards.Count, 75, 99);
            }, cancel);
        }

        tally.Imported = cards.Count;
        await ImportStore.InsertProblemsAsync(s, job, problems, cancel);
        if (!await ImportStore.FinishAsync(s, job, cards.Count > 0 ? lot : null, tally, at))
            throw new ImportFailedException("interrupted");
        await LotStore.BumpAsync(s);
    }, cancel);
}
