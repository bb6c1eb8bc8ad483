using Lianka.Kernel;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>How many of the cards a supplier sold were refunded.</summary>
internal sealed class SalesFigures : ISupplierFigures
{
    public async Task<IReadOnlyDictionary<SupplierId, Figures>> OfAsync(Session session, DateTimeOffset from, DateTimeOffset to)
    {
        var first = (await MomentSearch.FindAsync(session, "orders", "created_at", from.ToMicros() - MomentSearch.Slack)).UpTo;
        var last = (await MomentSearch.FindAsync(session, "orders", "created_at", to.ToMicros() + MomentSearch.Slack)).From;
        // A part that was returned or is void, of an order that was paid, was given back.
        var rows = await session.QueryAsync<Row>(
            """
            select supplier_id, cast(sum(units) as bigint) as sold, cast(sum(case when state in (3, 4) then units else 0 end) as bigint) as refunded
            from (
                select o.supplier_id, o.quantity as units, o.part_state as state from orders o
                where o.id >= @first and o.id <= @last and o.created_at >= @from and o.created_at < @to and o.lot_id is not null and o.paid_at is not null
                union all
                select p.supplier_id, p.count, p.state from orders o join order_part p on p.order_id = o.id
                where o.id >= @first and o.id <= @last and o.created_at >= @from and o.created_at < @to and o.lot_id is null and o.paid_at is not null) as parts
            where state in (2, 3, 4) group by supplier_id
            """, new { first, last, from, to });
        return rows.ToDictionary(r => r.SupplierId, r => new Figures(Sold: r.Sold, Refunded: r.Refunded));
    }

    private sealed record Row
    {
        public SupplierId SupplierId { get; init; }
        public long Sold { get; init; }
        public long Refunded { get; init; }
    }
}
