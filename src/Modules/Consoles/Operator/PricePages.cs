using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>The level list: a row per SKU, a column per level. Cells are typed here; rules over many rows begin here.</summary>
[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
internal sealed class PricesPage(Catalog.Catalog catalog, Catalog.Finder finder, Merchants merchants, PriceBooks books, PriceLists lists) : ConsolePage
{
    // A form of more fields than about a thousand is not taken, and is slow on a phone long before.
    private const int CellsMax = 600;

    public sealed record Row(Sku Sku, Product Product, Money? Cost, Money Ceiling);

    private Dictionary<(SkuId, int), Money?> _prices = [];

    public string Search { get; private set; } = "";
    public string Category { get; private set; } = "";
    public Product? Product { get; private set; }
    public IReadOnlyList<Category> Categories { get; private set; } = [];
    public List<Level> Levels { get; private set; } = [];
    public List<Row> Rows { get; private set; } = [];
    public string? Next { get; private set; }
    public string? First { get; private set; }

    /// <summary>The prices that stood in the cells when they were shown, so that nobody's change is undone unseen.</summary>
    public string Shown => string.Join(' ', _prices.Select(p => $"{p.Key.Item1}_{p.Key.Item2}={p.Value}"));

    /// <summary>The same rows for a file.</summary>
    public Table Sheet
    {
        get
        {
            var table = Parts.Table.Of(Rows, Title)
                .Column(T("编码", "Code"), r => r.Sku.Code)
                .Column(T("规格", "SKU"), r => NameOf(r, Language))
                .Money(T("进价", "Cost"), r => r.Cost);
            foreach (var level in Levels) table.Money(Language.PickOr(level.NameZh, level.NameEn), r => _prices[(r.Sku.Id, level.Rank)]);
            var built = table.Build();
            (built.Next, built.First) = (Next, First);
            return built;
        }
    }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await LoadAsync()) await next();
        else context.Result = NotFound();
    }

    private async Task<bool> LoadAsync()
    {
        (Search, Category) = (Request.Query["q"].ToString().Trim(), Request.Query["category"].ToString());
        Title = T("价格表", "Level prices");
        if (RouteData.Values["id"] is string id)
        {
            Product = ProductId.TryParse(id, out var product) ? await catalog.FindProductAsync(product) : null;
            if (Product is null) return false;
            Title = T("各级价格 · ", "Level prices · ") + Language.PickOr(Product.NameZh, Product.NameEn);
            Up = ("/console/prices", T("价格表", "Level prices"));
        }

        (Levels, Categories) = (await merchants.ListLevelsAsync(), await catalog.ListCategoriesAsync());
        var book = await books.RefreshAsync();
        var after = SkuId.TryParse(Request.Query["after"], out var last) ? book.Sku(last) : null;
        var rowsMax = Math.Max(20, CellsMax / Math.Max(1, Levels.Count));
        await FillAsync(book, after, rowsMax + 1);
        if (Rows.Count > rowsMax)
        {
            Rows.RemoveRange(rowsMax, Rows.Count - rowsMax);
            Next = With(("after", Rows[^1].Sku.Id.ToString()));
        }

        First = after is null ? null : With(("after", null));
        if (Levels.Count > 0 && Rows.Count > 0)
        {
            Actions.Add((RuleHref(), T("按规则改价", "Prices by a rule")));
            Actions.Add(("/console/prices/import", T("用文件改价", "Prices from a file")));
        }

        MakeForm(book);
        Table = new Table(Title)
        {
            Empty = Levels.Count == 0
                ? new EmptyState(T("还没有等级", "No levels yet"), T("价格按等级定，先建等级。", "Prices are set per level: make levels first."), "/console/levels/new", T("加一级", "Add a level"), "agents")
                : Search.Length + Category.Length > 0
                ? new EmptyState(T("没有符合条件的商品", "No goods match"), T("去掉一个条件试试。", "Take a condition away."), "/console/prices", T("看全部商品", "All goods"), "search")
                : Product is not null
                ? new EmptyState(T("还没有规格", "No SKUs yet"), T("先给商品加规格。", "Give the product a SKU first."), $"/console/skus/new?product={Product.Id}", T("加规格", "Add a SKU"), "products")
                : new EmptyState(T("还没有商品", "No products yet"), T("先建商品和规格，再给每个等级定价。", "Make products and SKUs first, then a price per level."), "/console/products/new", T("新建商品", "New product"), "products"),
        };
        return true;
    }

    /// <summary>Adds rows after a SKU: best matches first where words are looked for, else in the order in which the products were made.</summary>
    private async Task FillAsync(PriceBook book, SkuEntry? after, int count)
    {
        if (Product is not null)
        {
            await AddAsync([Product], book, after, count);
        }
        else if (Search.Length > 0)
        {
            var found = (await finder.FindAsync(book.Products, Category.Length > 0 ? Category : null, Search)).Products;
            foreach (var products in found.Skip(after is null ? 0 : Math.Max(0, found.IndexOf(after.Product))).Chunk(100).TakeWhile(_ => Rows.Count < count))
                await AddAsync(await catalog.ListProductsAsync(products), book, after, count);
        }
        else
        {
            // The product of the last row may have more SKUs: it is read again.
            ProductId? cursor = after is null ? null : new ProductId(after.Product.Value - 1);
            do
            {
                var page = await catalog.ListProductsAsync(new ProductFilter(Category: Category.Length > 0 ? Category : null, After: cursor, Limit: 100));
                await AddAsync(page.Items, book, after, count);
                cursor = page.Next;
            }
            while (cursor is not null && Rows.Count < count);
        }
    }

    private async Task AddAsync(IReadOnlyList<Product> products, PriceBook book, SkuEntry? after, int count)
    {
        var skus = (await catalog.ListSkusAsync([.. products.Select(p => p.Id)])).ToLookup(s => s.ProductId);
        foreach (var product in products)
        {
            IEnumerable<Sku> ofProduct = skus[product.Id];
            if (product.Id == after?.Product) ofProduct = ofProduct.SkipWhile(s => s.Id != after.Id).Skip(1);
            Rows.AddRange(ofProduct.Take(count - Rows.Count).Select(s => new Row(s, product, book.Cost(s.Id), s.RetailCeiling)));
        }
    }

    private void MakeForm(PriceBook book)
    {
        Form = new Form(Language);
        foreach (var row in Rows)
        foreach (var level in Levels)
        {
            var price = book.LevelPrice(row.Sku.Id, level.Rank);
            _prices[(row.Sku.Id, level.Rank)] = price;
            var name = NameOf(row.Sku.Id, level.Rank);
            Form.Money(name, $"{NameOf(row, Platform.Http.Language.Zh)} · {level.NameZh}", $"{NameOf(row, Platform.Http.Language.En)} · {level.NameEn}", optional: true).Fill(name, price?.ToString());
        }

        Form.Area("shown", "", "", max: 100_000).Fill("shown", Shown);
    }

    private static string NameOf(SkuId sku, int level) => $"p_{sku}_{level}";

    public static string NameOf(Row row, Language language) =>
        $"{language.PickOr(row.Product.NameZh, row.Product.NameEn)} {language.PickOr(row.Sku.NameZh, row.Sku.NameEn)}";

    public Field FieldOf(Row row, int level) => Form!.Field(NameOf(row.Sku.Id, level));

    /// <summary>What the price that stands earns over the cost, and what is odd about it.</summary>
    public (string Margin, string Tone, string Words)? Look(Row row, int level)
    {
        if (_prices[(row.Sku.Id, level)] is not { } price) return null;
        var others = Levels.Select(l => (l.Rank, Price: _prices[(row.Sku.Id, l.Rank)])).Where(l => l.Price is not null).Select(l => (l.Rank, l.Price!.Value));
        var warnings = LevelRule.Look(level, price, row.Cost, row.Ceiling, others);
        return (LevelRule.MarginBps(price, row.Cost) is { } bps ? Show.Margin(bps) : "", PriceWords.Tone(warnings), PriceWords.Warnings(warnings, Language));
    }

    /// <summary>A rule over what is shown here: marked rows, this product, or what was looked for.</summary>
    private string RuleHref(IEnumerable<SkuId>? marked = null)
    {
        var skus = marked ?? (Product is null ? [] : Rows.Select(r => r.Sku.Id));
        return "/console/prices/rules/new" + Microsoft.AspNetCore.Http.QueryString.Create(
            new[] { ("skus", string.Join(',', skus)), ("words", Search), ("category", Category) }.Where(p => p.Item2.Length > 0).Select(p => KeyValuePair.Create(p.Item1, (string?)p.Item2)));
    }

    public void OnGet() { }

    /// <summary>Saves the cells that changed; where somebody else changed one meanwhile, nothing is saved and the cell says so.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var shown = Form["shown"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split('=')).Where(c => c.Length == 2)
            .DistinctBy(c => c[0]).ToDictionary(c => c[0], c => c[1], StringComparer.Ordinal);
        var cells = new List<LevelPriceDraft>();
        foreach (var ((sku, level), price) in _prices)
        {
            var field = Form.Field(NameOf(sku, level));
            if (!shown.TryGetValue($"{sku}_{level}", out var was) || Same(field.Value, was)) continue;
            if (Same(field.Value, price?.ToString() ?? "")) continue;
            if (!Same(was, price?.ToString() ?? ""))
                Form.Fail(field.Name, $"别人刚改成 {price?.ToString() ?? "空"}，请看过再改", $"Somebody has just set {price?.ToString() ?? "nothing"} here: look at it again");
            cells.Add(new LevelPriceDraft(sku, level, field.Value));
        }

        Form.Fill("shown", Shown);
        if (!Form.IsFine) return Again();
        var decision = await lists.SetLevelPricesAsync(cells);
        if (decision is AgentsDecision<int>.Refused refused)
        {
            // A refusal names the cell by its place in the call; here it has a place on the page.
            foreach (var error in refused.Errors)
            {
                if (error.Field.Split('/') is ["prices", var at, ..]) Form.Fail(NameOf(cells[int.Parse(at)].Sku, cells[int.Parse(at)].Level), error.Zh, error.En);
                else Form.Fail(error.Zh, error.En);
            }

            return Again();
        }

        if (cells.Count > 0) await RecordAsync("prices.save", string.Join(' ', cells.Take(20).Select(c => $"{c.Sku}/{c.Level}={c.Price}")) + (cells.Count > 20 ? $" +{cells.Count - 20}" : ""));
        return Done(With(), $"价格已保存，改了 {cells.Count} 个", $"Prices saved: {cells.Count} changed");
    }

    private static bool Same(string a, string b) => a == b || (Money.TryParse(a, out var x) && Money.TryParse(b, out var y) && x == y);

    /// <summary>Marked rows go on to a rule for them.</summary>
    public IActionResult OnPostMarked([FromForm] string[] sku)
    {
        var skus = sku.Select(s => SkuId.TryParse(s, out var id) ? id : default).Where(s => s != default).ToList();
        return skus.Count == 0 ? NotDone(With(), "先在左边勾选商品", "Mark some rows first") : Redirect(RuleHref(skus));
    }
}

[Needs(Permissions.PricesSee)]
internal sealed class TiersPage(PriceLists lists, Catalog.Catalog catalog, Names names) : ConsolePage
{
    public string Search { get; private set; } = "";

    public async Task OnGetAsync(string? q, string? after)
    {
        Title = T("阶梯价", "Quantity tiers");
        Search = q?.Trim() ?? "";
        ProductId? cursor = ProductId.TryParse(after, out var parsed) ? parsed : null;
        var page = await catalog.ListProductsAsync(new ProductFilter(Search.Length > 0 ? Search : null, After: cursor));
        var skus = await catalog.ListSkusAsync([.. page.Items.Select(p => p.Id)]);
        var named = await names.SkusAsync(skus.Select(s => s.Id));
        var tiers = (await lists.TiersAsync([.. skus.Select(s => s.Id)])).ToLookup(t => t.Sku);
        Table = Parts.Table.Of(skus, Title)
            .Column(T("规格", "SKU"), s => new Cell(Names.Sku(named.GetValueOrDefault(s.Id), Language), $"/console/tiers/{s.Id}", s.Code))
            .Column(T("阶梯", "Steps"), s => tiers[s.Id].Any()
                ? string.Join(T("；", "; "), tiers[s.Id].Select(t => T($"{t.QuantityMin} 起减 {Show.Percent(t.OffBps)}", $"{Show.Percent(t.OffBps)} off from {t.QuantityMin}"))) : T("没有", "none"))
            .Build();
        Table.Next = page.Next is { } next ? With(("after", next.ToString())) : null;
        Table.First = cursor is null ? null : With(("after", null));
        Table.Empty = Search.Length > 0
            ? new EmptyState(T("没有找到", "Nothing found"), T("换个词试试。", "Try other words."), "/console/tiers", T("看全部规格", "All SKUs"), "search")
            : new EmptyState(T("还没有规格", "No SKUs yet"), T("先建商品和规格。", "Make products and SKUs first."), "/console/products/new", T("新建商品", "New product"), "products");
    }
}

[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
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
        var tiers = await lists.TiersAsync([_sku]);
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
