using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Flash;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>What a shop window needs to know.</summary>
internal sealed record WindowSources(Shelf Shelf, Catalog.Catalog Catalog, FlashDesk Flash, SaleGoods SaleGoods, TimeProvider Clock);

/// <summary>The shop window: categories, search, goods.</summary>
internal abstract class WindowPage(WindowSources from) : ShopPage
{
    public IReadOnlyList<Category> Categories { get; private set; } = [];
    public IReadOnlyList<Goods> Goods { get; private set; } = [];

    /// <summary>One category of goods in a list is the list below.</summary>
    public bool HasScenarios => Categories.Count > 1 || Categories.Any(c => c.Scenario != Scenario.List);
    public bool HasMore { get; private set; }

    /// <summary>Flash sales that run or are to come.</summary>
    public List<(string Path, string Goods, string Price, string State)> Sales { get; } = [];

    protected async Task LoadAsync(CancellationToken cancel)
    {
        var page = await from.Shelf.ListAsync(Shop, null, null, null, cancel: cancel);
        HasMore = page.Next is not null;
        var all = await from.Catalog.ListCategoriesAsync(cancel);
        var sold = await from.Shelf.CategoriesAsync(Shop, all.Count, cancel);
        Categories = [.. all.Where(c => sold.Contains(c.Id))];
        // What can be had now comes first; sold-out goods stay visible, at the end.
        Goods = [.. page.Items.OrderBy(g => g.Stock == 0)];
        foreach (var view in from.Flash.Of(Shop.Id))
        {
            var (product, sku) = await from.SaleGoods.FindAsync(view.Sale.SkuId, cancel);
            Sales.Add((Shop.Url($"/flash/{view.Sale.Id}"), $"{Language.PickOr(product.NameZh, product.NameEn)} {Language.PickOr(sku.NameZh, sku.NameEn)}",
                view.Sale.Price.Text(2), T.StateOf(view, from.Clock.Now())));
        }
    }
}

internal sealed class HomePage(WindowSources from) : WindowPage(from)
{
    public async Task OnGetAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        Share();
        Frame(Shop.Name(Language), T.HomeDescription(Shop.Name(Language)));
        Offer("", StructuredData.Graph(StructuredData.Shop(Shop.Name(Language), Shop.Address(HttpContext), Shop.Address(HttpContext, "/search"))));
    }
}
