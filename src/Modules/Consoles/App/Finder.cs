using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Lianka.Vault;

namespace Lianka.Modules.Consoles.App;

/// <param name="Note">Why there may be more than is told.</param>
public sealed record FindAnswer(IReadOnlyList<FindGroup> Groups, string? Note = null);

public sealed record FindGroup(string Label, IReadOnlyList<Hit> Hits);

/// <param name="Note">What tells it from others of the same name.</param>
public sealed record Hit(string Label, string Note, string Href);

/// <summary>Finds by one text what a person may see: orders by number, client number or the buyer's phone or mail; cards by their last characters; merchants, goods and suppliers by name and code.</summary>
/// <remarks>Held by: tests/Integration/Consoles/ApplicationTests.cs.</remarks>
internal sealed class Finder(OrderDesk orders, Merchants merchants, Catalog.Catalog catalog, Names names, CardVault vault, CardTails tails, TailGate gate, Audit audit, PageNeeds needs)
{
    private const int EachMax = 6;
    private const int TextMax = 80;

    /// <param name="address">Where the person asks from, for the audit.</param>
    public async Task<FindAnswer> FindAsync(Person person, string text, Language language, DateTimeOffset now, string address)
    {
        if (text.Length is < 2 or > TextMax) return new FindAnswer([]);
        var groups = new List<FindGroup>();
        if (Nav.Orders(person, needs) is { } list) Add(language.Pick("订单", "Orders"), await OrdersAsync(person, list, text, language, now));
        string? note = null;
        if (CardTails.MayBe(text))
        {
            if (gate.TryEnter(person.Id)) Add(language.Pick("卡尾号", "Ends of cards"), await CardsAsync(person, text, language, address));
            else note = language.Pick("卡尾号查得太快了，过一分钟再查", "Ends of cards were looked for too often: try again in a minute");
        }

        if (person.Role == Roles.Operator)
        {
            if (person.Rights.Has(Permissions.MerchantsSee)) Add(language.Pick("代理", "Merchants"), (await merchants.ListAsync(new MerchantFilter(text, Limit: EachMax))).Merchants
                .Select(m => new Hit(language.PickOr(m.NameZh, m.NameEn), m.Slug, $"/console/merchants/{m.Id}")));
            if (person.Rights.Has(Permissions.CatalogSee)) Add(language.Pick("商品", "Goods"), await GoodsAsync(text, language));
            if (person.Rights.Has(Permissions.SuppliersSee)) Add(language.Pick("供应商", "Suppliers"), (await catalog.ListSuppliersAsync())
                .Where(s => Has(s.NameZh) || Has(s.NameEn) || Has(s.Slug)).Take(EachMax)
                .Select(s => new Hit(language.PickOr(s.NameZh, s.NameEn), s.Slug, $"/console/suppliers/{s.Id}")));
        }

        return new FindAnswer(groups, note);

        bool Has(string name) => name.Contains(text, StringComparison.OrdinalIgnoreCase);

        void Add(string label, IEnumerable<Hit> hits)
        {
            if (hits.ToList() is { Count: > 0 } found) groups.Add(new FindGroup(label, found));
        }
    }

    private async Task<IEnumerable<Hit>> OrdersAsync(Person person, string list, string text, Language language, DateTimeOffset now)
    {
        // Parts of a number find nothing: a name or a word would look through every order for it.
        var contact = Contact.Read(text);
        if (contact is null && !text.Any(char.IsDigit)) return [];
        var found = await orders.ListAsync(new OrderFilter(
            person.Role == Roles.Operator ? null : new MerchantId(person.PartyId), Text: text, Limit: EachMax,
            ContactKey: contact is { } reach ? vault.Fingerprint(reach.Value, OrderDesk.ContactScope) : null));
        var skus = await names.SkusAsync(found.Orders.Select(o => o.Sku));
        return found.Orders.Select(o => new Hit(
            $"{o.Id} · {Names.Sku(skus.GetValueOrDefault(o.Sku), language)}",
            $"{Words.Status(o.Status, language).Text} · {Show.Ago(o.CreatedAt, now, language)}",
            $"{list}/{o.Id}"));
    }

    /// <summary>Cards that were sold by their order, others by their lot; as far as the person may open the page. What was found is written down, what was asked for is not.</summary>
    private async Task<List<Hit>> CardsAsync(Person person, string text, Language language, string address)
    {
        var (orderList, lotList) = (Nav.Orders(person, needs), Nav.Lots(person, needs));
        if (orderList is null && lotList is null) return [];
        var places = await tails.FindAsync(text, person.Role == Roles.Supplier ? new SupplierId(person.PartyId) : null);
        var sold = orderList is not null ? await orders.OfCardsAsync(places, person.Role == Roles.Merchant ? new MerchantId(person.PartyId) : null) : [];
        var rest = lotList is not null ? places.Except(sold.Select(s => s.Card)) : [];
        var skus = await names.SkusAsync(places.Select(p => p.SkuId));
        var hits = sold.GroupBy(s => s.Order.Id).Select(o => new Hit(
                $"{o.Key} · {Names.Sku(skus.GetValueOrDefault(o.First().Card.SkuId), language)}",
                $"{Words.Status(o.First().Order.Status, language).Text} · {string.Join("; ", o.GroupBy(s => s.Card.LotId).Select(l => Rows(l.Key, l.Select(s => s.Card))))}",
                $"{orderList}/{o.Key}"))
            .Concat(rest.GroupBy(p => p.LotId).Select(l => new Hit(
                Names.Sku(skus.GetValueOrDefault(l.First().SkuId), language), Rows(l.Key, l),
                $"{lotList}?lot={l.Key}")))
            .Take(EachMax).ToList();
        if (hits.Count > 0) await audit.RecordAsync(person.Login, "cards.find", string.Join(", ", hits.Select(h => h.Href[(h.Href.LastIndexOfAny(['/', '=']) + 1)..])), address);
        return hits;

        string Rows(LotId lot, IEnumerable<CardPlace> cards)
        {
            var numbers = string.Join(language.Pick("、", ", "), cards.Select(c => c.Seq));
            return language.Pick($"批次 {lot} 第 {numbers} 张", $"lot {lot}, card {numbers}");
        }
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
