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
/// <param name="IsNear">Nothing is called as it was searched for; these are called nearly so.</param>
public sealed record GoodsPage(IReadOnlyList<Goods> Items, string? Next, bool IsNear = false);

/// <summary>What stands on a shop's shelves: priced by its merchant, deliverable, and within the rules.</summary>
internal sealed class Shelf(PriceBooks books, ShelfGoods shelves, Catalog.Catalog catalog, Finder finder, Inventory.Inventory inventory, StorefrontFees fees, TimeProvider clock)
{
    public const int PageSize = 48;

    /// <summary>Goods of one page: all, of a category, or those that the words mean, best first.</summary>
    /// <param name="cursor">The last product of the page before.</param>
    public async Task<GoodsPage> ListAsync(
        Shop shop, string? category, string? search, string? cursor, int limit = PageSize, CancellationToken cancel = default)
    {
        var (book, now) = (books.Current, clock.Now());
        var onShelf = shelves.Of(book, shop.MerchantId);
        var canSell = await SellableOfAsync(shop, book, onShelf, now, cancel);
        var last = ProductId.TryParse(cursor, out var id) ? id : (ProductId?)null;
        IEnumerable<ProductId> found;
        var isNear = false;
        if (string.IsNullOrWhiteSpace(search))
        {
            var from = last is { } before ? onShelf.After(before) : 0;
            found = await finder.OfCategoryAsync(onShelf.Products.Skip(from), category, cancel);
        }
        else
        {
            (var hits, isNear) = await finder.FindAsync(onShelf.Products, category, search, cancel);
            found = hits.Skip(last is { } before ? hits.IndexOf(before) + 1 : 0);
        }

        // One more than the page tells whether there is another.
        ProductId[] ids = [.. found.Where(p => canSell(p)).Take(limit + 1)];
        var goods = await OfAsync(shop, book, await catalog.ListProductsAsync([.. ids.Take(limit)], cancel), now, cancel);
        return new GoodsPage(goods, ids.Length > limit ? ids[limit - 1].ToString() : null, isNear);
    }

    /// <summary>All that the shop sells now, in the order in which it was made.</summary>
    public async Task<List<ProductId>> SellableAsync(Shop shop, CancellationToken cancel = default)
    {
        var (book, now) = (books.Current, clock.Now());
        var onShelf = shelves.Of(book, shop.MerchantId);
        var canSell = await SellableOfAsync(shop, book, onShelf, now, cancel);
        return [.. onShelf.Products.Where(p => canSell(p))];
    }

    /// <summary>Of so many categories those in which the shop sells something now.</summary>
    public async Task<HashSet<long>> CategoriesAsync(Shop shop, int count, CancellationToken cancel = default)
    {
        var book = books.Current;
        var onShelf = shelves.Of(book, shop.MerchantId);
        return await finder.CategoriesAsync(onShelf.Products, count, await SellableOfAsync(shop, book, onShelf, clock.Now(), cancel), cancel);
    }

    private async Task<Predicate<ProductId>> SellableOfAsync(Shop shop, PriceBook book, OnShelf onShelf, DateTimeOffset now, CancellationToken cancel)
    {
        var feeBps = await fees.BpsAsync(cancel);
        return product => onShelf.Skus[product].Any(s => book.Sku(s) is { } sku && CanSell(shop, book, sku, feeBps, now));
    }

    /// <returns>Null when the shop does not sell it.</returns>
    public async Task<Goods?> FindAsync(Shop shop, string slug, CancellationToken cancel = default) =>
        await catalog.FindProductAsync(slug, cancel) is { } product
            ? (await OfAsync(shop, books.Current, [product], clock.Now(), cancel)).FirstOrDefault()
            : null;

    private async Task<List<Goods>> OfAsync(
        Shop shop, PriceBook book, IReadOnlyList<Product> products, DateTimeOffset now, CancellationToken cancel)
    {
        if (products.Count == 0) return [];
        var feeBps = await fees.BpsAsync(cancel);
        var skus = (await catalog.ListSkusAsync([.. products.Select(p => p.Id)], cancel))
            .Where(s => s.State == ListingState.Listed && book.Sku(s.Id) is { } entry && CanSell(shop, book, entry, feeBps, now)).ToList();
        var stock = await inventory.StockOfAsync([.. skus.Select(s => s.Id)], cancel);
        var choices = skus.Select(s => new Choice(s, book.Retail(shop.MerchantId, s.Id)!.Value, stock.GetValueOrDefault(s.Id)))
            .ToLookup(c => c.Sku.ProductId);
        return [.. products.Where(p => p.State == ListingState.Listed && choices.Contains(p.Id))
            .Select(p => new Goods(p, [.. choices[p.Id].OrderBy(c => c.Retail).ThenBy(c => c.Sku.Code, StringComparer.Ordinal)]))];
    }

    // The same test as the engine's: what would be refused at the till does not stand on the shelf.
    private static bool CanSell(Shop shop, PriceBook book, SkuEntry sku, long feeBps, DateTimeOffset now) =>
        book.Retail(shop.MerchantId, sku.Id) is { } retail
        && book.Terms(shop.MerchantId, sku.Id, 1, now) is { } terms
        && RetailRules.Check(retail, terms.Unit, ChannelFees.At(retail, feeBps), sku.Floor, sku.Ceiling) is null;
}
