using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Buy;

/// <summary>The shop's cashier: amount, time left, the way to the channel, live status.</summary>
internal sealed class PayPage(OwnOrders own, BuyerOrders orders, OrderDesk desk, Till till, TimeProvider clock) : OneOrderPage
{
    /// <summary>How the buyer gets on; null when the order has no payment.</summary>
    public PayStart? Start { get; private set; }
    public DateTimeOffset Now { get; private set; }

    public async Task<IActionResult> OnGetAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        if (View.Stage != OrderStage.Unpaid) return Redirect(Shop.Url($"/o/{Order.Id}"));
        Start = await till.StartAsync(HttpContext, Shop, Order, Goods, cancel);
        Now = clock.Now();
        Frame(T.Paying, "", "live", "countdown");
        RefreshAfter(4);
        return Page();
    }

    public async Task<IActionResult> OnPostCancelAsync(string order, CancellationToken cancel)
    {
        if (await OpenAsync(order, own, orders, cancel) is { } other) return other;
        // Refused when the money came first: then the order's page shows the goods.
        await desk.RunAsync(new OrderCommand.Cancel(Order.Id, Shop.MerchantId, "buyer"), cancel);
        return Redirect(Shop.Url($"/o/{Order.Id}"));
    }
}
