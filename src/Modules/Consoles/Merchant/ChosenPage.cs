using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Tenanted;

namespace Lianka.Modules.Consoles.Merchant;

[Needs(MerchantPermissions.KeysManage, MerchantPermissions.KeysManage)]
internal sealed class ChosenPage(TenantDeeds deeds) : ChosenRowsPage
{
    protected override RowDeed? Find(string name) => name == "keys-revoke" ? deeds.Keys("/console/merchant/keys", KeyOwner.Of(Merchant)) : null;
}
