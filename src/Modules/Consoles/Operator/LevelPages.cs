using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.MerchantsSee)]
internal sealed class LevelsPage(Merchants merchants) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("代理等级", "Levels");
        Actions.Add(("/console/levels/new", T("加一级", "Add a level")));
        Table = Parts.Table.Of(await merchants.ListLevelsAsync(), Title)
            .Column(T("名称", "Name"), l => new Cell(Language.PickOr(l.NameZh, l.NameEn), $"/console/levels/{l.Rank}"))
            .Number(T("级别", "Rank"), l => l.Rank)
            .Build();
        Table.Empty = new EmptyState(T("还没有等级", "No levels yet"), T("价格按等级定，常用的是总代、一级、二级。", "Prices are set per level; general, first and second are usual."),
            "/console/levels/new", T("加一级", "Add a level"), "agents");
    }
}

[Needs(Permissions.MerchantsSee, Permissions.MerchantsManage)]
internal sealed class LevelPage(Merchants merchants) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/levels", T("代理等级", "Levels"));
        var levels = await merchants.ListLevelsAsync();
        var text = RouteData.Values["rank"] as string;
        var level = levels.Find(l => l.Rank.ToString() == text);
        if (level is null && text != "new")
        {
            context.Result = NotFound();
            return;
        }

        Title = level is null ? T("加一级", "Add a level") : Language.PickOr(level.NameZh, level.NameEn);
        Form = new Form(Language) { Back = "/console/levels" }
            .Text("name_zh", "中文名", "Name in Chinese", max: 40).Beside()
            .Text("name_en", "英文名", "Name in English", max: 40)
            .Whole("rank", "级别", "Rank").Hint("1 离平台最近，价格最低", "1 is nearest to the platform and pays least")
            .Fill("rank", (level?.Rank ?? levels.Count + 1).ToString());
        if (level is not null) Form.Fill("name_zh", level.NameZh).Fill("name_en", level.NameEn);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (RouteData.Values["rank"] is string rank and not "new" && Form["rank"] != rank)
        {
            Form.Fail("rank", "级别定了就不能改，要换就新加一级", "A rank stays as it is; add another level instead");
            return Again();
        }

        var draft = new LevelDraft { Rank = Form["rank"], NameZh = Form["name_zh"], NameEn = Form["name_en"] };
        if (!Took(await merchants.SaveLevelAsync(draft), out var saved)) return Again();
        await RecordAsync("level.save", saved.Rank.ToString());
        return Done("/console/levels", $"等级「{saved.NameZh}」已保存", $"Level {saved.NameEn} saved");
    }
}
