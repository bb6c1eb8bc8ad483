using System.Text.Json;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>The door from the shop to the channel. Who has passed it may have paid; who has not may still choose another way at once.</summary>
internal sealed class GoPage(OwnOrders own, BuyerOrders orders, PaymentDesk payments) : OneOrderPage
{
    /// <summary>Where the form goes.</summary>
    public string Target { get; private set; } = "";
    public IReadOnlyDictionary<string, string> Fields { get; private set; } = new Dictionary<string, string>();

    public async Task<IActionResult> OnGetAsync(string order, string attempt, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (!Buyers.IsPayable || Buyers.Payment is not { } payment || await payments.GoAsync(payment.PaidBy, attempt, cancel) is not { PayValue: { } value } going)
            return Redirect(Shop.Url($"/pay/{Order.Id}"));
        switch (going.Shape)
        {
            case PayShape.Redirect:
                // Some channels (WeChat Pay's H5) take a browser only from a site that they know: they are told the site, not the page.
                Response.Headers["Referrer-Policy"] = "origin";
                return Redirect(value);
            case PayShape.Form when Uri.TryCreate(value, UriKind.Absolute, out var address):
                FormTarget.Allow(HttpContext, address, await payments.FormTargetsAsync(going, cancel));
                (Target, Fields) = (value, JsonSerializer.Deserialize<Dictionary<string, string>>(going.PayFields ?? "{}")!);
                Frame(T.Paying, "", "send");
                return Page();
            default:
                return Redirect(Shop.Url($"/pay/{Order.Id}"));
        }
    }
}
