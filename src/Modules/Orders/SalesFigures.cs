using Lianka.Kernel;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>How much of what a supplier sold was refunded, and how its purchases for single orders went.</summary>
internal sealed class SalesFigures : ISupplierFigures
{
    public async Task<IReadOnlyDictionary<SupplierId, Figures>> OfAsync(Session session, DateTimeOffset from, DateTimeOffset to)
    {
        var first = (await MomentSearch.FindAsync(session, "orders", "created_at", from.ToMicros() - MomentSearch.Slack)).UpTo;
        var last = (await MomentSearch.FindAsync(session, "orders", "created_at", to.ToMicros() + MomentSearch.Slack)).From;
        // A part that was returned or is void, of an order that was paid, was given back. A purchase that was returned has failed and was never sold.
        var rows = await session.QueryAsync<Row>(
            """
            select supplier_id, cast(sum(units) as bigint) as sold, cast(sum(case when state in (3, 4) then units else 0 end) as bigint) as refunded
            from (
                select o.supplier_id, o.quantity as units, o.part_state as state, o.lot_id from orders o
                where o.id >= @first and o.id <= @last and o.created_at >= @from and o.created_at < @to and o.lot_id is not null and o.paid_at is not null
                union all
                select p.supplier_id, p.count, p.state, p.lot_id from orders o join order_part p on p.order_id = o.id
                where o.id >= @first and o.id <= @last and o.created_at >= @from and o.created_at < @to and o.lot_id is null and o.paid_at is not null) as parts
            where state in (2, 4) or (state = 3 and lot_id > 0) group by supplier_id
            """, new { first, last, from, to });
        var figures = rows.ToDictionary(r => r.SupplierId, r => new Figures(Sold: r.Sold, Refunded: r.Refunded));
        foreach (var p in await PurchasesAsync(session, from, to))
            figures[p.SupplierId] = figures.GetValueOrDefault(p.SupplierId, new Figures())
                + new Figures(Purchases: p.Purchases, Failed: p.Failed, OutOfStock: p.OutOfStock, Timed: p.Timed, P95Milliseconds: p.P95Ms);
        return figures;
    }

    /// <remarks>
    /// Nothing is said of the supplier by a wrong account of the buyer's, by our money or our key there being no good, or by a connection that was switched off.
    /// What people deliver has no speed: nobody called.
    /// </remarks>
    private static Task<List<PurchaseRow>> PurchasesAsync(Session session, DateTimeOffset from, DateTimeOffset to) => session.QueryAsync<PurchaseRow>(
        $"""
        with ended as (
            select supplier_id, case when state = 5 or id in (select purchase_id from purchase_case where kind = 'duplicate_cards') then 1 else 0 end as failed,
                case when state = 5 and fault in ('goods', 'price') then 1 else 0 end as out_of_stock,
                case when state = 4 and connection_id is not null then ended_at - sent_at end as took
            from purchase
            where ended_at >= @from and ended_at < @to and state in (4, 5)
              and {EndedPurchases.IsSuppliers}
        ), ranked as (
            select supplier_id, took, row_number() over (partition by supplier_id order by took) as place, count(*) over (partition by supplier_id) as timed
            from ended where took is not null
        )
        select e.supplier_id, count(*) as purchases, cast(sum(e.failed) as bigint) as failed, cast(sum(e.out_of_stock) as bigint) as out_of_stock,
            coalesce(max(t.timed), 0) as timed, coalesce(max(t.took), 0) / 1000 as p95_ms
        from ended e
        left join ranked t on t.supplier_id = e.supplier_id and t.place = (95 * t.timed + 99) / 100
        group by e.supplier_id
        """, new { from, to });

    private sealed record PurchaseRow
    {
        public SupplierId SupplierId { get; init; }
        public long Purchases { get; init; }
        public long Failed { get; init; }
        public long OutOfStock { get; init; }
        public long Timed { get; init; }
        public long P95Ms { get; init; }
    }

    private sealed record Row
    {
        public SupplierId SupplierId { get; init; }
        public long Sold { get; init; }
        public long Refunded { get; init; }
    }
}
