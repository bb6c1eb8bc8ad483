using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;

namespace Lianka.Modules.Reviews;

/// <summary>Marks the reviews of orders of which everything was given back, in the transaction of the refund.</summary>
internal sealed class ReviewRefunds : IRefundListener
{
    public Task RefundedAsync(Session session, IReadOnlyList<OrderId> orders, DateTimeOffset now) => session.ExecuteAsync(
        $"update review set refunded_at = @now where {session.AnyOf("order_id", "@ids")} and refunded_at is null",
        new { now, ids = session.List(orders.Select(o => o.Value)) });
}
