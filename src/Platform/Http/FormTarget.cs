using Microsoft.AspNetCore.Http;

namespace Lianka.Platform.Http;

/// <summary>Where else than to this site the forms of one answer may be sent. The security headers allow just that, for just that answer.</summary>
public static class FormTarget
{
    private static readonly object _key = new();

    /// <param name="address">Only its origin counts.</param>
    public static void Allow(HttpContext http, Uri address) => http.Items[_key] = address.GetLeftPart(UriPartial.Authority);

    /// <returns>An origin, or null: to this site only.</returns>
    public static string? Of(HttpContext http) => http.Items[_key] as string;
}
