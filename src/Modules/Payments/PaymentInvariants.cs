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
            where (p.attempt_id is not null and (a.id is null or a.state <> 'paid' or a.amount <> p.amount)) or (p.state = 'paid' and p.attempt_id is null and p.basket_id is null)
            """),

        new(6, "a basket's payment is what its orders' payments are together, and none of these is paid by anything else",
            """
            select 'basket' as what, p.id, p.state, p.amount, l.amount as orders_amount, p.refunded, l.refunded as orders_refunded, l.unpaid
            from payment p left join (
                select basket_id, cast(sum(amount) as bigint) as amount, cast(sum(refunded) as bigint) as refunded, sum(case when state = 'paid' then 0 else 1 end) as unpaid
                from payment where basket_id is not null group by basket_id) as l on l.basket_id = p.id
            where p.purpose = 'basket' and (coalesce(l.amount, 0) <> p.amount or coalesce(l.refunded, 0) <> p.refunded or (p.state = 'paid' and l.unpaid > 0))
            union all
            select 'row', p.id, b.state, p.amount, 0, p.refunded, 0, null from payment p left join basket b on b.id = p.id where p.purpose = 'basket' and coalesce(b.state, '') <> 'open'
            union all
            select 'order', q.id, q.state, q.amount, p.amount, q.refunded, p.refunded, null
            from payment q left join payment p on p.id = q.basket_id
            where q.basket_id is not null and (q.attempt_id is not null or (q.state = 'paid' and p.attempt_id is null) or p.purpose <> 'basket'
                or exists (select 1 from payment_attempt a where a.payment_id = q.id))
            """),

        new(6, "money that a channel took is taken by what it pays, within ten minutes",
            """
            select p.id as payment_id, p.purpose, p.order_id, p.state, a.paid_at from payment p join payment_attempt a on a.id = p.attempt_id
            where p.state <> 'paid' and a.paid_at < @Now - 600000000
            """),

        new(6, "what channels said they took stands in the ledger, and what they gave back",
            """
            select c.code, coalesce(a.paid, 0) as attempts, coalesce(l.paid, 0) as ledger, coalesce(r.back, 0) as refunds, coalesce(b.back, 0) as ledger_back
            from channel c
            left join (select channel_id, cast(sum(amount) as bigint) as paid from payment_attempt where state = 'paid' and booked = 1 group by channel_id) as a on a.channel_id = c.id
            left join (select r.channel_id, cast(sum(r.amount) as bigint) as back from channel_refund r left join payment_attempt a on a.id = r.attempt_id
                       where r.state = 'done' and r.way in ('channel', 'console') and coalesce(a.booked, 1) = 1 group by r.channel_id) as r on r.channel_id = c.id
            left join (select x.kind, cast(sum(t.amount) as bigint) as paid from transfer t join account x on x.id = t.debit_account
                       where t.kind = 'channel_paid' group by x.kind) as l on l.kind = 'clearing:' || c.code
            left join (select x.kind, cast(sum(t.amount) as bigint) as back from transfer t join account x on x.id = t.credit_account
                       where t.kind = 'channel_back' group by x.kind) as b on b.kind = 'clearing:' || c.code
            where coalesce(a.paid, 0) <> coalesce(l.paid, 0) or coalesce(r.back, 0) <> coalesce(b.back, 0)
            """),

        new(6, "a closed day of a channel says what its lines, and ledger and booked differences, say",
            """
            select c.code, d.day, d.lines, d.paid, d.back, d.fees, d.ledger, d.booked, l.lines as stored_lines, l.paid as stored_paid, l.back as stored_back, l.fees as stored_fees
            from channel_day d join channel c on c.id = d.channel_id
            left join (select channel_id, day, count(*) as lines, cast(sum(case when back = 0 then amount else 0 end) as bigint) as paid,
                              cast(sum(case when back = 1 then amount else 0 end) as bigint) as back, cast(sum(fee) as bigint) as fees
                       from statement_line group by channel_id, day) as l on l.channel_id = d.channel_id and l.day = d.day
            where d.state = 'closed' and (d.lines <> coalesce(l.lines, 0) or d.paid <> coalesce(l.paid, 0) or d.back <> coalesce(l.back, 0)
                or d.fees <> coalesce(l.fees, 0) or d.paid - d.back <> d.ledger + d.booked or d.proof is null)
            """),

        new(6, "each line of a closed day is a payment or a refund of ours to the fen, or was settled by persons",
            """
            select d.channel_id, d.day, l.id as line_id, l.trade_no, l.back, l.amount, l.attempt_id, l.refund_id
            from channel_day d join statement_line l on l.channel_id = d.channel_id and l.day = d.day
            left join payment_attempt a on a.id = l.attempt_id and a.channel_id = l.channel_id and a.state = 'paid' and a.amount = l.amount and l.back = 0
            left join channel_refund r on r.id = l.refund_id and r.state = 'done' and r.amount = l.amount and l.back = 1
            left join payment_case k on k.line_id = l.id and k.resolution in ('booked', 'written_off') and k.theirs = case when l.back = 0 then l.amount else -l.amount end
            left join payment_case b on b.attempt_id = l.attempt_id and b.kind = 'charge_back' and b.resolution = 'written_off' and b.ours = l.amount and l.back = 1
            where d.state = 'closed' and a.id is null and r.id is null and k.id is null and b.id is null
            """),

        new(6, "what persons settled and what channels kept on closed days is posted, each once",
            """
            select 'case' as what, cast(k.id as text) as about, k.theirs - k.ours as wanted, t.amount as posted
            from payment_case k left join posting p on p.key = 'case:' || k.id left join transfer_row t on t.posting_id = p.id
            where k.resolution in ('booked', 'written_off') and coalesce(t.amount, 0) <> abs(k.theirs - k.ours)
            union all
            select 'fees', c.code || ' ' || d.day, d.fees, t.amount
            from channel_day d join channel c on c.id = d.channel_id
            left join posting p on p.key = 'fees:' || c.code || ':' || d.day left join transfer_row t on t.posting_id = p.id
            where d.state = 'closed' and coalesce(t.amount, 0) <> abs(d.fees)
            """),

        new(6, "what a wallet paid left it once, for a channel of wallets, and what went back to it came once",
            """
            select 'payment' as what, w.attempt_id as id, w.state, w.amount, t.amount as posted
            from wallet_payment w join channel c on c.id = w.channel_id
            left join posting p on p.key = 'wallet_payment:' || w.attempt_id left join transfer_row t on t.posting_id = p.id
            left join account x on x.id = t.debit_account left join account y on y.id = t.credit_account
            where (w.state = 'paid' and (coalesce(t.amount, 0) <> w.amount or x.kind <> 'wallet' or x.party_id <> w.merchant_id or y.kind <> 'clearing:' || c.code))
               or (w.state <> 'paid' and p.id is not null)
            union all
            select 'refund', r.refund_id, w.state, r.amount, t.amount
            from wallet_refund r join wallet_payment w on w.attempt_id = r.attempt_id join channel c on c.id = w.channel_id
            left join posting p on p.key = 'wallet_refund:' || r.refund_id left join transfer_row t on t.posting_id = p.id
            left join account x on x.id = t.debit_account left join account y on y.id = t.credit_account
            where w.state <> 'paid' or coalesce(t.amount, 0) <> r.amount or x.kind <> 'clearing:' || c.code or y.kind <> 'wallet' or y.party_id <> w.merchant_id
            union all
            select 'given', w.attempt_id, w.state, w.amount, cast(sum(r.amount) as bigint)
            from wallet_payment w join wallet_refund r on r.attempt_id = w.attempt_id group by w.attempt_id, w.state, w.amount having sum(r.amount) > w.amount
            union all
            select 'posting', p.id, p.kind, 0, null from posting p
            left join wallet_payment w on p.key = 'wallet_payment:' || w.attempt_id left join wallet_refund r on p.key = 'wallet_refund:' || r.refund_id
            where p.kind in ('wallet_payment', 'wallet_refund') and w.attempt_id is null and r.refund_id is null
            """),

        new(6, "an attempt that wallets pay is paid when a wallet paid it",
            """
            select a.id as attempt_id, a.state, w.state as wallet, a.amount, w.amount as wallet_amount
            from payment_attempt a join channel c on c.id = a.channel_id left join wallet_payment w on w.attempt_id = a.id
            where c.protocol = 'wallet' and ((a.state = 'paid' and coalesce(w.state, '') <> 'paid') or a.amount <> w.amount)
            """),

        new(7, "no attempt gives back more than it took, and each refund is counted on it",
            """
            select a.id as attempt_id, a.payment_id, a.amount, a.refunded, coalesce(r.total, 0) as refunds
            from payment_attempt a left join (
                select attempt_id, cast(sum(amount) as bigint) as total from channel_refund group by attempt_id) as r on r.attempt_id = a.id
            left join payment p on p.attempt_id = a.id
            where a.refunded <> coalesce(r.total, 0) or a.refunded > a.amount or (a.refunded > 0 and a.state <> 'paid') or p.refunded <> a.refunded
            """),

        new(7, "all channels of a payment give back no more than they took, and what was paid twice goes back whole",
            """
            select p.id as payment_id, p.state, p.amount, coalesce(a.taken, 0) as taken, coalesce(a.other, 0) as taken_twice, coalesce(a.other_back, 0) as twice_back, coalesce(r.total, 0) as refunds
            from payment p
            left join (select t.payment_id, cast(sum(t.amount) as bigint) as taken, cast(sum(case when t.id = q.attempt_id then 0 else t.amount end) as bigint) as other,
                              cast(sum(case when t.id = q.attempt_id then 0 else t.refunded end) as bigint) as other_back
                       from payment_attempt t join payment q on q.id = t.payment_id where t.state = 'paid' group by t.payment_id) as a on a.payment_id = p.id
            left join (select coalesce(q.basket_id, q.id) as payment_id, cast(sum(r.amount) as bigint) as total
                       from channel_refund r join payment q on q.id = r.payment_id group by coalesce(q.basket_id, q.id)) as r on r.payment_id = p.id
            where coalesce(r.total, 0) > coalesce(a.taken, 0) or coalesce(a.other, 0) <> coalesce(a.other_back, 0)
            union all
            select r.payment_id, 'refund', r.amount, a.payment_id, r.id, 0, 0 from channel_refund r join payment_attempt a on a.id = r.attempt_id
            join payment p on p.id = r.payment_id where a.payment_id <> coalesce(p.basket_id, p.id)
            """),

        new(7, "each refund that is back is posted once, on the account of the way it went, and none before",
            """
            select r.id as refund_id, r.state, r.way, r.amount, t.amount as posted, x.kind
            from channel_refund r left join payment_attempt a on a.id = r.attempt_id join channel c on c.id = r.channel_id
            left join posting p on p.key = 'refund:' || r.id left join transfer_row t on t.posting_id = p.id
            left join account x on x.id = t.credit_account left join account y on y.id = t.debit_account
            where (r.state = 'done' and (coalesce(a.booked, 1) = 1 or r.way in ('wallet', 'bank')) and (coalesce(t.amount, 0) <> r.amount
                    or x.kind <> case r.way when 'wallet' then 'wallet' when 'bank' then 'clearing:bank' else 'clearing:' || c.code end
                    or (r.line_id is not null) <> (y.kind = 'suspense')))
               or (r.state <> 'done' and p.id is not null) or r.channel_id <> a.channel_id
            """),

        new(7, "what goes back of money that only a statement knows was booked as nobody's first, and is no more than that",
            """
            select r.id as refund_id, r.amount, l.amount as line_amount, k.theirs - k.ours as booked
            from channel_refund r left join statement_line l on l.id = r.line_id
            left join payment_case k on k.line_id = r.line_id and k.resolution = 'booked' and k.kind in ('unknown_money', 'unpaid_here', 'amount_differs')
            where r.line_id is not null and (k.id is null or r.amount > k.theirs - k.ours or r.amount > l.amount or l.back <> 0 or l.channel_id <> r.channel_id)
            """),

        new(13, "a payment is paid when it says at which moment",
            """
            select id as payment_id, order_id, state, paid_at from payment where (state = 'paid') <> (paid_at is not null)
            union all
            select payment_id, id, state, paid_at from payment_attempt where (state = 'paid') <> (paid_at is not null)
            """),
    ];
}
