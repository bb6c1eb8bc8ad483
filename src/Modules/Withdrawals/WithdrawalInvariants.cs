using Lianka.Platform.Data;

namespace Lianka.Modules.Withdrawals;

/// <summary>What must hold for withdrawals whatever happens (its part of I11).</summary>
public static class WithdrawalInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(11, "what merchants are to be paid is the sum of the open withdrawals",
            """
            select coalesce(w.total, 0) as withdrawals, coalesce(e.total, 0) as entries from (
                select cast(sum(amount) as bigint) as total from withdrawal where state < 5) as w
            cross join (
                select cast(sum(e.amount) as bigint) as total from entry e join account a on a.id = e.account_id where a.kind = 'withdrawal') as e
            where coalesce(w.total, 0) <> coalesce(e.total, 0)
            """),

        new(11, "each withdrawal took its money once, and paid it with its fee or gave it back once",
            """
            select w.id as withdrawal_id, w.state from withdrawal w
            where w.amount <> coalesce((select sum(t.amount) from posting g join transfer_row t on t.posting_id = g.id where g.key = 'withdrawal:' || w.id || ':request'), 0)
               or case when w.state = 5 then w.amount else 0 end
                  <> coalesce((select sum(t.amount) from posting g join transfer_row t on t.posting_id = g.id where g.key = 'withdrawal:' || w.id || ':paid'), 0)
               or case when w.state = 5 then w.fee else 0 end
                  <> coalesce((select sum(t.amount) from posting g join transfer_row t on t.posting_id = g.id
                               where g.key = 'withdrawal:' || w.id || ':paid' and t.kind = 'withdrawal_fee'), 0)
               or case when w.state in (6, 7, 8) then w.amount else 0 end
                  <> coalesce((select sum(t.amount) from posting g join transfer_row t on t.posting_id = g.id where g.key = 'withdrawal:' || w.id || ':back'), 0)
            """),

        new(11, "a withdrawal that goes out was approved by as many persons as it needs",
            """
            select id as withdrawal_id, state, approvals, first_by, second_by from withdrawal
            where state in (3, 4, 5, 7) and (first_by is null or (approvals > 1 and (second_by is null or first_by = second_by)))
            """),

        new(11, "a withdrawal was asked for under a real name that was verified",
            """
            select w.id as withdrawal_id, r.party_id, r.state from withdrawal w join real_name r on r.id = w.real_name_id
            where r.party_id <> w.merchant_id or r.state not in (2, 4) or r.decided_at is null or r.decided_at > w.asked_at
            """),
    ];
}
