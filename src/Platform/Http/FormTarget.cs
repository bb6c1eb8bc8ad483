using Microsoft.AspNetCore.Http;

namespace Lianka.Platform.Http;

/// <summary>Where else than to this site the forms of one answer may lead. The security headers allow just that, for just that answer.</summary>
/// <remarks>Browsers look at the redirects that answer a form, too, so whoever answers one by a redirect has to name where it leads.</remarks>
public static class FormTarget
{
    private static readonly object _key = new();

    /// <param name="address">Only its origin counts.</param>
    /// <param name="onwards">Further sources, in the words of a content security policy.</param>
    public static void Allow(HttpContext http, Uri address, IEnumerable<string> onwards) =>
        http.Items[_key] = string.Join(' ', [address.GetLeftPart(UriPartial.Authority), .. onwards]);

    /// <returns>Sources, or null: to this site only.</returns>
    public static string? Of(HttpContext http) => http.Items[_key] as string;
}
