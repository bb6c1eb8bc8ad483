using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Doors;

/// <summary>Light or dark, for browsers without the script that sets the same cookie.</summary>
/// <remarks>Without a form token, which would make every page of a shop its reader's own. Who forges this form changes colours.</remarks>
[IgnoreAntiforgeryToken]
internal sealed class ThemePage : PageModel
{
    public RedirectResult OnGet() => Redirect("/");

    public RedirectResult OnPost(string? theme)
    {
        RequestLanguage.SetTheme(HttpContext, theme);
        return Redirect(Uri.TryCreate(Request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority == Request.Host.Value
            ? PathPrefix.Inside(HttpContext, from.PathAndQuery) : "/");
    }
}
