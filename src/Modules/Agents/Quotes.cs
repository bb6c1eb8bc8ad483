using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>The exact price for one merchant, SKU and quantity now.</summary>
/// <param name="ValidUntil">Until when the price does not move by the passing of time; a changed price list may end it sooner.</param>
public sealed record Quote(
    MerchantId Merchant, SkuId Sku, long Quantity, Money UnitPrice, Money Total, DateTimeOffset At, DateTimeOffset ValidUntil);

/// <summary>Tells what an order would cost, by the same book and rule as the order itself.</summary>
public sealed class Quotes(Database database, PriceBooks books, TimeProvider clock)
{
    /// <summary>No quote is said to hold longer than this: buyers protect themselves with max_total.</summary>
    public static readonly TimeSpan ValidMax = TimeSpan.FromSeconds(60);

    /// <summary>Null when it is not offered. Stock is another question (Inventory).</summary>
    /// <param name="quantity">Within 1 and the SKU's limit: the caller has checked.</param>
    public async Task<Quote?> QuoteAsync(MerchantId merchant, SkuId sku, long quantity, CancellationToken cancel = default) =>
        Of(await database.ReadAsync(s => books.LoadAsync(s), cancel), merchant, sku, quantity, clock.Now());

    internal static Quote? Of(PriceBook book, MerchantId merchant, SkuId sku, long quantity, DateTimeOffset now)
    {
        if (book.Terms(merchant, sku, quantity, now) is not { } terms) return null;
        var until = now + ValidMax;
        if (book.NextChange(merchant, sku, now) is { } change && change < until) until = change;
        return new(merchant, sku, quantity, terms.Unit, terms.Unit * quantity, now, until);
    }
}
