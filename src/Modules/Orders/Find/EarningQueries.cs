using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders.Find;

/// <summary>Who earned what, from released orders and from escrowed ones, by their frozen shares.</summary>
internal static class EarningQueries
{
    private sealed record EarningRow
    {
        public long? Child { get; init; }
        public long Orders { get; init; }
        public long Units { get; init; }
        public Money Turnover { get; init; }
        public Money Released { get; init; }
        public Money Waiting { get; init; }
    }

    // The share of merchant @me in an order: of its place in the chain, per unit that was not refunded.
    private const string Left = "(o.quantity - o.refunded_units)";
    private const string AncestorShare =
        $"case when o.a1 = @me then o.a1_unit when o.a2 = @me then o.a2_unit else o.a3_unit end * {Left}";
    private const string Child = "case when o.a1 = @me then o.merchant_id when o.a2 = @me then o.a1 else o.a2 end";
    private const string RetailShare = $"(o.unit_price - o.merchant_unit) * {Left} - o.fee * {Left} / o.quantity";

    public static async Task<IReadOnlyList<EarningsLine>> OfMerchantAsync(Session session, MerchantId merchant)
    {
        var rows = await session.QueryAsync<EarningRow>(
            $"""
            select child, count(*) as orders, cast(sum(units) as bigint) as units, cast(sum(turnover) as bigint) as turnover,
                   cast(sum(released) as bigint) as released, cast(sum(waiting) as bigint) as waiting
            from (
                {Part(Child, AncestorShare, "released", $"({ReleasedBelow}) o")}
                union all
                {Part(Child, AncestorShare, "waiting", "orders o where o.settlement = 1 and (o.a1 = @me or o.a2 = @me or o.a3 = @me)")}
                union all
                {Part("null", RetailShare, "released", $"({ReleasedOwn}) o")}
                union all
                {Part("null", RetailShare, "waiting", "orders o where o.settlement = 1 and o.merchant_id = @me and o.source = 3")}
            ) e group by child order by 5 desc
            """,
            new { me = merchant });
        return rows.ConvertAll(r => new EarningsLine(
            r.Child is { } child ? new MerchantId(child) : null, r.Orders, r.Units, r.Turnover, r.Released, r.Waiting));
    }

    // Orders that were released whole stand in settlement_id, the others in settlement_part.
    private const string ReleasedBelow =
        """
        select o.* from earned_from e join orders o on o.merchant_id = e.merchant_id
        where e.party_id = @me and o.settlement_id is not null
          and ((o.a1 = @me and o.a1_unit > 0) or (o.a2 = @me and o.a2_unit > 0) or (o.a3 = @me and o.a3_unit > 0))
        union all
        select o.* from settlement_part l join orders o on o.id = l.order_id where l.party_id = @me and l.role = 'ancestor'
        """;

    private const string ReleasedOwn =
        """
        select o.* from orders o
        where o.merchant_id = @me and o.settlement_id is not null and (o.unit_price - o.merchant_unit) * o.quantity > o.fee
        union all
        select o.* from settlement_part l join orders o on o.id = l.order_id where l.party_id = @me and l.role = 'merchant'
        """;

    private static string Part(string child, string share, string column, string orders) =>
        $"""
        select cast({child} as bigint) as child, {Left} as units, o.unit_price * {Left} as turnover,
               {(column == "released" ? share : "0")} as released, {(column == "waiting" ? share : "0")} as waiting
        from {orders}
        """;

    private sealed record SalesRow
    {
        public SkuId SkuId { get; init; }
        public long Units { get; init; }
        public Money Released { get; init; }
        public Money Waiting { get; init; }
    }

    public static async Task<IReadOnlyList<SupplierSales>> OfSupplierAsync(Session session, SupplierId supplier)
    {
        var rows = await session.QueryAsync<SalesRow>(
            """
            select sku_id, cast(sum(units) as bigint) as units, cast(sum(released) as bigint) as released, cast(sum(waiting) as bigint) as waiting
            from (
                select o.sku_id, f.count as units, f.unit_cost * f.count as released, 0 as waiting
                from lot l join fulfilment f on f.lot_id = l.id and f.state = 2
                join orders o on o.id = f.order_id and o.settlement = 2
                where l.supplier_id = @supplier
                union all
                select o.sku_id, f.count, 0, f.unit_cost * f.count
                from orders o join fulfilment f on f.order_id = o.id and f.supplier_id = @supplier and f.state = 2
                where o.settlement = 1
            ) e group by sku_id order by 2 desc
            """,
            new { supplier });
        return rows.ConvertAll(r => new SupplierSales(r.SkuId, r.Units, r.Released, r.Waiting));
    }
}
