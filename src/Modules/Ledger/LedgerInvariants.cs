using Lianka.Platform.Data;

namespace Lianka.Modules.Ledger;

/// <summary>What must hold in the ledger whatever happens (I1, I2, and its parts of I5 and I17).</summary>
/// <remarks>Held by: tests/Integration/Verify/InvariantTests.cs, which breaks each by hand.</remarks>
public static class LedgerInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(1, "all entries of a currency sum to zero",
            """
            select coalesce(a.currency, 'no account') as currency, cast(sum(e.amount) as bigint) as total
            from entry e left join account a on a.id = e.account_id
            group by coalesce(a.currency, 'no account') having sum(e.amount) <> 0
            """),

        new(1, "each posting sums to zero in each currency",
            """
            select e.posting_id, coalesce(a.currency, 'no account') as currency, cast(sum(e.amount) as bigint) as total
            from entry e left join account a on a.id = e.account_id
            group by e.posting_id, coalesce(a.currency, 'no account') having sum(e.amount) <> 0
            """),

        new(1, "all balances of a currency sum to zero",
            $"""
            select currency, cast(sum(balance) as bigint) as total
            from (select currency, {LedgerSql.Balance} as balance from account) as b
            group by currency having sum(balance) <> 0
            """),

        new(1, "each posting's head has its transfers",
            """
            select p.id as posting_id, p.kind, p.key from posting p
            where not exists (select 1 from transfer_row t where t.posting_id = p.id)
            """),

        new(2, "each running balance is the sum of the entries up to it",
            """
            select account_id, transfer_id, balance_after, running from (
                select e.account_id, e.transfer_id, e.balance_after,
                       cast(sum(e.amount) over (partition by e.account_id order by e.transfer_id) as bigint) as running
                from entry e join account a on a.id = e.account_id where a.limited = 1) as r
            where balance_after is null or balance_after <> running
            """),

        new(2, "the balance of an account with a limit is the sum of its entries",
            """
            select a.id as account_id, a.kind, a.balance, coalesce(s.total, 0) as entries
            from account a left join (
                select account_id, cast(sum(amount) as bigint) as total from entry group by account_id) as s on s.account_id = a.id
            where a.limited = 1 and a.balance <> coalesce(s.total, 0)
            """),

        new(2, "the balance of a folded account is the sum of its entries up to the mark",
            """
            select a.id as account_id, a.kind, a.folded_to, a.balance, coalesce(s.total, 0) as entries
            from account a left join (
                select e.account_id, cast(sum(e.amount) as bigint) as total
                from entry e join account f on f.id = e.account_id
                where f.limited = 0 and e.transfer_id <= f.folded_to group by e.account_id) as s on s.account_id = a.id
            where a.limited = 0 and a.balance <> coalesce(s.total, 0)
            """),

        new(2, "what is held is the sum of the active holds",
            """
            select a.id as account_id, a.kind, a.held, coalesce(s.total, 0) as holds
            from account a left join (
                select account_id, cast(sum(amount) as bigint) as total from hold where state = 'active' group by account_id) as s
                on s.account_id = a.id
            where a.held <> coalesce(s.total, 0)
            """),

        new(2, "no posting broke the limit then in force",
            """
            select transfer_id, account_id, balance_after, floor_then from (
                select t.id as transfer_id, t.debit_account as account_id, t.debit_after as balance_after,
                       coalesce(
                           (select c.new_floor from credit_change c where c.account_id = a.id and c.after_transfer < t.id
                            order by c.after_transfer desc limit 1),
                           (select c.old_floor from credit_change c where c.account_id = a.id order by c.after_transfer limit 1),
                           a.floor) as floor_then
                from transfer t join account a on a.id = t.debit_account where a.floor is not null) as d
            where balance_after < floor_then
            """),

        new(2, "each account stands where its kind and its last credit line put it",
            """
            select a.id as account_id, a.kind, a.limited, a.floor from account a
            where (a.limited = 1 and a.floor is null and a.kind <> 'receivable')
               or (a.limited = 0 and a.floor is not null)
               or (a.kind <> 'wallet' and a.floor <> 0)
               or a.floor <> coalesce((select c.new_floor from credit_change c where c.account_id = a.id
                                       order by c.after_transfer desc limit 1), a.floor)
            """),

        new(5, "no two postings and no two holds have one key",
            """
            select 'posting' as what, key, count(*) as count from posting where key is not null group by key having count(*) > 1
            union all
            select 'hold', key, count(*) from hold where key is not null group by key having count(*) > 1
            """),

        new(17, "no hold outlives its time",
            """
            select id as hold_id, account_id, amount, expires_at from hold
            where state = 'active' and expires_at < @Now - 120000000
            """),
    ];
}
