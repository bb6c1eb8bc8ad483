using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>What must hold for orders, and between orders and the stock, ledger and payments below them.</summary>
/// <remarks>
/// The codes of status, settlement and fulfilment are explained at the tables (0007-orders.sql). Each sum is taken twice by
/// different roads: from the frozen terms in the order row, and from what moved. Held by: tests/Integration/Verify/InvariantTests.cs, which
/// breaks each by hand.
/// </remarks>
public static class OrderInvariants
{
    public static IReadOnlyList<InvariantCheck> All => [.. _cards, .. _life, .. _money, .. SettlementInvariants.All, .. SaleInvariants.All];

    private static readonly InvariantCheck[] _cards =
    [
        new(3, "no card is bound to two orders, nor bound and in the return list",
            """
            select lot_id, from_seq, count, owner, ends_before from (
                select lot_id, from_seq, count, owner,
                       max(from_seq + count) over (partition by lot_id order by from_seq, owner
                                                   rows between unbounded preceding and 1 preceding) as ends_before
                from (select lot_id, from_seq, count, order_id as owner from fulfilment where live = 1 and lot_id > 0
                      union all
                      select lot_id, from_seq, count, 0 from card_return) as taken) as ranges
            where ends_before > from_seq
            """),

        new(3, "no card is bound or returned that its lot has not drawn",
            """
            select t.lot_id, t.from_seq, t.count, t.owner, l.next from (
                select lot_id, from_seq, count, order_id as owner from fulfilment where lot_id > 0
                union all
                select lot_id, from_seq, count, 0 from card_return) as t
            left join lot l on l.id = t.lot_id
            where l.id is null or t.from_seq < 1 or t.from_seq + t.count > l.next
            """),

        new(3, "each drawn card is bound to an order or in the return list",
            """
            select l.id as lot_id, l.next - 1 as drawn, coalesce(f.bound, 0) as bound, coalesce(r.returned, 0) as returned
            from lot l
            left join (select lot_id, cast(sum(count) as bigint) as bound from fulfilment where live = 1 group by lot_id) as f on f.lot_id = l.id
            left join (select lot_id, cast(sum(count) as bigint) as returned from card_return group by lot_id) as r on r.lot_id = l.id
            where l.next - 1 <> coalesce(f.bound, 0) + coalesce(r.returned, 0)
            """),

        new(3, "cards bound are the units delivered, returned or held",
            """
            select o.id as order_id, o.status, o.quantity, o.delivered, o.refunded_units, f.held, f.bound, f.back, f.spoilt
            from orders o join sku k on k.id = o.sku_id left join (
                select order_id,
                       cast(sum(case when state = 1 then count else 0 end) as bigint) as held,
                       cast(sum(case when state = 2 then count else 0 end) as bigint) as bound,
                       cast(sum(case when state = 3 and lot_id > 0 then count else 0 end) as bigint) as back,
                       cast(sum(case when state = 4 then count else 0 end) as bigint) as spoilt
                from fulfilment group by order_id) as f on f.order_id = o.id
            where (o.status = 1 and (coalesce(f.held, 0) <> case when k.kind = 'card' then o.quantity else 0 end or f.bound + f.back + f.spoilt > 0))
               or (o.status = 3 and (coalesce(f.held, 0) < 1 or f.held + f.bound + o.refunded_units <> o.quantity))
               or (o.status in (4, 5) and (coalesce(f.bound + f.back + f.spoilt, 0) <> o.delivered or f.held > 0
                   or coalesce(f.bound, 0) <> o.delivered - o.refunded_units + (o.quantity - o.delivered)))
               or (o.status in (7, 8) and f.held + f.bound + f.spoilt > 0)
            """),

        new(3, "a fulfilment binds its cards until they are returned, and they are of its order's goods",
            """
            select f.order_id, f.no, f.state, f.live, f.lot_id, o.sku_id, l.sku_id as lot_sku
            from fulfilment f left join orders o on o.id = f.order_id left join lot l on l.id = f.lot_id
            where f.live <> case when f.state = 3 then 0 else 1 end
               or o.id is null or l.sku_id <> o.sku_id or l.supply_id <> f.supply_id or l.supplier_id <> f.supplier_id
            """),

        new(3, "an order's deliveries stand in one place",
            """
            select o.id as order_id, o.lot_id, o.from_seq, p.no, p.lot_id as part_lot, p.from_seq as part_from
            from orders o join order_part p on p.order_id = o.id where o.lot_id is not null
            """),

        new(3, "what was revealed was sold",
            """
            select o.id as order_id, o.status, o.delivered, o.revealed_at from orders o where o.revealed_at is not null and o.delivered = 0
            union all
            select r.order_id, coalesce(o.status, 0), coalesce(o.delivered, 0), r.at from reveal_log r left join orders o on o.id = r.order_id
            where o.revealed_at is null or o.revealed_at > r.at
            """),
    ];

    private static readonly InvariantCheck[] _life =
    [
        new(4, "no paid order stays undelivered for ten minutes without a person asked",
            """
            select id as order_id, status, hold_reason, paid_at from orders
            where status in (2, 3) and hold_reason is null and paid_at < @Now - 600000000
            """),

        new(4, "money that a channel took has become goods or goes back",
            """
            select p.id as payment_id, p.order_id, p.moved_to, p.amount, p.refunded, o.status from payment p
            left join orders o on o.id = coalesce(p.moved_to, p.order_id)
            where p.purpose = 'order' and p.state = 'paid' and (o.id is null or o.paid_at is null) and p.refunded < p.amount
            """),

        new(5, "no two orders of a merchant have one client number",
            """
            select merchant_id, client_key, count(*) as orders from orders where client_key is not null
            group by merchant_id, client_key having count(*) > 1
            """),

        new(5, "each paid order took its price once, from its payer into its escrow",
            """
            select o.id as order_id, o.status, o.total, coalesce(t.times, 0) as times, t.amount from orders o left join (
                select order_id, count(*) as times, cast(sum(amount) as bigint) as amount, min(debit_account) as payer, min(credit_account) as escrow
                from transfer where kind = 'order' and order_id is not null group by order_id) as t on t.order_id = o.id
            where (o.paid_at is null and t.times > 0)
               or (o.paid_at is not null and (coalesce(t.times, 0) <> 1 or t.amount <> o.total
                   or t.payer <> o.payer_account or t.escrow <> o.escrow_account))
            """),

        new(5, "a refused order left no trace",
            """
            select 'transfer' as what, t.order_id, t.id from transfer t
            where t.order_id is not null and not exists (select 1 from orders o where o.id = t.order_id)
            union all
            select 'event', e.order_id, e.id from order_event e where not exists (select 1 from orders o where o.id = e.order_id)
            union all
            select 'payment', p.order_id, p.id from payment p where p.order_id is not null and not exists (select 1 from orders o where o.id = p.order_id)
            union all
            select 'contact', c.order_id, c.order_id from order_contact c where not exists (select 1 from orders o where o.id = c.order_id)
            """),

        new(13, "status, settlement and moments of an order go together",
            """
            select id as order_id, source, status, settlement, dispute, quantity, delivered, total, refunded,
                   created_at, expires_at, paid_at, delivered_at, release_at
            from orders
            where status not between 1 and 8 or settlement not between 0 and 3 or dispute not between 0 and 2
               or (status in (1, 7, 8) and (settlement <> 0 or paid_at is not null or delivered <> 0 or refunded <> 0))
               or (status in (2, 3) and (settlement not in (1, 3) or paid_at is null))
               or (status in (4, 5) and (settlement = 0 or paid_at is null or delivered_at is null or release_at is null))
               or (status = 4 and delivered <> quantity)
               or (status = 5 and (delivered < 1 or delivered >= quantity))
               or (status = 6 and (settlement <> 3 or paid_at is null or delivered <> 0 or refunded <> total))
               or (status in (1, 7) and source = 3 and expires_at is null)
               or (settlement = 3 and refunded <> total)
               or (settlement in (1, 2) and refunded >= total)
               or (settlement = 2 and release_at > @Now)
               or paid_at < created_at or delivered_at < paid_at or release_at < delivered_at or revealed_at < delivered_at
            """),

        new(13, "a final state stays",
            """
            select e.order_id, o.status, e.kind, e.id as event_id from order_event e join orders o on o.id = e.order_id
            where (e.kind = 'delivered' and o.status not in (4, 5))
               or (e.kind = 'expired' and o.status <> 7)
               or (e.kind = 'cancelled' and o.status <> 8)
            """),

        new(17, "no reservation outlives its time",
            """
            select id as order_id, sku_id, quantity, expires_at from orders where status = 1 and expires_at < @Now - 120000000
            """),

        new(17, "no cards are held for an order that is not waiting to be paid",
            """
            select f.order_id, f.no, o.status, f.lot_id, f.from_seq, f.count from fulfilment f join orders o on o.id = f.order_id
            where f.state = 1 and o.status <> case when f.lot_id > 0 then 1 else 3 end
            """),
    ];

    private static readonly InvariantCheck[] _money =
    [
        new(7, "no order gives back more than was paid; what it gave back went to its payer, unit by unit",
            """
            select o.id as order_id, o.total, o.refunded, o.refunded_units, o.unit_price, coalesce(t.amount, 0) as moved
            from orders o left join (
                select t.order_id, cast(sum(t.amount) as bigint) as amount from transfer t join orders p on p.id = t.order_id
                where t.kind in ('refund', 'refund_late') and t.credit_account = p.payer_account group by t.order_id) as t on t.order_id = o.id
            where o.refunded > o.total or o.refunded <> o.unit_price * o.refunded_units or o.refunded <> coalesce(t.amount, 0)
            """),

        new(7, "what a channel's customer gets back is what the order gave back",
            """
            select o.id as order_id, o.refunded, p.id as payment_id, p.refunded as payment_refunded
            from payment p join orders o on o.id = coalesce(p.moved_to, p.order_id)
            where o.paid_at is not null and p.refunded <> o.refunded
            """),

        new(8, "the frozen parts of a unit sum to its price",
            """
            select id as order_id, unit_price, merchant_unit, a1_unit, a2_unit, a3_unit, top_unit, fee from orders
            where merchant_unit <> a1_unit + a2_unit + a3_unit + top_unit or unit_price < merchant_unit
               or (source <> 3 and unit_price <> merchant_unit)
               or a1_unit < 0 or a2_unit < 0 or a3_unit < 0 or top_unit < 0 or fee < 0
               or (a1 is null and a1_unit <> 0) or (a2 is null and a2_unit <> 0) or (a3 is null and a3_unit <> 0)
            """),

        new(9, "an escrow account holds exactly what its unreleased orders put there",
            """
            select a.id as account_id, a.party_id, coalesce(e.total, 0) as entries, coalesce(o.held, 0) as held from account a
            left join (select account_id, cast(sum(amount) as bigint) as total from entry group by account_id) as e on e.account_id = a.id
            left join (
                select o.escrow_account, cast(sum(o.total - o.refunded + coalesce(f.subsidy, 0)) as bigint) as held
                from orders o left join (
                    select f.order_id, cast(sum((f.unit_cost - p.top_unit) * f.count) as bigint) as subsidy
                    from fulfilment f join orders p on p.id = f.order_id
                    where f.state in (1, 2) and p.settlement = 1 and f.unit_cost > p.top_unit group by f.order_id) as f on f.order_id = o.id
                where o.settlement = 1 group by o.escrow_account) as o on o.escrow_account = a.id
            where a.kind = 'escrow' and coalesce(e.total, 0) <> coalesce(o.held, 0)
            """),
    ];
}
