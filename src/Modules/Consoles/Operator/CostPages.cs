using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Costs that suppliers changed or want changed.</summary>
[Needs(Permissions.PricesSee)]
internal sealed class CostsPage(CostChanges changes, Catalog.Catalog catalog, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("改进价", "Cost changes");
        var parties = await names.PartiesAsync(Language);
        var all = await changes.ListAsync(null);
        var supplies = await catalog.SuppliesAsync(all.Select(c => c.SupplyId));
        Table = Parts.Table.Of(all, Title)
            .Column(T("规格", "SKU"), c => new Cell(supplies.TryGetValue(c.SupplyId, out var s) ? Words.Sku(s, Language) : "—", $"/console/costs/{PublicId.Encode(c.Id)}"))
            .Column(T("供应商", "Supplier"), c => new Cell(parties(c.SupplierId.Value), $"/console/suppliers/{c.SupplierId}"))
            .Money(T("原进价", "Before"), c => c.Before)
            .Money(T("新进价", "Wanted"), c => c.Cost)
            .Column(T("提交", "Sent"), c => When(c.CreatedAt))
            .Badge(T("状态", "State"), c => CostWords.State(c.State, Language))
            .Build();
        Table.Empty = new EmptyState(T("没有改价", "No changes"), T("供应商降价立即生效，涨价在这里等确认。", "A lower cost is in force at once; a higher one waits here."), Icon: "ok");
    }
}

[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
internal sealed class CostPage(CostChanges changes, Catalog.Catalog catalog, Names names) : ConsolePage
{
    public List<(string Label, string Value)> Facts { get; } = [];

    private CostChange _change = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Up = ("/console/costs", T("改进价", "Cost changes"));
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await changes.FindAsync(id) is not { } change)
        {
            context.Result = NotFound();
            return;
        }

        _change = change;
        Title = $"{CostWords.Money(change.Before)} → {Show.Money(change.Cost)}";
        if ((await catalog.SuppliesAsync([change.SupplyId])).GetValueOrDefault(change.SupplyId) is { } supply)
            Facts.Add((T("规格", "SKU"), Words.Sku(supply, Language)));
        Facts.Add((T("供应商", "Supplier"), (await names.PartiesAsync(Language))(change.SupplierId.Value)));
        Facts.Add((T("原进价", "Before") + " CNY", CostWords.Money(change.Before)));
        Facts.Add((T("新进价", "Wanted") + " CNY", Show.Money(change.Cost)));
        Facts.Add((T("提交", "Sent"), $"{Show.Exact(change.CreatedAt)} · {OrderWords.Actor(change.Actor, Language)}"));
        Facts.Add((T("状态", "State"), CostWords.State(change.State, Language).Text));
        if (change.DecidedAt is { } at) Facts.Add((T("审核", "Decided"), $"{OrderWords.Actor(change.DecidedBy, Language)} · {Show.Exact(at)}"));
        if (change.Reason.Length > 0) Facts.Add((T("理由", "Reason"), change.Reason));
        Actions.Add(($"/console/supplies/{change.SupplyId}", T("看货源", "See the supply")));
        if (change.State == CostChangeState.Waiting)
            Form = new Form(Language) { Back = Up.Value.Href, Submit = T("提交结果", "Decide") }
                .Choice("verdict", "结果", "Verdict", [new("pass", T("同意，立即生效", "Agree: in force at once")), new("refuse", T("不同意", "Refuse"))]).Beside()
                .Text("reason", "理由", "Reason", max: 200).Hint("供应商看得到", "The supplier reads it");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(Up!.Value.Href, "已经处理过了", "It was decided already");
        if (!await Form.ReadAsync(Request)) return Again();
        var isPassed = Form["verdict"] == "pass";
        if (!await changes.DecideAsync(_change.Id, isPassed, Form["reason"], Actor)) return NotDone(Up!.Value.Href, "已经处理过了", "It was decided already");
        await RecordAsync(isPassed ? "cost.pass" : "cost.refuse", $"{_change.SupplyId} {_change.Cost}: {Form["reason"]}");
        return Done(Up!.Value.Href, "已处理", "Decided");
    }
}
