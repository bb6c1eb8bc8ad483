using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>What must hold for the release of escrow and for refunds after it (I8 and parts of I9).</summary>
internal static class SettlementInvariants
{
    /// <summary>Per settled order the units that were released: those not refunded before. Late refunds leave escrow alone.</summary>
    private const string Released =
        """
        select o.id as order_id, o.quantity, o.unit_price, o.merchant_unit, o.fee, o.source, o.escrow_account, o.merchant_id,
               o.a1, o.a1_unit, o.a2, o.a2_unit, o.a3, o.a3_unit, o.refunded_units,
               o.quantity - coalesce((select cast(sum(t.amount) as bigint) from transfer_row t
                                      where t.order_id = o.id and t.order_id <> t.posting_id and t.kind = 'refund'), 0) / o.unit_price as units
        from orders o where o.settlement_id is not null or o.id in (select order_id from settlement_part)
        """;

    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(8, "the lines of a settled order sum to what it had in escrow",
            """
            select l.order_id, l.total as lines, coalesce(t.net, 0) as escrow from (
                select order_id, cast(sum(amount) as bigint) as total from settlement_line group by order_id) as l
            join orders o on o.id = l.order_id
            left join (
                select t.order_id, cast(sum(case when t.credit_account = o.escrow_account then t.amount
                                                 when t.debit_account = o.escrow_account then -t.amount else 0 end) as bigint) as net
                from transfer t join orders o on o.id = t.order_id group by t.order_id) as t on t.order_id = l.order_id
            where l.total <> coalesce(t.net, 0)
            """),

        new(8, "ancestors, merchant and channel fee got what was frozen for each released unit",
            $"""
            select order_id, party_id, role, cast(sum(due) as bigint) as due, cast(sum(paid) as bigint) as paid from (
                select order_id, a1 as party_id, 'ancestor' as role, a1_unit * units as due, 0 as paid from ({Released}) as r1 where a1 is not null
                union all
                select order_id, a2, 'ancestor', a2_unit * units, 0 from ({Released}) as r2 where a2 is not null
                union all
                select order_id, a3, 'ancestor', a3_unit * units, 0 from ({Released}) as r3 where a3 is not null
                union all
                select order_id, merchant_id, 'merchant', (unit_price - merchant_unit) * units
                    - case when fee * units / quantity < (unit_price - merchant_unit) * units
                           then fee * units / quantity else (unit_price - merchant_unit) * units end, 0 from ({Released}) as r4
                union all
                select order_id, 0, 'fees',
                    case when fee * units / quantity < (unit_price - merchant_unit) * units
                         then fee * units / quantity else (unit_price - merchant_unit) * units end, 0 from ({Released}) as r5
                union all
                select order_id, party_id, role, 0, amount from settlement_line where role in ('ancestor', 'merchant', 'fees')) as s
            group by order_id, party_id, role having sum(due) <> sum(paid)
            """),

        // With refunds both before and after the release, nothing tells any more which units had been released.
        new(8, "suppliers got the cost of each released unit",
            $"""
            select order_id, supplier_id, cast(sum(due) as bigint) as due, cast(sum(paid) as bigint) as paid from (
                select f.order_id, f.supplier_id, f.unit_cost * f.count as due, 0 as paid
                from fulfilment f join ({Released}) as r on r.order_id = f.order_id
                where (r.units = r.quantity and (f.state in (2, 4) or (f.state = 3 and f.lot_id > 0))) or (r.units = r.quantity - r.refunded_units and f.state = 2)
                union all
                select order_id, party_id, 0, amount from settlement_line where role = 'supplier') as s
            group by order_id, supplier_id having sum(due) <> sum(paid) and sum(due) > 0
            """),

        new(8, "a settlement paid each party the sum of its lines",
            """
            select settlement_id, party_id, cast(sum(lines) as bigint) as lines, cast(sum(paid) as bigint) as paid from (
                select settlement_id, party_id, amount as lines, 0 as paid from settlement_line
                union all
                select t.posting_id, a.party_id, 0, t.amount from transfer_row t join account a on a.id = t.credit_account
                where t.kind in ('settle_in', 'recover')) as both_sides
            group by settlement_id, party_id having sum(lines) <> sum(paid)
            """),

        new(8, "a settlement's head is the sum of its lines and of what left escrow",
            """
            select s.id as settlement_id, s.orders, s.total, coalesce(l.orders, 0) as line_orders, coalesce(l.total, 0) as line_total,
                   coalesce(t.total, 0) as left_escrow
            from settlement s
            left join (select settlement_id, count(distinct order_id) as orders, cast(sum(amount) as bigint) as total
                       from settlement_line group by settlement_id) as l on l.settlement_id = s.id
            left join (select posting_id, cast(sum(amount) as bigint) as total from transfer_row where kind = 'settle_out'
                       group by posting_id) as t on t.posting_id = s.id
            where s.orders <> coalesce(l.orders, 0) or s.total <> coalesce(l.total, 0) or s.total <> coalesce(t.total, 0)
            """),

        new(8, "a late refund took back from the parties exactly what it paid",
            """
            select t.order_id, cast(sum(case when c.kind = 'loss' then t.amount else -t.amount end) as bigint) as left_on_loss
            from transfer_row t join account c on c.id = t.credit_account join account d on d.id = t.debit_account
            where t.order_id is not null and (c.kind = 'loss' or d.kind = 'loss')
            group by t.order_id
            having sum(case when c.kind = 'loss' then t.amount else -t.amount end) <> 0
            """),

        new(9, "each released order has its lines, from one settlement, and no other has any",
            """
            select id as order_id, settlement, settlement_id, part_settlements from (
                select o.id, o.settlement, o.settlement_id, coalesce(l.settlements, 0) as part_settlements,
                       coalesce(l.settlements, 0) + case when o.settlement_id is null then 0 else 1 end as settlements
                from orders o left join (
                    select order_id, count(distinct settlement_id) as settlements from settlement_part group by order_id) as l on l.order_id = o.id) as s
            where (settlement = 2 and settlements <> 1) or (settlement in (0, 1) and settlements > 0) or settlements > 1
               or (settlement_id is not null and settlement_id not in (select id from settlement))
            """),

        new(9, "what passes through settlement stays nowhere",
            """
            select t.posting_id, cast(sum(case when c.kind = 'settling' then t.amount else -t.amount end) as bigint) as left_over
            from transfer_row t join account c on c.id = t.credit_account join account d on d.id = t.debit_account
            where c.kind = 'settling' or d.kind = 'settling'
            group by t.posting_id
            having sum(case when c.kind = 'settling' then t.amount else -t.amount end) <> 0
            """),
    ];
}
