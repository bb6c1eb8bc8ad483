using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>What must hold for payouts whatever happens (its part of I11).</summary>
public static class PayoutInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(11, "what is on its way to the bank is the sum of the open payouts",
            """
            select coalesce(p.total, 0) as payouts, coalesce(e.total, 0) as entries from (
                select cast(sum(amount) as bigint) as total from payout where state < 5) as p
            cross join (
                select cast(sum(e.amount) as bigint) as total from entry e join account a on a.id = e.account_id where a.kind = 'payout') as e
            where coalesce(p.total, 0) <> coalesce(e.total, 0)
            """),

        new(11, "each payout took its money once, and paid it or gave it back once",
            """
            select p.id as payout_id, p.state from payout p
            where not exists (select 1 from posting g where g.key = 'payout:' || p.id || ':request')
               or (p.state = 5) <> exists (select 1 from posting g where g.key = 'payout:' || p.id || ':paid')
               or (p.state in (6, 7)) <> exists (select 1 from posting g where g.key = 'payout:' || p.id || ':back')
            """),

        new(11, "a payout that goes to the bank was approved by two persons",
            """
            select id as payout_id, state, asked_by, first_by, second_by from payout
            where state in (3, 4, 5, 7) and (first_by is null or second_by is null or first_by = second_by)
            """),
    ];
}
