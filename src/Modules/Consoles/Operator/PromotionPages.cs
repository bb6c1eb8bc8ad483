using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

[Needs(Permissions.PricesSee)]
internal sealed class PromotionsPage(Promotions promotions, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("促销", "Promotions");
        Actions.Add(("/console/promotions/new", T("新建促销", "New promotion")));
        var all = await promotions.ListAsync();
        var skus = await names.SkusAsync(all.Select(p => p.Promotion.Sku));
        Table = Parts.Table.Of(all, Title)
            .Column(T("名称", "Name"), p => new Cell(Language.PickOr(p.Promotion.NameZh, p.Promotion.NameEn), $"/console/promotions/{PublicId.Encode(p.Promotion.Id)}"))
            .Column(T("规格", "SKU"), p => Names.Sku(skus.GetValueOrDefault(p.Promotion.Sku), Language))
            .Column(T("降价", "Off"), p => Show.Percent(p.Promotion.OffBps))
            .Column(T("从", "From"), p => Show.Exact(p.Promotion.From))
            .Column(T("到", "To"), p => Show.Exact(p.Promotion.To))
            .Money(T("预算余额", "Budget left"), p => p.Budget)
            .Badge(T("状态", "State"), p => p.Promotion.To <= Now ? (T("结束了", "Over"), "") : p.Promotion.From > Now ? (T("未开始", "To come"), "waiting") : (T("进行中", "Running"), "ok"))
            .Build();
        Table.Empty = new EmptyState(T("还没有促销", "No promotions yet"), T("限时降价；低于成本的部分从促销预算里补。", "A price cut for a time; what falls below cost is paid from its budget."),
            "/console/promotions/new", T("新建促销", "New promotion"), "marketing");
    }
}

[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
internal sealed class NewPromotionPage(Promotions promotions, SoughtGoods goods) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("新建促销", "New promotion");
        Up = ("/console/promotions", T("促销", "Promotions"));
        var choice = await goods.SkusAsync(Request, SkuId.TryParse(await GivenAsync("sku"), out var chosen) ? chosen : null);
        Form = new Form(Language) { Back = "/console/promotions" }
            .Choice("sku", "规格", "SKU", choice.Items.Select(s => new Option(s.Id.ToString(), $"{Names.Sku(s, Language)}（{s.Code}）"))).Among(choice.Words)
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside().Text("name_en", "英文名", "Name in English", max: 80)
            .Whole("off_bps", "降多少", "Price cut", unit: T("基点（100 = 1%）", "bps (100 = 1%)"))
            .Moment("from", "从", "From").Fill("from", Show.Typed(Now)).Beside().Moment("to", "到", "To").Fill("to", Show.Typed(Now.AddDays(7)))
            .Hint("北京时间", "Beijing time");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        // What cannot be read stays the empty id, which names nothing and is refused below.
        _ = SkuId.TryParse(Form["sku"], out var sku);
        var draft = new PromotionDraft
        {
            Sku = sku, OffBps = Form["off_bps"], From = Form.MomentOf("from")!.Value.ToUniversalTime(), To = Form.MomentOf("to")!.Value.ToUniversalTime(),
            NameZh = Form["name_zh"], NameEn = Form["name_en"],
        };
        if (!Took(await promotions.CreateAsync(draft), out var saved)) return Again();
        await RecordAsync("promotion.create", $"{sku} {saved.OffBps}");
        return Done($"/console/promotions/{PublicId.Encode(saved.Id)}", "促销已建好。会低于成本的话，记得拨预算。", "Promotion made. If it falls below cost, give it a budget.");
    }
}

[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
internal sealed class PromotionPage(Promotions promotions) : ConsolePage
{
    private Promotion _promotion = null!;

    public bool IsRunning => _promotion.To > Now;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        PublicId.TryDecode(RouteData.Values["id"] as string, out var id);
        if ((await promotions.ListAsync()).Find(p => p.Promotion.Id == id) is not { } found)
        {
            context.Result = NotFound();
            return;
        }

        _promotion = found.Promotion;
        Title = Language.PickOr(_promotion.NameZh, _promotion.NameEn);
        Up = ("/console/promotions", T("促销", "Promotions"));
        Form = new Form(Language) { Back = "/console/promotions", Submit = T("拨预算", "Add to the budget") }
            .Money("amount", "从营销账户拨多少", "Amount from marketing")
            .Hint($"现在还剩 {Show.Money(found.Budget)}；预算用完后，会亏本的订单会被拒绝", $"{Show.Money(found.Budget)} left; when it is used up, orders below cost are refused")
            .OnlyOnce();
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (!Took(await promotions.FundAsync(_promotion.Id, Form["amount"], Actor, $"console:{Person.Id}:{Form.Once}"), out _)) return Again();
        await RecordAsync("promotion.fund", $"{PublicId.Encode(_promotion.Id)} {Form["amount"]}");
        return Done("/console/promotions", "预算已拨", "Budget added");
    }

    public async Task<IActionResult> OnPostEndAsync()
    {
        if (ProblemOf(await promotions.EndAsync(_promotion.Id)) is { } problem) return NotDone("/console/promotions", problem.Zh, problem.En);
        await RecordAsync("promotion.end", PublicId.Encode(_promotion.Id));
        return Done("/console/promotions", "促销已结束", "The promotion has ended");
    }
}
