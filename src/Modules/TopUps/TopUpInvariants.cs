using Lianka.Platform.Data;

namespace Lianka.Modules.TopUps;

/// <summary>What must hold for the money of top-ups (I6, I13).</summary>
/// <remarks>Held by: tests/Integration/Verify/InvariantTests.cs, which breaks each by hand.</remarks>
public static class TopUpInvariants
{
    internal static string KeyOf(long topUp) => $"top_up:{topUp}";

    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(6, "each top-up whose money came is in its merchant's wallet once, less its fee and with its bonus, and no other is",
            """
            select t.id as top_up_id, t.state, p.state as payment_state, t.amount, p.amount as paid, t.fee, t.bonus, x.wallet, x.fees, x.given
            from top_up t left join payment p on p.id = t.id and p.purpose = 'top_up'
            left join (
                select s.key, cast(sum(case when r.kind = 'top_up' and c.kind = 'wallet' and d.kind = 'clearing:orders' then r.amount else 0 end) as bigint) as wallet,
                       cast(sum(case when r.kind = 'top_up_fee' and c.kind = 'fees' then r.amount else 0 end) as bigint) as fees,
                       cast(sum(case when r.kind = 'bonus' and c.kind = 'bonus' and d.kind = 'marketing' then r.amount else 0 end) as bigint) as given,
                       max(c.party_id) as party_id
                from posting s join transfer_row r on r.posting_id = s.id join account d on d.id = r.debit_account join account c on c.id = r.credit_account
                where s.kind = 'top_up' and s.key like 'top_up:%' group by s.key) as x on x.key = 'top_up:' || t.id
            where p.id is null or p.amount <> t.amount or (t.state = 'paid') <> (p.state = 'paid') or (t.state = 'paid') <> (x.key is not null)
               or (t.state = 'paid' and (t.fee is null or x.wallet <> t.amount - t.fee or x.fees <> t.fee or x.given <> t.bonus or x.party_id <> t.merchant_id))
            """),

        new(6, "money that a channel took for a top-up pays a top-up",
            "select id as payment_id, state from payment where purpose = 'top_up' and not exists (select 1 from top_up t where t.id = payment.id)"),

        new(6, "a bonus rule has promised and given what its top-ups say, within its budget",
            """
            select r.id as rule_id, r.budget, r.used, coalesce(t.bonus, 0) as promised
            from bonus_rule r left join (
                select rule_id, cast(sum(bonus) as bigint) as bonus from top_up where state in ('open', 'paid') group by rule_id) as t on t.rule_id = r.id
            where r.used <> coalesce(t.bonus, 0) or r.used > r.budget
            """),

        new(13, "a top-up is paid when it says at which moment",
            "select id as top_up_id, state, paid_at from top_up where (state = 'paid') <> (paid_at is not null)"),
    ];
}
