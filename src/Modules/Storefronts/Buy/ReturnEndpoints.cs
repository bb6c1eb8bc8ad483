using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>Where channels send browsers back to, and where browsers go to be asked who they are.</summary>
internal static class ReturnEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/back/{**path}", [HttpMethods.Get, HttpMethods.Post], Back).ExcludeFromDescription();
        routes.MapGet("/s/{slug}/pay/{order}/ask/{channel}", AskAsync).ExcludeFromDescription();
        routes.MapGet("/s/{slug}/pay/{order}/buyer", BuyerAsync).ExcludeFromDescription();
    }

    /// <summary>Reads nothing and changes nothing: whatever a channel sends along is no news. A form that another site sends brings no cookies; the page it leads to has them.</summary>
    private static IResult Back(string? path, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        // Names of this site only: without empty parts the path has no authority in it, and what is not a page here is not found.
        http.Response.Headers.Location = $"/{string.Join('/', (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.EscapeDataString))}";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>To the channel's app, which sends the browser on to <see cref="BuyerAsync"/>.</summary>
    private static async Task<IResult> AskAsync(
        string slug, string order, string channel, HttpContext http, StorefrontBook shops, OwnOrders own, BuyerNumbers numbers, PaymentDesk payments, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (shops.FindBySlug(slug) is not { } storefront || !OrderId.TryParse(order, out var id) || !PublicId.TryDecode(channel, out var asked)) return Results.NotFound();
        var shop = Shop.Of(http, storefront);
        if (own.ClaimOf(http, shop, id) is null) return Results.Redirect(shop.Url("/orders"));
        var answer = $"{PathPrefix.Origin(http)}{shop.Url($"/pay/{id}/buyer")}";
        return await payments.BuyerAddressAsync(asked, answer, numbers.Ask(http, asked), cancel) is { } address ? Results.Redirect(address) : Results.NotFound();
    }

    /// <summary>The app has told who the buyer is, or not.</summary>
    private static async Task<IResult> BuyerAsync(
        string slug, string order, string? code, string? state, HttpContext http, StorefrontBook shops, OwnOrders own, BuyerNumbers numbers, PaymentDesk payments, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (shops.FindBySlug(slug) is not { } storefront || !OrderId.TryParse(order, out var id)) return Results.NotFound();
        var shop = Shop.Of(http, storefront);
        if (own.ClaimOf(http, shop, id) is null) return Results.Redirect(shop.Url("/orders"));
        if (numbers.Answered(http, state) is not { } channel || string.IsNullOrEmpty(code) || await payments.OpenIdAsync(channel, code, cancel) is not { } number)
            return Results.Redirect(shop.Url($"/pay/{id}?buyer=unknown"));
        numbers.Keep(http, channel, number);
        return Results.Redirect(shop.Url($"/pay/{id}"));
    }
}
