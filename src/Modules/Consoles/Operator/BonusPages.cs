using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.TopUps;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What merchants get on top of a top-up.</summary>
[Needs(Permissions.FinanceSee)]
internal sealed class BonusesPage(BonusRules bonuses) : ConsolePage
{
    public const string Root = "/console/bonuses";

    public async Task OnGetAsync()
    {
        Title = T("充值赠送", "Top-up bonus");
        Actions.Add(($"{Root}/new", T("新建赠送", "New rule")));
        Table = Parts.Table.Of(await bonuses.ListAsync(), Title)
            .Column(T("名称", "Name"), r => new Cell(Language.PickOr(r.NameZh, r.NameEn), $"{Root}/{r.No}", TopUpWords.Steps(r, Language)))
            .Badge(T("状态", "State"), r => TopUpWords.State(r, Now, Language))
            .Column(T("从", "From"), r => Show.Exact(r.FromAt))
            .Column(T("到", "To"), r => Show.Exact(r.EndedAt ?? r.ToAt))
            .Money(T("已用", "Used"), r => r.Used)
            .Money(T("预算", "Budget"), r => r.Budget)
            .Build();
        Table.Empty = new EmptyState(T("还没有充值赠送", "No bonus rules yet"), T("例如充 100 送 10；赠送的钱从营销账户出，用完预算为止。", "Charge 100, get 10, say; it is paid from marketing, until the budget is used up."),
            $"{Root}/new", T("新建赠送", "New rule"), "marketing");
    }
}

[Needs(Permissions.FinanceSee, Permissions.FinanceEdit)]
internal sealed class NewBonusPage(BonusRules bonuses) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("新建充值赠送", "New bonus rule");
        Up = (BonusesPage.Root, T("充值赠送", "Top-up bonus"));
        Form = new Form(Language) { Back = BonusesPage.Root }
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside().Text("name_en", "英文名", "Name in English", max: 80)
            .Area("steps", "充多少送多少", "What is given", optional: false, max: 400)
            .Hint("一行一档：金额、空格、赠送金额或比例，例如「100 10」「500 8%」；只算达到的最高一档", "A line for each step: an amount, a space, and an amount or a percentage, such as 100 10 or 500 8%; the highest that is reached counts")
            .Moment("from", "从", "From").Fill("from", Show.Typed(Now)).Beside().Moment("to", "到", "To").Fill("to", Show.Typed(Now.AddDays(30))).Hint("北京时间", "Beijing time")
            .Money("budget", "总预算", "Budget").Hint("答应的和送出的合计不会超过它", "What is promised and given never exceeds it")
            .Whole("times_max", "每个代理最多几次", "Times for one merchant, at most", optional: true).Beside()
            .Money("total_max", "每个代理最多送多少", "For one merchant in all, at most", optional: true);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var draft = new BonusDraft(Form["name_zh"], Form["name_en"], Form["steps"], Form.MomentOf("from")!.Value.ToUniversalTime(), Form.MomentOf("to")!.Value.ToUniversalTime(),
            Form["times_max"], Form["total_max"], Form["budget"]);
        switch (await bonuses.CreateAsync(draft, Actor))
        {
            case BonusDecision.Saved saved:
                await RecordAsync("bonus.create", $"{saved.Value.NameEn} {saved.Value.Budget}");
                return Done($"{BonusesPage.Root}/{saved.Value.No}", $"「{saved.Value.NameZh}」已建好", $"{saved.Value.NameEn} made");
            case BonusDecision.Refused refused:
                Form.Take(refused.Errors);
                break;
        }

        return Again();
    }
}

[Needs(Permissions.FinanceSee, Permissions.FinanceEdit)]
internal sealed class BonusPage(BonusRules bonuses) : ConsolePage
{
    public BonusRule Rule { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];
    public bool CanEnd => Rule.EndedAt is null && Rule.ToAt > Now;
    private string Here => $"{BonusesPage.Root}/{Rule.No}";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await bonuses.FindAsync(id) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        Rule = found;
        Title = Language.PickOr(found.NameZh, found.NameEn);
        Up = (BonusesPage.Root, T("充值赠送", "Top-up bonus"));
        Facts.Add((T("赠送", "Given"), TopUpWords.Steps(found, Language)));
        Facts.Add((T("时间（北京）", "Time (Beijing)"), $"{Show.Exact(found.FromAt)} – {Show.Exact(found.ToAt)}"));
        Facts.Add((T("预算", "Budget") + " CNY", Show.Money(found.Budget, 2)));
        Facts.Add((T("答应的和送出的", "Promised and given") + " CNY", Show.Money(found.Used, 2)));
        Facts.Add((T("每个代理", "For one merchant"), (found.TimesMax, found.TotalMax) switch
        {
            (null, null) => T("不限", "no limit"),
            ({ } times, null) => T($"最多 {times} 次", $"{times} times at most"),
            (null, { } total) => T($"最多 {total.Text(2)}", $"{total.Text(2)} at most"),
            ({ } times, { } total) => T($"最多 {times} 次，共 {total.Text(2)}", $"{times} times and {total.Text(2)} at most"),
        }));
        Facts.Add((T("建立", "Made by"), $"{OrderWords.Actor(found.MadeBy, Language)} · {Show.Exact(found.MadeAt)}"));
        if (found.EndedAt is { } ended) Facts.Add((T("停止", "Ended"), Show.Exact(ended)));
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostEndAsync()
    {
        if (!await bonuses.EndAsync(Rule.Id)) return NotDone(Here, "它已经结束了", "It is over already");
        await RecordAsync("bonus.end", Rule.NameEn);
        return Done(Here, "已停止，答应过的照样送", "Ended; what was promised is still given");
    }
}
