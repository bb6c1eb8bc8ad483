using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>What must hold for deposits whatever happens (I10).</summary>
/// <remarks>
/// Late refunds are taken by the order engine, and goods are listed by the catalog; the watch sees both a second later. So a deposit that
/// falls short by one of them may stand for a minute before it counts as broken. Movements and rates that the module books itself
/// put the stop in their own transaction.
/// Held by: tests/Integration/Verify/InvariantTests.cs, which breaks each by hand.
/// </remarks>
public static class SupplierInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(10, "a supplier's deposit covers what it sells, or nothing of it is offered a minute later",
            """
            select supplier_id, deposit, categories, share from (
                select x.id as supplier_id,
                       coalesce((select a.balance - a.held from account a
                                 where a.party_id = x.id and a.kind = 'deposit' and a.currency = 'CNY'), 0) as deposit,
                       coalesce((select cast(sum(d.amount) as bigint) from deposit_rate d where d.category_id in (
                           select p.category_id from supply y join sku k on k.id = y.sku_id join product p on p.id = k.product_id
                           where y.supplier_id = x.id and y.state = 'active' and y.cost is not null
                             and k.state = 'listed' and p.state = 'listed')), 0) as categories,
                       (coalesce((select cast(sum(t.amount) as bigint) from supplier_turnover t
                                  where t.supplier_id = x.id and t.day > (@Now - 600000000 + 28800000000) / 86400000000 - 31
                                    and t.day <= (@Now - 600000000 + 28800000000) / 86400000000 - 1), 0)
                        * coalesce((select cast(value as bigint) from setting where name = 'deposit.turnover_bps'), 0) + 5000) / 10000 as share,
                       coalesce((select max(t.at) from transfer_row t join account a on a.id = t.debit_account
                                 where a.party_id = x.id and a.kind = 'deposit'), 0) as drawn_at,
                       coalesce((select max(case when k.updated_at > p.updated_at then k.updated_at else p.updated_at end)
                                 from supply y join sku k on k.id = y.sku_id join product p on p.id = k.product_id
                                 where y.supplier_id = x.id), 0) as listed_at
                from supplier x) as c
            where (deposit < categories or deposit < share) and drawn_at < @Now - 60000000 and listed_at < @Now - 60000000
              and not exists (select 1 from supplier_stop s where s.supplier_id = c.supplier_id and s.reason = 'deposit')
            """),

        new(10, "a supplier's turnover of a day is what settlement paid it on that day",
            """
            select t.supplier_id, t.day, t.amount, coalesce(p.amount, 0) as paid
            from supplier_turnover t left join (
                select a.party_id, (r.at + 28800000000) / 86400000000 as day, cast(sum(r.amount) as bigint) as amount
                from transfer_row r join account a on a.id = r.credit_account
                where r.kind = 'settle_in' and a.kind in ('payable', 'receivable')
                group by a.party_id, (r.at + 28800000000) / 86400000000) as p on p.party_id = t.supplier_id and p.day = t.day
            where t.amount <> coalesce(p.amount, 0)
            """),
    ];
}
