using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Inventory;
using Lianka.Modules.Reviews;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>All such deeds by the name in their address.</summary>
/// <remarks>Held by: tests/Integration/Consoles/ChosenRowsTests.cs.</remarks>
internal sealed class RowDeeds
{
    private const string Root = "/console/chosen/";

    private static readonly (string, string, string) _products = ("/console/products", "商品", "Products");
    private static readonly (string, string, string) _supplies = ("/console/supplies", "货源", "Supplies");
    private static readonly (string, string, string) _merchants = ("/console/merchants", "代理", "Merchants");
    private static readonly (string, string, string) _reviews = ("/console/reviews", "买家评价", "Reviews");

    private readonly Dictionary<string, RowDeed> _deeds;
    private readonly Catalog.Catalog _catalog;
    private readonly Merchants _tree;
    private readonly ReviewDesk _desk;

    public RowDeeds(Catalog.Catalog catalog, Merchants merchants, ReviewDesk reviews, TenantDeeds own)
    {
        (_catalog, _tree, _desk) = (catalog, merchants, reviews);
        _deeds = new(StringComparer.Ordinal)
        {
            ["products-list"] = Product("上架", "List", ListingState.Listed),
            ["products-off"] = Product("下架", "Take off", ListingState.Off) with { IsDanger = true },
            ["products-category"] = new("换分类", "Move to a category", _products, "product.save", (keys, language) => ProductsAsync(keys, null, language), MoveProductAsync)
            {
                AskAsync = async (form, language) => form.Choice("category", "换到哪个分类", "To which category",
                    (await _catalog.ListCategoriesAsync()).Select(c => new Option(PublicId.Encode(c.Id), language.PickOr(c.NameZh, c.NameEn)))),
                Permission = Permissions.CatalogEdit,
            },
            ["supplies-on"] = Supply("恢复供货", "Put on", SupplyState.Active),
            ["supplies-off"] = Supply("停用", "Turn off", SupplyState.Off) with { IsDanger = true },
            ["merchants-resume"] = Merchant("恢复", "Resume", isActive: true),
            ["merchants-suspend"] = Merchant("停用", "Suspend", isActive: false) with { IsDanger = true },
            ["merchants-level"] = new("换等级", "Change the level", _merchants, "merchant.save", (keys, language) => MerchantsAsync(keys, null, language), LevelAsync)
            {
                AskAsync = async (form, language) => form.Choice("level", "换成哪个等级", "To which level",
                    (await _tree.ListLevelsAsync()).Select(l => new Option(l.Rank.ToString(CultureInfo.InvariantCulture), language.PickOr(l.NameZh, l.NameEn)))),
                Permission = Permissions.MerchantsManage,
            },
            ["lots-on"] = own.Lots("/console", LotState.Active, null) with { Permission = Permissions.StockEdit },
            ["lots-off"] = own.Lots("/console", LotState.Off, null) with { Permission = Permissions.StockEdit },
            ["keys-revoke"] = own.Keys("/console/merchants", null) with { Permission = Permissions.MerchantsManage },
            ["reviews-show"] = Review("显示", "Show", isShown: true),
            ["reviews-hide"] = Review("隐藏", "Hide", isShown: false) with { IsDanger = true },
        };
    }

    public RowDeed? Find(string? name) => _deeds.GetValueOrDefault(name ?? "");

    /// <returns>Null: the address is none of such a deed.</returns>
    public static string? NameIn(string path) => path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..] : null;

    /// <summary>The buttons of a list.</summary>
    public static IEnumerable<RowAction> Of(string list, Language language) => (list switch
    {
        "products" => [("products-list", "上架", "List"), ("products-off", "下架", "Take off"), ("products-category", "换分类", "Move to a category")],
        "supplies" => [("supplies-on", "恢复供货", "Put on"), ("supplies-off", "停用", "Turn off")],
        "merchants" => [("merchants-level", "换等级", "Change the level"), ("merchants-suspend", "停用", "Suspend"), ("merchants-resume", "恢复", "Resume")],
        _ => ((string, string, string)[])[("reviews-show", "显示", "Show"), ("reviews-hide", "隐藏", "Hide")],
    }).Select(a => new RowAction($"{Root}{a.Item1}", language.Pick(a.Item2, a.Item3)));

    private RowDeed Product(string zh, string en, ListingState state) => new(zh, en, _products, "product.save",
        (keys, language) => ProductsAsync(keys, state, language),
        (key, _, _) => ChangeProductAsync(key, p => ProductDraft.Of(p) with { State = state })) { Permission = Permissions.CatalogEdit };

    private async Task<List<ChosenRow>> ProductsAsync(IReadOnlyList<string> keys, ListingState? state, Language language) =>
        [.. (await _catalog.ListProductsAsync([.. keys.Select(k => ProductId.TryParse(k, out var id) ? id : default)])).Select(p => new ChosenRow(
            p.Id.ToString(), language.PickOr(p.NameZh, p.NameEn), $"/console/products/{p.Id}", Words.Listing(p.State, language), p.State == state))];

    private async Task<DeedResult> ChangeProductAsync(string key, Func<Product, ProductDraft> change) =>
        ProductId.TryParse(key, out var id) && await _catalog.FindProductAsync(id) is { } product
            ? DeedResult.Of(await _catalog.UpdateProductAsync(id, change(product)), product.Slug) : DeedResult.Gone;

    private Task<DeedResult> MoveProductAsync(string key, Form form, string actor) =>
        ChangeProductAsync(key, p => ProductDraft.Of(p) with { CategoryId = PublicId.TryDecode(form["category"], out var category) ? category : 0 });

    private RowDeed Supply(string zh, string en, SupplyState state) => new(zh, en, _supplies, "supply.save",
        async (keys, language) =>
        {
            var ids = keys.Select(k => SupplyId.TryParse(k, out var id) ? id : default).Where(id => id != default).ToList();
            return [.. (await _catalog.SuppliesAsync(ids)).Values.OrderBy(s => ids.IndexOf(s.Id)).Select(s => new ChosenRow(
                s.Id.ToString(), $"{Words.Sku(s, language)} · {language.PickOr(s.SupplierNameZh, s.SupplierNameEn)}", $"/console/supplies/{s.Id}",
                s.State == SupplyState.Active ? (language.Pick("可用", "Active"), "ok") : (language.Pick("停用", "Off"), ""), s.State == state))];
        },
        async (key, _, _) => SupplyId.TryParse(key, out var id) && await _catalog.FindSupplyAsync(id) is { } supply
            ? DeedResult.Of(await _catalog.UpdateSupplyAsync(id, SupplyDraft.Of(supply) with { State = state }), $"{id} cost {supply.Cost?.ToString() ?? "none"} {state}") : DeedResult.Gone) { Permission = Permissions.StockEdit };

    private RowDeed Merchant(string zh, string en, bool isActive) => new(zh, en, _merchants, isActive ? "merchant.resume" : "merchant.suspend",
        (keys, language) => MerchantsAsync(keys, isActive, language),
        async (key, _, _) => MerchantId.TryParse(key, out var id)
            ? DeedResult.Of(isActive ? await _tree.ResumeAsync(id) : await _tree.SuspendAsync(id), (await _tree.FindAsync(id))?.Slug ?? key) : DeedResult.Gone) { Permission = Permissions.MerchantsManage };

    private async Task<List<ChosenRow>> MerchantsAsync(IReadOnlyList<string> keys, bool? isActive, Language language)
    {
        var rows = new List<ChosenRow>(keys.Count);
        foreach (var key in keys)
            if (MerchantId.TryParse(key, out var id) && await _tree.FindAsync(id) is { } m)
                rows.Add(new ChosenRow(key, language.PickOr(m.NameZh, m.NameEn), $"/console/merchants/{id}",
                    m.IsActive ? (language.Pick("正常", "Active"), "ok") : (language.Pick("已停用", "Suspended"), "warning"), m.IsActive == isActive));
        return rows;
    }

    private async Task<DeedResult> LevelAsync(string key, Form form, string actor) =>
        MerchantId.TryParse(key, out var id) && await _tree.FindAsync(id) is { } m
            ? DeedResult.Of(await _tree.UpdateAsync(id, new MerchantDraft { Slug = m.Slug, NameZh = m.NameZh, NameEn = m.NameEn, Level = form["level"], Parent = m.Parent }), $"{m.Slug} level {form["level"]}")
            : DeedResult.Gone;

    private RowDeed Review(string zh, string en, bool isShown) => new(zh, en, _reviews, isShown ? "review.show" : "review.hide",
        async (keys, language) =>
        {
            var rows = new List<ChosenRow>(keys.Count);
            foreach (var key in keys)
                if (ReviewOf(key) is var (order, _) && await _desk.FindAsync(order) is { } review)
                    rows.Add(new ChosenRow(key, $"{ReviewWords.Stars(review, language)} {(review.Text.Length > 60 ? review.Text[..60] + "…" : review.Text)}", $"/console/reviews/{order}",
                        ReviewWords.State(review, language), review.State == (isShown ? ReviewStatus.Shown : ReviewStatus.Hidden)));
            return rows;
        },
        async (key, form, actor) =>
        {
            if (ReviewOf(key) is not var (order, seen)) return DeedResult.Gone;
            return await _desk.DecideAsync(order, seen, isShown, form["reason"], actor)
                ? new DeedResult(null, $"{order} v{seen}: {form["reason"]}")
                : new DeedResult(new FieldError("key", "changed", "Its buyer has just changed it: read it once more.", "买家刚改过，请重新看一遍。"), "");
        })
    {
        Permission = Permissions.CatalogEdit,
        AskAsync = (form, _) =>
        {
            form.Text("reason", "理由", "Reason", max: 200).Hint("写评价的人和店家看得到", "Its writer and the merchant read it");
            return Task.CompletedTask;
        },
    };

    /// <summary>A review with the version that was on the screen: a text that its buyer changes meanwhile is not passed unread.</summary>
    public static string KeyOf(Review review) => string.Create(CultureInfo.InvariantCulture, $"{review.OrderId}.{review.Version}");

    private static (OrderId, long)? ReviewOf(string key) => key.Split('.') is [var order, var version]
        && OrderId.TryParse(order, out var id) && long.TryParse(version, CultureInfo.InvariantCulture, out var seen) ? (id, seen) : null;
}
