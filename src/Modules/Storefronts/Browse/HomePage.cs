using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Frame;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>The shop window: categories, search, goods.</summary>
internal sealed class HomePage(Shelf shelf, Catalog.Catalog catalog) : ShopPage
{
    public IReadOnlyList<Category> Categories { get; private set; } = [];
    public IReadOnlyList<Goods> Goods { get; private set; } = [];
    public bool HasMore { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var page = await shelf.ListAsync(Shop, null, null, null, cancel: cancel);
        HasMore = page.Next is not null;
        var shown = page.Items.Select(g => g.Product.CategoryId).ToHashSet();
        // With more than one page the rest may be in any category: then all are offered.
        Categories = [.. (await catalog.ListCategoriesAsync(cancel)).Where(c => HasMore || shown.Contains(c.Id)).OrderBy(c => c.Sort).ThenBy(c => c.Id)];
        // What can be had now comes first; sold-out goods stay visible, at the end.
        Goods = [.. page.Items.OrderBy(g => g.Stock == 0)];
        Frame(Shop.Name(Language), T.HomeDescription(Shop.Name(Language)));
    }
}
