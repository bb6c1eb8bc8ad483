using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory.Store;

/// <summary>Cards of a supply drawn so far, less those that came back.</summary>
internal sealed record DrawnCount
{
    public SupplyId SupplyId { get; init; }
    public SkuId SkuId { get; init; }
    public SupplierId SupplierId { get; init; }
    public long Drawn { get; init; }
}

internal sealed record MeterRow
{
    public SupplyId SupplyId { get; init; }
    public long Drawn { get; init; }
    public DateTimeOffset Since { get; init; }
}

internal sealed record UseRow
{
    public SupplyId SupplyId { get; init; }
    public long Day { get; init; }
    public long Units { get; init; }
}

internal sealed record LimitRow
{
    public SupplierId SupplierId { get; init; }

    /// <summary>0: for all supplies without a row of their own.</summary>
    public long SupplyId { get; init; }
    public long Days { get; init; }
    public long Units { get; init; }
}

/// <summary>The SQL of the watch over the stock. It reads lots, never orders: what was sold is where their cursors stand.</summary>
internal static class WatchStore
{
    /// <returns>False: a node looked a moment ago, or is looking now.</returns>
    public static async Task<bool> BeginAsync(Session s, DateTimeOffset before, DateTimeOffset at) =>
        await s.ExecuteAsync("update stock_watch set at = @at where one = 1 and at <= @before", new { before, at }) == 1;

    /// <param name="skus">Null: all.</param>
    public static Task<List<DrawnCount>> DrawnAsync(Session s, SupplierId? supplier, IReadOnlyCollection<SkuId>? skus)
    {
        var whose = $"where {(supplier is null ? "1 = 1" : "l.supplier_id = @supplier")} and {(skus is null ? "1 = 1" : s.AnyOf("l.sku_id", "@Skus"))}";
        return s.QueryAsync<DrawnCount>(
            $"""
            select supply_id, sku_id, supplier_id, cast(sum(cards) as bigint) as drawn from (
                select l.supply_id, l.sku_id, l.supplier_id, l.next - 1 as cards from lot l {whose}
                union all
                select l.supply_id, l.sku_id, l.supplier_id, -r.count from card_return r join lot l on l.id = r.lot_id {whose}
            ) there group by supply_id, sku_id, supplier_id
            """, new { supplier, Skus = s.List((skus ?? []).Select(k => k.Value)) });
    }

    public static Task<List<MeterRow>> MetersAsync(Session s, List<long> supplies) => s.QueryAsync<MeterRow>(
        $"select supply_id, drawn, since from stock_meter where {s.AnyOf("supply_id", "@Supplies")}", new { Supplies = s.List(supplies) });

    public static Task<List<UseRow>> UsesAsync(Session s, List<long> supplies, long fromDay) => s.QueryAsync<UseRow>(
        $"select supply_id, day, units from stock_use where {s.AnyOf("supply_id", "@Supplies")} and day >= @fromDay",
        new { Supplies = s.List(supplies), fromDay });

    /// <param name="supplies">Null: all.</param>
    public static Task<List<LimitRow>> LimitsAsync(Session s, SupplierId? supplier, IEnumerable<long>? supplies) => s.QueryAsync<LimitRow>(
        $"""
        select supplier_id, supply_id, days, units from stock_limit
        where {(supplies is null ? "1 = 1" : s.AnyOf("supply_id", "@Supplies"))}{And(supplier)} order by supplier_id, supply_id
        """, new { supplier, Supplies = s.List(supplies ?? []) });

    public static Task SetLimitAsync(Session s, SupplierId supplier, long supply, StockLimit limit) => s.ExecuteAsync(
        """
        insert into stock_limit (supplier_id, supply_id, days, units) values (@supplier, @supply, @Days, @Units)
        on conflict (supplier_id, supply_id) do update set days = excluded.days, units = excluded.units
        """, new { supplier, supply, limit.Days, limit.Units });

    public static Task MeterAsync(Session s, SupplyId supply, long drawn, DateTimeOffset since) => s.ExecuteAsync(
        "insert into stock_meter (supply_id, drawn, since) values (@supply, @drawn, @since) on conflict (supply_id) do update set drawn = excluded.drawn",
        new { supply, drawn, since });

    public static Task UseAsync(Session s, SupplyId supply, long day, long units) => s.ExecuteAsync(
        """
        insert into stock_use (supply_id, day, units) values (@supply, @day, @units)
        on conflict (supply_id, day) do update set units = stock_use.units + excluded.units
        """, new { supply, day, units });

    public static Task ForgetAsync(Session s, long beforeDay) => s.ExecuteAsync("delete from stock_use where day < @beforeDay", new { beforeDay });

    public static Task RaiseAsync(Session s, StockAlert alert) => s.ExecuteAsync(
        """
        insert into stock_alert (id, supply_id, sku_id, supplier_id, reason, units_left, seconds_left, raised_at)
        values (@Id, @SupplyId, @SkuId, @SupplierId, @Reason, @UnitsLeft, @SecondsLeft, @RaisedAt)
        """, alert);

    public static Task ClearAsync(Session s, long alert, DateTimeOffset at) =>
        s.ExecuteAsync("update stock_alert set cleared_at = @at where id = @alert and cleared_at is null", new { alert, at });

    /// <summary>The newest first.</summary>
    public static Task<List<StockAlert>> ListAsync(Session s, SupplierId? supplier, bool isCleared, long? before, int limit) => s.QueryAsync<StockAlert>(
        $"""
        select {Columns} from stock_alert where cleared_at is {(isCleared ? "not null" : "null")} and id < @Before{And(supplier)}
        order by id desc limit @limit
        """, new { supplier, Before = before ?? long.MaxValue, limit });

    public static Task<long> CountOpenAsync(Session s, SupplierId? supplier) =>
        s.ScalarAsync<long>($"select count(*) from stock_alert where cleared_at is null{And(supplier)}", new { supplier });

    private const string Columns = "id, supply_id, sku_id, supplier_id, reason, units_left, seconds_left, raised_at, cleared_at";

    private static string And(SupplierId? supplier) => supplier is null ? "" : " and supplier_id = @supplier";
}
