using Lianka.Modules.Orders.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Engine;

/// <summary>The rows of flash sales in the engine's transaction. Batches without a flash sale cost one look at most.</summary>
internal static class SaleRows
{
    public const string Columns =
        "id, storefront_id, merchant_id, sku_id, units, price, fee_bps, quota, pay_seconds, from_at, to_at, created_at, taken, sold, lapsed, opened";

    private sealed record ClaimRow
    {
        public OrderId OrderId { get; init; }
        public SaleId SaleId { get; init; }
        public long Buyer { get; init; }
    }

    /// <summary>The orders with the sales they were opened in. Only unpaid ones can still move a sale's counts, and lapsed ones that are paid late.</summary>
    public static async Task<List<Order>> WithClaimsAsync(Session session, List<Order> orders)
    {
        var ids = orders.Where(o => o is { Source: OrderSource.Retail, PaidAt: null }).Select(o => o.Id.Value).ToList();
        if (ids.Count == 0) return orders;
        var rows = await session.QueryAsync<ClaimRow>(
            $"select order_id, sale_id, buyer from flash_order where {session.AnyOf("order_id", "@ids")}",
            new { ids = session.List(ids) });
        if (rows.Count == 0) return orders;
        var claims = rows.ToDictionary(r => r.OrderId, r => new SaleClaim(r.SaleId, r.Buyer));
        return orders.ConvertAll(o => claims.TryGetValue(o.Id, out var claim) ? o with { Sale = claim } : o);
    }

    /// <summary>Loads and locks the sales, in id order.</summary>
    public static async Task<List<FlashSale>> LoadAsync(Session session, IReadOnlyList<OrderCommand> batch, List<Order> orders)
    {
        var ids = new SortedSet<long>();
        foreach (var command in batch)
            if (command is OrderCommand.Reserve { Sale: { } claim }) ids.Add(claim.Sale.Value);
        foreach (var order in orders)
            if (order.Sale is { } claim) ids.Add(claim.Sale.Value);
        return ids.Count == 0 ? [] : await session.QueryAsync<FlashSale>(
            $"select {Columns} from flash_sale where {session.AnyOf("id", "@ids")} order by id{session.ForUpdate}",
            new { ids = session.List(ids) });
    }

    private sealed record HeldRow
    {
        public SkuId SkuId { get; init; }
        public long Units { get; init; }
    }

    /// <summary>Takes what flash sales hold out of what unpaid orders hold: each has a limit of its own.</summary>
    public static async Task SubtractAsync(Session session, Dictionary<SkuId, long> held)
    {
        if (held.Count == 0) return;
        var rows = await session.QueryAsync<HeldRow>(
            $"""
            select sku_id, cast(sum(taken - sold) as bigint) as units from flash_sale
            where taken > sold and {session.AnyOf("sku_id", "@skus")} group by sku_id
            """,
            new { skus = session.List(held.Keys.Select(k => k.Value)) });
        foreach (var row in rows) held[row.SkuId] = Math.Max(0, held[row.SkuId] - row.Units);
    }

    public static async Task SaveAsync(Session session, BatchWrites writes)
    {
        await session.InsertAsync("flash_order", "sale_id, no, order_id, buyer", writes.SaleOrders, static (o, w) =>
        {
            w.Number(o.Claim.Sale.Value);
            w.Number(o.No);
            w.Number(o.Order.Value);
            w.Number(o.Claim.Buyer);
        });
        foreach (var sale in writes.Sales.Values.OrderBy(s => s.Id))
            await session.ExecuteAsync(
                "update flash_sale set taken = @Taken, sold = @Sold, lapsed = @Lapsed, opened = @Opened where id = @Id",
                new { sale.Taken, sale.Sold, sale.Lapsed, sale.Opened, sale.Id });
    }
}
