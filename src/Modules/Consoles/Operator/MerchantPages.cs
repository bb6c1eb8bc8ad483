using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Core;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Ledger;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>The tree of merchants, each row indented below its parent when nothing is searched for.</summary>
[Needs(Permissions.MerchantsSee)]
internal sealed class MerchantsPage(Merchants merchants) : ConsolePage
{
    public string Search { get; private set; } = "";

    public async Task OnGetAsync(string? q, string? after)
    {
        Title = T("代理", "Merchants");
        Search = q?.Trim() ?? "";
        Actions.Add(("/console/merchants/new", T("新建代理", "New merchant")));
        MerchantId? cursor = MerchantId.TryParse(after, out var parsed) ? parsed : null;
        var levels = (await merchants.ListLevelsAsync()).ToDictionary(l => l.Rank);
        var page = await merchants.ListAsync(new MerchantFilter(Search.Length > 0 ? Search : null, After: cursor));
        var byId = page.Merchants.ToDictionary(m => m.Id);
        Table = Parts.Table.Of(Search.Length > 0 ? page.Merchants.Select(m => (Merchant: m, Depth: 0)) : InTree(page.Merchants), Title)
            .Column(T("名称", "Name"), r => new Cell(Indent(r.Depth) + Language.PickOr(r.Merchant.NameZh, r.Merchant.NameEn), $"/console/merchants/{r.Merchant.Id}", r.Merchant.Slug))
            .Column(T("等级", "Level"), r => levels.TryGetValue(r.Merchant.Level, out var l) ? Language.PickOr(l.NameZh, l.NameEn) : r.Merchant.Level.ToString())
            .Column(T("上级", "Parent"), r => r.Merchant.Parent is { } p
                ? byId.TryGetValue(p, out var parent) ? Language.PickOr(parent.NameZh, parent.NameEn) : p.ToString() : T("平台", "Platform"))
            .Badge(T("状态", "State"), r => r.Merchant.IsActive ? (T("正常", "Active"), "ok") : (T("已停用", "Suspended"), "warning"))
            .Choose(r => r.Merchant.Id.ToString(), RowDeeds.Of("merchants", Language))
            .Build();
        Table.Next = page.Next is { } next ? With(("after", next.ToString())) : null;
        Table.First = cursor is null ? null : With(("after", null));
        Table.Empty = Search.Length > 0
            ? new EmptyState(T("没有找到", "Nothing found"), T("换个词试试。", "Try other words."), "/console/merchants", T("看全部代理", "All merchants"), "search")
            : new EmptyState(T("还没有代理", "No merchants yet"), T("代理按等级拿货，有自己的钱包、店铺和下级。", "Merchants buy by level, with a wallet, storefronts and sub-agents of their own."),
                "/console/merchants/new", T("新建代理", "New merchant"), "agents");
    }

    private static string Indent(int depth) => depth == 0 ? "" : new string('\u3000', depth - 1) + "└ ";

    // A page of the list may hold a child without its parent: then it stands at the left like a root.
    private static IEnumerable<(MerchantEntry Merchant, int Depth)> InTree(IReadOnlyList<MerchantEntry> rows)
    {
        var here = rows.Select(m => m.Id).ToHashSet();
        var children = rows.ToLookup(m => m.Parent is { } p && here.Contains(p) ? p : default);
        return Below(default, 0);

        IEnumerable<(MerchantEntry Merchant, int Depth)> Below(MerchantId parent, int depth) =>
            children[parent].SelectMany(m => Below(m.Id, depth + 1).Prepend((m, depth)));
    }
}

/// <summary>The fields of a merchant, for the operator's forms.</summary>
internal static class MerchantForm
{
    public static async Task<Form> MakeAsync(ConsolePage page, Merchants merchants) => new Form(page.Language) { Back = "/console/merchants" }
        .Text("name_zh", "中文名", "Name in Chinese", max: 80).Beside()
        .Text("name_en", "英文名", "Name in English", max: 80)
        .Text("slug", "简称", "Short name", max: 60).Hint("小写字母、数字和短横线", "Small letters, digits and hyphens").Beside()
        .Choice("level", "等级", "Level", (await merchants.ListLevelsAsync()).Select(l => new Option(l.Rank.ToString(), page.Language.PickOr(l.NameZh, l.NameEn))));

    public static MerchantDraft Draft(Form form, MerchantId? parent) =>
        new() { Slug = form["slug"], NameZh = form["name_zh"], NameEn = form["name_en"], Level = form["level"], Parent = parent };
}

[Needs(Permissions.MerchantsSee, Permissions.MerchantsManage)]
internal sealed class NewMerchantPage(Merchants merchants, People people) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("新建代理", "New merchant");
        Up = ("/console/merchants", T("代理", "Merchants"));
        var all = await merchants.ListAsync(new MerchantFilter(Limit: 200));
        Form = (await MerchantForm.MakeAsync(this, merchants))
            .Choice("parent", "上级", "Parent", all.Merchants.Select(m => new Option(m.Id.ToString(), Language.PickOr(m.NameZh, m.NameEn))), optional: true)
            .Hint("不选就直属平台", "None: directly below the platform")
            .Section("登录账号", "Log-in")
            .Text("login", "账号", "Login", optional: true, max: LogInRules.LoginMax).Beside()
            .Password("password", "初始密码", "First password", optional: true);
        PasswordWords.Hint(Form);
        if (MerchantId.TryParse(Request.Query["parent"], out var parent)) Form.Fill("parent", parent.ToString());
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        await LogIns.CheckAsync(Form, people);
        if (!Form.IsFine) return Again();
        MerchantId? parent = MerchantId.TryParse(Form["parent"], out var given) ? given : null;
        if (!Took(await merchants.CreateAsync(MerchantForm.Draft(Form, parent)), out var saved)) return Again();
        await RecordAsync("merchant.create", saved.Slug);
        await LogIns.SaveAsync(Form, people, Roles.Merchant, saved.Id.Value, saved.NameZh);
        return Done($"/console/merchants/{saved.Id}", $"代理「{saved.NameZh}」已建好", $"Merchant {saved.NameEn} made");
    }
}

[Needs(Permissions.MerchantsSee, Permissions.MerchantsManage)]
internal sealed class MerchantPage(Merchants merchants, People people, Database database) : ConsolePage
{
    private MerchantEntry _merchant = null!;
    private List<Person> _people = [];

    public List<(string Label, Money Money)> Figures { get; } = [];
    public Table Children { get; private set; } = null!;
    public bool IsActive => _merchant.IsActive;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!MerchantId.TryParse(RouteData.Values["id"] as string, out var id) || await merchants.FindAsync(id) is not { } merchant)
        {
            context.Result = NotFound();
            return;
        }

        _merchant = merchant;
        Title = Language.PickOr(merchant.NameZh, merchant.NameEn);
        Up = ("/console/merchants", T("代理", "Merchants"));
        Actions.Add(($"/console/merchants/{id}/wallet", T("上款 / 扣款", "Credit or debit")));
        Actions.Add(($"/console/merchants/{id}/credit", T("信用额度", "Credit line")));
        Actions.Add(($"/console/merchants/{id}/shelf", T("零售价", "Retail prices")));
        Actions.Add(($"/console/merchants/{id}/keys", T("接口密钥", "API keys")));
        Actions.Add(($"/console/storefronts/new?merchant={id}", T("开店铺", "Open a shop")));
        Actions.Add(($"/console/accounts?party={id}", T("账户与流水", "Accounts and entries")));
        Actions.Add(($"/console/orders?who={id}", T("它的订单", "Its orders")));
        // An empty receivable is the rule, and not worth a figure.
        foreach (var account in await database.ReadAsync(s => Statements.BalancesAsync(s, id.Value)))
            if (account.Kind != AccountKinds.Receivable || !account.Balance.IsZero) Figures.Add((Words.Account(account.Kind, Language), account.Balance));
        Form = (await MerchantForm.MakeAsync(this, merchants))
            .Section("加登录账号，或给已有账号换密码", "Add a log-in, or set the password of one anew")
            .Text("login", "账号", "Login", optional: true, max: LogInRules.LoginMax).Beside()
            .Password("password", "密码", "Password", optional: true);
        Form.Fill("name_zh", merchant.NameZh).Fill("name_en", merchant.NameEn).Fill("slug", merchant.Slug).Fill("level", merchant.Level.ToString());
        _people = await people.OfPartyAsync(Roles.Merchant, id.Value);
        Table = LogIns.TableOf(this, _people);
        Children = Parts.Table.Of((await merchants.ListAsync(new MerchantFilter(Parent: id))).Merchants, T("下级", "Sub-agents"))
            .Column(T("名称", "Name"), m => new Cell(Language.PickOr(m.NameZh, m.NameEn), $"/console/merchants/{m.Id}", m.Slug))
            .Badge(T("状态", "State"), m => m.IsActive ? (T("正常", "Active"), "ok") : (T("已停用", "Suspended"), "warning"))
            .Build();
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        await Form!.ReadAsync(Request);
        await LogIns.CheckAsync(Form, people, _people);
        if (!Form.IsFine) return Again();
        if (!Took(await merchants.UpdateAsync(_merchant.Id, MerchantForm.Draft(Form, _merchant.Parent)), out var saved)) return Again();
        await RecordAsync("merchant.save", $"{saved.Slug} level {saved.Level}");
        await LogIns.SaveAsync(Form, people, Roles.Merchant, saved.Id.Value, saved.NameZh);
        return Done($"/console/merchants/{saved.Id}", "已保存", "Saved");
    }

    public async Task<IActionResult> OnPostStateAsync(bool on)
    {
        var decision = on ? await merchants.ResumeAsync(_merchant.Id) : await merchants.SuspendAsync(_merchant.Id);
        if (ProblemOf(decision) is { } problem) return NotDone($"/console/merchants/{_merchant.Id}", problem.Zh, problem.En);
        await RecordAsync(on ? "merchant.resume" : "merchant.suspend", _merchant.Slug);
        return Done($"/console/merchants/{_merchant.Id}", on ? "已恢复" : "已停用", on ? "Resumed" : "Suspended");
    }
}
