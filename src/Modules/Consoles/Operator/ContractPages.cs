using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What is agreed with one supplier, and the next version of it.</summary>
[Needs(Permissions.SuppliersSee, Permissions.SuppliersManage)]
internal sealed class SupplierContractPage(Contracts contracts, Catalog.Catalog catalog) : ContractPage(contracts, catalog)
{
    private readonly Contracts _contracts = contracts;
    private readonly Catalog.Catalog _catalog = catalog;
    private SupplierId _id;

    private string Here => $"/console/suppliers/{_id}/contract";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!SupplierId.TryParse(RouteData.Values["id"] as string, out _id) || await _catalog.FindSupplierAsync(_id) is not { } supplier)
        {
            context.Result = NotFound();
            return;
        }

        Title = T($"{supplier.NameZh}：合同", $"{supplier.NameEn}: contract");
        Up = ($"/console/suppliers/{_id}", Language.PickOr(supplier.NameZh, supplier.NameEn));
        await LoadAsync(_id);
        if (Waiting is null)
        {
            Form = new Form(Language) { Back = Up.Value.Href, Submit = T("发给供应商确认", "Send it to the supplier") }
                .Section("新一版", "A new version")
                .Day("from", "生效日", "From").Fill("from", Show.Day(Now)).Hint("供应商确认得晚就从确认时起", "From the supplier's answer when that is later").Beside()
                .Whole("commission_bps", "佣金", "Commission", unit: T("万分之", "bp")).Fill("commission_bps", "0").Hint("从进价里扣，500 就是 5%；走对接系统的直充不扣", "Of the cost: 500 is 5%; none of what is bought at the supplier's own system")
                .Whole("hold_seconds", "结算等待", "Hold time", unit: T("秒", "s")).Fill("hold_seconds", supplier.HoldSeconds.ToString()).Hint("新货源默认用它", "New supplies get it").Beside()
                .Text("regions", "地区", "Regions", optional: true, max: 400).Hint("直充账号可在哪些地区，逗号分开，不填就不限", "Where accounts may be that are topped up, separated by commas; empty is anywhere")
                .Area("products", "独家商品", "Goods supplied alone", max: 6_500).Hint("商品的网址名，逗号分开；别家供这些商品会被拒绝，已有的停售", "Slugs, separated by commas; others are refused these goods, and what they have of them goes off")
                .Area("note", "备注", "Note", max: 1_000);
        }

        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(Here, "已有一版在等供应商确认", "A version waits already");
        if (!await Form.ReadAsync(Request)) return Again();
        var draft = new ContractDraft
        {
            From = Form.DayOf("from")!.Value, CommissionBps = Form["commission_bps"], HoldSeconds = Form["hold_seconds"], Regions = Form["regions"],
            Products = Form["products"], Note = Form["note"],
        };
        if (!Took(await _contracts.ProposeAsync(_id, draft, Actor), out var saved)) return Again();
        await RecordAsync("contract.propose", $"{_id} {PublicId.Encode(saved.Id)}");
        return Done(Here, "已发给供应商确认", "Sent; the supplier answers next");
    }

    public async Task<IActionResult> OnPostWithdrawAsync()
    {
        if (Waiting is null || !await _contracts.WithdrawAsync(_id, Waiting.Id, Actor)) return NotDone(Here, "供应商已经答复了", "The supplier has answered already");
        await RecordAsync("contract.withdraw", $"{_id} {PublicId.Encode(Waiting.Id)}");
        return Done(Here, "已撤回", "Withdrawn");
    }
}
