using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Who merchants say they are; those that wait first unless all are asked for.</summary>
[Needs(Permissions.MerchantsManage)]
internal sealed class RealNamesPage(RealNames realNames, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("实名审核", "Real names");
        var all = Request.Query["show"] == "all";
        Actions.Add(all ? ("/console/real-names", T("只看待审核", "Waiting ones only")) : ("/console/real-names?show=all", T("看全部", "Show all")));
        var list = await realNames.ListAsync(waitingOnly: !all, PayoutWords.Cursor(this));
        Table = Parts.Table.Of(list, T("实名，新的在前", "Real names, newest first"))
            .Column(T("代理", "Merchant"), r => new Cell(names.Merchant(new(r.PartyId), Language), $"/console/real-names/{PublicId.Encode(r.Id)}", Show.Ago(r.AskedAt, Now, Language), Title: Show.Exact(r.AskedAt)))
            .Column(T("姓名 / 名称", "Name"), r => new Cell(r.Name, Sub: WithdrawalWords.Kind(r.Kind, Language)))
            .Column(T("证件号", "Number"), r => new Cell("…" + r.Tail, Sub: r.Others > 0 ? T($"另有 {r.Others} 个代理用过", $"also given by {r.Others} others") : null, IsMono: true))
            .Badge(T("状态", "State"), r => WithdrawalWords.State(r.State, Language))
            .Column(T("谁审的", "By"), r => new Cell(r.DecidedBy is { } who ? OrderWords.Actor(who, Language) : "—", Sub: r.Reason))
            .Build();
        Table.Next = list.Count == 50 ? With(("before", PublicId.Encode(list[^1].Id))) : null;
        Table.First = Request.Query.ContainsKey("before") ? With(("before", null)) : null;
        Table.Empty = new EmptyState(T("没有等审核的实名", "No real name waits"), T("代理提交实名后会显示在这里，通过后才能提现。", "What merchants enter waits here; they withdraw after it is verified."), Icon: "ok");
    }
}

/// <summary>One real name: compare it with the papers, verify or refuse it.</summary>
[Needs(Permissions.MerchantsManage, Permissions.MerchantsManage)]
internal sealed class RealNamePage(RealNames realNames, Names names) : ConsolePage
{
    private RealName _name = null!;
    public List<(string Label, string Value)> Facts { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await realNames.FindAsync(id) is not { } name)
        {
            context.Result = NotFound();
            return;
        }

        _name = name;
        Title = T($"实名：{names.Merchant(new(name.PartyId), Language)}", $"Real name: {names.Merchant(new(name.PartyId), Language)}");
        Up = ("/console/real-names", T("实名审核", "Real names"));
        Facts.Add((T("类型", "Kind"), WithdrawalWords.Kind(name.Kind, Language)));
        Facts.Add((T("姓名 / 名称", "Name"), name.Name));
        Facts.Add((WithdrawalWords.NumberOf(name.Kind, Language), await ShownAsync()));
        if (name.Others > 0) Facts.Add((T("同一证件", "The same number"), T($"另有 {name.Others} 个代理用过，请核实", $"was given by {name.Others} other merchants: find out why")));
        Facts.Add((T("状态", "State"), WithdrawalWords.State(name.State, Language).Text));
        Facts.Add((T("提交", "Entered"), $"{OrderWords.Actor(name.AskedBy, Language)} · {Show.Exact(name.AskedAt)}"));
        if (name.DecidedAt is { } at) Facts.Add((T("审核", "Decided"), $"{OrderWords.Actor(name.DecidedBy!, Language)} · {Show.Exact(at)}"));
        if (name.Reason is { } reason) Facts.Add((T("原因", "Reason"), reason));
        if (name.State == RealNameState.Waiting)
        {
            Form = new Form(Language) { Back = "/console/real-names", Submit = T("提交审核结果", "Decide") }
                .Choice("verdict", "结果", "Verdict", [new("verify", T("和证件一致，通过", "It agrees with the papers: verify")), new("refuse", T("不通过", "Refuse"))])
                .Text("reason", "不通过的原因", "Why it is refused", optional: true, max: 200).Hint("代理看得到", "The merchant reads it");
        }

        await next();

        // Whole only for the review, and every look is recorded before it happens.
        async Task<string> ShownAsync()
        {
            if (name.State != RealNameState.Waiting) return "…" + name.Tail;
            await RecordAsync("real_name.look", PublicId.Encode(name.Id));
            return (await realNames.NumberAsync(name.Id))!;
        }
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(With(), "它已经审过，或被新的替换了。", "It was decided or replaced meanwhile.");
        if (!await Form.ReadAsync(Request)) return Again();
        var isVerified = Form["verdict"] == "verify";
        if (await realNames.DecideAsync(_name.Id, isVerified, Form["reason"], Actor) is RealNameDecision.Refused refused)
        {
            Form.Take(refused.Errors);
            return Again();
        }

        await RecordAsync(isVerified ? "real_name.verify" : "real_name.refuse", PublicId.Encode(_name.Id));
        return Done("/console/real-names", isVerified ? "已通过" : "已驳回", isVerified ? "Verified" : "Refused");
    }
}
