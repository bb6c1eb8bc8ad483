using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;

namespace Lianka.Modules.Consoles.Merchant;

[Needs(MerchantPermissions.PricesSee)]
internal sealed class SalesPage(SaleBook book, Names names) : SaleListPage(book, names)
{
    protected override MerchantId? Tenant => Merchant;
    protected override string Root => "/console/merchant/sales";
}

[Needs(MerchantPermissions.PricesSee, MerchantPermissions.PricesEdit)]
internal sealed class NewSalePage(SaleBook book, FlashDesk desk, StorefrontBook shops, SoughtGoods goods) : Tenanted.NewSalePage(book, desk, shops, goods)
{
    protected override MerchantId? Tenant => Merchant;
    protected override string Root => "/console/merchant/sales";
}

[Needs(MerchantPermissions.PricesSee, MerchantPermissions.PricesEdit)]
internal sealed class SalePage(SaleBook book, FlashDesk desk, StorefrontBook shops, Names names) : SaleEditPage(book, desk, shops, names)
{
    protected override MerchantId? Tenant => Merchant;
    protected override string Root => "/console/merchant/sales";
}
