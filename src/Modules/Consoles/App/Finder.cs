using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Lianka.Vault;

namespace Lianka.Modules.Consoles.App;

public sealed record FindAnswer(IReadOnlyList<FindGroup> Groups);

public sealed record FindGroup(string Label, IReadOnlyList<Hit> Hits);

/// <param name="Note">What tells it from others of the same name.</param>
public sealed record Hit(string Label, string Note, string Href);

/// <summary>Finds by one text what a person may see: orders by number, client number or the buyer's phone or mail; merchants, goods and suppliers by name and code.</summary>
/// <remarks>Held by: tests/Integration/Consoles/ApplicationTests.cs.</remarks>
internal sealed class Finder(OrderDesk orders, Merchants merchants, Catalog.Catalog catalog, Names names, CardVault vault)
{
    private const int EachMax = 6;
    private const int TextMax = 80;

    public async Task<FindAnswer> FindAsync(Person person, string text, Language language, DateTimeOffset now)
    {
        text = text.Trim();
        if (text.Length is < 2 or > TextMax) return new FindAnswer([]);
        var groups = new List<FindGroup>();
        if (person.Role == Roles.Merchant || (person.Role == Roles.Operator && person.Rights.Has(Permissions.OrdersSee))) Add(language.Pick("订单", "Orders"), await OrdersAsync(person, text, language, now));
        if (person.Role == Roles.Operator)
        {
            if (person.Rights.Has(Permissions.MerchantsSee)) Add(language.Pick("代理", "Merchants"), (await merchants.ListAsync(new MerchantFilter(text, Limit: EachMax))).Merchants
                .Select(m => new Hit(language.PickOr(m.NameZh, m.NameEn), m.Slug, $"/console/merchants/{m.Id}")));
            if (person.Rights.Has(Permissions.CatalogSee)) Add(language.Pick("商品", "Goods"), await GoodsAsync(text, language));
            if (person.Rights.Has(Permissions.SuppliersSee)) Add(language.Pick("供应商", "Suppliers"), (await catalog.ListSuppliersAsync())
                .Where(s => Has(s.NameZh) || Has(s.NameEn) || Has(s.Slug)).Take(EachMax)
                .Select(s => new Hit(language.PickOr(s.NameZh, s.NameEn), s.Slug, $"/console/suppliers/{s.Id}")));
        }

        return new FindAnswer(groups);

        bool Has(string name) => name.Contains(text, StringComparison.OrdinalIgnoreCase);

        void Add(string label, IEnumerable<Hit> hits)
        {
            if (hits.ToList() is { Count: > 0 } found) groups.Add(new FindGroup(label, found));
        }
    }

    private async Task<IEnumerable<Hit>> OrdersAsync(Person person, string text, Language language, DateTimeOffset now)
    {
        // Parts of a number find nothing: a name or a word would look through every order for it.
        var contact = Contact.Read(text);
        if (contact is null && !text.Any(char.IsDigit)) return [];
        var isOperator = person.Role == Roles.Operator;
        var found = await orders.ListAsync(new OrderFilter(
            isOperator ? null : new MerchantId(person.PartyId), Text: text, Limit: EachMax,
            ContactKey: contact is { } reach ? vault.Fingerprint(reach.Value, OrderDesk.ContactScope) : null));
        var skus = await names.SkusAsync(found.Orders.Select(o => o.Sku));
        return found.Orders.Select(o => new Hit(
            $"{o.Id} · {Names.Sku(skus.GetValueOrDefault(o.Sku), language)}",
            $"{Words.Status(o.Status, language).Text} · {Show.Ago(o.CreatedAt, now, language)}",
            isOperator ? $"/console/orders/{o.Id}" : $"/console/merchant/orders/{o.Id}"));
    }

    private async Task<List<Hit>> GoodsAsync(string text, Language language)
    {
        var hits = new List<Hit>();
        if (await catalog.FindSkuAsync(text) is { } sku && (await names.SkusAsync([sku.Id])).GetValueOrDefault(sku.Id) is { } name)
            hits.Add(new Hit(Names.Sku(name, language), sku.Code, $"/console/skus/{sku.Id}"));
        hits.AddRange((await catalog.ListProductsAsync(new ProductFilter(text, Limit: EachMax))).Items
            .Select(p => new Hit(language.PickOr(p.NameZh, p.NameEn), p.Slug, $"/console/products/{p.Id}")));
        return hits;
    }
}
