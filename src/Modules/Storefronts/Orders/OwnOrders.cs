using Lianka.Kernel;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>How a browser came to an order.</summary>
public enum Claim
{
    /// <summary>It knew number and contact: the codes show after a press.</summary>
    Found,

    /// <summary>It bought: the codes show by themselves for a while after payment.</summary>
    Bought,
}

/// <summary>The orders that this browser may see, in one sealed cookie per shop. Everybody else needs number and contact.</summary>
internal sealed class OwnOrders(IDataProtectionProvider protection)
{
    /// <summary>A cookie has 4 KB; the oldest order makes room.</summary>
    private const int OrdersMax = 20;

    private readonly ShopCookie<long[][]> _cookie = new(protection, "storefront orders", "lianka_orders_", TimeSpan.FromDays(30));

    /// <summary>Newest first.</summary>
    public IReadOnlyList<(OrderId Order, Claim Claim)> Of(HttpContext http, Shop shop) =>
        [.. (_cookie.Of(http, shop) ?? []).Where(r => r.Length == 2).Select(r => (new OrderId(r[0]), (Claim)r[1]))];

    public Claim? ClaimOf(HttpContext http, Shop shop, OrderId order) =>
        Of(http, shop).Where(o => o.Order == order).Select(o => (Claim?)o.Claim).FirstOrDefault();

    public void Add(HttpContext http, Shop shop, Claim claim, params IReadOnlyCollection<OrderId> orders)
    {
        var known = Of(http, shop);
        if (orders.All(id => known.Any(o => o.Order == id && o.Claim >= claim))) return;
        // All that are named stand in front, so that none of them makes room for another.
        var named = orders.Distinct().Select(id => (Order: id, Claim: known.Where(o => o.Order == id).Select(o => o.Claim).Append(claim).Max()));
        _cookie.Keep(http, shop,
            [.. named.Concat(known.Where(o => !orders.Contains(o.Order))).Take(OrdersMax).Select(o => new[] { o.Order.Value, (long)o.Claim })]);
    }

    public void Forget(HttpContext http, Shop shop) => _cookie.Forget(http, shop);
}
