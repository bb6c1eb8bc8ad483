using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory.Store;

internal sealed record StockCount
{
    public SkuId SkuId { get; init; }
    public SupplyId SupplyId { get; init; }
    public long Cards { get; init; }
}

/// <summary>Reading lots, and taking them off sale.</summary>
internal static class LotStore
{
    private const string OnSale = "l.state = 'active' and (l.expires_at is null or l.expires_at > @now)";

    public static async Task<List<StockCount>> CountAsync(
        Session s, IReadOnlyCollection<SkuId>? skus, SupplierId? supplier, DateTimeOffset now)
    {
        if (skus is null) return await CountAllAsync(s, supplier, now);
        var counts = new List<StockCount>();
        foreach (var some in skus.Select(k => k.Value).Distinct().Chunk(400))
            counts.AddRange(await CountAsync(s, "l.sku_id in @some", new { some, now }));
        return counts;
    }

    /// <param name="supplier">Null: of all suppliers.</param>
    public static Task<List<StockCount>> CountAllAsync(Session s, SupplierId? supplier, DateTimeOffset now) =>
        CountAsync(s, supplier is null ? "1 = 1" : "l.supplier_id = @supplier", new { supplier, now });

    private static Task<List<StockCount>> CountAsync(Session s, string whose, object args) => s.QueryAsync<StockCount>(
        $"""
        select sku_id, supply_id, cast(sum(cards) as bigint) as cards from (
            select l.sku_id, l.supply_id, l.total - l.next + 1 as cards from lot l
            where {whose} and l.open = 1 and {OnSale}
            union all
            select l.sku_id, l.supply_id, r.count from card_return r join lot l on l.id = r.lot_id
            where {whose} and {OnSale}
        ) there group by sku_id, supply_id
        """, args);

    public static async Task<LotPage> ListAsync(Session s, LotFilter filter)
    {
        var limit = Math.Clamp(filter.Limit, 1, 500);
        var where = "where l.id < @Before";
        if (filter.Supplier is not null) where += " and l.supplier_id = @Supplier";
        if (filter.Sku is not null) where += " and l.sku_id = @Sku";
        if (filter.Lots is not null) where += " and l.id in @Lots";
        var rows = await s.QueryAsync<Lot>(
            $"""
            select l.id, l.sku_id, l.supply_id, l.supplier_id, l.expires_at, l.total, l.state, l.created_at, l.note,
                   l.total - l.next + 1
                   + coalesce((select cast(sum(r.count) as bigint) from card_return r where r.lot_id = l.id), 0) as "left"
            from lot l {where} order by l.id desc limit @Take
            """, new { Before = filter.Before?.Value ?? long.MaxValue, filter.Supplier, filter.Sku, Take = limit + 1, Lots = filter.Lots?.Select(l => l.Value).ToArray() ?? [] });
        var isMore = rows.Count > limit;
        if (isMore) rows.RemoveAt(limit);
        return new LotPage(rows, isMore ? rows[^1].Id : null);
    }

    public static async Task<bool> SetStateAsync(Session s, LotId lot, LotState state, SupplierId? supplier)
    {
        var changed = await s.ExecuteAsync(
            $"update lot set state = @state where id = @lot{(supplier is null ? "" : " and supplier_id = @supplier")}",
            new { lot, state = state.ToString().ToLowerInvariant(), supplier });
        if (changed == 0) return false;
        await BumpAsync(s);
        return true;
    }

    /// <summary>Tells every node that what is on offer has changed. Last in a transaction: the row is everybody's.</summary>
    public static Task BumpAsync(Session s) => s.ExecuteAsync("update version set value = value + 1 where name = 'prices'");
}
