using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Which products have prices for every level.</summary>
internal sealed class PricesPage(Catalog.Catalog catalog, Merchants merchants, PriceLists lists) : ConsolePage
{
    public string Search { get; private set; } = "";

    public async Task OnGetAsync(string? q, string? after)
    {
        Title = T("价格表", "Level prices");
        Search = q?.Trim() ?? "";
        ProductId? cursor = ProductId.TryParse(after, out var parsed) ? parsed : null;
        var page = await catalog.ListProductsAsync(new ProductFilter(Search.Length > 0 ? Search : null, After: cursor));
        var levels = await merchants.ListLevelsAsync();
        var skus = await catalog.ListSkusAsync([.. page.Items.Select(p => p.Id)]);
        var byProduct = skus.ToLookup(s => s.ProductId);
        var set = (await lists.LevelPricesAsync([.. skus.Take(500).Select(s => s.Id)])).ToLookup(p => p.Sku);
        Table = Parts.Table.Of(page.Items, Title)
            .Column(T("商品", "Product"), p => new Cell(Language.PickOr(p.NameZh, p.NameEn), $"/console/prices/{p.Id}"))
            .Number(T("规格", "SKUs"), p => byProduct[p.Id].Count())
            .Badge(T("价格", "Prices"), p =>
            {
                var (have, need) = (byProduct[p.Id].Sum(s => set[s.Id].Count()), byProduct[p.Id].Count() * levels.Count);
                return need == 0 ? (T("没有规格", "No SKUs"), "") : have == need ? (T("齐了", "All set"), "ok")
                    : have == 0 ? (T("还没定价", "None yet"), "warning") : (T($"定了 {have} / {need}", $"{have} of {need}"), "waiting");
            })
            .Build();
        Table.Next = page.Next is { } next ? With(("after", next.ToString())) : null;
        Table.First = cursor is null ? null : With(("after", null));
        Table.Empty = new EmptyState(T("还没有商品", "No products yet"), T("先建商品和规格，再给每个等级定价。", "Make products and SKUs first, then a price per level."),
            "/console/products/new", T("新建商品", "New product"), "products");
    }
}

/// <summary>The grid of one product: a row per SKU, a column per level; filled by margin over cost when asked.</summary>
internal sealed class ProductPricesPage(Catalog.Catalog catalog, Merchants merchants, PriceLists lists) : ConsolePage
{
    public sealed record Row(Sku Sku, Money? Cost);

    public List<Level> Levels { get; private set; } = [];
    public List<Row> Rows { get; private set; } = [];
    public Dictionary<int, string> Margins { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!ProductId.TryParse(RouteData.Values["id"] as string, out var id) || await catalog.FindProductAsync(id) is not { } product)
        {
            context.Result = NotFound();
            return;
        }

        Title = T("各级价格 · ", "Level prices · ") + Language.PickOr(product.NameZh, product.NameEn);
        Up = ("/console/prices", T("价格表", "Level prices"));
        Levels = await merchants.ListLevelsAsync();
        var skus = await catalog.ListSkusAsync([id]);
        foreach (var sku in skus)
        {
            // The dearest supply that may sell decides: below it some units would lose money.
            var costs = (await catalog.ListSuppliesAsync(sku: sku.Id)).Where(s => s.State == SupplyState.Active && s.Cost is not null).Select(s => s.Cost!.Value);
            Rows.Add(new Row(sku, costs.Select(c => (Money?)c).Max()));
        }

        var prices = (await lists.LevelPricesAsync([.. skus.Select(s => s.Id)])).ToDictionary(p => (p.Sku, p.Level), p => p.Price);
        Form = new Form(Language);
        foreach (var row in Rows)
        foreach (var level in Levels)
        {
            var label = $"{Language.PickOr(row.Sku.NameZh, row.Sku.NameEn)} · {Language.PickOr(level.NameZh, level.NameEn)}";
            Form.Money(NameOf(row.Sku, level.Rank), label, label, optional: true)
                .Fill(NameOf(row.Sku, level.Rank), prices.TryGetValue((row.Sku.Id, level.Rank), out var price) ? price.ToString() : "");
        }

        Table = new Table(Title)
        {
            Empty = Levels.Count == 0
                ? new EmptyState(T("还没有等级", "No levels yet"), T("价格按等级定，先建等级。", "Prices are set per level: make levels first."), "/console/levels/new", T("加一级", "Add a level"), "agents")
                : new EmptyState(T("还没有规格", "No SKUs yet"), T("先给商品加规格。", "Give the product a SKU first."), $"/console/skus/new?product={id}", T("加规格", "Add a SKU"), "products"),
        };
        await next();
    }

    private static string NameOf(Sku sku, int level) => $"p_{sku.Id}_{level}";

    public Field FieldOf(Sku sku, int level) => Form!.Fields.First(f => f.Name == NameOf(sku, level));

    public void OnGet()
    {
        foreach (var level in Levels)
        {
            var typed = Request.Query[$"m{level.Rank}"].ToString();
            Margins[level.Rank] = typed;
            if (!decimal.TryParse(typed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent > 1_000) continue;
            foreach (var row in Rows)
                if (row.Cost is { } cost) Form!.Fill(NameOf(row.Sku, level.Rank), (cost + cost.AtBps((long)(percent * 100))).ToString());
        }
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var cells = (from row in Rows from level in Levels
                     select new LevelPriceDraft(row.Sku.Id, level.Rank, Form[NameOf(row.Sku, level.Rank)])).ToList();
        if (!Took(await lists.SetLevelPricesAsync(cells), out _)) return Again();
        await RecordAsync("prices.save", RouteData.Values["id"] as string ?? "");
        return Done(Request.Path, "价格已保存", "Prices saved");
    }
}

internal sealed class TiersPage(PriceLists lists, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("阶梯价", "Quantity tiers");
        var skus = await names.AllSkusAsync();
        var rows = new List<(SkuName Sku, string Steps)>();
        foreach (var sku in skus.Take(200))
        {
            var tiers = await lists.TiersAsync(sku.Id);
            rows.Add((sku, string.Join(T("；", "; "), tiers.Select(t => T($"{t.QuantityMin} 起减 {Show.Percent(t.OffBps)}", $"{Show.Percent(t.OffBps)} off from {t.QuantityMin}")))));
        }

        Table = Parts.Table.Of(rows, Title)
            .Column(T("规格", "SKU"), r => new Cell(Names.Sku(r.Sku, Language), $"/console/tiers/{r.Sku.Id}", r.Sku.Code))
            .Column(T("阶梯", "Steps"), r => r.Steps.Length > 0 ? r.Steps : T("没有", "none"))
            .Build();
        Table.Empty = new EmptyState(T("还没有规格", "No SKUs yet"), T("先建商品和规格。", "Make products and SKUs first."), "/console/products/new", T("新建商品", "New product"), "products");
    }
}

internal sealed class TierPage(PriceLists lists, Names names) : ConsolePage
{
    private const int Steps = 5;
    private SkuId _sku;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!SkuId.TryParse(RouteData.Values["id"] as string, out _sku) || (await names.SkusAsync([_sku])).GetValueOrDefault(_sku) is not { } sku)
        {
            context.Result = NotFound();
            return;
        }

        Title = T("阶梯价 · ", "Quantity tiers · ") + Names.Sku(sku, Language);
        Up = ("/console/tiers", T("阶梯价", "Quantity tiers"));
        Form = new Form(Language) { Back = "/console/tiers" };
        var tiers = await lists.TiersAsync(_sku);
        for (var i = 0; i < Math.Max(Steps, tiers.Count); i++)
        {
            Form.Whole($"min{i}", "从多少个起", "From this quantity", optional: true).Beside()
                .Whole($"off{i}", "单价减（基点，100 = 1%）", "Off the unit price (basis points, 100 = 1%)", optional: true);
            if (i < tiers.Count) Form.Fill($"min{i}", tiers[i].QuantityMin.ToString()).Fill($"off{i}", tiers[i].OffBps.ToString());
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var drafts = Form.Fields.Where(f => f.Name.StartsWith("min", StringComparison.Ordinal) && (f.Value.Length > 0 || Form["off" + f.Name[3..]].Length > 0))
            .Select(f => new QuantityTierDraft(f.Value, Form["off" + f.Name[3..]])).ToList();
        if (!Took(await lists.SetTiersAsync(_sku, drafts), out _)) return Again();
        await RecordAsync("tiers.save", _sku.ToString());
        return Done("/console/tiers", "阶梯价已保存", "Tiers saved");
    }
}
