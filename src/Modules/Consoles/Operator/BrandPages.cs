using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.CatalogSee)]
internal sealed class BrandsPage(Selling selling) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("品牌", "Brands");
        Actions.Add(("/console/brands/new", T("新建品牌", "New brand")));
        Table = Parts.Table.Of(await selling.ListBrandsAsync(), Title)
            .Column(T("名称", "Name"), b => new Cell(Language.PickOr(b.NameZh, b.NameEn), $"/console/brands/{PublicId.Encode(b.Id)}", Language.Pick(b.NameEn, b.NameZh)))
            .Column(T("简称", "Short name"), b => new Cell(b.Slug, IsMono: true))
            .Build();
        Table.Empty = new EmptyState(T("还没有品牌", "No brands yet"),
            T("给商品选了品牌，就只有拿到这个品牌授权的供应商能供。", "Goods of a brand are offered only from suppliers who hold its authorisation."),
            "/console/brands/new", T("新建品牌", "New brand"), "products");
    }
}

[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class BrandPage(Selling selling) : ConsolePage
{
    private long? _id;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/brands", T("品牌", "Brands"));
        Form = new Form(Language) { Back = "/console/brands" }
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside()
            .Text("name_en", "英文名", "Name in English", max: 80)
            .Text("slug", "简称", "Short name", max: 60).Hint("小写字母、数字和短横线", "Small letters, digits and hyphens");
        if (RouteData.Values["id"] as string == "new")
        {
            Title = T("新建品牌", "New brand");
        }
        else
        {
            var brand = PublicId.TryDecode(RouteData.Values["id"] as string, out var id) ? (await selling.ListBrandsAsync()).Find(b => b.Id == id) : null;
            if (brand is null)
            {
                context.Result = NotFound();
                return;
            }

            _id = id;
            Title = Language.PickOr(brand.NameZh, brand.NameEn);
            Form.Fill("name_zh", brand.NameZh).Fill("name_en", brand.NameEn).Fill("slug", brand.Slug);
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new BrandDraft { Slug = Form["slug"], NameZh = Form["name_zh"], NameEn = Form["name_en"] };
        if (!Took(await selling.SaveBrandAsync(_id, draft), out var saved)) return Again();
        await RecordAsync("brand.save", saved.Slug);
        return Done("/console/brands", $"品牌「{saved.NameZh}」已保存", $"Brand {saved.NameEn} saved");
    }
}
