using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Found;

/// <summary>A shop on a phone's home screen: its manifest and its icons.</summary>
internal static class AppEndpoints
{
    private static readonly int[] _sizes = [180, 192, 512];

    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/s/{slug}/app.webmanifest", (string slug, HttpContext http, StorefrontBook shops) =>
        {
            if (shops.FindBySlug(slug) is not { } storefront) return Results.NotFound();
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Text(Manifest(http, Shop.Of(http, storefront), RequestLanguage.Of(http)), "application/manifest+json");
        }).ExcludeFromDescription();
        routes.MapGet("/s/{slug}/icon-{size:int}.png", (string slug, int size, HttpResponse response, StorefrontBook shops) =>
        {
            if (shops.FindBySlug(slug) is not { } shop || !_sizes.Contains(size)) return Results.NotFound();
            // The address carries the colour (?v=), as that of the style sheet does.
            response.Headers.CacheControl = "public, max-age=86400";
            return Results.Bytes(ShopIcon.Png(shop.Slug, Brand.Safe(shop.Brand), shop.Ink, size), "image/png");
        }).ExcludeFromDescription();
    }

    private static string Manifest(HttpContext http, Shop shop, Language language) => new JsonObject
    {
        ["id"] = PathPrefix.Outside(http, shop.Url()), ["name"] = shop.Name(language), ["short_name"] = shop.Name(language), ["lang"] = language.Tag(),
        ["start_url"] = PathPrefix.Outside(http, shop.Url()), ["scope"] = PathPrefix.Outside(http, shop.Url()), ["display"] = "standalone",
        ["theme_color"] = Brand.Safe(shop.Brand), ["background_color"] = "#ffffff",
        ["icons"] = new JsonArray([.. new[] { 192, 512 }.Select(size => new JsonObject
        {
            ["src"] = PathPrefix.Outside(http, shop.Icon(size)), ["sizes"] = $"{size}x{size}", ["type"] = "image/png", ["purpose"] = "any maskable",
        })]),
    }.ToJsonString(_json);
}
