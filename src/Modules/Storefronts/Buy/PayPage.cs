using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>The shop's cashier: amount, time left, ways to pay and the one that is open, live status.</summary>
internal sealed class PayPage(OwnOrders own, BuyerOrders orders, OrderDesk desk, Till till, TimeProvider clock) : OneOrderPage
{
    /// <summary>Remembers the way that the buyer chose last; of all shops, because it says something about the buyer.</summary>
    private const string WayCookie = "pay-way";

    /// <summary>How the buyer gets on; null when the order has no payment.</summary>
    public PayStart? Start { get; private set; }

    /// <summary>The way of the attempt that is open.</summary>
    public string? Way { get; private set; }

    /// <summary>What may be chosen, with the open one.</summary>
    public IReadOnlyList<string> Ways { get; private set; } = [];
    public DateTimeOffset Now { get; private set; }

    /// <summary>The fields of a form that goes to the channel.</summary>
    public IReadOnlyDictionary<string, string> Fields =>
        Start?.Attempt?.PayFields is { } fields ? JsonSerializer.Deserialize<Dictionary<string, string>>(fields)! : new Dictionary<string, string>();

    public async Task<IActionResult> OnGetAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (View.Stage != OrderStage.Unpaid) return Redirect(Shop.Url($"/o/{Order.Id}"));
        Ways = await till.WaysAsync(HttpContext, Order, cancel);
        // What was chosen once begins a payment; it never changes one that is under way.
        var way = await till.LiveAsync(Order, cancel) is null && Request.Cookies[WayCookie] is { } chosen && Ways.Contains(chosen) ? chosen : null;
        await ShowAsync(await till.StartAsync(HttpContext, Shop, Order, Goods, cancel, way), cancel);
        return Page();
    }

    /// <summary>Another way to pay.</summary>
    public async Task<IActionResult> OnPostWayAsync(string order, string? way, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (View.Stage != OrderStage.Unpaid) return Redirect(Shop.Url($"/o/{Order.Id}"));
        Ways = await till.WaysAsync(HttpContext, Order, cancel);
        if (way is null || !Ways.Contains(way)) return Redirect(Shop.Url($"/pay/{Order.Id}"));
        var start = await till.StartAsync(HttpContext, Shop, Order, Goods, cancel, way);
        if (start is { Problem: PayProblem.None })
        {
            Response.Cookies.Append(WayCookie, way, new CookieOptions
            {
                HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = Request.IsHttps, Path = "/s/", MaxAge = TimeSpan.FromDays(365), IsEssential = true,
            });
            return Redirect(Shop.Url($"/pay/{Order.Id}"));
        }

        await ShowAsync(start, cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostCancelAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        // Refused when the money came first: then the order's page shows the goods.
        await desk.RunAsync(new OrderCommand.Cancel(Order.Id, Shop.MerchantId, "buyer"), cancel);
        return Redirect(Shop.Url($"/o/{Order.Id}"));
    }

    private async Task ShowAsync(PayStart? start, CancellationToken cancel)
    {
        Start = start;
        Way = start?.Attempt is { } attempt ? await till.WayOfAsync(attempt, cancel) : null;
        if (Way is not null && !Ways.Contains(Way)) Ways = [Way, .. Ways];
        if (start?.Attempt is { Shape: PayShape.Form, PayValue: { } target } && Uri.TryCreate(target, UriKind.Absolute, out var address))
            FormTarget.Allow(HttpContext, address);
        Now = clock.Now();
        Frame(T.Paying, "", "live", "countdown");
        RefreshAfter(4);
    }
}
