using Lianka.Modules.Agents;
using Lianka.Modules.Analytics;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>Everyone below the merchant, and what the branch of each direct child earned it.</summary>
[Needs(MerchantPermissions.AgentsSee)]
internal sealed class AgentsPage(Merchants merchants, Earnings earnings) : ConsolePage
{
    private const int PageSize = 100;

    public string? Note { get; private set; }

    public async Task OnGetAsync(string? after)
    {
        Title = T("下级代理", "Sub-agents");
        if (await merchants.CheckInvitationAsync(Merchant) is null) Actions.AddRange([("/console/merchant/agents/new", T("新建下级", "New sub-agent")), ("/console/merchant/invitations", T("发邀请链接", "Invite by a link"))]);
        var levels = (await merchants.ListLevelsAsync()).ToDictionary(l => l.Rank);
        var (lines, isComplete) = await earnings.OfAsync(Merchant);
        var earned = lines.Where(e => e.Child is not null).ToDictionary(e => e.Child!.Value);
        if (!isComplete) Note = EarningsPage.StillAdding(this);
        var last = MerchantId.TryParse(after, out var given) ? given : (MerchantId?)null;
        var below = await merchants.BelowAsync(Merchant, last, PageSize + 1);
        Table = Parts.Table.Of(below.Take(PageSize), Title)
            .Column(T("名称", "Name"), n => new Cell((n.Depth > 1 ? new string('\u3000', n.Depth - 2) + "└ " : "") + Language.PickOr(n.Merchant.NameZh, n.Merchant.NameEn),
                $"/console/merchant/agents/{n.Merchant.Id}", n.Merchant.Slug))
            .Column(T("等级", "Level"), n => levels.TryGetValue(n.Merchant.Level, out var l) ? Language.PickOr(l.NameZh, l.NameEn) : "")
            .Number(T("订单", "Orders"), n => isComplete ? earned.GetValueOrDefault(n.Merchant.Id)?.Orders ?? 0 : null)
            .Money(T("给你带来（已结算）", "Earned you, settled"), n => n.Depth == 1 ? earned.GetValueOrDefault(n.Merchant.Id)?.Released ?? default : null)
            .Money(T("担保中", "In escrow"), n => n.Depth == 1 && isComplete ? earned.GetValueOrDefault(n.Merchant.Id)?.Waiting ?? default : null)
            .Badge(T("状态", "State"), n => n.Merchant.IsActive ? (T("正常", "Active"), "ok") : (T("已停用", "Suspended"), "warning"))
            .Build();
        Table.Next = below.Count > PageSize ? With(("after", below[PageSize - 1].Merchant.Id.ToString())) : null;
        Table.First = last is null ? null : With(("after", null));
        Table.Empty = Actions.Count > 0
            ? new EmptyState(T("还没有下级", "No sub-agents yet"), T("下级按你定的加价拿货，差价归你。", "Sub-agents buy at your mark-up; the difference is yours."), "/console/merchant/agents/new", T("新建下级", "New sub-agent"), "agents")
            : new EmptyState(T("你下面不能再有下级", "Nobody can join below you"), T("代理的层数到你这里为止；自己的店铺照常卖货。", "The tree of agents ends with you. Your own shop sells as before."), "/console/merchant/storefront", T("看我的店铺", "My shop"), "agents");
    }
}

[Needs(MerchantPermissions.AgentsSee, MerchantPermissions.AgentsManage)]
internal sealed class NewAgentPage(Merchants merchants, People people) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("新建下级", "New sub-agent");
        Up = ("/console/merchant/agents", T("下级代理", "Sub-agents"));
        var own = await merchants.FindAsync(Merchant);
        var levels = (await merchants.ListLevelsAsync()).FindAll(l => l.Rank > own!.Level);
        if (await merchants.CheckInvitationAsync(Merchant) is { } place || levels.Count == 0)
        {
            context.Result = NotDone("/console/merchant/agents", "下面不能再加人了，层数到顶", "Nobody can join below you: the tree ends here");
            return;
        }

        Form = new Form(Language) { Back = "/console/merchant/agents" }
            .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside().Text("name_en", "英文名", "Name in English", max: 80)
            .Text("slug", "简称", "Short name", max: 60).Hint("小写字母、数字和短横线", "Small letters, digits and hyphens").Beside()
            .Choice("level", "等级", "Level", levels.Select(l => new Option(l.Rank.ToString(), Language.PickOr(l.NameZh, l.NameEn)))).Fill("level", levels[0].Rank.ToString())
            .Section("登录账号", "Log-in")
            .Text("login", "账号", "Login", max: LogInRules.LoginMax).Beside()
            .Password("password", "初始密码", "First password");
        PasswordWords.Hint(Form);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        await LogIns.CheckAsync(Form, people);
        if (!Form.IsFine) return Again();
        var draft = new MerchantDraft { Slug = Form["slug"], NameZh = Form["name_zh"], NameEn = Form["name_en"], Level = Form["level"], Parent = Merchant };
        if (!Took(await merchants.CreateAsync(draft), out var saved)) return Again();
        await RecordAsync("merchant.create", saved.Slug);
        await LogIns.SaveAsync(Form, people, Roles.Merchant, saved.Id.Value, saved.NameZh);
        return Done($"/console/merchant/agents/{saved.Id}", $"下级「{saved.NameZh}」已建好，给他定个加价", $"Sub-agent {saved.NameEn} made: set its mark-up");
    }
}

/// <summary>One merchant below the viewer; only a direct child can be given a mark-up.</summary>
[Needs(MerchantPermissions.AgentsSee, MerchantPermissions.AgentsManage)]
internal sealed class AgentPage(Merchants merchants, Invitations invitations, PriceLists lists, Earnings earnings, Names names, SoughtGoods goods) : ConsolePage
{
    private MerchantEntry _child = null!;

    public List<(string Label, string Value, string Note)> Figures { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!MerchantId.TryParse(RouteData.Values["id"] as string, out var id) || await merchants.FindBelowAsync(Merchant, id) is not { } child)
        {
            context.Result = NotFound();
            return;
        }

        _child = child;
        Title = Language.PickOr(child.NameZh, child.NameEn);
        Up = ("/console/merchant/agents", T("下级代理", "Sub-agents"));
        if (child.Parent == Merchant) await LoadChildAsync();
        else Figures.Add((T("上级", "Parent"), names.Merchant(child.Parent!.Value, Language), T("它的加价由上级定", "its parent sets its mark-up")));
        await next();
    }

    private async Task LoadChildAsync()
    {
        var (lines, isComplete) = await earnings.OfAsync(Merchant);
        var earned = lines.FirstOrDefault(e => e.Child == _child.Id);
        var adding = isComplete ? "" : EarningsPage.StillAdding(this);
        Figures.Add((T("订单", "Orders"), isComplete ? Show.Number(earned?.Orders ?? 0) : "—", isComplete ? T("它和它下级的", "its own and below") : adding));
        Figures.Add((T("成交额", "Turnover") + " CNY", isComplete ? Show.Money(earned?.Turnover ?? default) : "—", adding));
        Figures.Add((T("给你带来（已结算）", "Earned you, settled") + " CNY", Show.Money(earned?.Released ?? default), ""));
        Figures.Add((T("担保中", "In escrow") + " CNY", isComplete ? Show.Money(earned?.Waiting ?? default) : "—", adding));
        if (await invitations.ContactAsync(Merchant, _child.Id) is { } contact) Figures.Add((T("联系方式", "Contact"), contact, T("加入时填的", "as given on joining")));
        var choice = await goods.SkusAsync(Request, SkuId.TryParse(await GivenAsync("sku"), out var chosen) ? chosen : null);
        var markups = (await lists.MarkupsAsync(Merchant)).FindAll(m => m.Child == _child.Id);
        var byId = await names.SkusAsync(markups.Where(m => m.Sku is not null).Select(m => m.Sku!.Value));
        Form = new Form(Language) { Submit = T("保存加价", "Save the mark-up") }
            .Section("在我的拿货价上加多少", "Mark-up over my own price")
            .Choice("sku", "商品", "Goods", choice.Items.Select(s => new Option(s.Id.ToString(), Names.Sku(s, Language))), optional: true).Hint("不选就是全部商品", "None: for all goods").Among(choice.Words)
            .Choice("mode", "方式", "How", [new("bps", T("按比例（基点，100 = 1%）", "In proportion (basis points, 100 = 1%)")), new("fixed", T("固定金额", "A fixed amount"))]).Fill("mode", "bps").Beside()
            .Text("value", "加多少", "How much", max: 24);
        Table = Parts.Table.Of(markups, T("现在的加价", "Mark-ups in force"))
            .Column(T("商品", "Goods"), m => m.Sku is { } sku ? Names.Sku(byId.GetValueOrDefault(sku), Language) : T("全部商品", "All goods"))
            .Column(T("加价", "Mark-up"), m => m.IsFixed ? Show.Money(new Kernel.Money(m.Value)) + " CNY" : Show.Percent(m.Value))
            .Build();
        Table.Empty = new EmptyState(T("还没有加价", "No mark-up yet"), T("没有加价时，它按等级价拿货，你只赚等级之间的差价。", "Without one it pays its level's price, and you earn the difference between levels."), Icon: "agents");
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotFound();
        if (!await Form.ReadAsync(Request)) return Again();
        var draft = new MarkupDraft { Child = _child.Id, Sku = SkuId.TryParse(Form["sku"], out var sku) ? sku : null, Mode = Form["mode"], Value = Form["value"] };
        if (!Took(await lists.SetMarkupAsync(Merchant, draft), out var saved)) return Again();
        await RecordAsync("markup.set", $"{_child.Slug} {draft.Mode} {saved.Value}");
        return Done(Request.Path, "加价已保存", "Mark-up saved");
    }
}
