using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Orders;

/// <summary>Who wants to know of retail orders of which everything was given back.</summary>
public interface IRefundListener
{
    /// <summary>Told in the engine's own transaction, after the orders were written and before it is committed: what is written here is there exactly when the refund is.</summary>
    /// <remarks>Takes no locks but of rows that belong to these orders, and asks nothing outside the database.</remarks>
    Task RefundedAsync(Session session, IReadOnlyList<OrderId> orders, DateTimeOffset now);
}
