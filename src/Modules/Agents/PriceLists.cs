using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>What gives prices: level lists, special prices, mark-ups, quantity tiers.</summary>
/// <remarks>Every change runs in its own transaction and raises the version 'prices'.</remarks>
public sealed class PriceLists(Database database, IdSource ids, PriceBooks books, TimeProvider clock)
{
    private static readonly TimeSpan _inversionsFresh = TimeSpan.FromMinutes(1);
    private InversionsSeen? _inversions;

    /// <summary>How many cells of the level list one call may set.</summary>
    public const int CellsMax = 5_000;

    /// <summary>How many steps the tiers of one SKU may have.</summary>
    public const int TiersMax = 10;

    /// <summary>A special price without an end holds until the year 9999.</summary>
    public static readonly DateTimeOffset Forever = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The level list of some SKUs (at most 500).</summary>
    public Task<List<LevelPrice>> LevelPricesAsync(IReadOnlyCollection<SkuId> skus, CancellationToken cancel = default) =>
        database.ReadAsync(async s => (await s.QueryAsync<LevelPriceRow>(
            "select sku_id, level, price from level_price where sku_id in @Skus order by sku_id, level",
            new { Skus = skus.Select(x => x.Value).ToArray() })).ConvertAll(r => new LevelPrice(r.SkuId, (int)r.Level, r.Price)), cancel);

    /// <summary>Sets many cells of the level list together: all, or none when one is refused.</summary>
    /// <returns>How many cells were set or taken out.</returns>
    public async Task<AgentsDecision<int>> SetLevelPricesAsync(IReadOnlyList<LevelPriceDraft> cells, CancellationToken cancel = default)
    {
        if (cells.Count > CellsMax) return new AgentsDecision<int>.Refused([Refusals.TooMany("prices", CellsMax)]);
        var check = new FieldCheck();
        var prices = new List<(LevelPrice Cell, bool IsOut)>(cells.Count);
        var seen = new HashSet<(SkuId, int)>();
        for (var i = 0; i < cells.Count; i++)
        {
            var isOut = cells[i].Price.Length == 0;
            var price = isOut ? Money.Zero : check.Price($"prices/{i}/price", cells[i].Price);
            if (!seen.Add((cells[i].Sku, cells[i].Level))) check.Add(Refusals.Repeated($"prices/{i}"));
            prices.Add((new(cells[i].Sku, cells[i].Level, price), isOut));
        }

        if (check.Errors.Count > 0) return new AgentsDecision<int>.Refused(check.Errors);
        return await database.WriteAsync<AgentsDecision<int>>(async s =>
        {
            var book = await books.LoadAsync(s);
            var levels = (await s.QueryAsync<long>("select rank from level")).ToHashSet();
            for (var i = 0; i < prices.Count; i++)
            {
                if (book.Sku(prices[i].Cell.Sku) is null) check.Add(Refusals.Unknown($"prices/{i}/sku"));
                if (!levels.Contains(prices[i].Cell.Level)) check.Add(Refusals.Unknown($"prices/{i}/level"));
            }

            if (check.Errors.Count > 0) return new AgentsDecision<int>.Refused(check.Errors);
            await s.ExecuteAsync("delete from level_price where sku_id = @Sku and level = @Level",
                prices.Where(p => p.IsOut).Select(p => new { p.Cell.Sku, p.Cell.Level }));
            await s.ExecuteAsync(
                """
                insert into level_price (sku_id, level, price) values (@Sku, @Level, @Price)
                on conflict (sku_id, level) do update set price = excluded.price
                """, prices.Where(p => !p.IsOut).Select(p => p.Cell));
            await s.RaisePricesAsync();
            return new AgentsDecision<int>.Saved(prices.Count);
        }, cancel);
    }

    /// <summary>Special prices that run or will run (at most 1,000), of one merchant or of all.</summary>
    public Task<List<SpecialPrice>> SpecialsAsync(MerchantId? merchant = null, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<SpecialRow>(
            """
            select id, merchant_id, sku_id, price, from_at, to_at from special_price
            where to_at > @Now and (@Merchant = 0 or merchant_id = @Merchant) order by id limit 1000
            """, new { Now = clock.Now(), Merchant = merchant?.Value ?? 0 })).ConvertAll(r => r.ToSpecial()), cancel);

    public async Task<AgentsDecision<SpecialPrice>> AddSpecialAsync(SpecialPriceDraft draft, CancellationToken cancel = default)
    {
        var now = clock.Now();
        var check = new FieldCheck();
        var special = new SpecialPrice(await ids.NextAsync(), draft.Merchant, draft.Sku, check.Price("price", draft.Price),
            draft.From?.Stored() ?? now, draft.To?.Stored() ?? Forever);
        if (special.To <= special.From || special.To <= now) check.Add(Refusals.EndsBeforeStart("to"));
        if (check.Errors.Count > 0) return new AgentsDecision<SpecialPrice>.Refused(check.Errors);
        return await database.WriteAsync<AgentsDecision<SpecialPrice>>(async s =>
        {
            var book = await books.LoadAsync(s);
            if (book.Sku(draft.Sku) is null) check.Add(Refusals.Unknown("sku"));
            if (book.Merchant(draft.Merchant) is null) check.Add(Refusals.Unknown("merchant"));
            if (check.Errors.Count > 0) return new AgentsDecision<SpecialPrice>.Refused(check.Errors);
            var written = await s.ExecuteAsync(
                """
                insert into special_price (id, merchant_id, sku_id, price, from_at, to_at)
                values (@Id, @Merchant, @Sku, @Price, @From, @To) on conflict (merchant_id, sku_id, from_at) do nothing
                """, special);
            await s.RaisePricesAsync();
            return written == 0
                ? new AgentsDecision<SpecialPrice>.Refused([Refusals.Taken("from")])
                : new AgentsDecision<SpecialPrice>.Saved(special);
        }, cancel);
    }

    /// <summary>Ends a special price now; one that has not begun is as if it had never been.</summary>
    public Task<AgentsDecision<SpecialPrice>> EndSpecialAsync(long id, CancellationToken cancel = default) =>
        database.WriteAsync<AgentsDecision<SpecialPrice>>(async s =>
        {
            var row = await s.FirstAsync<SpecialRow>(
                $"select id, merchant_id, sku_id, price, from_at, to_at from special_price where id = @id{s.ForUpdate}", new { id });
            if (row is null) return new AgentsDecision<SpecialPrice>.Missing();
            var now = clock.Now();
            var ended = row.ToSpecial();
            if (ended.To > now) ended = ended with { To = ended.From > now ? ended.From : now };
            await s.ExecuteAsync("update special_price set to_at = @To where id = @Id", new { ended.To, ended.Id });
            await s.RaisePricesAsync();
            return new AgentsDecision<SpecialPrice>.Saved(ended);
        }, cancel);

    /// <summary>The policies a merchant set for its own children.</summary>
    public Task<List<Markup>> MarkupsAsync(MerchantId parent, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<MarkupRow>(
            "select id, parent_id, child_id, sku_id, mode, value from markup where parent_id = @parent order by child_id, sku_id, id",
            new { parent })).ConvertAll(r => r.ToMarkup()), cancel);

    /// <summary>Sets the parent's policy for one of its own children; anybody else's child is as if it did not exist.</summary>
    public async Task<AgentsDecision<Markup>> SetMarkupAsync(MerchantId parent, MarkupDraft draft, CancellationToken cancel = default)
    {
        var check = new FieldCheck();
        var markup = new Markup(await ids.NextAsync(), parent, draft.Child, draft.Sku, draft.Mode == "fixed", check.MarkupValue(draft.Mode, draft.Value));
        if (check.Errors.Count > 0) return new AgentsDecision<Markup>.Refused(check.Errors);
        return await database.WriteAsync<AgentsDecision<Markup>>(async s =>
        {
            var book = await books.LoadAsync(s);
            // First, because a move of the child at the same moment must not leave it a policy of its former parent.
            await s.RaisePricesAsync();
            if (await s.ScalarAsync<long>(
                    "select count(*) from merchant where id = @Child and parent_id = @Parent", new { markup.Child, markup.Parent }) == 0)
                return new AgentsDecision<Markup>.Missing();
            if (draft.Sku is { } sku && book.Sku(sku) is null) return new AgentsDecision<Markup>.Refused([Refusals.Unknown("sku")]);
            await s.ExecuteAsync("delete from markup where child_id = @Child and coalesce(sku_id, 0) = @Sku",
                new { markup.Child, Sku = markup.Sku?.Value ?? 0 });
            await s.ExecuteAsync(
                "insert into markup (id, parent_id, child_id, sku_id, mode, value) values (@Id, @Parent, @Child, @Sku, @Mode, @Value)",
                new { markup.Id, markup.Parent, markup.Child, markup.Sku, draft.Mode, markup.Value });
            return new AgentsDecision<Markup>.Saved(markup);
        }, cancel);
    }

    /// <summary>Takes back a policy the merchant itself set: the child pays its next source of a price again.</summary>
    public Task<AgentsDecision<long>> RemoveMarkupAsync(MerchantId parent, long id, CancellationToken cancel = default) =>
        database.WriteAsync<AgentsDecision<long>>(async s =>
        {
            var gone = await s.ExecuteAsync("delete from markup where id = @id and parent_id = @parent", new { id, parent });
            if (gone == 0) return new AgentsDecision<long>.Missing();
            await s.RaisePricesAsync();
            return new AgentsDecision<long>.Saved(id);
        }, cancel);

    public Task<List<QuantityTier>> TiersAsync(IReadOnlyCollection<SkuId> skus, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<TierRow>(
            $"select id, sku_id, min_qty, off_bps from quantity_tier where {s.AnyOf("sku_id", "@Skus")} order by sku_id, min_qty", new { Skus = s.List(skus.Select(k => k.Value)) }))
            .ConvertAll(r => r.ToTier()), cancel);

    /// <summary>Puts these steps, smallest quantity first, in place of all that the SKU had.</summary>
    public async Task<AgentsDecision<IReadOnlyList<QuantityTier>>> SetTiersAsync(
        SkuId sku, IReadOnlyList<QuantityTierDraft> drafts, CancellationToken cancel = default)
    {
        if (drafts.Count > TiersMax) return new AgentsDecision<IReadOnlyList<QuantityTier>>.Refused([Refusals.TooMany("tiers", TiersMax)]);
        var check = new FieldCheck();
        var tiers = check.Tiers(sku, drafts);
        if (check.Errors.Count > 0) return new AgentsDecision<IReadOnlyList<QuantityTier>>.Refused(check.Errors);
        for (var i = 0; i < tiers.Count; i++) tiers[i] = tiers[i] with { Id = await ids.NextAsync() };
        return await database.WriteAsync<AgentsDecision<IReadOnlyList<QuantityTier>>>(async s =>
        {
            if ((await books.LoadAsync(s)).Sku(sku) is null) return new AgentsDecision<IReadOnlyList<QuantityTier>>.Missing();
            // First: two replacements at once would otherwise add up.
            await s.RaisePricesAsync();
            await s.ExecuteAsync("delete from quantity_tier where sku_id = @sku", new { sku });
            await s.ExecuteAsync(
                "insert into quantity_tier (id, sku_id, min_qty, off_bps) values (@Id, @Sku, @QuantityMin, @OffBps)", tiers);
            return new AgentsDecision<IReadOnlyList<QuantityTier>>.Saved(tiers);
        }, cancel);
    }

    /// <summary>Places where a price list is upside down now, for one unit (at most 200). The ancestor named earns nothing there.</summary>
    public async Task<IReadOnlyList<Inversion>> InversionsAsync(CancellationToken cancel = default)
    {
        var (book, now) = (await books.RefreshAsync(cancel), clock.Now());
        // All levels times all goods: looked at once for each change of prices, and again as prices agreed for a time begin and end.
        if (Volatile.Read(ref _inversions) is not { } have || have.Version != book.Version || now - have.At > _inversionsFresh || now < have.At)
            Volatile.Write(ref _inversions, have = new(book.Version, now, book.Inversions(now, 200)));
        return have.Found;
    }

    private sealed record InversionsSeen(long Version, DateTimeOffset At, IReadOnlyList<Inversion> Found);

    private sealed record LevelPriceRow
    {
        public SkuId SkuId { get; init; }
        public long Level { get; init; }
        public Money Price { get; init; }
    }
}
