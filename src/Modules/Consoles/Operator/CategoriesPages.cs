using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.CatalogSee)]
internal sealed class CategoriesPage(Catalog.Catalog catalog) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("分类", "Categories");
        Actions.Add(("/console/categories/new", T("新建分类", "New category")));
        Table = Parts.Table.Of(await catalog.ListCategoriesAsync(), Title)
            .Column(T("名称", "Name"), c => new Cell(Language.PickOr(c.NameZh, c.NameEn), $"/console/categories/{PublicId.Encode(c.Id)}", Language.Pick(c.NameEn, c.NameZh)))
            .Column(T("网址名", "Slug"), c => new Cell(c.Slug, IsMono: true))
            .Column(T("页面", "Page"), c => new Cell(ScenarioWords.Of(c.Scenario, Language)))
            .Number(T("排序", "Order"), c => c.Sort)
            .Build();
        Table.Empty = new EmptyState(T("还没有分类", "No categories yet"), T("店铺首页按分类摆商品，先建一个，例如「游戏点卡」。", "Storefronts show goods by category. Make one first, such as Game cards."),
            "/console/categories/new", T("新建分类", "New category"), "all");
    }
}

[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class CategoryPage(Catalog.Catalog catalog) : ConsolePage
{
    private long? _id;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/categories", T("分类", "Categories"));
        Form = new Form(Language) { Back = "/console/categories" }
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside()
            .Text("name_en", "英文名", "Name in English", max: 80)
            .Text("slug", "网址名", "Slug", max: 60).Hint("小写字母、数字和短横线，例如 games", "Small letters, digits and hyphens, such as games").Beside()
            .Whole("sort", "排序", "Order").Hint("小的排前面", "Smaller comes first").Fill("sort", "0")
            .Colour("tint", "底色", "Colour").Fill("tint", "#1f5f8b")
            .Choice("scenario", "店铺里的页面", "Page in shops", Enum.GetValues<Catalog.Scenario>().Select(s => new Option(s.ToString(), ScenarioWords.Of(s, Language)))).Fill("scenario", default(Catalog.Scenario).ToString())
            .Hint("充值页：收号码和面值的商品合成一页，其余列在下面；分组页：按游戏、品牌摆出区服和面值",
                "Top-up: goods that ask for an account become one form, others are listed below it. Groups: by game or brand, with regions and values");
        if (RouteData.Values["id"] as string != "new")
        {
            var category = PublicId.TryDecode(RouteData.Values["id"] as string, out var id) ? await catalog.FindCategoryAsync(id) : null;
            if (category is null)
            {
                context.Result = NotFound();
                return;
            }

            _id = id;
            Title = Language.PickOr(category.NameZh, category.NameEn);
            Form.Fill("name_zh", category.NameZh).Fill("name_en", category.NameEn).Fill("slug", category.Slug)
                .Fill("sort", category.Sort.ToString()).Fill("tint", category.Tint).Fill("scenario", category.Scenario.ToString());
        }
        else
        {
            Title = T("新建分类", "New category");
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new Catalog.CategoryDraft
        {
            Slug = Form["slug"], NameZh = Form["name_zh"], NameEn = Form["name_en"], Tint = Form["tint"], Sort = Form["sort"],
            Scenario = Enum.TryParse<Catalog.Scenario>(Form["scenario"], out var scenario) ? scenario : Catalog.Scenario.List,
        };
        var decision = _id is { } id ? await catalog.UpdateCategoryAsync(id, draft) : await catalog.CreateCategoryAsync(draft);
        if (!Took(decision, out var saved)) return Again();
        await RecordAsync("category.save", saved.Slug);
        return Done("/console/categories", $"分类「{saved.NameZh}」已保存", $"Category {saved.NameEn} saved");
    }
}

internal static class ScenarioWords
{
    public static string Of(Catalog.Scenario scenario, Language language) => scenario switch
    {
        Catalog.Scenario.TopUp => language.Pick("充值页", "Top-up form"),
        Catalog.Scenario.Groups => language.Pick("分组页", "Groups with values"),
        _ => language.Pick("列表", "List"),
    };
}
