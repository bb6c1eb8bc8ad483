using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Flash;

/// <summary>What live.js asks on the page of a sale, and the way to the channel for buyers who came by the API.</summary>
internal static class FlashEndpoints
{
    private sealed record StatusAnswer(string Version, bool Final, string? Goto);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/s/{slug}/flash/{sale}/status", StatusAsync).ExcludeFromDescription();
        routes.MapGet("/s/{slug}/flash/{sale}/pay/{order}", PayAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> StatusAsync(
        string slug, string sale, HttpContext http, StorefrontBook shops, FlashDesk desk, TicketCookies tickets, OwnOrders own, TimeProvider clock)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (shops.FindBySlug(slug) is not { } storefront || !SaleId.TryParse(sale, out var id) || desk.Find(id) is not { } view
            || view.Sale.StorefrontId != storefront.Id) return Results.NotFound();
        var shop = Shop.Of(http, storefront);
        var hasTicket = tickets.Of(http, id) is { } held && desk.TryRead(held.Ticket, out var ticket) && ticket.Sale == id ? ticket : (Ticket?)null;
        var answer = hasTicket is { } valid ? await desk.FollowAsync(valid) : null;
        if (answer is FlashAnswer.Owned owned) own.Add(http, shop, Claim.Bought, owned.Order.Id);
        if (SaleStages.PathOf(answer) is { } path) return Results.Json(new StatusAnswer(path, true, PathPrefix.Outside(http, shop.Url(path))));
        var stage = SaleStages.Of(view.Sale, answer, clock.Now());
        var version = answer is FlashAnswer.Waiting w ? $"{stage}.{w.Place}.{w.Ahead}.{w.Unpaid}.{w.Chance}" : $"{stage}.{view.Sale.Left > 0}";
        return Results.Json(new StatusAnswer(version, stage is SaleStage.SoldOut or SaleStage.Ended or SaleStage.Lapsed, null));
    }

    /// <summary>Anyone may pay for an order whose number is known; nothing of it is shown here.</summary>
    private static async Task<IResult> PayAsync(
        string slug, string sale, string order, HttpContext http, StorefrontBook shops, OrderDesk orders, Till till, SaleGoods goods, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (shops.FindBySlug(slug) is not { } storefront || !SaleId.TryParse(sale, out var id) || !OrderId.TryParse(order, out var number)
            || await orders.FindAsync(number, storefront.Merchant) is not { } found || found.Storefront != storefront.Id) return Results.NotFound();
        var shop = Shop.Of(http, storefront);
        var back = shop.Url($"/flash/{id}");
        if (found.Status != OrderStatus.Placed) return Results.Redirect(back);
        var (product, sku) = await goods.FindAsync(found.Sku, cancel);
        var start = await till.SendAsync(http, shop, found, $"{product.NameZh} {sku.NameZh} × {found.Quantity}", $"/flash/{id}", cancel);
        return start?.Attempt is { Shape: PayShape.Redirect, PayValue: { } url } ? Results.Redirect(url) : Results.Redirect(shop.Url($"/pay/{found.Id}"));
    }
}
