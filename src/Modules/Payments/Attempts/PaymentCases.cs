using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Attempts;

/// <param name="About">What it is of; one case of a kind for each.</param>
internal sealed record NewCase(
    string Kind, string About, long? Channel, PaymentId? Payment, long? Attempt, long? Refund, Money? Ours, Money? Theirs, string Detail);

/// <summary>What only a person can settle.</summary>
internal static class PaymentCases
{
    public static Task<int> OpenAsync(Session session, NewCase open, DateTimeOffset now) => session.ExecuteAsync(
        """
        insert into payment_case (kind, about, channel_id, payment_id, attempt_id, refund_id, ours, theirs, detail, opened_at)
        values (@Kind, @About, @Channel, @Payment, @Attempt, @Refund, @Ours, @Theirs, @Detail, @now) on conflict (kind, about) do nothing
        """,
        new { open.Kind, open.About, open.Channel, open.Payment, open.Attempt, open.Refund, open.Ours, open.Theirs, open.Detail, now });
}
