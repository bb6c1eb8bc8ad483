using Lianka.Kernel;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>Lists, prices and takes off many goods of a merchant at once: first a preview with a result for each SKU, then all that it shows.</summary>
/// <remarks>
/// Both stages go on step by step, each step one transaction that also says how far it came: whoever calls <see cref="AdvanceAsync"/> next, on
/// whatever node, goes on from there. What is done is what was shown: a SKU whose price moved since is left alone and says so.
/// Held by: tests/Integration/Agents/ListingTests.cs.
/// </remarks>
public sealed class Listings(Database database, IdSource ids, PriceBooks books, Finder finder, TimeProvider clock)
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
        OpenAsync(merchant, choice, new RetailRule(0), takesOff: true, actor, new FieldCheck(), cancel);

    /// <summary>The same choice and rule with the prices of now: after a change of the own price it shows what follows from it.</summary>
    public async Task<AgentsDecision<long>> PreviewAgainAsync(MerchantId merchant, long id, string actor, CancellationToken cancel = default) =>
        await FindAsync(merchant, id, cancel) is { } before
            ? await OpenAsync(merchant, before.Choice, before.Rule, before.TakesOff, actor, new FieldCheck(), cancel)
            : new AgentsDecision<long>.Missing();

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
        MerchantId merchant, GoodsChoice choice, RetailRule rule, bool takesOff, string actor, FieldCheck check, CancellationToken cancel)
    {
        choice = check.Check(choice, SkusMax);
        if (check.Errors.Count > 0) return new AgentsDecision<long>.Refused(check.Errors);
        var row = ListingLine.Of(await ids.NextAsync(), merchant, choice, rule, takesOff, actor, clock.Now());
        return await database.WriteAsync<AgentsDecision<long>>(async s =>
        {
            if ((await books.LoadAsync(s)).Merchant(merchant) is null) return new AgentsDecision<long>.Missing();
            await ListingStore.ForgetAsync(s, merchant, KeptMax - 1);
            await ListingStore.InsertAsync(s, row);
            return new AgentsDecision<long>.Saved(row.Id);
        }, cancel);
    }

    private async Task PreviewAsync(ListingLine row, Func<Money, Money> expectedFee, CancellationToken cancel)
    {
        var (listing, book) = (row.ToListing(), await books.RefreshAsync(cancel));
        var among = listing.TakesOff ? book.Shelf(listing.Merchant).Keys : book.Skus.Select(s => s.Id);
        await Stepping.PreviewAsync(database, books, ListingStore.Table, row, await Stepping.ChosenAsync(book, finder, among, row, cancel), async (s, now, step) =>
        {
            var at = clock.Now();
            var rows = step.Select(sku => Preview(listing, now, sku, expectedFee, at)).OfType<ListingRow>().ToList();
            await ListingStore.InsertRowsAsync(s, row.Id, rows);
            return (rows.Count(r => r.Outcome is BulkOutcome.Add or BulkOutcome.Change or BulkOutcome.Off), rows.Count(r => r.Outcome == BulkOutcome.Cannot));
        }, cancel);
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

        var proposal = listing.Rule.Propose(terms.Unit, expectedFee, sku.Floor, sku.Ceiling);
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

    /// <summary>The rule gives now what the preview showed.</summary>
    private static bool Stands(Listing listing, PriceBook book, ListingRow row, Func<Money, Money> expectedFee, DateTimeOffset now) =>
        row.Outcome == BulkOutcome.Off
        || (book.Sku(row.Sku) is { } sku && book.Terms(listing.Merchant, row.Sku, 1, now) is { } terms && terms.Unit == row.Unit
            && listing.Rule.Propose(terms.Unit, expectedFee, sku.Floor, sku.Ceiling).Retail == row.Retail);
}
