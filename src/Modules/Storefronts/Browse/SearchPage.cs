using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>Goods found by words, by category, or all of them, page by page.</summary>
internal sealed class SearchPage(Shelf shelf, Catalog.Catalog catalog) : ShopPage
{
    private const int WordsMax = 60;

    public string Query { get; private set; } = "";
    public Category? Category { get; private set; }
    public GoodsPage Goods { get; private set; } = new([], null);

    public string Heading => Category is { } c ? Language.PickOr(c.NameZh, c.NameEn) : Query.Length > 0 ? T.FoundFor(Query) : T.AllGoods;

    public async Task<IActionResult> OnGetAsync(string? category, string? q, string? after, CancellationToken cancel)
    {
        Query = (q ?? "").Trim();
        if (Query.Length > WordsMax) Query = Query[..WordsMax];
        if (category is not null)
        {
            Category = await catalog.FindCategoryAsync(category, cancel);
            if (Category is null) return Missing();
        }

        Goods = await shelf.ListAsync(Shop, category, Query.Length > 0 ? Query : null, after, cancel: cancel);
        Share();
        Frame(Heading, Category is null ? "" : T.CategoryDescription(Heading, Shop.Name(Language)));
        // What follows from a search is no page of its own.
        if (Category is not null)
            Offer($"/c/{Category.Slug}{(after is null ? "" : QueryString.Create("after", after))}", StructuredData.Graph(StructuredData.Crumbs(
                (Shop.Name(Language), Shop.Address(HttpContext)), (Heading, Shop.Address(HttpContext, $"/c/{Category.Slug}")))));
        return Page();
    }

    public string NextUrl => $"{Shop.Url(Category is null ? "/search" : $"/c/{Category.Slug}")}{QueryString.Create("after", Goods.Next!)}"
        + (Query.Length > 0 ? $"&q={Uri.EscapeDataString(Query)}" : "");
}
