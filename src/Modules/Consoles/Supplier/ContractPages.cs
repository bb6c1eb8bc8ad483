using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>What is agreed; and the answer to a version that waits.</summary>
[Needs(SupplierPermissions.PapersSee, SupplierPermissions.PapersEdit)]
internal sealed class ContractPage(Contracts contracts, Catalog.Catalog catalog) : Tenanted.ContractPage(contracts, catalog)
{
    private const string Here = "/console/supplier/contract";
    private readonly Contracts _contracts = contracts;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("合同", "Contract");
        await LoadAsync(Supplier);
        // Which version it is stands in the form: an answer is to what was read.
        if (Waiting is not null)
            Form = new Form(Language) { Submit = T("提交答复", "Answer") }
                .Section("你的答复", "Your answer")
                .Choice("version", "版本", "Version", [new Option(PublicId.Encode(Waiting.Id), Show.Day(Waiting.From) + T(" 起的版本", " version"))]).Fill("version", PublicId.Encode(Waiting.Id))
                .Choice("answer", "答复", "Answer", [new Option("accept", T("同意", "Accept")), new Option("decline", T("不同意", "Decline"))]);
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(Here, "这一版已经不在等答复", "That version does not wait any more");
        if (!await Form.ReadAsync(Request)) return Again();
        var isAccepted = Form["answer"] == "accept";
        switch (await _contracts.AnswerAsync(Supplier, Waiting!.Id, isAccepted, Actor))
        {
            case CatalogDecision<Contract>.Saved:
                await RecordAsync(isAccepted ? "contract.accept" : "contract.decline", PublicId.Encode(Waiting.Id));
                return isAccepted ? Done(Here, "已同意", "Accepted") : Done(Here, "已答复不同意", "Declined");
            case CatalogDecision<Contract>.Refused refused:
                Form.Take(refused.Errors);
                return Again();
            default:
                return NotDone(Here, "这一版已经不在等答复", "That version does not wait any more");
        }
    }
}
