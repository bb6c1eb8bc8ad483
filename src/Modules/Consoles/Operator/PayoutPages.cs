using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What suppliers asked for; open ones first unless all are asked for.</summary>
internal sealed class PayoutsPage(PayoutDesk payouts, Catalog.Catalog catalog) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("供应商提现", "Payouts");
        var all = Request.Query["show"] == "all";
        Actions.Add(("/console/payout-files", T("打款文件", "Bank files")));
        Actions.Add(all ? ("/console/payouts", T("只看未完成", "Open ones only")) : ("/console/payouts?show=all", T("看全部", "Show all")));
        var names = (await catalog.ListSuppliersAsync()).ToDictionary(s => s.Id, s => Language.PickOr(s.NameZh, s.NameEn));
        Table = PayoutWords.TableOf(this, await payouts.ListAsync(null, PayoutWords.Cursor(this), openOnly: !all),
            p => $"/console/payouts/{p.No}", s => names.GetValueOrDefault(s, s.ToString()));
    }
}

/// <summary>One payout: approve it, or refuse it with a reason.</summary>
internal sealed class PayoutPage(PayoutDesk payouts, Catalog.Catalog catalog, People people) : ConsolePage
{
    public Payout Payout { get; private set; } = null!;
    public List<(string Label, string Value)> Facts { get; } = [];
    public bool MayApprove => Payout.State is PayoutState.Requested or PayoutState.ApprovedOnce;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!PublicId.TryDecode(RouteData.Values["id"] as string, out var id) || await payouts.FindAsync(id) is not { } payout)
        {
            context.Result = NotFound();
            return;
        }

        Payout = payout;
        Title = T($"提现 {payout.No}", $"Payout {payout.No}");
        Up = ("/console/payouts", T("供应商提现", "Payouts"));
        var supplier = await catalog.FindSupplierAsync(payout.SupplierId);
        Facts.Add((T("供应商", "Supplier"), supplier is null ? payout.SupplierId.ToString() : Language.PickOr(supplier.NameZh, supplier.NameEn)));
        Facts.Add((T("金额", "Amount") + " CNY", Show.Money(payout.Amount)));
        Facts.Add((T("收款账户", "Bank account"), T($"尾号 {payout.Tail}", $"ending in {payout.Tail}")));
        Facts.Add((T("状态", "State"), PayoutWords.State(payout.State, Language).Text));
        var logins = (await people.OfPartyAsync(Roles.Operator, 0)).Concat(await people.OfPartyAsync(Roles.Supplier, payout.SupplierId.Value)).ToDictionary(p => p.Id, p => p.Login);
        Act(T("申请", "Asked for"), payout.AskedBy, payout.AskedAt);
        Act(T("审批", "First approval"), payout.FirstBy, payout.FirstAt);
        Act(T("复核", "Second approval"), payout.SecondBy, payout.SecondAt);
        if (payout.BankReference is { Length: > 0 } reference) Facts.Add((T("银行流水", "Bank reference"), reference));
        if (payout.Reason is { Length: > 0 } reason) Facts.Add((T("原因", "Reason"), reason));
        if (payout.State is PayoutState.Requested or PayoutState.ApprovedOnce or PayoutState.Approved)
        {
            Form = new Form(Language) { Submit = T("驳回，钱退回应付货款", "Refuse; the money goes back to the payable"), IsDanger = true }
                .Text("reason", "驳回原因", "Why it is refused", max: 200).Hint("供应商看得到", "The supplier sees it");
        }

        await next();

        void Act(string label, long? person, DateTimeOffset? at)
        {
            if (person is { } id) Facts.Add((label, $"{logins.GetValueOrDefault(id, "—")} · {Show.Exact(at!.Value)}"));
        }
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostApproveAsync() => await EndAsync(await payouts.ApproveAsync(Payout.Id, Person.Id), "payout.approve", "已审批", "Approved");

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return NotDone(With(), "当前状态已不能这样操作。", "Its state does not allow this any more.");
        if (!await Form.ReadAsync(Request)) return Again();
        return await EndAsync(await payouts.RefuseAsync(Payout.Id, Actor, Form["reason"]), "payout.refuse", "已驳回，钱已退回", "Refused; the money is back");
    }

    private async Task<IActionResult> EndAsync(PayoutDecision decision, string action, string zh, string en)
    {
        if (decision is PayoutDecision.Refused refused) return NotDone($"/console/payouts/{Payout.No}", refused.Errors[0].Zh, refused.Errors[0].En);
        await RecordAsync(action, $"{Payout.No} {Payout.Amount}");
        return Done($"/console/payouts/{Payout.No}", zh, en);
    }
}

/// <summary>Files for the bank, and the results that come back.</summary>
[RequestSizeLimit(UploadMax + (1 << 16))]
internal sealed class PayoutFilesPage(PayoutDesk payouts, People people) : ConsolePage
{
    private const long UploadMax = 2 << 20;

    public int Ready { get; private set; }
    public Table? Results { get; private set; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("打款文件", "Bank files");
        Up = ("/console/payouts", T("供应商提现", "Payouts"));
        Form = new Form(Language) { Submit = T("导入结果", "Take the results") }
            .File("file", "银行结果（CSV）", "The bank's results (CSV)", optional: false)
            .Hint("列：payout_no, result（paid / failed）, bank_reference, reason；重复导入不会重复记账", "Columns: payout_no, result (paid or failed), bank_reference, reason; the same file twice counts once");
        await next();
        var logins = (await people.OfPartyAsync(Roles.Operator, 0)).ToDictionary(p => p.Id, p => p.Login);
        Ready = (await payouts.ListAsync(null, openOnly: true, limit: 500)).Count(p => p.State == PayoutState.Approved);
        Table = Parts.Table.Of(await payouts.FilesAsync(), T("文件，新的在前", "Files, newest first"))
            .Column(T("编号", "Number"), f => new Cell(f.No, $"/console/payout-files?handler=download&file={f.No}", T("下载 CSV", "Download CSV"), IsMono: true))
            .Column(T("制作", "Made"), f => new Cell(Show.Ago(f.MadeAt, Now, Language), Sub: logins.GetValueOrDefault(f.MadeBy, "—"), Title: Show.Exact(f.MadeAt)))
            .Number(T("笔数", "Payouts"), f => f.Payouts)
            .Number(T("待结果", "Without a result"), f => f.Open)
            .Money(T("合计", "Total"), f => f.Total)
            .Build();
        Table.Empty = new EmptyState(T("还没有打款文件", "No files yet"), T("两个人都审批过的提现会放进文件。", "Payouts that two persons approved go into a file."), Icon: "finance");
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostMakeAsync()
    {
        if (await payouts.MakeFileAsync(Person.Id) is not { } file)
            return NotDone("/console/payout-files", "没有审批完的提现", "No payout has both approvals");
        await RecordAsync("payout.file", $"{file.No} {file.Payouts} {file.Total}");
        return Done("/console/payout-files", $"已生成文件 {file.No}，{file.Payouts} 笔", file.Payouts == 1 ? $"File {file.No} made, 1 payout" : $"File {file.No} made, {file.Payouts} payouts");
    }

    /// <summary>Bank accounts in the clear: every look is recorded before it happens.</summary>
    public async Task<IActionResult> OnGetDownloadAsync(string? file)
    {
        if (!PublicId.TryDecode(file, out var id)) return NotFound();
        await RecordAsync("payout.file_download", file!);
        if (await payouts.WriteFileAsync(id) is not { } text) return NotFound();
        Response.Headers.CacheControl = "no-store";
        return File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], "text/csv; charset=utf-8", $"payouts-{file}.csv");
    }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        await Form!.ReadAsync(Request);
        if (file is null || file.Length > UploadMax) Form.Fail("file", "请选一个不超过 2 MB 的文件", "Choose a file of at most 2 MB");
        if (!Form.IsFine) return Again();
        using var reader = new StreamReader(file!.OpenReadStream(), Encoding.UTF8);
        var (rows, error) = await payouts.TakeResultsAsync(await reader.ReadToEndAsync(), Actor);
        if (error is not null)
        {
            Form.Take([error]);
            return Again();
        }

        await RecordAsync("payout.results", $"{rows.Count} rows, {rows.Count(r => r.Error is not null)} not taken");
        Results = Parts.Table.Of(rows, T("导入结果", "What became of each row"))
            .Number(T("行号", "Row"), r => r.Row)
            .Column(T("编号", "Number"), r => new Cell(r.No, IsMono: true))
            .Column(T("银行结果", "The bank's word"), r => r.Result)
            .Badge(T("处理", "Outcome"), r => r.Error is { } e ? (Language.Pick(e.Zh, e.En), "error") : r.IsReplay ? (T("之前已导入", "Taken before"), "") : (T("已入账", "Posted"), "ok"))
            .Build();
        return Page();
    }
}
