using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>Changes what a supply costs: lower at once, higher when the platform agrees.</summary>
[Needs(SupplierPermissions.PricesSee, SupplierPermissions.PricesEdit)]
internal sealed class CostsPage(CostChanges changes, Catalog.Catalog catalog, SoughtGoods goods) : ConsolePage
{
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("改进价", "Costs");
        Up = ("/console/supplier/stock", T("库存", "Stock"));
        var choice = await goods.SuppliesAsync(Request, Supplier, SupplyId.TryParse(await GivenAsync("supply"), out var chosen) ? chosen : null);
        if (choice is { Words: not null } or { Items.Count: > 0 })
            Form = new Form(Language) { Back = Up.Value.Href, Submit = T("提交", "Send") }
                .Choice("supply", "货源", "Supply", choice.Items.Select(s => new Option(s.Id.ToString(), $"{Words.Sku(s, Language)} · {CostWords.Money(s.Cost)}"))).Among(choice.Words)
                .Money("cost", "新进价", "New cost per unit").Hint("降价立即生效；涨价等平台确认", "A lower cost is in force at once; a higher one waits for the platform");
        var all = await changes.ListAsync(Supplier);
        var byId = await catalog.SuppliesAsync(all.Select(c => c.SupplyId));
        Table = Parts.Table.Of(all, T("改过的进价", "Changes"))
            .Column(T("规格", "SKU"), c => new Cell(byId.TryGetValue(c.SupplyId, out var s) ? Words.Sku(s, Language) : "—"))
            .Money(T("原进价", "Before"), c => c.Before)
            .Money(T("新进价", "Wanted"), c => c.Cost)
            .Column(T("提交", "Sent"), c => When(c.CreatedAt))
            .Badge(T("状态", "State"), c => CostWords.State(c.State, Language))
            .Column(T("理由", "Reason"), c => c.Reason.Length > 0 ? c.Reason : "—")
            .Build();
        Table.Empty = new EmptyState(T("还没有改过", "No changes yet"), T("降价立即生效，涨价等平台确认。", "A lower cost is in force at once; a higher one waits for the platform."), Icon: "supply");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotFound();
        if (!await Form.ReadAsync(Request)) return Again();
        // What cannot be read stays the empty id, which is nobody's supply.
        _ = SupplyId.TryParse(Form["supply"], out var supply);
        if (!Took(await changes.AskAsync(Supplier, supply, Form["cost"], Actor), out var change)) return Again();
        await RecordAsync("cost.ask", $"{supply} {change.Cost} {change.State}");
        return change.State == CostChangeState.Passed
            ? Done(Request.Path, "新进价已生效", "The new cost is in force") : Done(Request.Path, "已提交，等平台确认", "Sent; the platform decides");
    }
}
