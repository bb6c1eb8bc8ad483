using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Reviews;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Reviews;

/// <summary>All reviews of a product that this shop sells, page by page.</summary>
internal sealed class ProductReviewsPage(Shelf shelf, ReviewShelf reviews) : ShopPage
{
    public Product Product { get; private set; } = null!;
    public ReviewList Reviews { get; private set; } = null!;
    public string Name => Language.PickOr(Product.NameZh, Product.NameEn);

    public async Task<IActionResult> OnGetAsync(string product, string? after, CancellationToken cancel)
    {
        if (await shelf.FindAsync(Shop, product, cancel) is not { } goods) return Missing();
        Product = goods.Product;
        Reviews = await reviews.ListAsync(Shop, T, Language, Product, OrderId.TryParse(after, out var last) ? last : null, ReviewDesk.PageSize, cancel);
        // Search engines find them on the product's own page.
        Frame($"{Name} · {T.Reviews}");
        return Page();
    }
}
