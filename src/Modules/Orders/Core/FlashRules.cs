namespace Lianka.Modules.Orders.Core;

/// <summary>What a flash sale lets through: its time, its quota, its units. Decided in the batch, so it holds on any number of nodes.</summary>
internal static class FlashRules
{
    /// <summary>All units are reserved, but some may still come back.</summary>
    public const string AllReserved = "all_reserved";

    /// <summary>Why the sale itself says no, before price and stock are looked at; null when it does not.</summary>
    public static Verdict? WhyNot(OrderCommand.Reserve ask, FlashSale? sale, DateTimeOffset now)
    {
        if (sale is null || sale.MerchantId != ask.Merchant || sale.StorefrontId != ask.Storefront || sale.SkuId != ask.Sku)
            return Verdict.No(Refusal.NotOffered);
        if (now < sale.FromAt) return Verdict.No(Refusal.SaleNotStarted);
        if (now >= sale.ToAt) return Verdict.No(Refusal.SaleEnded);
        return ask.Quantity > sale.Quota ? Verdict.No(Refusal.QuantityOutOfRange, "quota") : null;
    }

    /// <summary>Null while so many units are neither reserved nor paid for. Sold out is said only when none can come back.</summary>
    public static Verdict? IsTaken(FlashSale sale, long quantity)
    {
        if (sale.Taken + quantity <= sale.Units) return null;
        return sale.IsSoldOut ? Verdict.No(Refusal.SoldOut) : Verdict.No(Refusal.StockShort, AllReserved);
    }
}
