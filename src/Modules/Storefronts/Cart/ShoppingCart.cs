using System.Security.Cryptography;
using System.Text.Json;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Cart;

/// <summary>What a browser means to buy at a shop. It stays with the browser; how much it is, the page's own script reads beside it.</summary>
internal sealed class ShoppingCart(IDataProtectionProvider protection)
{
    private const string CookiePrefix = "lianka_cart_";

    /// <summary>Of a cookie's 4 KB, before it is sealed and written in letters.</summary>
    private const int BytesMax = 2_500;

    private static readonly TimeSpan _lives = TimeSpan.FromDays(30);

    private readonly ShopCookie<CartLine[]> _cookie = new(protection, "storefront cart", CookiePrefix, _lives);

    /// <summary>Whether a cookie is one of these: pages that are alike for all look at none of them.</summary>
    public static bool IsIts(string cookie) => cookie.StartsWith(CookiePrefix, StringComparison.Ordinal);

    public IReadOnlyList<CartLine> Of(HttpContext http, Shop shop) => _cookie.Of(http, shop) ?? [];

    /// <summary>Changes with every line of it.</summary>
    public static string VersionOf(IReadOnlyList<CartLine> lines) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(lines)))[..16];

    /// <returns>False: it is full.</returns>
    public bool Add(HttpContext http, Shop shop, CartLine line, long quantityMax)
    {
        if (CartLine.Add(Of(http, shop), line, quantityMax) is not { } lines || ShopCookie<CartLine[]>.Size([.. lines]) > BytesMax) return false;
        Keep(http, shop, lines);
        return true;
    }

    /// <summary>Puts back what was taken out to be paid, and was not, beside what came into the cart meanwhile; what does not fit any more is left out.</summary>
    public void Return(HttpContext http, Shop shop, IEnumerable<(CartLine Line, long QuantityMax)> lines)
    {
        var all = Of(http, shop);
        foreach (var (line, quantityMax) in lines)
            if (CartLine.Add(all, line, quantityMax) is { } more && ShopCookie<CartLine[]>.Size([.. more]) <= BytesMax) all = more;
        Keep(http, shop, all);
    }

    public void Keep(HttpContext http, Shop shop, IReadOnlyList<CartLine> lines)
    {
        if (lines.Count == 0) _cookie.Forget(http, shop);
        else _cookie.Keep(http, shop, [.. lines]);
        // Not sealed and not hidden from scripts: pages that are alike for all show it by cart.js.
        http.Response.Cookies.Append($"{CookiePrefix}count_{shop.Slug}", $"{lines.Count}", new CookieOptions
        {
            SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = shop.Url(), MaxAge = lines.Count == 0 ? TimeSpan.Zero : _lives, IsEssential = true,
        });
    }
}
