using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>Writes a merchant's retail prices in the caller's transaction. The caller has loaded the book before: both raise the version 'prices'.</summary>
internal static class ShelfRows
{
    public static async Task WriteAsync(Session s, MerchantId merchant, IReadOnlyCollection<(SkuId Sku, Money Price)> prices)
    {
        if (prices.Count == 0) return;
        // First, because the row it locks lets one writer after the other take rows away and put them back.
        var version = await s.RaisePricesAsync();
        await s.ExecuteAsync($"delete from retail_price where merchant_id = @merchant and {s.AnyOf("sku_id", "@Skus")}",
            new { merchant, Skus = s.List(prices.Select(p => p.Sku.Value)) });
        await s.InsertAsync("retail_price", "merchant_id, sku_id, price, listed, changed", prices, (p, row) =>
        {
            row.Number(merchant.Value);
            row.Number(p.Sku.Value);
            row.Number(p.Price.Units);
            row.Small(1);
            row.Number(version);
        });
    }

    /// <summary>The prices are kept for the day the goods come back.</summary>
    public static async Task TakeOffAsync(Session s, MerchantId merchant, IReadOnlyCollection<SkuId> skus)
    {
        if (skus.Count == 0) return;
        var version = await s.RaisePricesAsync();
        await s.ExecuteAsync(
            $"update retail_price set listed = 0, changed = @version where merchant_id = @merchant and {s.AnyOf("sku_id", "@Skus")}",
            new { merchant, version, Skus = s.List(skus.Select(k => k.Value)) });
    }
}
