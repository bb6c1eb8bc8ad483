using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>What is done to many rows by more than one role, each within its own tenant.</summary>
/// <remarks>Held by: tests/Integration/Consoles/ChosenRowsTests.cs.</remarks>
internal sealed class TenantDeeds(ApiKeys keys, Inventory.Inventory inventory, Names names)
{
    /// <summary>The buttons below a list of keys, or of lots.</summary>
    /// <param name="root">Of the role's pages.</param>
    public static RowAction[] OfKeys(string root, Language language) => [new($"{root}/chosen/keys-revoke", language.Pick("作废", "Revoke"))];

    public static RowAction[] OfLots(string root, Language language) =>
        [new($"{root}/chosen/lots-off", language.Pick("停售", "Take off sale")), new($"{root}/chosen/lots-on", language.Pick("恢复销售", "Put on sale"))];

    /// <summary>A key, with whose it is: rows are looked up among the owner's alone.</summary>
    public static string KeyOf(KeyOwner owner, ApiKeyLine key) => owner.Merchant is { } merchant ? $"{merchant}.{PublicId.Encode(key.Id)}" : PublicId.Encode(key.Id);

    /// <param name="tenant">Null for the operator: each key names its merchant.</param>
    public RowDeed Keys(string list, KeyOwner? tenant) => new("作废密钥", "Revoke keys", (list, "接口密钥", "API keys"), "key.revoke",
        async (chosen, language) =>
        {
            var rows = new List<ChosenRow>(chosen.Count);
            foreach (var of in chosen.Select(k => (Key: k, Named: Read(k, tenant))).Where(k => k.Named is not null).GroupBy(k => k.Named!.Value.Owner))
            {
                var there = (await keys.ListAsync(of.Key)).ToDictionary(k => k.Id);
                rows.AddRange(of.Where(k => there.ContainsKey(k.Named!.Value.Id)).Select(k => (k.Key, Line: there[k.Named!.Value.Id])).Select(k => new ChosenRow(
                    k.Key, k.Line.Name.Length > 0 ? $"{k.Line.Key} · {k.Line.Name}" : k.Line.Key, of.Key.Merchant is { } merchant && tenant is null ? $"{list}/{merchant}/keys" : list,
                    k.Line.IsRevoked ? (language.Pick("已作废", "Revoked"), "") : (language.Pick("可用", "Active"), "ok"), k.Line.IsRevoked)));
            }

            return rows;
        },
        async (key, _, _) => Read(key, tenant) is var (owner, id)
            ? DeedResult.Of(await keys.RevokeAsync(owner, id), (await keys.ListAsync(owner)).Find(k => k.Id == id)?.Key ?? key) : DeedResult.Gone)
    {
        IsDanger = true,
    };

    /// <param name="tenant">Null for the operator.</param>
    public RowDeed Lots(string root, LotState state, SupplierId? tenant) => new(
        state == LotState.Active ? "恢复销售" : "停售", state == LotState.Active ? "Put on sale" : "Take off sale", ($"{root}/lots", "卡密库存", "Card stock"),
        state == LotState.Active ? "lot.on" : "lot.off",
        async (chosen, language) =>
        {
            var lots = (await inventory.ListLotsAsync(new LotFilter(tenant, Lots: [.. chosen.Select(k => LotId.TryParse(k, out var id) ? id : default)], Limit: 500))).Items;
            var skus = await names.SkusAsync(lots.Select(l => l.SkuId));
            return [.. lots.Select(l => new ChosenRow(l.Id.ToString(), $"{Names.Sku(skus.GetValueOrDefault(l.SkuId), language)} · {l.Id}", $"{root}/lots?lot={l.Id}",
                l.State == LotState.Active ? (language.Pick("在售", "On sale"), "ok") : (language.Pick("停售", "Off sale"), ""), l.State == state))];
        },
        async (key, _, _) => LotId.TryParse(key, out var id) && await inventory.SetLotStateAsync(id, state, tenant) ? new DeedResult(null, key) : DeedResult.Gone)
    {
        IsDanger = state == LotState.Off,
    };

    private static (KeyOwner Owner, long Id)? Read(string key, KeyOwner? tenant)
    {
        var parts = key.Split('.', 2);
        if (!PublicId.TryDecode(parts[^1], out var id)) return null;
        return tenant is { } own ? (own, id) : MerchantId.TryParse(parts[0], out var merchant) ? (KeyOwner.Of(merchant), id) : null;
    }
}
