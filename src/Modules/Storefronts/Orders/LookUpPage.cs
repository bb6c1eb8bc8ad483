using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>Finds an order by number and contact, and lists those this browser or this log-in already knows.</summary>
internal sealed class LookUpPage(OwnOrders own, BuyerMemory memory, TakeAlong along, BuyerOrders orders, OrderDesk desk, ContactKeys contacts, Gates gates) : ShopPage
{
    private const int ListMax = 20;

    public string Number { get; private set; } = "";
    public string ContactText { get; private set; } = "";
    public string? Refused { get; private set; }
    public IReadOnlyList<BuyerOrder> Known { get; private set; } = [];
    public bool IsLoggedIn { get; private set; }

    /// <summary>What this browser was asked to remember; null: nothing.</summary>
    public BuyerMemory.Memory? Memory { get; private set; }

    /// <summary>The address that takes the orders to another device, when it was asked for.</summary>
    public string? TakeUrl { get; private set; }

    /// <summary>This browser has something to forget.</summary>
    public bool IsKnown => own.Of(HttpContext, Shop).Count > 0 || memory.Of(HttpContext, Shop) is not null;

    protected override bool IsServedWhenClosed => true;

    public async Task OnGetAsync(CancellationToken cancel) => await ListAsync(cancel);

    public async Task<IActionResult> OnPostAsync(string? number, string? contact, CancellationToken cancel)
    {
        Number = Shorten(number, 40);
        ContactText = Shorten(contact, 254);
        if (!gates.MayLookUp(HttpContext.Connection.RemoteIpAddress))
        {
            Refused = T.TooManyTries;
            Response.StatusCode = 429;
        }
        else if (await FindAsync() is { } order)
        {
            own.Add(HttpContext, Shop, Claim.Found, order.Id);
            return Redirect(Shop.Url($"/o/{order.Id}"));
        }
        else
        {
            // The same words whichever of the two was wrong: nobody learns which numbers exist.
            Refused = T.NotFoundByContact;
            Response.StatusCode = 422;
        }

        await ListAsync(cancel);
        return Page();
    }

    /// <summary>A code for another device.</summary>
    public async Task<IActionResult> OnPostDeviceAsync(CancellationToken cancel)
    {
        await ListAsync(cancel);
        if (own.Of(HttpContext, Shop) is { Count: > 0 } known)
            TakeUrl = Shop.Address(HttpContext, $"/orders/take?key={along.Pack(Shop, [.. known.Select(o => o.Order)])}");
        return Page();
    }

    /// <param name="account">Its place in the list.</param>
    /// <param name="value">What stands there: a form of an older page removes nothing else.</param>
    public IActionResult OnPostRemove(int account, string? value)
    {
        if (memory.Of(HttpContext, Shop) is { } known && account >= 0 && account < known.Accounts.Count && known.Accounts[account].Value == value)
            memory.Keep(HttpContext, Shop, known with { Accounts = [.. known.Accounts.Where((_, no) => no != account)] });
        return Redirect(Shop.Url("/orders"));
    }

    public IActionResult OnPostForget()
    {
        own.Forget(HttpContext, Shop);
        memory.Forget(HttpContext, Shop);
        return Redirect(Shop.Url("/orders"));
    }

    private async Task<Order?> FindAsync()
    {
        // As it is read aloud, copied without its beginning, or written in capitals.
        var number = Number.ToLowerInvariant();
        if (!(OrderId.TryParse(number, out var id) || OrderId.TryParse($"ord_{number}", out id)) || Contact.Read(ContactText) is not { } reach) return null;
        var order = await desk.FindByContactAsync(id, contacts.Of(reach));
        return order is not null && order.Storefront == Shop.Id ? order : null;
    }

    private async Task ListAsync(CancellationToken cancel)
    {
        Frame(T.MyOrders, "", "copy");
        Memory = memory.Of(HttpContext, Shop);
        var ids = own.Of(HttpContext, Shop).Select(o => o.Order).ToList();
        if (Buyer.IdOf(HttpContext) is { } buyer)
        {
            IsLoggedIn = true;
            var page = await desk.ListAsync(new OrderFilter(Shop.MerchantId, Storefront: Shop.Id, Buyer: buyer, Limit: ListMax));
            own.Add(HttpContext, Shop, Claim.Found, [.. page.Orders.Select(o => o.Id)]);
            ids = [.. page.Orders.Select(o => o.Id), .. ids.Except(page.Orders.Select(o => o.Id))];
        }

        var known = new List<BuyerOrder>();
        foreach (var id in ids.Take(ListMax))
            if (await orders.FindAsync(Shop, id, cancel) is { } found) known.Add(found);
        Known = known;
    }

    private static string Shorten(string? text, int max) => text is null ? "" : text.Length <= max ? text.Trim() : text[..max];
}
