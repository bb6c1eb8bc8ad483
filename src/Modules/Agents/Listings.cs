using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>Lists, prices and takes off many goods of a merchant at once: first a preview with a result for each SKU, then all that it shows.</summary>
/// <remarks>
/// Both stages go on step by step, each step one transaction that also says how far it came: whoever calls <see cref="AdvanceAsync"/> next, on
/// whatever node, goes on from there. What is done is what was shown: a SKU whose price moved since is left alone and says so.
/// Held by: tests/Integration/Agents/ListingTests.cs, PriceFileTests.cs.
/// </remarks>
public sealed class Listings(Database database, IdSource ids, PriceBooks books, Finder finder, PriceFiles files, TimeProvider clock)
{
    /// <summary>How many a merchant has; a further one takes the place of the oldest.</summary>
    public const int KeptMax = 5;

    /// <summary>How many rows can be marked.</summary>
    public const int SkusMax = 1_000;

    /// <summary>Begins the preview of a listing.</summary>
    public async Task<AgentsDecision<long>> PreviewAsync(
        MerchantId merchant, GoodsChoice choice, RetailRuleDraft rule, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var read = RetailRule.Read(check, rule);
        return await OpenAsync(merchant, choice, read, takesOff: false, actor, check, cancel);
    }

    /// <summary>Begins the preview of taking goods off the shelf.</summary>
    public Task<AgentsDecision<long>> PreviewTakingOffAsync(MerchantId merchant, GoodsChoice choice, string actor, CancellationToken cancel = default) =>
        OpenAsync(merchant, choice, null, takesOff: true, actor, new FieldCheck(), cancel);

    /// <summary>Begins the preview of the retail prices that a file has (XLSX or CSV): a column with the codes of SKUs, and one with prices or the word that takes off.</summary>
    /// <param name="name">Of the file, as it is shown.</param>
    public async Task<AgentsDecision<long>> PreviewFileAsync(MerchantId merchant, string name, byte[] content, string actor, CancellationToken cancel = default)
    {
        if (PriceFiles.Refusal(content) is { } refusal) return new AgentsDecision<long>.Refused([refusal]);
        var row = ListingLine.Of(await ids.NextAsync(), merchant, new GoodsChoice(), null, takesOff: false, PriceFiles.Shown(name), actor, clock.Now());
        return await database.WriteAsync(async s =>
        {
            var kept = await KeepAsync(s, row);
            if (kept is AgentsDecision<long>.Saved) await PriceFiles.KeepAsync(s, row.Id, content);
            return kept;
        }, cancel);
    }

    /// <summary>The same choice and rule, or the same file, with the prices of now: after a change of the own price it shows what follows from it.</summary>
    public async Task<AgentsDecision<long>> PreviewAgainAsync(MerchantId merchant, long id, string actor, CancellationToken cancel = default)
    {
        if (await FindAsync(merchant, id, cancel) is not { } before) return new AgentsDecision<long>.Missing();
        if (before.File is null) return await OpenAsync(merchant, before.Choice, before.Rule, before.TakesOff, actor, new FieldCheck(), cancel);
        var row = ListingLine.Of(await ids.NextAsync(), merchant, before.Choice, null, takesOff: false, before.File, actor, clock.Now());
        // Copied first: among the oldest that go for the new one may be this one.
        return await database.WriteAsync<AgentsDecision<long>>(async s =>
            await PriceFiles.CopyAsync(s, id, row.Id) ? await KeepAsync(s, row) : new AgentsDecision<long>.Missing(), cancel);
    }

    /// <summary>Begins to do what the preview shows. Pressed twice, it is done once.</summary>
    public Task<AgentsDecision<long>> ApplyAsync(MerchantId merchant, long id, CancellationToken cancel = default) =>
        database.WriteAsync(s => Stepping.PressAsync(s, ListingStore.Table, id, r => r.MerchantId == merchant), cancel);

    public async Task<Listing?> FindAsync(MerchantId merchant, long id, CancellationToken cancel = default) =>
        await database.ReadAsync(s => ListingStore.FindAsync(s, id), cancel) is { } row && row.MerchantId == merchant ? row.ToListing() : null;

    /// <summary>The newest first.</summary>
    public Task<List<Listing>> ListAsync(MerchantId merchant, CancellationToken cancel = default) =>
        database.ReadAsync(async s => (await ListingStore.OfAsync(s, merchant)).ConvertAll(r => r.ToListing()), cancel);

    /// <summary>Rows in the order of their ids. The caller has found the listing with its tenant.</summary>
    public Task<List<ListingRow>> RowsAsync(long id, BulkOutcome? outcome, SkuId? after, int limit = 100, CancellationToken cancel = default) =>
        database.ReadAsync(s => ListingStore.RowsAsync(s, id, outcome, after, Math.Clamp(limit, 1, 1_000)), cancel);

    /// <summary>Listings that somebody has to go on with.</summary>
    public Task<List<long>> WaitingAsync(CancellationToken cancel = default) => database.ReadAsync(
        s => s.QueryAsync<long>("select id from listing where state in ('previewing', 'applying') order by id limit 100"), cancel);

    /// <summary>Goes on until the present stage is over, or another node does it.</summary>
    public async Task AdvanceAsync(long id, Func<Money, Money> expectedFee, CancellationToken cancel = default)
    {
        if (await database.ReadAsync(s => ListingStore.FindAsync(s, id), cancel) is not { } row) return;
        if (row.State == BulkStage.Previewing) await PreviewAsync(row, expectedFee, cancel);
        else if (row.State == BulkStage.Applying) await ApplyAsync(row, expectedFee, cancel);
    }

    private async Task<AgentsDecision<long>> OpenAsync(
        MerchantId merchant, GoodsChoice choice, RetailRule? rule, bool takesOff, string actor, FieldCheck check, CancellationToken cancel)
    {
        choice = check.Check(choice, SkusMax);
        if (check.Errors.Count > 0) return new AgentsDecision<long>.Refused(check.Errors);
        var row = ListingLine.Of(await ids.NextAsync(), merchant, choice, rule, takesOff, null, actor, clock.Now());
        return await database.WriteAsync(s => KeepAsync(s, row), cancel);
    }

    private async Task<AgentsDecision<long>> KeepAsync(Session s, ListingLine row)
    {
        if ((await books.LoadAsync(s)).Merchant(row.MerchantId) is null) return new AgentsDecision<long>.Missing();
        await ListingStore.ForgetAsync(s, row.MerchantId, KeptMax - 1);
        await ListingStore.InsertAsync(s, row);
        return new AgentsDecision<long>.Saved(row.Id);
    }

    private async Task PreviewAsync(ListingLine row, Func<Money, Money> expectedFee, CancellationToken cancel)
    {
        var (listing, book) = (row.ToListing(), await books.RefreshAsync(cancel));
        PriceSheet? sheet = null;
        if (row.File is not null && (sheet = await ReadAsync(row, book, cancel)) is null) return;
        var among = listing.TakesOff ? book.Shelf(listing.Merchant).Keys : book.Skus.Select(s => s.Id);
        var chosen = sheet is null ? await Stepping.ChosenAsync(book, finder, among, row, cancel) : [.. sheet.Skus.Where(s => s.Value > row.AtSku)];
        await Stepping.PreviewAsync(database, books, ListingStore.Table, row, chosen, async (s, now, step) =>
        {
            var at = clock.Now();
            var rows = step.Select(sku => sheet is null ? Preview(listing, now, sku, expectedFee, at) : OfFile(listing.Merchant, now, sku, sheet.Of(sku).First().Price, expectedFee, at))
                .OfType<ListingRow>().ToList();
            await ListingStore.InsertRowsAsync(s, row.Id, rows);
            return (rows.Count(r => r.Outcome is BulkOutcome.Add or BulkOutcome.Change or BulkOutcome.Off), rows.Count(r => r.Outcome == BulkOutcome.Cannot));
        }, cancel);
    }

    private Task<PriceSheet?> ReadAsync(ListingLine row, PriceBook book, CancellationToken cancel)
    {
        var now = clock.Now();
        return files.ReadAsync(ListingStore.Table, row, new PriceSheet([new PriceColumn(0, ["零售价", "retail price", "retail_price", "retail"])], isRetail: true, code =>
        {
            // What is not offered to it is not there for the merchant: its name would come with the preview.
            if (book.SkuByCode(code)?.Id is not { } sku) return null;
            return book.Terms(row.MerchantId, sku, 1, now) is not null || book.Retail(row.MerchantId, sku) is not null ? sku : null;
        }), cancel);
    }

    /// <param name="told">Null: it is to be taken off.</param>
    private static ListingRow OfFile(MerchantId merchant, PriceBook book, SkuId id, Money? told, Func<Money, Money> expectedFee, DateTimeOffset now)
    {
        var was = book.Retail(merchant, id);
        if (told is not { } retail) return new ListingRow(id, was is null ? BulkOutcome.Same : BulkOutcome.Off, null, was, null, null, null, ListingNote.None);
        if (book.Terms(merchant, id, 1, now) is not { } terms) return new ListingRow(id, BulkOutcome.Cannot, null, was, null, null, null, ListingNote.NotOffered);
        var sku = book.Sku(id)!;
        if (RetailRules.Check(retail, terms.Unit, expectedFee(retail), sku.Floor, sku.Ceiling) is { } why)
        {
            // What somebody wrote into a file is not corrected: it is told.
            var lowest = RetailRules.Lowest(terms.Unit, expectedFee, sku.Floor, sku.Ceiling);
            var note = lowest is null ? ListingNote.NoPrice : why switch { RetailRefusal.BelowFloor => ListingNote.BelowFloor, RetailRefusal.AboveCeiling => ListingNote.AboveCeiling, _ => ListingNote.BelowCost };
            return new ListingRow(id, BulkOutcome.Cannot, terms.Unit, was, null, null, lowest, note);
        }

        var outcome = was is null ? BulkOutcome.Add : was == retail ? BulkOutcome.Same : BulkOutcome.Change;
        return new ListingRow(id, outcome, terms.Unit, was, retail, expectedFee(retail), null, ListingNote.None);
    }

    /// <returns>Null when it has no place in this listing at all.</returns>
    private static ListingRow? Preview(Listing listing, PriceBook book, SkuId id, Func<Money, Money> expectedFee, DateTimeOffset now)
    {
        var was = book.Retail(listing.Merchant, id);
        if (listing.TakesOff) return was is null ? null : new ListingRow(id, BulkOutcome.Off, null, was, null, null, null, ListingNote.None);
        if (was is not null && listing.Choice.KeepsOwn) return null;
        var sku = book.Sku(id)!;
        if (book.Terms(listing.Merchant, id, 1, now) is not { } terms)
        {
            // Among all goods it is not the merchant's business; of a row that was marked it wants to know.
            return listing.Choice.Skus.Count == 0 ? null : new ListingRow(id, BulkOutcome.Cannot, null, was, null, null, null, ListingNote.NotOffered);
        }

        var proposal = listing.Rule!.Propose(terms.Unit, expectedFee, sku.Floor, sku.Ceiling);
        if (proposal.Retail is not { } retail)
        {
            var lowest = RetailRules.Lowest(terms.Unit, expectedFee, sku.Floor, sku.Ceiling);
            return new ListingRow(id, BulkOutcome.Cannot, terms.Unit, was, null, null, lowest, lowest is null ? ListingNote.NoPrice : ListingNote.BelowCost);
        }

        var note = proposal.Correction switch
        {
            RetailCorrection.Floor => ListingNote.Floor, RetailCorrection.Ceiling => ListingNote.Ceiling, _ => ListingNote.None,
        };
        var outcome = was is null ? BulkOutcome.Add : was == retail ? BulkOutcome.Same : BulkOutcome.Change;
        return new ListingRow(id, outcome, terms.Unit, was, retail, expectedFee(retail), null, note);
    }

    private Task ApplyAsync(ListingLine row, Func<Money, Money> expectedFee, CancellationToken cancel)
    {
        var listing = row.ToListing();
        return Stepping.ApplyAsync(database, books, ListingStore.Table, row, async (s, book, after) =>
        {
            var rows = await ListingStore.ToApplyAsync(s, row.Id, after, Stepping.StepRows);
            if (rows.Count == 0) return (null, 0, 0);
            var at = clock.Now();
            var moved = rows.Where(r => !Stands(listing, book, r, expectedFee, at)).Select(r => r.Sku).ToHashSet();
            var apply = rows.FindAll(r => !moved.Contains(r.Sku));
            await ShelfRows.WriteAsync(s, listing.Merchant, [.. apply.Where(r => r.Retail is not null).Select(r => (r.Sku, r.Retail!.Value))]);
            await ShelfRows.TakeOffAsync(s, listing.Merchant, [.. apply.Where(r => r.Outcome == BulkOutcome.Off).Select(r => r.Sku)]);
            await ListingStore.MarkMovedAsync(s, row.Id, moved);
            return (rows[^1].Sku, rows.Count, moved.Count);
        }, cancel);
    }

    /// <summary>The price is still the one it was, and the rule gives now what the preview showed, or the price of the file may still be asked.</summary>
    private static bool Stands(Listing listing, PriceBook book, ListingRow row, Func<Money, Money> expectedFee, DateTimeOffset now) =>
        row.Outcome == BulkOutcome.Off
        || (book.Retail(listing.Merchant, row.Sku) == row.Was && book.Sku(row.Sku) is { } sku && book.Terms(listing.Merchant, row.Sku, 1, now) is { } terms && terms.Unit == row.Unit && row.Retail is { } retail
            && (listing.Rule is { } rule
                ? rule.Propose(terms.Unit, expectedFee, sku.Floor, sku.Ceiling).Retail == retail
                : RetailRules.Check(retail, terms.Unit, expectedFee(retail), sku.Floor, sku.Ceiling) is null));
}
