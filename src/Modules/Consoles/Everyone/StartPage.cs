using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Everyone;

internal sealed class StartPage(PageNeeds needs) : ConsolePage
{
    public RedirectResult OnGet() => Redirect(Nav.Landing(Person, needs));
}
