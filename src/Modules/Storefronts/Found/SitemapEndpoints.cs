using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Browse;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Found;

/// <summary>What search engines ask for: which pages there are, and which to leave alone.</summary>
internal static class SitemapEndpoints
{
    /// <summary>Pages that are one buyer's, or that follow from a search.</summary>
    private static readonly string[] _private = ["/orders", "/o/", "/pay/", "/search"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/s/{slug}/sitemap.xml", SitemapAsync).ExcludeFromDescription();
        routes.MapGet("/s/{slug}/robots.txt", (string slug, HttpContext http, StorefrontBook shops) =>
        {
            if (shops.FindBySlug(slug) is not { } storefront) return Results.NotFound();
            var shop = Shop.Of(http, storefront);
            return Robots(http.Response, _private.Select(shop.Url), shop.Address(http, "/sitemap.xml"));
        }).ExcludeFromDescription();
        routes.MapGet("/domains/known", (string? domain, ShopDomains domains) =>
            domain is not null && domains.FindByHost(domain) is not null ? Results.Ok() : Results.NotFound()).ExcludeFromDescription();
        // Shops are not listed here: whose shop stands on this platform is told by its merchant, not by us.
        routes.MapGet("/robots.txt", static (HttpResponse response) => Robots(response,
            ["/console", "/login", "/apply", "/api/", "/back/", .. _private.Select(p => $"/s/*{p}")], null)).ExcludeFromDescription();
    }

    private static IResult Robots(HttpResponse response, IEnumerable<string> disallowed, string? sitemap)
    {
        response.Headers.CacheControl = "public, max-age=3600";
        var lines = new List<string> { "User-agent: *" };
        lines.AddRange(disallowed.Select(d => $"Disallow: {d}"));
        if (sitemap is not null) lines.Add($"\nSitemap: {sitemap}");
        return Results.Text(string.Join('\n', lines) + "\n", "text/plain");
    }

    private static async Task<IResult> SitemapAsync(
        string slug, int? part, HttpContext http, StorefrontBook shops, Shelf shelf, Catalog.Catalog catalog, CancellationToken cancel)
    {
        if (shops.FindBySlug(slug) is not { IsOpen: true } storefront) return Results.NotFound();
        var shop = Shop.Of(http, storefront);
        http.Response.Headers.CacheControl = "public, max-age=3600";
        var ids = await shelf.SellableAsync(shop, cancel);
        var parts = (ids.Count + Sitemap.PartMax - 1) / Sitemap.PartMax;
        if (part is null && parts > 1) return Xml(Sitemap.Index(shop.Address(http, "/sitemap.xml"), parts));
        if (part is < 1 || part > Math.Max(1, parts)) return Results.NotFound();

        var products = new List<Product>();
        foreach (var some in ids.Skip(((part ?? 1) - 1) * Sitemap.PartMax).Take(Sitemap.PartMax).Chunk(500))
            products.AddRange(await catalog.ListProductsAsync(some, cancel));
        var pages = new List<SitePage>();
        if (part is null or 1)
        {
            var sold = products.Select(p => p.CategoryId).ToHashSet();
            pages.Add(new SitePage(shop.Address(http)));
            pages.Add(new SitePage(shop.Address(http, "/help")));
            pages.AddRange((await catalog.ListCategoriesAsync(cancel)).Where(c => sold.Contains(c.Id)).Select(c => new SitePage(shop.Address(http, $"/c/{c.Slug}"))));
        }

        pages.AddRange(products.Select(p => new SitePage(shop.Address(http, $"/p/{p.Slug}"), p.UpdatedAt)));
        return Xml(Sitemap.Pages(pages));
    }

    private static IResult Xml(string text) => Results.Text(text, "application/xml", System.Text.Encoding.UTF8);
}
