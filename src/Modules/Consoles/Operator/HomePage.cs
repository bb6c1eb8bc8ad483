using Lianka.Modules.Consoles.Parts;

namespace Lianka.Modules.Consoles.Operator;

internal sealed class HomePage : ConsolePage
{
    public void OnGet() => Title = T("首页", "Home");
}
