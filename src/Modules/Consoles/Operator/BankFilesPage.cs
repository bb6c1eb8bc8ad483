using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Payouts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Approved payouts that wait for a file of one kind.</summary>
internal sealed record ReadyFile(string Kind, long Count, string Label);

/// <summary>Files for the bank, and the results that come back, whoever is paid.</summary>
[RequestSizeLimit(UploadMax + (1 << 16))]
internal abstract class BankFilesPage(People people) : ConsolePage
{
    private const long UploadMax = 2 << 20;

    public abstract string Root { get; }
    public List<ReadyFile> Ready { get; private set; } = [];
    public Table? Results { get; private set; }

    /// <summary>What the audit calls it.</summary>
    protected abstract string Subject { get; }

    protected abstract void Name();

    protected abstract Task<List<ReadyFile>> ReadyAsync();

    protected abstract Task<List<(PayoutFile File, string Kind)>> FilesAsync();

    protected abstract Task<PayoutFile?> MakeAsync(string kind);

    protected abstract Task<string?> WriteAsync(long file);

    protected abstract Task<(IReadOnlyList<BankResult> Rows, FieldError? Error)> TakeAsync(string content);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Name();
        Form = new Form(Language) { Submit = T("导入结果", "Take the results") }
            .File("file", "银行结果（CSV）", "The bank's results (CSV)", optional: false)
            .Hint("列：payout_no, result（paid / failed）, bank_reference, reason；重复导入不会重复记账", "Columns: payout_no, result (paid or failed), bank_reference, reason; the same file twice counts once");
        await next();
        var logins = (await people.OfPartyAsync(Roles.Operator, 0)).ToDictionary(p => p.Id, p => p.Login);
        Ready = await ReadyAsync();
        Table = Parts.Table.Of(await FilesAsync(), T("文件，新的在前", "Files, newest first"))
            .Column(T("编号", "Number"), f => new Cell(f.File.No, $"{Root}?handler=download&file={f.File.No}",
                string.Join(" · ", new[] { f.Kind, T("下载 CSV", "Download CSV") }.Where(t => t.Length > 0)), IsMono: true))
            .Column(T("制作", "Made"), f => new Cell(Show.Ago(f.File.MadeAt, Now, Language), Sub: logins.GetValueOrDefault(f.File.MadeBy, "—"), Title: Show.Exact(f.File.MadeAt)))
            .Number(T("笔数", "Payouts"), f => f.File.Payouts)
            .Number(T("待结果", "Without a result"), f => f.File.Open)
            .Money(T("合计", "Total"), f => f.File.Total)
            .Build();
        Table.Empty = new EmptyState(T("还没有打款文件", "No files yet"), T("审批完的提现会放进文件。", "What was approved goes into a file."), Icon: "finance");
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostMakeAsync(string? kind)
    {
        if (await MakeAsync(kind ?? "") is not { } file) return NotDone(Root, "没有审批完的提现", "Nothing approved waits for a file");
        await RecordAsync($"{Subject}.file", $"{file.No} {file.Payouts} {file.Total}");
        return Done(Root, $"已生成文件 {file.No}，{file.Payouts} 笔", file.Payouts == 1 ? $"File {file.No} made, 1 payout" : $"File {file.No} made, {file.Payouts} payouts");
    }

    /// <summary>Accounts in the clear: every look is recorded before it happens.</summary>
    public async Task<IActionResult> OnGetDownloadAsync(string? file)
    {
        if (!PublicId.TryDecode(file, out var id)) return NotFound();
        await RecordAsync($"{Subject}.file_download", file!);
        if (await WriteAsync(id) is not { } text) return NotFound();
        Response.Headers.CacheControl = "no-store";
        return File([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)], "text/csv; charset=utf-8", $"{Subject}s-{file}.csv");
    }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        await Form!.ReadAsync(Request);
        if (file is null || file.Length > UploadMax) Form.Fail("file", "请选一个不超过 2 MB 的文件", "Choose a file of at most 2 MB");
        if (!Form.IsFine) return Again();
        using var reader = new StreamReader(file!.OpenReadStream(), Encoding.UTF8);
        var (rows, error) = await TakeAsync(await reader.ReadToEndAsync());
        if (error is not null)
        {
            Form.Take([error]);
            return Again();
        }

        await RecordAsync($"{Subject}.results", $"{rows.Count} rows, {rows.Count(r => r.Error is not null)} not taken");
        Results = Parts.Table.Of(rows, T("导入结果", "What became of each row"))
            .Number(T("行号", "Row"), r => r.Row)
            .Column(T("编号", "Number"), r => new Cell(r.No, IsMono: true))
            .Column(T("银行结果", "The bank's word"), r => r.Word)
            .Badge(T("处理", "Outcome"), r => r.Error is { } e ? (Language.Pick(e.Zh, e.En), "error") : r.IsReplay ? (T("之前已导入", "Taken before"), "") : (T("已入账", "Posted"), "ok"))
            .Build();
        return Page();
    }
}
