using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Platform.Http;
using Lianka.Platform.Sheets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Tenanted;

internal static class ImportWords
{
    public static (string Text, string Tone) State(ImportJob job, Language language) => job.State switch
    {
        ImportState.Running => (language.Pick($"导入中 {job.Percent}%", $"Running, {job.Percent}%"), "waiting"),
        ImportState.Done when job.Imported == job.Rows => (language.Pick("完成", "Done"), "ok"),
        ImportState.Done => (language.Pick("完成，有没入库的行", "Done, some rows left out"), "warning"),
        _ => (language.Pick("失败，一张都没入库", "Failed, nothing imported"), "error"),
    };

    public static (string Text, string Tone) Status(string status, Language language) => status switch
    {
        "duplicate_in_file" => (language.Pick("本次重复", "Repeated in this import"), "warning"),
        "duplicate_in_stock" => (language.Pick("库里已有", "In stock already"), "warning"),
        _ => (language.Pick("格式不对", "Malformed"), "error"),
    };
}

/// <summary>The imports that the viewer may see: all for the operator, their own for a supplier.</summary>
internal abstract class ImportListPage(ImportDesk imports, Catalog.Catalog catalog) : ConsolePage
{
    protected abstract SupplierId? Tenant { get; }
    protected abstract string Root { get; }

    public async Task OnGetAsync()
    {
        Title = T("导入卡密", "Card imports");
        Actions.Add(($"{Root}/imports/new", T("导入卡密", "Import cards")));
        var jobs = await imports.ListAsync(Tenant);
        var supplies = await catalog.SuppliesAsync(jobs.Select(j => j.SupplyId));
        Table = Parts.Table.Of(jobs, Title)
            .Column(T("时间", "When"), j => new Cell(Show.Ago(j.StartedAt, Now, Language), $"{Root}/imports/{PublicId.Encode(j.Id)}", j.Source, Title: Show.Exact(j.StartedAt)))
            .Column(T("货源", "Supply"), j => supplies.TryGetValue(j.SupplyId, out var s) ? new Cell(Words.Sku(s, Language), Sub: Language.PickOr(s.SupplierNameZh, s.SupplierNameEn)) : new Cell("—"))
            .Number(T("行数", "Rows"), j => j.Rows)
            .Number(T("已入库", "Imported"), j => j.Imported)
            .Number(T("没入库", "Left out"), j => j.DuplicateInFile + j.DuplicateInStock + j.Malformed)
            .Badge(T("状态", "State"), j => ImportWords.State(j, Language))
            .Build();
        Table.Empty = new EmptyState(T("还没有导入过", "No imports yet"), T("卡密一行一张，TXT、CSV 或 Excel（XLSX）都行。", "One card a line, as text, CSV or a spreadsheet (XLSX)."),
            $"{Root}/imports/new", T("导入卡密", "Import cards"), "upload");
    }
}

/// <summary>Takes a file or pasted lines. Both stay in memory: cards never touch a disk unsealed.</summary>
[RequestSizeLimit(ImportDesk.UploadMax + (1 << 20))]
[RequestFormLimits(MultipartBodyLengthLimit = ImportDesk.UploadMax, MemoryBufferThreshold = (int)ImportDesk.UploadMax, ValueLengthLimit = PasteMax)]
internal abstract class NewImportPage(ImportDesk imports, SoughtGoods goods) : ConsolePage
{
    private const int PasteMax = 4 << 20;

    protected abstract SupplierId? Tenant { get; }
    protected abstract string Root { get; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("导入卡密", "Import cards");
        Up = ($"{Root}/imports", T("导入记录", "Imports"));
        var choice = await goods.SuppliesAsync(Request, Tenant, SupplyId.TryParse(await GivenAsync("supply"), out var given) ? given : null);
        if (Tenant is null && choice is { Words: null, Items.Count: 0 })
        {
            context.Result = NotDone("/console/supplies/new", "卡密属于货源：先建一个货源", "Cards belong to a supply: make one first");
            return;
        }

        Form = new Form(Language) { Back = $"{Root}/imports", Submit = T("开始导入", "Start the import") }
            .Choice("supply", "货源", "Supply", choice.Items.Select(s => new Option(s.Id.ToString(),
                $"{Words.Sku(s, Language)} · {Language.PickOr(s.SupplierNameZh, s.SupplierNameEn)}"))).Among(choice.Words)
            .Section("卡密", "Cards")
            .File("file", "文件", "File").Hint("TXT、CSV 或 XLSX，最大 64 MiB。每行一张：只有卡密，或「卡号,卡密」；表头可写 卡号、卡密、类型", "Text, CSV or XLSX up to 64 MiB, one card a line: the code alone, or number,code; a header may name number, secret, kind")
            .Area("pasted", "或者直接粘贴", "Or paste them", max: PasteMax)
            .Choice("format", "格式", "Format", [new("Auto", T("看文件名", "By the file's name")), new("Text", T("一行一张（TXT）", "One a line (text)")), new("Csv", T("CSV，带表头也行", "CSV, with or without a header")), new("Xlsx", T("Excel 表格（XLSX），读第一张表", "Spreadsheet (XLSX), its first sheet"))]).Fill("format", "Auto").Beside()
            .Choice("encoding", "编码", "Encoding", [new("Utf8", "UTF-8"), new("Gb18030", T("GB18030 / GBK（老版 Excel）", "GB18030 / GBK (old Excel)"))]).Fill("encoding", "Utf8")
            .Choice("kind", "卡密种类", "Kind of codes", [new("Told", T("看内容：卡密、链接或图片", "By what they are: code, link or picture")), new("Barcode", T("条码，买家看到条码和号码", "Barcodes: buyers see bars and text"))]).Fill("kind", "Told")
            .Section("批次", "Lot")
            .Moment("expires_at", "有效期到", "Expires", optional: true).Hint("北京时间；不填就是长期有效", "Beijing time; empty: does not expire").Beside()
            .Text("note", "备注", "Note", optional: true, max: 200);
        if (given != default) Form.Fill("supply", given.ToString());
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        await Form!.ReadAsync(Request);
        if (file is null == (Form["pasted"].Length == 0))
            Form.Fail("file", "选一个文件，或者粘贴，二选一", "Choose a file or paste the cards: one of the two");
        // What was pasted is not sent back into the page: it is secret.
        var pasted = Form["pasted"];
        Form.Fill("pasted", "");
        if (!Form.IsFine) return Again();

        // What cannot be read stays the empty id, which names nothing and is refused below.
        _ = SupplyId.TryParse(Form["supply"], out var supply);
        var format = Form["format"] == "Auto" ? CardFormats.OfName(file?.FileName ?? "") : Enum.Parse<CardFormat>(Form["format"]);
        var request = new ImportRequest(supply, format,
            file is null ? CardEncoding.Utf8 : Enum.Parse<CardEncoding>(Form["encoding"]),
            file is null ? T("粘贴的卡密", "pasted cards") : Sheet.NameOf(file.FileName), Actor, Form.MomentOf("expires_at"), Form["note"], Tenant, Enum.Parse<CardKind>(Form["kind"]));
        await using var content = file?.OpenReadStream() ?? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(pasted));
        switch (await imports.StartAsync(request, content, HttpContext.RequestAborted))
        {
            case ImportStart.Accepted accepted:
                await RecordAsync("cards.import", $"{supply} {request.Source}");
                return Redirect($"{Root}/imports/{PublicId.Encode(accepted.Id)}");
            case ImportStart.Refused refused:
                Form.Take(refused.Errors);
                return Again();
            default:
                Form.Fail("前面还有导入在排队，过一会儿再试", "Other imports are waiting already: try again in a moment");
                return Again();
        }
    }
}

/// <summary>How far one import has come, and the rows that were left out.</summary>
internal abstract class ImportPage(ImportDesk imports) : ConsolePage
{
    protected abstract SupplierId? Tenant { get; }
    protected abstract string Root { get; }

    public ImportJob Job { get; private set; } = null!;
    public string ProgressUrl => $"{Request.Path}?handler=progress";
    public string ResultsUrl => $"{Request.Path}?handler=results";

    private async Task<bool> FindAsync(string id)
    {
        if (!PublicId.TryDecode(id, out var number) || await imports.FindAsync(number, Tenant) is not { } job) return false;
        Job = job;
        return true;
    }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        Title = T($"导入 {Job.Source}", $"Import of {Job.Source}");
        Up = ($"{Root}/imports", T("导入记录", "Imports"));
        if (Job.State != ImportState.Running) Actions.Add(($"{Root}/imports/new", T("再导一批", "Import more")));
        Table = Parts.Table.Of(await imports.ProblemsAsync(Job.Id), T("没入库的行", "Rows left out"))
            .Number(T("行号", "Row"), p => p.RowNo)
            .Badge(T("原因", "Why"), p => ImportWords.Status(p.Status, Language))
            .Column(T("细节", "Details"), p => p.Status == "duplicate_in_file" ? T($"和第 {p.Detail} 行一样", $"same as row {p.Detail}")
                : p.Detail.Length > 0 ? ImportFailures.Text(p.Detail, Language == Language.Zh) : "")
            .Build();
        return Page();
    }

    /// <summary>For the script that draws the progress.</summary>
    public async Task<IActionResult> OnGetProgressAsync(string id) => !await FindAsync(id) ? NotFound() : new JsonResult(new
    {
        state = Job.State == ImportState.Running ? "reading" : Job.State.ToString().ToLowerInvariant(),
        rows = Job.Rows, imported = Job.Imported, duplicate_in_file = Job.DuplicateInFile,
        duplicate_in_stock = Job.DuplicateInStock, malformed = Job.Malformed, percent = Job.Percent,
    });

    /// <summary>What became of each row, as a file; up to a million lines, so it goes out as it is written.</summary>
    public async Task<IActionResult> OnGetResultsAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = $"attachment; filename=import-{id}.csv";
        // The mark lets Excel read Chinese.
        await using var output = new StreamWriter(Response.Body, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 64 << 10, leaveOpen: true);
        await imports.WriteResultsAsync(Job.Id, output, Language == Language.Zh, HttpContext.RequestAborted);
        return new EmptyResult();
    }
}
