using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.CatalogSee)]
internal sealed class ProductsPage(Catalog.Catalog catalog) : ConsolePage
{
    public string Search { get; private set; } = "";

    public async Task OnGetAsync(string? q, string? after)
    {
        Title = T("商品", "Products");
        Search = q?.Trim() ?? "";
        Actions.Add(("/console/products/new", T("新建商品", "New product")));
        Actions.Add(("/console/products/import", T("从表格导入", "Import from a sheet")));
        ProductId? cursor = ProductId.TryParse(after, out var parsed) ? parsed : null;
        var page = await catalog.ListProductsAsync(new ProductFilter(Search.Length > 0 ? Search : null, After: cursor));
        var categories = (await catalog.ListCategoriesAsync()).ToDictionary(c => c.Id);
        var skus = (await catalog.ListSkusAsync([.. page.Items.Select(p => p.Id)])).ToLookup(s => s.ProductId);
        Table = Parts.Table.Of(page.Items, Title)
            .Column(T("名称", "Name"), p => new Cell(Language.PickOr(p.NameZh, p.NameEn), $"/console/products/{p.Id}", Language.Pick(p.NameEn, p.NameZh)))
            .Column(T("分类", "Category"), p => categories.TryGetValue(p.CategoryId, out var c) ? Language.PickOr(c.NameZh, c.NameEn) : "")
            .Column(T("规格", "SKUs"), p => string.Join(T("、", ", "), skus[p.Id].Select(s => Language.PickOr(s.NameZh, s.NameEn))))
            .Badge(T("状态", "State"), p => Words.Listing(p.State, Language))
            .Choose(p => p.Id.ToString(), [.. RowDeeds.Of("products", Language), new("/console/products/sheet", T("下载为导入表格", "As a sheet for import"))])
            .Build();
        Table.Next = page.Next is { } next ? With(("after", next.ToString())) : null;
        Table.First = cursor is null ? null : With(("after", null));
        if (page.Items.Count > 0) Actions.Add(($"/console/products/sheet{(Search.Length > 0 ? $"?q={Uri.EscapeDataString(Search)}" : "")}", T("下载为导入表格", "Download as a sheet for import")));
        Table.Empty = Search.Length > 0
            ? new EmptyState(T("没有找到", "Nothing found"), T("换个词试试。", "Try other words."), "/console/products", T("看全部商品", "All products"), "search")
            : new EmptyState(T("还没有商品", "No products yet"), T("商品下面是规格，例如「Steam 钱包充值码」下面有 50 元、100 元。", "A product has SKUs: Steam wallet code, say, at CNY 50 and CNY 100."),
                "/console/products/new", T("新建商品", "New product"), "products");
    }
}

[RequestSizeLimit(PictureFile.RequestMax)]
[RequestFormLimits(MultipartBodyLengthLimit = PictureFile.RequestMax, MemoryBufferThreshold = PictureFile.RequestMax)]
[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class ProductPage(Catalog.Catalog catalog, Selling selling, Pictures pictures) : ConsolePage
{
    private ProductId? _id;

    /// <summary>The hash of the picture that buyers see; null: none.</summary>
    public string? Picture { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var categories = await catalog.ListCategoriesAsync();
        if (categories.Count == 0)
        {
            context.Result = NotDone("/console/categories/new", "商品摆在分类里：先建一个分类", "Products stand in categories: make one first");
            return;
        }

        Up = ("/console/products", T("商品", "Products"));
        Form = new Form(Language) { Back = "/console/products" }
            .Section("基本", "Basics")
            .Text("name_zh", "中文名", "Name in Chinese", max: 120).Beside()
            .Text("name_en", "英文名", "Name in English", max: 120)
            .Choice("category_id", "分类", "Category", categories.Select(c => new Option(PublicId.Encode(c.Id), Language.PickOr(c.NameZh, c.NameEn)))).Beside()
            .Text("slug", "网址名", "Slug", max: 60).Hint("小写字母、数字和短横线，例如 steam-wallet", "Small letters, digits and hyphens, such as steam-wallet")
            .Text("region", "地区", "Region", max: 20).Fill("region", "CN").Beside()
            .Choice("state", "状态", "State", Words.ListingOptions(Language)).Fill("state", "Listed")
            .Choice("brand", "品牌", "Brand", (await selling.ListBrandsAsync()).Select(b => new Option(PublicId.Encode(b.Id), Language.PickOr(b.NameZh, b.NameEn))), optional: true)
            .Hint("选了品牌，只有拿到它授权的供应商能供", "With a brand, only suppliers who hold its authorisation are drawn from")
            .Text("initial", "图标字", "Letters of the icon", optional: true, max: 4).Beside()
            .Colour("tint", "图标底色", "Colour of the icon").Fill("tint", ProductDraft.TintOfNew)
            .File("picture", "图片", "Picture").Hint(PictureFile.HintZh, PictureFile.HintEn)
            .Section("买家看到的说明", "What buyers read")
            .Area("description_zh", "中文介绍", "Description in Chinese")
            .Area("description_en", "英文介绍", "Description in English")
            .Area("redeem_zh", "中文兑换步骤", "How to redeem, in Chinese").Hint("一行一步", "One step a line")
            .Area("redeem_en", "英文兑换步骤", "How to redeem, in English")
            .Text("redeem_url", "兑换网址", "Redeem at", optional: true, max: 400);
        if (RouteData.Values["id"] as string == "new")
        {
            Title = T("新建商品", "New product");
        }
        else
        {
            var product = ProductId.TryParse(RouteData.Values["id"] as string, out var id) ? await catalog.FindProductAsync(id) : null;
            if (product is null)
            {
                context.Result = NotFound();
                return;
            }

            (_id, Picture) = (id, product.Picture);
            Fill(product);
            Actions.Add(($"/console/skus/new?product={id}", T("加规格", "Add a SKU")));
            Table = SkuTable(await catalog.ListSkusAsync([id]));
            Table.Empty = new EmptyState(T("还没有规格", "No SKUs yet"), T("买家买的是规格，至少要有一个。", "Buyers buy SKUs; a product needs at least one."),
                $"/console/skus/new?product={id}", T("加规格", "Add a SKU"), "products");
        }

        await next();
    }

    private void Fill(Product product)
    {
        Title = Language.PickOr(product.NameZh, product.NameEn);
        Form!.Fill("name_zh", product.NameZh).Fill("name_en", product.NameEn).Fill("slug", product.Slug)
            .Fill("category_id", PublicId.Encode(product.CategoryId)).Fill("region", product.Region).Fill("state", product.State.ToString())
            .Fill("brand", product.BrandId is { } brand ? PublicId.Encode(brand) : "").Fill("initial", product.Initial).Fill("tint", product.Tint)
            .Fill("description_zh", product.DescriptionZh).Fill("description_en", product.DescriptionEn)
            .Fill("redeem_zh", product.RedeemZh).Fill("redeem_en", product.RedeemEn).Fill("redeem_url", product.RedeemUrl);
    }

    private Table SkuTable(List<Sku> skus) => Parts.Table.Of(skus, T("规格", "SKUs"))
        .Column(T("规格", "SKU"), s => new Cell(Language.PickOr(s.NameZh, s.NameEn), $"/console/skus/{s.Id}", s.Code))
        .Money(T("建议零售价", "Suggested retail"), s => s.SuggestedRetail)
        .Money(T("最低", "Lowest"), s => s.RetailFloor)
        .Money(T("最高", "Highest"), s => s.RetailCeiling)
        .Badge(T("状态", "State"), s => Words.Listing(s.State, Language))
        .Build();

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(IFormFile? picture)
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        // Looked at first: a picture that cannot be taken leaves the product as it was.
        Picture? read = null;
        if (await PictureFile.ReadAsync(picture) is { } content && !Took(pictures.Read(content, Actor), out read)) return Again();
        PublicId.TryDecode(Form["category_id"], out var category);
        var draft = new ProductDraft
        {
            Slug = Form["slug"], CategoryId = category, NameZh = Form["name_zh"], NameEn = Form["name_en"], Region = Form["region"],
            Initial = Form["initial"], Tint = Form["tint"], DescriptionZh = Form["description_zh"], DescriptionEn = Form["description_en"],
            RedeemZh = Form["redeem_zh"], RedeemEn = Form["redeem_en"], RedeemUrl = Form["redeem_url"],
            BrandId = PublicId.TryDecode(Form["brand"], out var brand) ? brand : null, State = Enum.Parse<ListingState>(Form["state"]),
        };
        var decision = _id is { } id ? await catalog.UpdateProductAsync(id, draft) : await catalog.CreateProductAsync(draft);
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("product.save", saved.Slug);
        if (read is not null && await pictures.SetAsync(saved.Id, read)) await RecordAsync("product.picture", $"{saved.Slug} {read.Hash}");
        return Done($"/console/products/{saved.Id}", $"商品「{saved.NameZh}」已保存", $"Product {saved.NameEn} saved");
    }

    public async Task<IActionResult> OnPostRemovePictureAsync()
    {
        if (_id is not { } id || !await pictures.RemoveAsync(id)) return NotFound();
        await RecordAsync("product.picture", $"{Form!["slug"]} none");
        return Done($"/console/products/{id}", "图片已去掉", "The picture is taken off");
    }
}

/// <summary>A picture for those who review it, whether goods carry it or not.</summary>
[Needs(Permissions.CatalogSee)]
internal sealed class PicturePage(Pictures pictures) : ConsolePage
{
    public async Task<IActionResult> OnGetAsync(string hash)
    {
        if (await pictures.FindAsync(hash) is not { } picture) return NotFound();
        Response.Headers.CacheControl = "private, max-age=3600";
        Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return File(picture.Content, picture.MediaType);
    }
}
