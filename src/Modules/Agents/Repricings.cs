using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>A choice of goods and a rule for the prices of levels, or a file with them.</summary>
public sealed record Repricing : ChosenWork
{
    /// <summary>Null: a file has the prices.</summary>
    public required LevelRule? Rule { get; init; }
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

/// <summary>Sets the level prices of many goods by a rule or from a file: first a preview with a row per SKU and level, then all that it shows.</summary>
/// <remarks>
/// The operator's; steps, nodes that die and rows that moved are as in <see cref="Listings"/>.
/// Held by: tests/Integration/Agents/RepricingTests.cs, PriceFileTests.cs.
/// </remarks>
public sealed class Repricings(Database database, IdSource ids, PriceBooks books, Finder finder, PriceFiles files, TimeProvider clock)
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

    /// <summary>Begins the preview of the prices that a file has (XLSX or CSV): a column with the codes of SKUs, and one for each level that is to change.</summary>
    /// <param name="name">Of the file, as it is shown.</param>
    public async Task<AgentsDecision<long>> PreviewFileAsync(string name, byte[] content, string actor, CancellationToken cancel = default)
    {
        if (PriceFiles.Refusal(content) is { } refusal) return new AgentsDecision<long>.Refused([refusal]);
        var row = RepricingLine.Of(await ids.NextAsync(), new GoodsChoice(), null, PriceFiles.Shown(name), actor, clock.Now());
        return await database.WriteAsync(async s =>
        {
            var kept = await KeepAsync(s, row);
            if (kept is AgentsDecision<long>.Saved) await PriceFiles.KeepAsync(s, row.Id, content);
            return kept;
        }, cancel);
    }

    /// <summary>The same choice and rule, or the same file, with the goods, costs and prices of now.</summary>
    public async Task<AgentsDecision<long>> PreviewAgainAsync(long id, string actor, CancellationToken cancel = default)
    {
        if (await FindAsync(id, cancel) is not { } before) return new AgentsDecision<long>.Missing();
        if (before.Rule is { } rule) return await OpenAsync(before.Choice, rule, actor, cancel);
        var row = RepricingLine.Of(await ids.NextAsync(), before.Choice, null, before.File, actor, clock.Now());
        return await database.WriteAsync<AgentsDecision<long>>(async s =>
            await PriceFiles.CopyAsync(s, id, row.Id) ? await KeepAsync(s, row) : new AgentsDecision<long>.Missing(), cancel);
    }

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
        var row = RepricingLine.Of(await ids.NextAsync(), choice, rule, null, actor, clock.Now());
        return await database.WriteAsync<AgentsDecision<long>>(async s =>
        {
            var known = (await s.QueryAsync<long>("select rank from level")).ToHashSet();
            if (rule.Levels.Where(l => !known.Contains(l.Level)).Select(l => Refusals.Unknown($"percent_{l.Level}")).ToList() is { Count: > 0 } unknown)
                return new AgentsDecision<long>.Refused(unknown);
            return await KeepAsync(s, row);
        }, cancel);
    }

    private static async Task<AgentsDecision<long>> KeepAsync(Session s, RepricingLine row)
    {
        await RepricingStore.ForgetAsync(s, KeptMax - 1);
        await RepricingStore.InsertAsync(s, row);
        return new AgentsDecision<long>.Saved(row.Id);
    }

    private async Task PreviewAsync(RepricingLine row, CancellationToken cancel)
    {
        var (work, book) = (row.ToRepricing(), await books.RefreshAsync(cancel));
        PriceSheet? sheet = null;
        if (row.File is not null && (sheet = await ReadAsync(row, book, cancel)) is null) return;
        var chosen = sheet is null ? await Stepping.ChosenAsync(book, finder, book.Skus.Select(s => s.Id), row, cancel) : [.. sheet.Skus.Where(s => s.Value > row.AtSku)];
        await Stepping.PreviewAsync(database, books, RepricingStore.Table, row, chosen, async (s, now, step) =>
        {
            var levels = (await s.QueryAsync<long>("select rank from level")).ConvertAll(l => (int)l);
            var rows = step.SelectMany(sku => Warned(now, levels, sku, [.. sheet is null ? OfRule(work, work.Rule!, now, sku) : OfFile(sheet, now, sku)])).ToList();
            await RepricingStore.InsertRowsAsync(s, row.Id, rows);
            return (rows.Count(r => r.Outcome is BulkOutcome.Add or BulkOutcome.Change), rows.Count(r => r.Outcome == BulkOutcome.Cannot));
        }, cancel);
    }

    private async Task<PriceSheet?> ReadAsync(RepricingLine row, PriceBook book, CancellationToken cancel)
    {
        var levels = await database.ReadAsync(s => s.QueryAsync<LevelName>("select rank, name_zh, name_en from level"), cancel);
        return await files.ReadAsync(RepricingStore.Table, row, new PriceSheet(
            levels.ConvertAll(l => new PriceColumn((int)l.Rank, [l.NameZh.Trim().ToLowerInvariant(), l.NameEn.Trim().ToLowerInvariant()])),
            isRetail: false, code => book.SkuByCode(code)?.Id), cancel);
    }

    private static IEnumerable<RepricingRow> OfRule(Repricing work, LevelRule rule, PriceBook book, SkuId sku)
    {
        var cost = book.Cost(sku);
        foreach (var level in rule.Levels)
        {
            var was = book.LevelPrice(sku, level.Level);
            if (was is not null && work.Choice.KeepsOwn) continue;
            var (price, why) = rule.Propose(level, cost, was);
            // Where a level has no price, there is nothing to change among all goods; of a row that was marked one wants to know.
            if (why == LevelRefusal.NoPrice && work.Choice.Skus.Count == 0) continue;
            yield return Row(sku, level.Level, cost, was, price, why);
        }
    }

    private static IEnumerable<RepricingRow> OfFile(PriceSheet sheet, PriceBook book, SkuId sku) =>
        sheet.Of(sku).OrderBy(told => told.Level).Select(told => Row(sku, told.Level, book.Cost(sku), book.LevelPrice(sku, told.Level), told.Price, LevelRefusal.None));

    private static RepricingRow Row(SkuId sku, int level, Money? cost, Money? was, Money? price, LevelRefusal why) => new(
        sku, level, price is null ? BulkOutcome.Cannot : was is null ? BulkOutcome.Add : was == price ? BulkOutcome.Same : BulkOutcome.Change, cost, was, price, why, PriceWarnings.None);

    /// <summary>What somebody should look at, with the prices of all levels as they would stand then.</summary>
    private static IEnumerable<RepricingRow> Warned(PriceBook book, List<int> levels, SkuId sku, List<RepricingRow> rows)
    {
        var then = new List<(int Level, Money Price)>(levels.Count);
        foreach (var level in levels)
            if ((rows.Find(r => r.Level == level)?.Price ?? book.LevelPrice(sku, level)) is { } price) then.Add((level, price));
        return rows.Select(r => r.Price is { } price ? r with { Warnings = LevelRule.Look(r.Level, price, r.Cost, book.Sku(sku)!.Ceiling, then) } : r);
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

    /// <summary>Cost and price are those of the preview, so a rule gives what it showed.</summary>
    private static bool Stands(Repricing work, PriceBook book, RepricingRow row) =>
        book.Sku(row.Sku) is not null && book.Cost(row.Sku) == row.Cost && book.LevelPrice(row.Sku, row.Level) == row.Was
        && (work.Rule is not { } rule || rule.Propose(rule.Levels.First(l => l.Level == row.Level), row.Cost, row.Was).Price == row.Price);

    private sealed record LevelName
    {
        public long Rank { get; init; }
        public string NameZh { get; init; } = "";
        public string NameEn { get; init; } = "";
    }
}
