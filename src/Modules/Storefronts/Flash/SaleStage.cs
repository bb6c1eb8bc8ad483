using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;

namespace Lianka.Modules.Storefronts.Flash;

/// <summary>Where a sale stands in the eyes of one visitor.</summary>
internal enum SaleStage
{
    /// <summary>It has not begun.</summary>
    Upcoming,

    /// <summary>It runs, and the visitor may try.</summary>
    Open,

    /// <summary>The visitor has a place in the waiting room.</summary>
    Waiting,

    SoldOut,
    Ended,

    /// <summary>The goods are short or not offered just now; another try may do.</summary>
    Short,

    /// <summary>The visitor had units and did not pay for them.</summary>
    Lapsed,
}

internal static class SaleStages
{
    /// <param name="answer">What the visitor's attempt was answered; null: there was none.</param>
    public static SaleStage Of(FlashSale sale, FlashAnswer? answer, DateTimeOffset now) => answer switch
    {
        FlashAnswer.Owned => SaleStage.Lapsed,
        FlashAnswer.Waiting => SaleStage.Waiting,
        FlashAnswer.Refused { Why: Refusal.SoldOut } => SaleStage.SoldOut,
        FlashAnswer.Refused { Why: Refusal.SaleEnded } => SaleStage.Ended,
        FlashAnswer.Refused { Why: Refusal.SaleNotStarted } => SaleStage.Upcoming,
        FlashAnswer.Refused => SaleStage.Short,
        _ => now < sale.FromAt ? SaleStage.Upcoming : sale.IsSoldOut ? SaleStage.SoldOut : now >= sale.ToAt ? SaleStage.Ended : SaleStage.Open,
    };

    /// <summary>Where the buyer's order is looked after; null while there is none, or it has lapsed.</summary>
    public static string? PathOf(FlashAnswer? answer) => answer is not FlashAnswer.Owned owned ? null : owned.Order.Status switch
    {
        OrderStatus.Placed => $"/pay/{owned.Order.Id}",
        OrderStatus.Expired or OrderStatus.Cancelled => null,
        _ => $"/o/{owned.Order.Id}",
    };
}
