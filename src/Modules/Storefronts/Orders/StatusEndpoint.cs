using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>What live.js asks: has anything changed, is it over, where to go.</summary>
internal static class StatusEndpoint
{
    private sealed record Answer(string Version, bool Final, string? Goto);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/s/{slug}/o/{order}/status", AnswerAsync).ExcludeFromDescription();

    private static async Task<IResult> AnswerAsync(
        string slug, string order, HttpContext http, StorefrontBook shops, OwnOrders own, BuyerOrders orders, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (shops.FindBySlug(slug) is not { } storefront || !OrderId.TryParse(order, out var id)) return Results.NotFound();
        var shop = Shop.Of(http, storefront);
        if (own.ClaimOf(http, shop, id) is null || await orders.FindAllAsync(shop, id, cancel) is not { } found) return Results.NotFound();
        // The page itself follows to the order that was bought again; from the cashier everybody moves on once it is over.
        var isPaying = found.View.Stage == OrderStage.Unpaid;
        var target = await orders.SuccessorAsync(shop, found, cancel) is { } next ? shop.Url($"/o/{next}")
            : isPaying ? null : shop.Url($"/o/{id}");
        if (target is not null && IsThere(http, target)) target = null;
        return Results.Json(new Answer(found.Version, found.IsFinal, target is null ? null : PathPrefix.Outside(http, target)));
    }

    /// <summary>The asking page is already the one to go to.</summary>
    private static bool IsThere(HttpContext http, string target) =>
        Uri.TryCreate(http.Request.Headers.Referer, UriKind.Absolute, out var from) && PathPrefix.Inside(http, from.AbsolutePath) == target;
}
