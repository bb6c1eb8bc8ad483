using System.Security.Cryptography;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Storefronts.Frame;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Lianka.Modules.Storefronts.Flash;

/// <param name="Contact">What the buyer gave for it; empty for a ticket that was brought along.</param>
internal sealed record HeldTicket(string Ticket, string Contact);

/// <summary>The ticket that this browser holds for a sale, sealed in a cookie of the sale's own address.</summary>
internal sealed class TicketCookies(IDataProtectionProvider protection)
{
    private readonly IDataProtector _seal = protection.CreateProtector("flash tickets");

    public HeldTicket? Of(HttpContext http, SaleId sale)
    {
        if (http.Request.Cookies[Name(sale)] is not { Length: > 0 } text) return null;
        try
        {
            return JsonSerializer.Deserialize<HeldTicket>(_seal.Unprotect(text));
        }
        catch (CryptographicException)
        {
            // Made under keys that are gone, or not by us: as if it were not there.
            return null;
        }
    }

    public void Keep(HttpContext http, Shop shop, SaleId sale, HeldTicket held) =>
        http.Response.Cookies.Append(Name(sale), _seal.Protect(JsonSerializer.Serialize(held)), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = shop.Url($"/flash/{sale}"),
            MaxAge = TimeSpan.FromDays(2), IsEssential = true,
        });

    private static string Name(SaleId sale) => $"lianka_{sale}";
}
