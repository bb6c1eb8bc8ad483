using Lianka.Kernel;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>Where the code on the other device leads: its orders are shown here too, after a press. Their codes need another press, as for everybody who found an order.</summary>
internal sealed class TakePage(OwnOrders own, TakeAlong along) : ShopPage
{
    public string Key { get; private set; } = "";
    public int Count { get; private set; }

    protected override bool IsServedWhenClosed => true;

    public IActionResult OnGet(string? key)
    {
        if (along.Read(Shop, key) is not { } orders) return Problem(404, T.TakeOver, T.TakeOverHint);
        (Key, Count) = (key!, orders.Count);
        Frame(T.TakeTitle);
        return Page();
    }

    public IActionResult OnPost(string? key)
    {
        if (along.Read(Shop, key) is not { } orders) return Problem(404, T.TakeOver, T.TakeOverHint);
        own.Add(HttpContext, Shop, Claim.Found, [.. orders]);
        return Redirect(Shop.Url("/orders"));
    }
}
