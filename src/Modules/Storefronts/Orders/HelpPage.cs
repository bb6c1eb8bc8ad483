using Lianka.Modules.Storefronts.Frame;

namespace Lianka.Modules.Storefronts.Orders;

/// <summary>How buying works here, and when money goes back.</summary>
internal sealed class HelpPage : ShopPage
{
    public void OnGet()
    {
        Share();
        Frame(T.Help, T.HelpDescription(Shop.Name(Language)));
        Offer("/help");
    }
}
