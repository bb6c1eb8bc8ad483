using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Inventory;

namespace Lianka.Modules.Consoles.Supplier;

[Needs(SupplierPermissions.StockSee)]
internal sealed class ImportsPage(ImportDesk imports, Catalog.Catalog catalog) : ImportListPage(imports, catalog)
{
    protected override SupplierId? Tenant => Supplier;
    protected override string Root => "/console/supplier";
}

[Needs(SupplierPermissions.StockSee, SupplierPermissions.StockEdit)]
internal sealed class NewImportPage(ImportDesk imports, SoughtGoods goods) : Tenanted.NewImportPage(imports, goods)
{
    protected override SupplierId? Tenant => Supplier;
    protected override string Root => "/console/supplier";
}

[Needs(SupplierPermissions.StockSee)]
internal sealed class ImportPage(ImportDesk imports) : Tenanted.ImportPage(imports)
{
    protected override SupplierId? Tenant => Supplier;
    protected override string Root => "/console/supplier";
}

[Needs(SupplierPermissions.StockSee, SupplierPermissions.StockEdit)]
internal sealed class LotsPage(Inventory.Inventory inventory, Names names) : LotListPage(inventory, names)
{
    protected override SupplierId? Tenant => Supplier;
    protected override string Root => "/console/supplier";
}

[Needs(SupplierPermissions.StockSee, SupplierPermissions.StockEdit)]
internal sealed class StockAlertsPage(StockWatch watch, Catalog.Catalog catalog, SoughtGoods goods) : StockAlertListPage(watch, catalog, goods)
{
    protected override SupplierId? Tenant => Supplier;
    protected override string Root => "/console/supplier";
}
