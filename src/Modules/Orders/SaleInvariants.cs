using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>What must hold for flash sales: counted units are real orders, and nobody has more than the quota.</summary>
internal static class SaleInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(3, "a flash sale counts the units that its orders hold and bought, and never more than it has",
            """
            select s.id as sale_id, s.units, s.taken, s.sold, s.opened, coalesce(o.taken, 0) as held_or_bought,
                   coalesce(o.sold, 0) as bought, coalesce(o.opened, 0) as orders
            from flash_sale s left join (
                select f.sale_id, count(*) as opened, max(f.no) as last,
                       cast(sum(case when o.status in (7, 8) then 0 else o.quantity end) as bigint) as taken,
                       cast(sum(case when o.paid_at is null then 0 else o.quantity end) as bigint) as sold,
                       cast(sum(case when o.status in (7, 8) then o.quantity else 0 end) as bigint) as lapsed
                from flash_order f join orders o on o.id = f.order_id group by f.sale_id) as o on o.sale_id = s.id
            where s.taken <> coalesce(o.taken, 0) or s.sold <> coalesce(o.sold, 0) or s.opened <> coalesce(o.opened, 0)
               or s.opened <> coalesce(o.last, 0)
               or s.lapsed <> coalesce(o.lapsed, 0) or s.taken > s.units
            """),

        new(5, "no buyer of a flash sale has two orders in it, or more than its quota",
            """
            select f.sale_id, f.buyer, count(*) as orders, cast(sum(o.quantity) as bigint) as units, s.quota
            from flash_order f join orders o on o.id = f.order_id join flash_sale s on s.id = f.sale_id
            where o.status not in (7, 8) group by f.sale_id, f.buyer, s.quota
            having count(*) > 1 or sum(o.quantity) > s.quota
            """),
    ];
}
