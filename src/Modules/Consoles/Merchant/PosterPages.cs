using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>The links of a shop and of all that it lists, to be copied and sent.</summary>
[Needs(MerchantPermissions.ShopSee)]
internal sealed class PostersPage(StorefrontBook shops, PriceBooks books, ShelfGoods shelves, Finder finder, Catalog.Catalog catalog) : ConsolePage
{
    private const int RowsMax = 50;

    public sealed record Row(string Name, string Price, string Link, string Poster);

    public List<Storefront> Shops { get; private set; } = [];

    /// <summary>Null: the merchant has none.</summary>
    public Storefront? Shop { get; private set; }
    public string Search { get; private set; } = "";
    public List<Row> Rows { get; } = [];
    public string? Next { get; private set; }
    public string? First { get; private set; }

    public Table Nothing => new(Title)
    {
        Empty = Shop is null
            ? new EmptyState(T("还没有店铺", "No shop yet"), T("先开一个店铺，再来拿链接和海报。", "Open one first; its links and posters are here then."), "/console/merchant/storefront/new", T("开店铺", "Open a shop"), "home")
            : new EmptyState(T("没有符合条件的商品", "No goods match"), T("去掉一个条件试试。", "Take a condition away."), With(("q", null), ("after", null)), T("看全部", "See all"), "search"),
    };

    public async Task OnGetAsync()
    {
        Title = T("链接与海报", "Links and posters");
        Search = Request.Query["q"].ToString().Trim();
        Shops = await shops.ListAsync(Merchant);
        Shop = StorefrontId.TryParse(Request.Query["shop"], out var wanted) && Shops.Find(s => s.Id == wanted) is { } chosen ? chosen : Shops.FirstOrDefault();
        if (Shop is null) return;
        var origin = PathPrefix.Origin(HttpContext);
        var book = await books.RefreshAsync();
        var onShelf = shelves.Of(book, Merchant);
        var last = ProductId.TryParse(Request.Query["after"], out var after) ? after : (ProductId?)null;
        First = last is null ? null : With(("after", null));
        if (last is null && Search.Length == 0)
            Rows.Add(new Row(T("店铺首页", "The shop itself"), "", Shop.AddressAt(origin), PosterLinks.Poster(Shop, null)));
        var ids = Search.Length == 0
            ? (await finder.OfCategoryAsync(onShelf.Products.Skip(last is { } made ? onShelf.After(made) : 0), null)).Take(RowsMax + 1).ToList()
            : (await finder.FindAsync(onShelf.Products, null, Search)).Products is var found && last is { } ranked ? [.. found.Skip(found.IndexOf(ranked) + 1)] : found;
        if (ids.Count > RowsMax)
        {
            Next = With(("after", ids[RowsMax - 1].ToString()));
            ids = ids[..RowsMax];
        }

        var products = (await catalog.ListProductsAsync(ids)).ToDictionary(p => p.Id);
        foreach (var product in ids.Select(id => products.GetValueOrDefault(id)).OfType<Product>())
            if (product.State == ListingState.Listed && PosterLinks.PriceOf(book, Merchant, onShelf.Skus[product.Id], Language, Now) is { } price)
                Rows.Add(new Row(Language.PickOr(product.NameZh, product.NameEn), price, Shop.AddressAt(origin, $"/p/{product.Slug}"), PosterLinks.Poster(Shop, product)));
    }
}

/// <summary>The posters of a shop or of one of its goods, to look at and to take along.</summary>
[Needs(MerchantPermissions.ShopSee)]
internal sealed class PosterPage(StorefrontBook shops, PriceBooks books, ShelfGoods shelves, Catalog.Catalog catalog) : ConsolePage
{
    private PosterWords _words = null!;

    public string Link { get; private set; } = "";
    public string FileName { get; private set; } = "";

    public string NameOf(string design) => design switch
    {
        Poster.Calm => T("清爽", "Calm"),
        Poster.Bold => T("醒目", "Bold"),
        _ => T("价签", "Price tag"),
    };

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!await LoadAsync()) context.Result = NotFound();
        else await next();
    }

    private async Task<bool> LoadAsync()
    {
        if (!StorefrontId.TryParse(RouteData.Values["shop"] as string, out var id) || await shops.FindAsync(Merchant, id) is not { } shop) return false;
        var (name, price, path) = ("", "", "");
        FileName = shop.Slug;
        if (RouteData.Values["product"] is string slug)
        {
            var book = await books.RefreshAsync();
            if (await catalog.FindProductAsync(slug) is not { State: ListingState.Listed } product
                || PosterLinks.PriceOf(book, Merchant, shelves.Of(book, Merchant).Skus[product.Id], Language, Now) is not { } asked) return false;
            (name, price, path) = (Language.PickOr(product.NameZh, product.NameEn), asked, $"/p/{product.Slug}");
            FileName = $"{shop.Slug}-{product.Slug}";
        }

        Link = shop.AddressAt(PathPrefix.Origin(HttpContext), path);
        _words = new PosterWords(Language.PickOr(shop.NameZh, shop.NameEn), name, price, T("扫码购买", "Scan to buy"), Link[(Link.IndexOf("//", StringComparison.Ordinal) + 2)..], shop.Brand, shop.Ink);
        Title = name.Length > 0 ? name : _words.Shop;
        Up = ($"/console/merchant/posters?shop={shop.Id}", T("链接与海报", "Links and posters"));
        return true;
    }

    public void OnGet() { }

    public IActionResult OnGetPicture(string? design, bool keep)
    {
        if (design is null || !Poster.Designs.Contains(design)) return NotFound();
        // Opened as a page of its own, the picture is nothing but a picture.
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        Response.Headers.CacheControl = "no-store";
        var qr = Qr.Of(Link);
        if (keep) Response.Headers.ContentDisposition = $"attachment; filename=\"{FileName}-{design}.svg\"";
        return Content(Poster.Svg(design, _words, new PosterCode(qr.Size, qr.Path)), "image/svg+xml; charset=utf-8");
    }
}

/// <summary>Where posters stand, and what they say.</summary>
internal static class PosterLinks
{
    public static string Poster(Storefront shop, Product? product) => $"/console/merchant/posters/{shop.Id}{(product is null ? "" : $"/{product.Slug}")}";

    /// <summary>The lowest price of what is offered; null: nothing is.</summary>
    public static string? PriceOf(PriceBook book, MerchantId merchant, IEnumerable<SkuId> skus, Language language, DateTimeOffset now)
    {
        var prices = skus.Where(s => book.Terms(merchant, s, 1, now) is not null).Select(s => book.Retail(merchant, s)).OfType<Money>().Order().ToList();
        if (prices.Count == 0) return null;
        var lowest = $"¥{prices[0].Text(2)}";
        return prices[0] == prices[^1] ? lowest : language.Pick($"{lowest} 起", $"from {lowest}");
    }
}
