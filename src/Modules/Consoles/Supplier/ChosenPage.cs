using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Supplier;

/// <remarks>Held by: tests/Integration/Consoles/ChosenRowsTests.cs.</remarks>
[Needs(SupplierPermissions.StockEdit, SupplierPermissions.StockEdit)]
internal sealed class ChosenPage(TenantDeeds deeds, Catalog.Catalog catalog) : ChosenRowsPage
{
    protected override RowDeed? Find(string name) => name switch
    {
        "lots-on" => deeds.Lots("/console/supplier", LotState.Active, Supplier),
        "lots-off" => deeds.Lots("/console/supplier", LotState.Off, Supplier),
        "supplies-pause" => Supplies("暂停供货", "Pause", isPaused: true) with { IsDanger = true },
        "supplies-resume" => Supplies("恢复供货", "Resume", isPaused: false),
        _ => null,
    };

    private RowDeed Supplies(string zh, string en, bool isPaused) => new(zh, en, ("/console/supplier/stock", "库存", "Stock"), isPaused ? "supply.pause" : "supply.resume",
        async (chosen, language) =>
        {
            var ids = chosen.Select(k => SupplyId.TryParse(k, out var id) ? id : default).Where(id => id != default).ToList();
            return [.. (await catalog.SuppliesAsync(ids)).Values.Where(s => s.SupplierId == Supplier).OrderBy(s => ids.IndexOf(s.Id)).Select(s => new ChosenRow(
                s.Id.ToString(), Parts.Words.Sku(s, language), $"/console/supplier/stock?q={Uri.EscapeDataString(s.SkuCode)}",
                s.State != SupplyState.Active ? (language.Pick("平台停用", "Off, by the platform"), "")
                    : s.Paused == 1 ? (language.Pick("已暂停", "Paused"), "warning") : (language.Pick("供货中", "Supplied"), "ok"),
                s.State == SupplyState.Active && s.Paused == (isPaused ? 1 : 0)))];
        },
        async (key, _, _) => SupplyId.TryParse(key, out var id) ? DeedResult.Of(await catalog.PauseSupplyAsync(Supplier, id, isPaused), key) : DeedResult.Gone);
}

/// <summary>Its address names the one deed that there is.</summary>
[Needs(SupplierPermissions.KeysManage, SupplierPermissions.KeysManage)]
internal sealed class ChosenKeysPage(TenantDeeds deeds) : ChosenRowsPage
{
    protected override RowDeed? Find(string name) => deeds.Keys("/console/supplier/keys", KeyOwner.Of(Supplier));
}
