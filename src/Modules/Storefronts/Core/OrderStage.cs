using Lianka.Modules.Orders;
using Lianka.Modules.Payments;

namespace Lianka.Modules.Storefronts.Core;

/// <summary>Where a retail order stands in the buyer's eyes.</summary>
public enum OrderStage
{
    /// <summary>Waits for the buyer's money.</summary>
    Unpaid,

    /// <summary>The money is there, the goods are not yet.</summary>
    Working,

    Delivered,
    PartlyDelivered,

    /// <summary>Nobody paid in time; no money was taken.</summary>
    Lapsed,

    /// <summary>The buyer or the shop ended it before anything was paid.</summary>
    Cancelled,

    /// <summary>All money goes back or is back: after delivery, or because it came too late or after a cancel.</summary>
    GoneBack,
}

/// <summary>What is told about an order and its payment together.</summary>
/// <param name="Paid">What the buyer has paid; zero when nothing came.</param>
/// <param name="Back">What is on its way back or is back.</param>
/// <param name="IsBackDone">The channel has accepted every refund.</param>
/// <param name="IsLate">The money came when the order was over already.</param>
/// <param name="IsFinal">Nothing of this will change by itself.</param>
public sealed record OrderView(OrderStage Stage, Kernel.Money Paid, Kernel.Money Back, bool IsBackDone, bool IsLate, bool IsFinal)
{
    /// <summary>How long after the end of a reservation a late payment is still expected.</summary>
    private static readonly TimeSpan _lateWindow = TimeSpan.FromMinutes(10);

    public static OrderView Of(Order order, Payment? payment, IReadOnlyList<Refund> refunds, DateTimeOffset now)
    {
        var isPaid = payment is { State: PaymentState.Paid };
        var paid = isPaid ? payment!.Amount : default;
        var back = isPaid ? payment!.Refunded : default;
        var isBackDone = refunds.All(r => r.State == RefundState.Done);
        var isOver = order.Status is OrderStatus.Expired or OrderStatus.Cancelled;
        var stage = order.Status switch
        {
            OrderStatus.Placed => OrderStage.Unpaid,
            OrderStatus.Paid or OrderStatus.Fulfilling => OrderStage.Working,
            OrderStatus.Delivered => OrderStage.Delivered,
            OrderStatus.PartiallyDelivered => OrderStage.PartlyDelivered,
            OrderStatus.Refunded => OrderStage.GoneBack,
            _ when back.IsPositive => OrderStage.GoneBack,
            // Paid, and the engine is about to decide: buy again, or back.
            _ when isPaid => OrderStage.Working,
            OrderStatus.Cancelled => OrderStage.Cancelled,
            _ => OrderStage.Lapsed,
        };
        var mayStillCome = isOver && !isPaid && order.ExpiresAt is { } end && now < end + _lateWindow;
        var isFinal = order.IsFinal && isBackDone && !mayStillCome && stage != OrderStage.Working;
        return new OrderView(stage, paid, back, isBackDone, isOver && isPaid, isFinal);
    }
}
