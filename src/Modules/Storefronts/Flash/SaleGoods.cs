using System.Collections.Concurrent;
using Lianka.Kernel;
using Lianka.Modules.Catalog;

namespace Lianka.Modules.Storefronts.Flash;

/// <summary>The goods of sales, kept for a few seconds: thousands look at the same page at the same moment.</summary>
internal sealed class SaleGoods(Catalog.Catalog catalog, TimeProvider clock)
{
    private static readonly TimeSpan _kept = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<SkuId, (Product Product, Sku Sku, DateTimeOffset Until)> _goods = [];

    public async Task<(Product Product, Sku Sku)> FindAsync(SkuId id, CancellationToken cancel)
    {
        if (_goods.TryGetValue(id, out var known) && known.Until > clock.Now()) return (known.Product, known.Sku);
        var sku = await catalog.FindSkuAsync(id, cancel) ?? throw new InvalidOperationException($"{id} is gone.");
        var product = await catalog.FindProductAsync(sku.ProductId, cancel) ?? throw new InvalidOperationException($"{sku.ProductId} is gone.");
        _goods[id] = (product, sku, clock.Now() + _kept);
        return (product, sku);
    }
}
