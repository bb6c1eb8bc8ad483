using Lianka.Kernel;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>A choice of goods and a rule for the prices of levels.</summary>
public sealed record Repricing : ChosenWork
{
    public required LevelRule Rule { get; init; }
}

/// <summary>The price of one SKU for one level in a <see cref="Repricing"/>.</summary>
/// <param name="Was">At the preview; null: none.</param>
/// <param name="Why">Why there is no price.</param>
public sealed record RepricingRow(
    SkuId Sku, int Level, BulkOutcome Outcome, Money? Cost, Money? Was, Money? Price, LevelRefusal Why, PriceWarnings Warnings)
{
    /// <summary>What stands above the cost; null where one of both is unknown.</summary>
    public Money? Margin => Price - Cost;
}

/// <summary>Which rows: of one outcome, or those that somebody should look at; both null or false: all.</summary>
public sealed record RepricingFilter(BulkOutcome? Outcome = null, bool IsWarned = false, (SkuId Sku, int Level)? After = null, int Limit = 100);

/// <summary>Sets the level prices of many goods by a rule: first a preview with a row per SKU and level, then all that it shows.</summary>
/// <remarks>
/// The operator's; steps, nodes that die and rows that moved are as in <see cref="Listings"/>.
/// Held by: tests/Integration/Agents/RepricingTests.cs.
/// </remarks>
public sealed class Repricings(Database database, IdSource ids, PriceBooks books, Finder finder, TimeProvider clock)
{
    /// <summary>How many there are; a further one takes the place of the oldest.</summary>
    public const int KeptMax = 10;

    /// <summary>Begins the preview.</summary>
    public async Task<AgentsDecision<long>> PreviewAsync(GoodsChoice choice, LevelRuleDraft draft, string actor, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var rule = LevelRule.Read(check, draft);
        choice = check.Check(choice, Listings.SkusMax);
        return check.Errors.Count > 0 ? new AgentsDecision<long>.Refused(check.Errors) : await OpenAsync(choice, rule, actor, cancel);
    }

    /// <summary>The same choice and rule with the costs and prices of now.</summary>
    public async Task<AgentsDecision<long>> PreviewAgainAsync(long id, string actor, CancellationToken cancel = default) =>
        await FindAsync(id, cancel) is { } before ? await OpenAsync(before.Choice, before.Rule, actor, cancel) : new AgentsDecision<long>.Missing();

    /// <summary>Begins to do what the preview shows. Pressed twice, it is done once.</summary>
    public Task<AgentsDecision<long>> ApplyAsync(long id, CancellationToken cancel = default) =>
        database.WriteAsync(s => Stepping.PressAsync(s, RepricingStore.Table, id, _ => true), cancel);

    public async Task<Repricing?> FindAsync(long id, CancellationToken cancel = default) =>
        (await database.ReadAsync(s => RepricingStore.FindAsync(s, id), cancel))?.ToRepricing();

    /// <summary>The newest first.</summary>
    public Task<List<Repricing>> ListAsync(CancellationToken cancel = default) =>
        database.ReadAsync(async s => (await RepricingStore.AllAsync(s)).ConvertAll(r => r.ToRepricing()), cancel);

    /// <summary>Rows in the order of SKU and level.</summary>
    public Task<List<RepricingRow>> RowsAsync(long id, RepricingFilter filter, CancellationToken cancel = default) =>
        database.ReadAsync(s => RepricingStore.RowsAsync(s, id, filter with { Limit = Math.Clamp(filter.Limit, 1, 1_000) }), cancel);

    /// <summary>Those that somebody has to go on with.</summary>
    public Task<List<long>> WaitingAsync(CancellationToken cancel = default) => database.ReadAsync(
        s => s.QueryAsync<long>("select id from repricing where state in ('previewing', 'applying') order by id limit 100"), cancel);

    /// <summary>Goes on until the present stage is over, or another node does it.</summary>
    public async Task AdvanceAsync(long id, CancellationToken cancel = default)
    {
        if (await database.ReadAsync(s => RepricingStore.FindAsync(s, id), cancel) is not { } row) return;
        if (row.State == BulkStage.Previewing) await PreviewAsync(row, cancel);
        else if (row.State == BulkStage.Applying) await ApplyAsync(row, cancel);
    }

    private async Task<AgentsDecision<long>> OpenAsync(GoodsChoice choice, LevelRule rule, string actor, CancellationToken cancel)
    {
        var row = RepricingLine.Of(await ids.NextAsync(), choice, rule, actor, clock.Now());
        return await database.WriteAsync<AgentsDecision<long>>(async s =>
        {
            var known = (await s.QueryAsync<long>("select rank from level")).ToHashSet();
            if (rule.Levels.Where(l => !known.Contains(l.Level)).Select(l => Core.Refusals.Unknown($"percent_{l.Level}")).ToList() is { Count: > 0 } unknown)
                return new AgentsDecision<long>.Refused(unknown);
            await RepricingStore.ForgetAsync(s, KeptMax - 1);
            await RepricingStore.InsertAsync(s, row);
            return new AgentsDecision<long>.Saved(row.Id);
        }, cancel);
    }

    private async Task PreviewAsync(RepricingLine row, CancellationToken cancel)
    {
        var (work, book) = (row.ToRepricing(), await books.RefreshAsync(cancel));
        var chosen = await Stepping.ChosenAsync(book, finder, book.Skus.Select(s => s.Id), row, cancel);
        await Stepping.PreviewAsync(database, books, RepricingStore.Table, row, chosen, async (s, now, step) =>
        {
            var levels = (await s.QueryAsync<long>("select rank from level")).ConvertAll(l => (int)l);
            var rows = step.SelectMany(sku => Preview(work, now, levels, sku)).ToList();
            await RepricingStore.InsertRowsAsync(s, row.Id, rows);
            return (rows.Count(r => r.Outcome is BulkOutcome.Add or BulkOutcome.Change), rows.Count(r => r.Outcome == BulkOutcome.Cannot));
        }, cancel);
    }

    private static IEnumerable<RepricingRow> Preview(Repricing work, PriceBook book, List<int> levels, SkuId sku)
    {
        var cost = book.Cost(sku);
        var rows = new List<RepricingRow>(work.Rule.Levels.Count);
        foreach (var level in work.Rule.Levels)
        {
            var was = book.LevelPrice(sku, level.Level);
            if (was is not null && work.Choice.KeepsOwn) continue;
            var (price, why) = work.Rule.Propose(level, cost, was);
            // Where a level has no price, there is nothing to change among all goods; of a row that was marked one wants to know.
            if (why == LevelRefusal.NoPrice && work.Choice.Skus.Count == 0) continue;
            var outcome = price is null ? BulkOutcome.Cannot : was is null ? BulkOutcome.Add : was == price ? BulkOutcome.Same : BulkOutcome.Change;
            rows.Add(new RepricingRow(sku, level.Level, outcome, cost, was, price, why, PriceWarnings.None));
        }

        var then = new List<(int Level, Money Price)>(levels.Count);
        foreach (var level in levels)
            if ((rows.Find(r => r.Level == level)?.Price ?? book.LevelPrice(sku, level)) is { } price) then.Add((level, price));
        return rows.Select(r => r.Price is { } price ? r with { Warnings = LevelRule.Look(r.Level, price, cost, book.Sku(sku)!.Ceiling, then) } : r);
    }

    private Task ApplyAsync(RepricingLine row, CancellationToken cancel)
    {
        var work = row.ToRepricing();
        return Stepping.ApplyAsync(database, books, RepricingStore.Table, row, async (s, book, after) =>
        {
            var rows = await RepricingStore.ToApplyAsync(s, row.Id, after, Stepping.StepRows);
            if (rows.Count == 0) return (null, 0, 0);
            var levels = (await s.QueryAsync<long>("select rank from level")).ToHashSet();
            var moved = rows.FindAll(r => !Stands(work, book, r) || !levels.Contains(r.Level));
            await RepricingStore.WriteAsync(s, rows.Except(moved).ToLookup(r => r.Level));
            await RepricingStore.MarkMovedAsync(s, row.Id, moved);
            return (rows[^1].Sku, rows.Count, moved.Count);
        }, cancel);
    }

    /// <summary>Cost and price are those of the preview, so the rule gives what it showed.</summary>
    private static bool Stands(Repricing work, PriceBook book, RepricingRow row) =>
        book.Sku(row.Sku) is not null && book.Cost(row.Sku) == row.Cost && book.LevelPrice(row.Sku, row.Level) == row.Was
        && work.Rule.Propose(work.Rule.Levels.First(l => l.Level == row.Level), row.Cost, row.Was).Price == row.Price;
}
