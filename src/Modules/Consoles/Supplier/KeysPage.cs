using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Tenanted;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>The supplier's own keys for /api/v1/supplier.</summary>
[Needs(SupplierPermissions.KeysManage, SupplierPermissions.KeysManage)]
internal sealed class KeysPage(ApiKeys keys) : KeyListPage(keys)
{
    protected override string Root => "/console/supplier";

    protected override Task<KeyOwner?> OwnerAsync() => Task.FromResult<KeyOwner?>(KeyOwner.Of(Supplier));
}
