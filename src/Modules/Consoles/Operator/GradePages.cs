using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>How suppliers did in the last 30 days, and who appeals.</summary>
[Needs(Permissions.SuppliersSee)]
internal sealed class GradesPage(Grades grades, Names names) : ConsolePage
{
    public Table Appeals { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        Title = T("评级", "Grades");
        var parties = await names.PartiesAsync(Language);
        Table = Parts.Table.Of((await grades.LatestAsync()).OrderBy(g => g.Score), Title)
            .Column(T("供应商", "Supplier"), g => new Cell(parties(g.SupplierId.Value), $"/console/suppliers/{g.SupplierId}/standing"))
            .Badge(T("评级", "Grade"), g => (g.Grade, PartyWords.GradeTone(g.Grade)))
            .Number(T("分数", "Score"), g => g.Score)
            .Column(T("依据", "Why"), g => PartyWords.Why(g, Language))
            .Column(T("作用", "Effect"), g => string.Join(T("；", "; "), PartyWords.Effects(g.Grade, Language)))
            .Build();
        Table.Empty = new EmptyState(T("还没有评级", "No grades yet"), T("每天零点十分评一次；近 30 天卖出、直充或导入满 20 才有。", "Given each day at ten past midnight, to those with 20 sold, bought or imported in 30 days."), Icon: "data");
        Appeals = Parts.Table.Of(await grades.AppealsAsync(), T("申诉", "Appeals"))
            .Column(T("供应商", "Supplier"), a => new Cell(parties(a.SupplierId.Value), $"/console/grades/appeals/{PublicId.Encode(a.Id)}"))
            .Column(T("时间", "When"), a => When(a.CreatedAt))
            .Badge(T("状态", "State"), a => PartyWords.State(a.State, Language))
            .Column(T("谁处理的", "By"), a => new Cell(a.DecidedBy.Length > 0 ? OrderWords.Actor(a.DecidedBy, Language) : "—", Sub: a.Reason.Length > 0 ? a.Reason : null))
            .Build();
        Appeals.Empty = new EmptyState(T("没有申诉", "No appeals"), T("评到 E 的供应商会自动暂停，可以申诉。", "Suppliers of grade E are suspended automatically and can appeal."), Icon: "ok");
    }
}

[Needs(Permissions.SuppliersSee, Permissions.SuppliersManage)]
internal sealed class AppealPage(Grades grades, Names names) : ConsolePage
{
    private Appeal _appeal = null!;
    public List<(string Name, string Value)> Facts { get; } = [];

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/grades", T("评级", "Grades"));
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await grades.FindAppealAsync(id) is not { } appeal)
        {
            context.Result = NotFound();
            return;
        }

        _appeal = appeal;
        var name = (await names.PartiesAsync(Language))(appeal.SupplierId.Value);
        Title = T($"{name} 的申诉", $"Appeal of {name}");
        if ((await grades.LatestAsync()).Find(g => g.SupplierId == appeal.SupplierId) is { } grade)
            Facts.Add((T("评级", "Grade"), $"{grade.Grade} · {grade.Score} · {PartyWords.Why(grade, Language)}"));
        Facts.Add((T("说明", "In its words"), appeal.Words));
        Facts.Add((T("提交", "Sent"), Show.Exact(appeal.CreatedAt)));
        if (appeal.DecidedAt is { } at) Facts.Add((T("处理", "Decided"), $"{PartyWords.State(appeal.State, Language).Text} · {OrderWords.Actor(appeal.DecidedBy, Language)} · {Show.Exact(at)} · {appeal.Reason}"));
        if (appeal.State == AppealState.Waiting)
            Form = new Form(Language) { Back = Up.Value.Href, Submit = T("提交结果", "Decide") }
                .Choice("verdict", "结果", "Verdict", [new("grant", T("采纳：恢复供货 30 天", "Grant: offered again for 30 days")), new("refuse", T("不采纳", "Refuse"))]).Beside()
                .Text("reason", "理由", "Reason", max: 200).Hint("供应商看得到", "The supplier reads it");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is not null && !await Form.ReadAsync(Request)) return Again();
        var isGranted = Form?["verdict"] == "grant";
        if (Form is null || !await grades.DecideAsync(_appeal.Id, isGranted, Form["reason"], Actor))
            return NotDone(Request.Path, "已经处理过了", "It was decided already");
        await RecordAsync(isGranted ? "appeal.grant" : "appeal.refuse", $"{PublicId.Encode(_appeal.Id)}: {Form["reason"]}");
        return isGranted ? Done("/console/grades", "已恢复供货", "Granted; it is offered again") : Done("/console/grades", "已回复供应商", "Refused; the supplier sees why");
    }
}
