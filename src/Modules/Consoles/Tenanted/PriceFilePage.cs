using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Takes a file with prices; its preview is a page of its own.</summary>
[RequestSizeLimit(PriceFiles.UploadMax + (1 << 20))]
[RequestFormLimits(MultipartBodyLengthLimit = PriceFiles.UploadMax + (1 << 20))]
internal abstract class PriceFilePage(UploadGate gate) : ConsolePage
{
    /// <summary>A larger file is read in the background, however few goods there are.</summary>
    public const int AtOnceMax = 256 << 10;

    private const int RowsMax = 100;

    /// <summary>What such a file has to look like.</summary>
    public List<string> Rules { get; } = [];

    protected abstract string Root { get; }

    /// <summary>The list whose export is such a file.</summary>
    protected abstract string List { get; }

    protected abstract Task NameAsync();

    protected abstract Task<AgentsDecision<long>> PreviewAsync(string name, byte[] content);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        await NameAsync();
        Actions.Add((List, T("先导出现在的价格", "Export what there is now")));
        Rules.Add(T("最省事的办法：在价格列表里点「导出」，在 Excel 里改好，再传回来。编码像 001 或 3-4 时请用 XLSX，CSV 会被 Excel 改掉。", "Easiest: export the list, change it in Excel, and upload it again. Where codes look like 001 or 3-4 use XLSX: Excel changes them in a CSV."));
        Rules.Add(T("传上来先看预览，什么都不改；有错的行会写明行号和原因，整行不动，其余的照办。", "The upload shows a preview first and changes nothing. Rows with a mistake are named with line and reason and left out whole; the others are done."));
        Form = new Form(Language) { Submit = T("看预览", "See the preview"), Back = Root }
            .File("file", "文件", "File", optional: false)
            .Hint($"XLSX 或 CSV（UTF-8 或 GB18030），最大 {PriceFiles.UploadMax >> 20} MiB", $"XLSX or CSV (UTF-8 or GB18030), at most {PriceFiles.UploadMax >> 20} MiB");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        await Form!.ReadAsync(Request);
        if (file is null) Form.Fail("file", "请选一个文件", "Choose a file");
        else if (file.Length > PriceFiles.UploadMax) Form.Fail("file", $"文件超过 {PriceFiles.UploadMax >> 20} MiB，请拆分", $"The file is larger than {PriceFiles.UploadMax >> 20} MiB; split it");
        if (!Form.IsFine) return Again();
        // What came waits on a disk until it is its turn: prices are no secrets.
        using var place = gate.TryEnter();
        if (place is null) return Busy("前面还有文件在读，过几秒再试", "Other files are being read: try again in a few seconds");
        var content = new byte[file!.Length];
        await using (var upload = file.OpenReadStream()) await upload.ReadExactlyAsync(content, HttpContext.RequestAborted);
        if (!Took(await PreviewAsync(file.FileName, content), out var id)) return Again();
        return Redirect($"{Root}/{PublicId.Encode(id)}");
    }

    /// <summary>Adds the choice of rows that a file has and nobody can use; where it is taken, they are the page's table.</summary>
    public static async Task<Table?> ProblemsAsync(ConsolePage page, BulkPanel panel, PriceFiles files)
    {
        if (panel.Work is not ChosenWork { File: not null } work) return null;
        // Where no row can be used, these are what one wants to see.
        var only = page.Request.Query["only"].ToString();
        var isTaken = only == "file" || (only.Length == 0 && work is { IsRunning: false, Total: 0, Cannot: > 0 });
        panel.Filters.Add((page.T("文件里用不了的行", "Rows that cannot be used"), page.With(("only", "file"), ("after", null)), isTaken));
        if (!isTaken) return null;
        var after = long.TryParse(page.Request.Query["after"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var last) ? last : 0;
        var problems = await files.ProblemsAsync(panel.Work.Id, after, RowsMax + 1);
        var more = problems.Count > RowsMax;
        if (more) problems.RemoveAt(RowsMax);
        var table = BulkWords.Problems(problems, page.Language);
        table.Next = more ? page.With(("after", $"{problems[^1].RowNo}")) : null;
        table.First = after == 0 ? null : page.With(("after", null));
        table.Empty = new EmptyState(page.T("每一行都能用", "Every row can be used"), page.T("看看其他结果。", "Look at the other results."), Icon: "products");
        return table;
    }
}
