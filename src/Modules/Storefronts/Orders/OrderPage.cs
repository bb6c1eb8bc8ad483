using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>A page about one order, for browsers that may see it.</summary>
public abstract class OneOrderPage : ShopPage
{
    private BuyerOrder? _buyerOrder;

    public BuyerOrder Buyers => _buyerOrder!;
    public Order Order => Buyers.Order;
    public OrderView View => Buyers.View;
    /// <summary>What the payment is for, in the channel's list too.</summary>
    public string Subject => Buyers.Others.Count == 0 ? Goods : T.AndMore(Goods, Buyers.Others.Count);

    /// <summary>This order and what is paid with it.</summary>
    public IEnumerable<BuyerOrder> All => Buyers.Others.Prepend(Buyers);

    public string ProductName => Language.PickOr(Buyers.Product.NameZh, Buyers.Product.NameEn);
    public string SkuName => Language.PickOr(Buyers.Sku.NameZh, Buyers.Sku.NameEn);
    public string Goods => Buyers.Name(Language);

    /// <summary>How this browser came to the order; only then is it served at all.</summary>
    public Claim Claim { get; private set; }

    // Whoever bought may come back, whatever became of the shop.
    protected override bool IsServedWhenClosed => true;

    /// <returns>Null when the page can go on; else what to answer instead.</returns>
    private protected async Task<IActionResult?> OpenAsync(string order, OwnOrders own, BuyerOrders orders, CancellationToken cancel)
    {
        // A stranger with a right number is answered like one with a wrong number: look it up with the contact.
        if (!OrderId.TryParse(order, out var id) || own.ClaimOf(HttpContext, Shop, id) is not { } claim)
            return Redirect(Shop.Url("/orders"));
        if (await orders.FindAllAsync(Shop, id, cancel) is not { } found) return Redirect(Shop.Url("/orders"));
        (_buyerOrder, Claim) = (found, claim);
        var next = await orders.SuccessorAsync(Shop, found, cancel);
        // What was paid with it was bought by the same buyer, and what took its place, too.
        own.Add(HttpContext, Shop, claim, [next ?? id, .. found.Others.Select(o => o.Order.Id)]);
        if (next is not null) return Redirect(Shop.Url($"/o/{next}"));
        return null;
    }
}
