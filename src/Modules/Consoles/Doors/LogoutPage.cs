using Lianka.Modules.Consoles.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Lianka.Modules.Consoles.Doors;

internal sealed class LogoutPage : PageModel
{
    public RedirectResult OnGet() => Redirect("/login");

    public async Task<RedirectResult> OnPostAsync()
    {
        await SessionCookie.SignOutAsync(HttpContext);
        return Redirect("/login");
    }
}
