using Lianka.Kernel;
using Microsoft.AspNetCore.Http;

namespace Lianka.Platform.Http;

/// <summary>The merchant for whom the person behind a request acts, as the consoles' session says it; for pages of merchants that another module draws.</summary>
public static class ActingMerchant
{
    private static readonly object _key = new();

    public static void Set(HttpContext http, MerchantId merchant) => http.Items[_key] = merchant;

    /// <returns>Null: nobody logged in, or no merchant.</returns>
    public static MerchantId? Of(HttpContext http) => http.Items[_key] as MerchantId?;
}
