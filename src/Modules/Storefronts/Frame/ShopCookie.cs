using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Frame;

/// <summary>What a browser keeps for one shop, sealed, so that nobody else can read or make it. Nothing of it is kept on the node.</summary>
/// <param name="purpose">What the seal is for: what was sealed for something else does not open.</param>
/// <param name="prefix">Of the cookie's name, before the shop's.</param>
internal sealed class ShopCookie<T>(IDataProtectionProvider protection, string purpose, string prefix, TimeSpan lives)
    where T : class
{
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IDataProtector _seal = protection.CreateProtector(purpose);

    /// <returns>Null: this browser has none.</returns>
    public T? Of(HttpContext http, Shop shop)
    {
        if (http.Request.Cookies[Name(shop)] is not { Length: > 0 } text) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(_seal.Unprotect(text));
        }
        catch (CryptographicException)
        {
            // Made under keys that are gone, or not by us: as if it were not there.
            return null;
        }
    }

    /// <summary>How many bytes it has before it is sealed; a cookie has 4 KB, and sealing and letters take a third more.</summary>
    public static int Size(T value) => JsonSerializer.SerializeToUtf8Bytes(value, _plain).Length;

    public void Keep(HttpContext http, Shop shop, T value) => http.Response.Cookies.Append(
        Name(shop), _seal.Protect(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value, _plain))), Options(http, shop, lives));

    public void Forget(HttpContext http, Shop shop) => http.Response.Cookies.Delete(Name(shop), Options(http, shop, null));

    private static CookieOptions Options(HttpContext http, Shop shop, TimeSpan? age) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = shop.Url(), MaxAge = age, IsEssential = true,
    };

    private string Name(Shop shop) => $"{prefix}{shop.Slug}";
}
