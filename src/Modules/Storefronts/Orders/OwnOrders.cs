using System.Text.Json;
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

    private readonly IDataProtector _seal = protection.CreateProtector("storefront orders");

    /// <summary>Newest first.</summary>
    public IReadOnlyList<(OrderId Order, Claim Claim)> Of(HttpContext http, Shop shop)
    {
        if (http.Request.Cookies[Name(shop)] is not { Length: > 0 } text) return [];
        try
        {
            var rows = JsonSerializer.Deserialize<long[][]>(_seal.Unprotect(text)) ?? [];
            return [.. rows.Where(r => r.Length == 2).Select(r => (new OrderId(r[0]), (Claim)r[1]))];
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Made under keys that are gone, or not by us: as if it were not there.
            return [];
        }
    }

    public Claim? ClaimOf(HttpContext http, Shop shop, OrderId order) =>
        Of(http, shop).Where(o => o.Order == order).Select(o => (Claim?)o.Claim).FirstOrDefault();

    public void Add(HttpContext http, Shop shop, OrderId order, Claim claim)
    {
        var known = Of(http, shop);
        if (known.Any(o => o.Order == order && o.Claim >= claim)) return;
        long[][] rows = [[order.Value, (long)claim], .. known.Where(o => o.Order != order).Take(OrdersMax - 1)
            .Select(o => new[] { o.Order.Value, (long)o.Claim })];
        http.Response.Cookies.Append(Name(shop), _seal.Protect(JsonSerializer.Serialize(rows)), Options(http, shop, TimeSpan.FromDays(30)));
    }

    public static void Forget(HttpContext http, Shop shop) => http.Response.Cookies.Delete(Name(shop), Options(http, shop, null));

    private static CookieOptions Options(HttpContext http, Shop shop, TimeSpan? age) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = shop.Url(), MaxAge = age, IsEssential = true,
    };

    private static string Name(Shop shop) => $"lianka_orders_{shop.Slug}";
}
