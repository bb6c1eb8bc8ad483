using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>What must hold for the money of channels by itself (parts of I7 and I13).</summary>
/// <remarks>Held by: tests/Integration/Verify/InvariantTests.cs, which breaks each by hand.</remarks>
public static class PaymentInvariants
{
    public static readonly IReadOnlyList<InvariantCheck> All =
    [
        new(7, "no payment gives back more than it took, and each refund is counted on it",
            """
            select p.id as payment_id, p.amount, p.refunded, coalesce(r.total, 0) as refunds
            from payment p left join (
                select payment_id, cast(sum(amount) as bigint) as total from channel_refund group by payment_id) as r on r.payment_id = p.id
            where p.refunded <> coalesce(r.total, 0) or p.refunded > p.amount or (p.refunded > 0 and p.state <> 'paid')
            """),

        new(13, "a payment is paid when it says at which moment",
            "select id as payment_id, order_id, state, paid_at from payment where (state = 'paid') <> (paid_at is not null)"),
    ];
}
