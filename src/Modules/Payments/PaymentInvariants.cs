using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>What must hold for the money of channels by itself (I6, parts of I7 and I13).</summary>
/// <remarks>Held by: tests/Integration/Verify/InvariantTests.cs, which breaks each by hand.</remarks>
public static class PaymentInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(6, "one trade of a channel pays one attempt, and one attempt pays a payment",
            """
            select 'trade' as what, min(id) as id, trade_no as about from payment_attempt where trade_no is not null
            group by channel_id, trade_no having count(*) > 1
            union all
            select 'payment', p.id, a.state from payment p left join payment_attempt a on a.id = p.attempt_id and a.payment_id = p.id
            where (p.attempt_id is not null and (a.id is null or a.state <> 'paid' or a.amount <> p.amount)) or (p.state = 'paid' and p.attempt_id is null)
            """),

        new(6, "what channels said they took stands in the ledger, and what they gave back",
            """
            select c.code, coalesce(a.paid, 0) as attempts, coalesce(l.paid, 0) as ledger, coalesce(r.back, 0) as refunds, coalesce(b.back, 0) as ledger_back
            from channel c
            left join (select channel_id, cast(sum(amount) as bigint) as paid from payment_attempt where state = 'paid' and booked = 1 group by channel_id) as a on a.channel_id = c.id
            left join (select a.channel_id, cast(sum(r.amount) as bigint) as back from channel_refund r join payment_attempt a on a.id = r.attempt_id
                       where r.state = 'done' and a.booked = 1 group by a.channel_id) as r on r.channel_id = c.id
            left join (select x.kind, cast(sum(t.amount) as bigint) as paid from transfer t join account x on x.id = t.debit_account
                       where t.kind = 'channel_paid' group by x.kind) as l on l.kind = 'clearing:' || c.code
            left join (select x.kind, cast(sum(t.amount) as bigint) as back from transfer t join account x on x.id = t.credit_account
                       where t.kind = 'channel_back' group by x.kind) as b on b.kind = 'clearing:' || c.code
            where coalesce(a.paid, 0) <> coalesce(l.paid, 0) or coalesce(r.back, 0) <> coalesce(b.back, 0)
            """),

        new(7, "no attempt gives back more than it took, and each refund is counted on it",
            """
            select a.id as attempt_id, a.payment_id, a.amount, a.refunded, coalesce(r.total, 0) as refunds
            from payment_attempt a left join (
                select attempt_id, cast(sum(amount) as bigint) as total from channel_refund group by attempt_id) as r on r.attempt_id = a.id
            left join payment p on p.attempt_id = a.id
            where a.refunded <> coalesce(r.total, 0) or a.refunded > a.amount or (a.refunded > 0 and a.state <> 'paid') or p.refunded <> a.refunded
            """),

        new(13, "a payment is paid when it says at which moment",
            """
            select id as payment_id, order_id, state, paid_at from payment where (state = 'paid') <> (paid_at is not null)
            union all
            select payment_id, id, state, paid_at from payment_attempt where (state = 'paid') <> (paid_at is not null)
            """),
    ];
}
