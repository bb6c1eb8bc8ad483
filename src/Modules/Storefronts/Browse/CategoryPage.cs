using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Storefronts.Buy;
using Lianka.Modules.Storefronts.Core;
using Lianka.Modules.Storefronts.Frame;
using Lianka.Modules.Storefronts.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Storefronts.Browse;

/// <summary>The goods of a category, as its scenario says: a list, a form of account and value, or groups with their values.</summary>
internal sealed class CategoryPage(Shelf shelf, Catalog.Catalog catalog, Selling selling, Till till, OwnOrders own, BuyerMemory memory, Gates gates)
    : BuyPage(till, own, memory, gates)
{
    /// <summary>Of a page of groups: each shows all its values.</summary>
    private const int GroupedMax = 96;

    private string? _after;

    public Category Category { get; private set; } = null!;

    /// <summary>Null: this is not the page of a form.</summary>
    public TopUpForm? Form { get; private set; }

    /// <summary>Null: this is not a page of groups.</summary>
    public IReadOnlyList<GoodsGroup>? Groups { get; private set; }

    /// <summary>What is listed.</summary>
    public GoodsPage Goods { get; private set; } = new([], null);

    public string? ChosenCode { get; private set; }

    /// <summary>What the groups may be narrowed down to, and whether they are.</summary>
    public List<(string Label, string Url, bool IsChosen)> Filters { get; } = [];

    public string Heading => Language.PickOr(Category.NameZh, Category.NameEn);

    public FoundGoods Found => new(Shop, Language, T, "", Heading, true, Goods, NextUrl);

    public string NextUrl => Goods.Next is null ? "" : PageUrl(("after", Goods.Next));

    public async Task<IActionResult> OnGetAsync(string category, string? after, string? region, string? kind, CancellationToken cancel)
    {
        if (!await ShowAsync(category, after, cancel)) return Missing();
        if (Form is not null) return Open();
        if (Category.Scenario == Scenario.Groups) await GroupAsync(region, kind, cancel);
        Share();
        return Page();
    }

    /// <summary>The order that the form of a top-up makes: one, for the account that was given.</summary>
    public async Task<IActionResult> OnPostAsync(string category, string? sku, string? contact, string? token, CancellationToken cancel)
    {
        if (!await ShowAsync(category, null, cancel) || Form is null) return Missing();
        var chosen = Form.Values.SelectMany(v => v.Choices).FirstOrDefault(c => c.Sku.Code == sku);
        ChosenCode = chosen?.Sku.Code;
        // The value that was chosen says for which carriers it is; before, any number may be typed.
        if (chosen is not null) Ask(AccountFields.Parse(chosen.Sku.Fields).Fields);
        return await BuyAsync(chosen, "1", contact, token, cancel);
    }

    private async Task<bool> ShowAsync(string slug, string? after, CancellationToken cancel)
    {
        if (await catalog.FindCategoryAsync(slug, cancel) is not { } category) return false;
        (Category, _after) = (category, after);
        Goods = await shelf.ListAsync(Shop, slug, null, after, category.Scenario == Scenario.List ? Shelf.PageSize : GroupedMax, cancel);
        if (category.Scenario == Scenario.TopUp && TopUpForm.Of(Goods.Items) is { } form)
        {
            Form = form;
            Goods = Goods with { Items = form.Rest };
            // Without a choice yet every carrier may come.
            Ask(form.Fields.Select(f => f.Kind == AccountFieldKind.Phone ? f with { Choices = [] } : f));
        }

        Frame(Heading, T.CategoryDescription(Heading, Shop.Name(Language)), Form is null ? [] : ["fields", "busy"]);
        Offer($"/c/{slug}{(after is null ? "" : QueryString.Create("after", after))}", StructuredData.Graph(StructuredData.Crumbs(
            (Shop.Name(Language), Shop.Address(HttpContext)), (Heading, Shop.Address(HttpContext, $"/c/{slug}")))));
        return true;
    }

    private async Task GroupAsync(string? region, string? kind, CancellationToken cancel)
    {
        var all = Goods.Items;
        var regions = GoodsGroups.Regions(all);
        if (regions.Count > 0 || GoodsGroups.AreOfBothKinds(all))
        {
            Filters.Add((T.AllOfThem, PageUrl(("after", _after)), region is null && kind is null));
            foreach (var one in regions) Filters.Add((T.Region(one), PageUrl(("after", _after), ("region", one)), one == region));
            if (GoodsGroups.AreOfBothKinds(all))
                foreach (var (label, word) in new[] { (T.AutoDelivery, "code"), (T.NoCodeNeeded, "account") })
                    Filters.Add((label, PageUrl(("after", _after), ("kind", word)), kind == word));
        }

        Goods = Goods with { Items = [.. all.Where(g => (region is null || g.Product.Region == region) && (kind is null || g.IsTopUp == (kind == "account")))] };
        Groups = GoodsGroups.Of(Goods.Items, (await selling.ListBrandsAsync(cancel)).ToDictionary(b => b.Id));
    }

    private string PageUrl(params (string Name, string? Value)[] query) =>
        Shop.Url($"/c/{Category.Slug}") + QueryString.Create(query.Where(q => q.Value is not null).Select(q => KeyValuePair.Create(q.Name, q.Value)));
}
