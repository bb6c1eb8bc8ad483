using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>The names of goods and parties for pages that know them by number.</summary>
internal sealed class Names(Database database, Catalog.Catalog catalog, PriceBooks prices)
{
    public Task<Dictionary<SkuId, SkuName>> SkusAsync(IEnumerable<SkuId> skus) => database.ReadAsync(s => SkuNames.OfAsync(s, skus));

    public string Merchant(MerchantId id, Language language) =>
        prices.Current.Merchant(id) is { } m ? language.PickOr(m.NameZh, m.NameEn) : id.ToString();

    /// <summary>Names merchants, suppliers and the platform alike.</summary>
    public async Task<Func<long, string>> PartiesAsync(Language language)
    {
        var suppliers = (await catalog.ListSuppliersAsync()).ToDictionary(s => s.Id.Value);
        return party => party == Ledger.Parties.Platform ? language.Pick("平台", "Platform")
            : suppliers.TryGetValue(party, out var s) ? language.PickOr(s.NameZh, s.NameEn)
            : Merchant(new MerchantId(party), language);
    }

    public static string Sku(SkuName? name, Language language) => name is null ? "—"
        : $"{language.PickOr(name.ProductNameZh, name.ProductNameEn)} {language.PickOr(name.SkuNameZh, name.SkuNameEn)}";
}
