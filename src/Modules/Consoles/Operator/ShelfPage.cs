using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>The operator sets a merchant's retail prices for it.</summary>
[Needs(Permissions.MerchantsSee, Permissions.MerchantsManage)]
internal sealed class ShelfPage(
    PriceBooks books, Shelves shelves, Catalog.Finder finder, Catalog.Catalog catalog, Inventory.Inventory inventory, StorefrontFees fees, Names names, Merchants merchants)
    : ShelfEditPage(books, shelves, finder, catalog, inventory, fees, names)
{
    protected override async Task<MerchantId?> OwnerAsync()
    {
        if (!MerchantId.TryParse(RouteData.Values["id"] as string, out var id) || await merchants.FindAsync(id) is not { } merchant) return null;
        Title = T("零售价 · ", "Retail prices · ") + Language.PickOr(merchant.NameZh, merchant.NameEn);
        Up = ($"/console/merchants/{id}", Language.PickOr(merchant.NameZh, merchant.NameEn));
        return id;
    }
}
