using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Inventory;

namespace Lianka.Modules.Consoles.Supplier;

internal sealed class ChosenPage(TenantDeeds deeds) : ChosenRowsPage
{
    protected override RowDeed? Find(string name) => name switch
    {
        "keys-revoke" => deeds.Keys("/console/supplier/keys", KeyOwner.Of(Supplier)),
        "lots-on" => deeds.Lots("/console/supplier", LotState.Active, Supplier),
        "lots-off" => deeds.Lots("/console/supplier", LotState.Off, Supplier),
        _ => null,
    };
}
