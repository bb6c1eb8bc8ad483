using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Cart;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>The shop's cashier: amount, time left, ways to pay and the one that is open, live status.</summary>
[RequestSizeLimit(SlipRequestMax)]
[RequestFormLimits(MultipartBodyLengthLimit = SlipRequestMax, MemoryBufferThreshold = SlipRequestMax)]
internal sealed class PayPage(
    OwnOrders own, BuyerOrders orders, Baskets baskets, ShoppingCart cart, Till till, TimeProvider clock) : OneOrderPage
{
    /// <summary>Room for a slip and the fields beside it.</summary>
    private const int SlipRequestMax = 5 << 20;

    /// <summary>Remembers the way that the buyer chose last; of all shops, because it says something about the buyer.</summary>
    private const string WayCookie = "pay-way";

    /// <summary>How the buyer gets on; null when the order has no payment.</summary>
    public PayStart? Start { get; private set; }

    /// <summary>The way of the attempt that is open.</summary>
    public string? Way { get; private set; }

    /// <summary>What may be chosen, with the open one.</summary>
    public IReadOnlyList<string> Ways { get; private set; } = [];
    public DateTimeOffset Now { get; private set; }

    /// <summary>By way of the channel's app, which tells who the buyer is, back to here. Gone to by a link: browsers stop a form whose answer leads to another site.</summary>
    public string? AskUrl => Start is { Problem: PayProblem.BuyerUnknown, Channel: { } channel } ? Shop.Url($"/pay/{Order.Id}/ask/{PublicId.Encode(channel)}") : null;

    /// <summary>Where the buyer pays by a bank transfer: how that stands.</summary>
    public BankTransfer? Transfer { get; private set; }

    /// <summary>What is wrong with the slip that was sent.</summary>
    public string? SlipProblem { get; private set; }

    /// <summary>The fields of a form that goes to the channel.</summary>
    public IReadOnlyDictionary<string, string> Fields =>
        Start?.Attempt?.PayFields is { } fields ? JsonSerializer.Deserialize<Dictionary<string, string>>(fields)! : new Dictionary<string, string>();

    /// <summary>The browser inside a channel's app, where few ways work.</summary>
    public bool IsInApp => Till.DeviceOf(HttpContext) == PayDevices.InApp;

    /// <param name="buyer">Something else than nothing: the app did not tell who the buyer is, so it is not asked again by itself.</param>
    public async Task<IActionResult> OnGetAsync(string order, string? buyer, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (!Buyers.IsPayable) return Redirect(Shop.Url($"/o/{Order.Id}"));
        Ways = await till.WaysAsync(HttpContext, Shop, Buyers, cancel);
        // What was chosen once begins a payment; it never changes one that is under way.
        var way = await till.LiveAsync(Order, cancel) is null && Request.Cookies[WayCookie] is { } chosen && Ways.Contains(chosen) ? chosen : null;
        var start = buyer is { Length: > 0 } && Buyers.Payment is { } payment
            ? new PayStart(payment, null, PayProblem.BuyerUnknown) : await till.StartAsync(HttpContext, Shop, Order, Subject, cancel, way);
        return await ShowAsync(start, cancel);
    }

    /// <summary>Another way to pay.</summary>
    public async Task<IActionResult> OnPostWayAsync(string order, string? way, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (!Buyers.IsPayable) return Redirect(Shop.Url($"/o/{Order.Id}"));
        Ways = await till.WaysAsync(HttpContext, Shop, Buyers, cancel);
        if (way is null || !Ways.Contains(way)) return Redirect(Shop.Url($"/pay/{Order.Id}"));
        var start = await till.StartAsync(HttpContext, Shop, Order, Subject, cancel, way);
        if (start is { Problem: PayProblem.None or PayProblem.BuyerUnknown })
        {
            Response.Cookies.Append(WayCookie, way, new CookieOptions
            {
                HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = Request.IsHttps, Path = OwnHost.CookiePath(HttpContext), MaxAge = TimeSpan.FromDays(365), IsEssential = true,
            });
            return Redirect(Shop.Url($"/pay/{Order.Id}"));
        }

        return await ShowAsync(start, cancel);
    }

    /// <summary>A picture of the bank's receipt.</summary>
    public async Task<IActionResult> OnPostSlipAsync(string order, IFormFile? picture, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (!Buyers.IsPayable) return Redirect(Shop.Url($"/o/{Order.Id}"));
        var decision = await till.SendSlipAsync(Order, picture?.OpenReadStream(), cancel);
        if (decision is BankDecision.Done) return Redirect(Shop.Url($"/pay/{Order.Id}"));
        SlipProblem = decision is BankDecision.Refused refused ? Language.Pick(refused.Error.Zh, refused.Error.En) : T.SlipTooLate;
        Ways = await till.WaysAsync(HttpContext, Shop, Buyers, cancel);
        return await ShowAsync(await till.StartAsync(HttpContext, Shop, Order, Subject, cancel), cancel);
    }

    public async Task<IActionResult> OnPostCancelAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (View.Stage != OrderStage.Unpaid) return Redirect(Shop.Url($"/o/{Order.Id}"));
        // Refused when the money came first: then the order's page shows the goods.
        var isEnded = await baskets.CancelAsync(All.Select(o => o.Order), cancel);
        if (!isEnded || !Buyers.IsOfBasket) return Redirect(Shop.Url($"/o/{Order.Id}"));
        cart.Return(HttpContext, Shop, All.Select(o => (new CartLine(o.Product.Slug, o.Sku.Code, o.Order.Quantity, o.Order.Fields ?? ""), o.Sku.QtyMax)));
        return Redirect(Shop.Url("/cart"));
    }

    private async Task<PageResult> ShowAsync(PayStart? start, CancellationToken cancel)
    {
        Start = start;
        if (start?.Attempt is { Shape: PayShape.Transfer }) Transfer = await till.TransferAsync(Order, cancel);
        Way = start?.Attempt is { } attempt ? await till.WayOfAsync(attempt, cancel) : null;
        if (Way is not null && !Ways.Contains(Way)) Ways = [Way, .. Ways];
        Now = clock.Now();
        string[] further = AskUrl is not null ? ["send"] : start?.Attempt is { Shape: PayShape.Script } && IsInApp ? ["wechat-pay"] : [];
        Frame(T.Paying, "", ["live", "countdown", "busy", .. further]);
        RefreshAfter(4);
        return Page();
    }
}
