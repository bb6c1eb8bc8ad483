using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Flash;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>The shop window: categories, search, goods.</summary>
internal sealed class HomePage(Shelf shelf, Catalog.Catalog catalog, FlashDesk flash, SaleGoods flashGoods, TimeProvider clock) : ShopPage
{
    public IReadOnlyList<Category> Categories { get; private set; } = [];
    public IReadOnlyList<Goods> Goods { get; private set; } = [];
    public bool HasMore { get; private set; }

    /// <summary>Flash sales that run or are to come.</summary>
    public List<(string Path, string Goods, string Price, string State)> Sales { get; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var page = await shelf.ListAsync(Shop, null, null, null, cancel: cancel);
        HasMore = page.Next is not null;
        var shown = page.Items.Select(g => g.Product.CategoryId).ToHashSet();
        // With more than one page the rest may be in any category: then all are offered.
        Categories = [.. (await catalog.ListCategoriesAsync(cancel)).Where(c => HasMore || shown.Contains(c.Id)).OrderBy(c => c.Sort).ThenBy(c => c.Id)];
        // What can be had now comes first; sold-out goods stay visible, at the end.
        Goods = [.. page.Items.OrderBy(g => g.Stock == 0)];
        foreach (var view in flash.Of(Shop.Id))
        {
            var (product, sku) = await flashGoods.FindAsync(view.Sale.SkuId, cancel);
            Sales.Add((Shop.Url($"/flash/{view.Sale.Id}"), $"{Language.PickOr(product.NameZh, product.NameEn)} {Language.PickOr(sku.NameZh, sku.NameEn)}",
                view.Sale.Price.Text(2), T.StateOf(view, clock.Now())));
        }

        Share();
        Frame(Shop.Name(Language), T.HomeDescription(Shop.Name(Language)));
        Offer("", StructuredData.Graph(StructuredData.Shop(Shop.Name(Language), Shop.Address(HttpContext), Shop.Address(HttpContext, "/search"))));
    }
}
