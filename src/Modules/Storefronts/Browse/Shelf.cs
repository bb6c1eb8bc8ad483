using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Frame;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>A SKU as it can be bought in a shop now.</summary>
/// <param name="Retail">R, per unit.</param>
/// <param name="Stock">Cards that can be sold now; 0: sold out.</param>
public sealed record Choice(Sku Sku, Money Retail, long Stock)
{
    /// <summary>Goes straight to an account; no code is shown.</summary>
    public bool IsTopUp => Sku.Kind == SkuKind.Direct && Sku.Fields.Length > 0;

    /// <summary>The most that one order may ask for.</summary>
    public long QuantityMax => Math.Min(Sku.QtyMax, Stock);
}

/// <summary>A product with its choices, cheapest first; at least one.</summary>
public sealed record Goods(Product Product, IReadOnlyList<Choice> Choices)
{
    public long Stock => Choices.Sum(c => c.Stock);

    public bool IsTopUp => Choices.All(c => c.IsTopUp);

    public Money From => Choices[0].Retail;
}

/// <param name="Next">The cursor of the next page; null: this was the last.</param>
public sealed record GoodsPage(IReadOnlyList<Goods> Items, string? Next);

/// <summary>What stands on a shop's shelves: priced by its merchant, deliverable, and within the rules.</summary>
internal sealed class Shelf(PriceBooks books, Catalog.Catalog catalog, Inventory.Inventory inventory, StorefrontFees fees, TimeProvider clock)
{
    private const int PageSize = 48;

    /// <summary>How many catalog pages are looked through for one page of the shop.</summary>
    private const int LooksMax = 40;

    public async Task<GoodsPage> ListAsync(
        Shop shop, string? category, string? search, string? cursor, int limit = PageSize, CancellationToken cancel = default)
    {
        var (book, now) = (books.Current, clock.Now());
        var products = book.Shelf(shop.MerchantId).Keys.Select(k => book.Sku(k)?.Product).OfType<ProductId>().ToHashSet();
        var found = new List<Goods>();
        ProductId? after = ProductId.TryParse(cursor, out var id) ? id : null;
        for (var look = 0; look < LooksMax && products.Count > 0; look++)
        {
            var page = await catalog.ListProductsAsync(
                new ProductFilter(search, category, ListingState.Listed, After: after, Limit: 100), cancel);
            foreach (var goods in await OfAsync(shop, book, [.. page.Items.Where(p => products.Contains(p.Id))], now, cancel))
            {
                if (found.Count == limit) return new GoodsPage(found, found[^1].Product.Id.ToString());
                found.Add(goods);
            }

            if (page.Next is null) break;
            after = page.Next;
        }

        return new GoodsPage(found, null);
    }

    /// <returns>Null when the shop does not sell it.</returns>
    public async Task<Goods?> FindAsync(Shop shop, string slug, CancellationToken cancel = default) =>
        await catalog.FindProductAsync(slug, cancel) is { State: ListingState.Listed } product
            ? (await OfAsync(shop, books.Current, [product], clock.Now(), cancel)).FirstOrDefault()
            : null;

    private async Task<List<Goods>> OfAsync(
        Shop shop, PriceBook book, IReadOnlyList<Product> products, DateTimeOffset now, CancellationToken cancel)
    {
        if (products.Count == 0) return [];
        var feeBps = await fees.BpsAsync(cancel);
        var skus = (await catalog.ListSkusAsync([.. products.Select(p => p.Id)], cancel))
            .Where(s => s.State == ListingState.Listed && CanSell(shop, book, s, feeBps, now)).ToList();
        var stock = await inventory.StockOfAsync([.. skus.Select(s => s.Id)], cancel);
        var choices = skus.Select(s => new Choice(s, book.Retail(shop.MerchantId, s.Id)!.Value, stock.GetValueOrDefault(s.Id)))
            .ToLookup(c => c.Sku.ProductId);
        return [.. products.Where(p => choices.Contains(p.Id))
            .Select(p => new Goods(p, [.. choices[p.Id].OrderBy(c => c.Retail).ThenBy(c => c.Sku.Code, StringComparer.Ordinal)]))];
    }

    // The same test as the engine's: what would be refused at the till does not stand on the shelf.
    private static bool CanSell(Shop shop, PriceBook book, Sku sku, long feeBps, DateTimeOffset now) =>
        book.Retail(shop.MerchantId, sku.Id) is { } retail
        && book.Terms(shop.MerchantId, sku.Id, 1, now) is { } terms
        && RetailRules.Check(retail, terms.Unit, ChannelFees.At(retail, feeBps), sku.RetailFloor, sku.RetailCeiling) is null;
}
