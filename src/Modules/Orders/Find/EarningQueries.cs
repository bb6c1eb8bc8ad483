using Lianka.Kernel;
using Lianka.Modules.Agents;
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

    /// <summary>The orders of so many sellers are looked up one by one; those of more are found by walking over all orders, which is then quicker.</summary>
    private const int FewSellers = 100;

    public static async Task<IReadOnlyList<EarningsLine>> OfMerchantAsync(Session session, MerchantId merchant)
    {
        var sellers = (await Merchants.EverBelowAsync(session, merchant)).Select(m => m.Value)
            .Union(await session.QueryAsync<long>("select merchant_id from earned_from where party_id = @merchant", new { merchant })).ToList();
        var rows = await session.QueryAsync<EarningRow>(
            $"""
            select child, count(*) as orders, cast(sum(units) as bigint) as units, cast(sum(turnover) as bigint) as turnover,
                   cast(sum(case when settlement = 1 then 0 else share end) as bigint) as released,
                   cast(sum(case when settlement = 1 then share else 0 end) as bigint) as waiting
            from (
                {Part(Child, AncestorShare, OfSellers(sellers.Count <= FewSellers ? session.AnyOf("o.merchant_id", "@Sellers") : "1 = 1"))}
                union all
                {Part("null", RetailShare, OfOwn)}
            ) e group by child order by 5 desc
            """,
            new { me = merchant, Sellers = session.List(sellers) });
        return rows.ConvertAll(r => new EarningsLine(
            r.Child is { } child ? new MerchantId(child) : null, r.Orders, r.Units, r.Turnover, r.Released, r.Waiting));
    }

    // Orders in escrow, and those released whole, stand in their rows; the others in settlement_part.
    private static string OfSellers(string whose) =>
        $"""
        select o.* from orders o
        where {whose} and ((o.settlement = 1 and (o.a1 = @me or o.a2 = @me or o.a3 = @me))
          or (o.settlement_id is not null and ((o.a1 = @me and o.a1_unit > 0) or (o.a2 = @me and o.a2_unit > 0) or (o.a3 = @me and o.a3_unit > 0))))
        union all
        select o.* from settlement_part l join orders o on o.id = l.order_id where l.party_id = @me and l.role = 'ancestor'
        """;

    private const string OfOwn =
        """
        select o.* from orders o
        where o.merchant_id = @me and ((o.settlement = 1 and o.source = 3)
          or (o.settlement_id is not null and (o.unit_price - o.merchant_unit) * o.quantity > o.fee))
        union all
        select o.* from settlement_part l join orders o on o.id = l.order_id where l.party_id = @me and l.role = 'merchant'
        """;

    private static string Part(string child, string share, string orders) =>
        $"""
        select cast({child} as bigint) as child, {Left} as units, o.unit_price * {Left} as turnover, o.settlement, {share} as share
        from ({orders}) o
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
            $"""
            select sku_id, cast(sum(units) as bigint) as units, cast(sum(case when settlement = 2 then amount else 0 end) as bigint) as released,
                   cast(sum(case when settlement = 1 then amount else 0 end) as bigint) as waiting
            from ({SupplierParts.Delivered}) e where settlement in (1, 2) group by sku_id order by 2 desc, 1
            """,
            new { supplier });
        return rows.ConvertAll(r => new SupplierSales(r.SkuId, r.Units, r.Released, r.Waiting));
    }
}
