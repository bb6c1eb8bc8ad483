using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>The one style a shop has of its own: its colour. A file of its own, so that no page needs inline styles.</summary>
internal static class BrandEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/s/{slug}/brand.css", (string slug, HttpResponse response, StorefrontBook shops) =>
        {
            if (shops.FindBySlug(slug) is not { } shop) return Results.NotFound();
            // The address carries the colour (?v=), so another colour is another address.
            response.Headers.CacheControl = "public, max-age=86400";
            return Results.Text($":root{{--brand:{Brand.Safe(shop.Brand)}}}", "text/css");
        }).ExcludeFromDescription();
}
