using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Files;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Platform.Http;
using Lianka.Platform.Sheets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Takes a sheet of goods, and shows what was made of the latest.</summary>
[RequestSizeLimit(GoodsImports.FileMax + (1 << 16))]
[RequestFormLimits(MultipartBodyLengthLimit = GoodsImports.FileMax + (1 << 16))]
[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class GoodsImportsPage(GoodsImports imports, GoodsSteps steps, Catalog.Catalog catalog, UploadGate gate) : ConsolePage
{
    /// <summary>Every column that is read, with what it takes.</summary>
    public IEnumerable<(string Label, string Value)> Columns => GoodsSheet.Columns.Select(c => (c.Title(Language == Language.Zh),
        c.Words.Count > 0 ? string.Join(T("、", ", "), c.Words.Select(w => T(w.Zh, w.En))) : c.Key switch
        {
            "category" or "brand" => T("网址名或名称", "Its slug or its name"),
            GoodsSheet.ProductKey or GoodsSheet.SkuKey => T("小写字母、数字和短横线", "Small letters, digits and hyphens"),
            "qty_max" => T("1 到 10000", "1 to 10,000"),
            _ when c.IsNumber => T("金额，例如 49.50", "An amount, such as 49.50"),
            _ => T("文字", "Text"),
        }));

    private async Task ShowAsync()
    {
        Title = T("从表格导入商品", "Import goods from a sheet");
        Up = ("/console/products", T("商品", "Products"));
        Form = new Form(Language) { Submit = T("看预览", "See the preview"), Back = Up.Value.Href }
            .File("file", "表格", "Sheet", optional: false)
            .Hint($"XLSX（读第一张表）或 CSV，最大 {GoodsImports.FileMax >> 20} MiB、{Show.Number(GoodsSheet.LinesMax)} 行。先看每行会变成什么，确认后才改",
                $"XLSX (its first sheet) or CSV, at most {GoodsImports.FileMax >> 20} MiB and {Show.Number(GoodsSheet.LinesMax)} lines. You see what becomes of each line before anything is changed");
        Table = Parts.Table.Of(await imports.ListAsync(), T("最近几次", "The latest"))
            .Column(T("时间", "When"), i => new Cell(Show.Ago(i.CreatedAt, Now, Language), $"/console/products/import/{PublicId.Encode(i.Id)}", Title: Show.Exact(i.CreatedAt)))
            .Column(T("文件", "File"), i => i.Source)
            .Number(T("新建和改动", "New and changed"), i => i.Changes - i.Moved)
            .Number(T("不能导入", "Cannot"), i => i.Cannot)
            .Badge(T("状态", "State"), i => BulkWords.State(i, Language))
            .Build();
        Table.Empty = new EmptyState(T("还没有导入过", "No imports yet"), T("先下载模板，或者在商品列表里把现有商品下载成表格，改好再传上来。", "Download the template, or the goods you have as a sheet from the list of products, and bring it back changed."),
            Icon: "upload");
    }

    public Task OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnGetTemplateAsync()
    {
        var (isZh, categories) = (Language == Language.Zh, await catalog.ListCategoriesAsync());
        return await GoodsFiles.SendAsync(this, T("商品导入模板", "goods template"), GoodsFiles.Template(isZh, categories is [var first, ..] ? first.Slug : ""));
    }

    public async Task<IActionResult> OnPostAsync(IFormFile? file)
    {
        await ShowAsync();
        await Form!.ReadAsync(Request);
        if (file?.Length > GoodsImports.FileMax) Form.Fail("file", $"文件超过 {GoodsImports.FileMax >> 20} MiB，请拆成几个", $"More than {GoodsImports.FileMax >> 20} MiB: please split it");
        if (!Form.IsFine) return Again();
        using var place = gate.TryEnter();
        if (place is null) return Busy("前面还有文件在读，过几秒再试", "Other files are being read: try again in a few seconds");
        await using var content = file!.OpenReadStream();
        var name = Sheet.NameOf(file.FileName);
        if (!Took(await imports.StartAsync(content, name, Actor), out var id)) return Again();
        await RecordAsync("products.import", $"{PublicId.Encode(id)} {name}");
        await steps.BeginAsync(id);
        return Redirect($"/console/products/import/{PublicId.Encode(id)}");
    }
}

/// <summary>A small sheet is there with the page that follows; a large one goes on in the background.</summary>
internal sealed class GoodsSteps(GoodsImports imports)
{
    private const int AtOnceMax = 500;

    public async Task BeginAsync(long id)
    {
        if (await imports.FindAsync(id) is { Total: <= AtOnceMax }) await imports.AdvanceAsync(id);
    }
}

/// <summary>One sheet: how far it is, what becomes of each line, and the button that does it.</summary>
[Needs(Permissions.CatalogSee, Permissions.CatalogEdit)]
internal sealed class GoodsImportPage(GoodsImports imports, GoodsSteps steps) : ConsolePage
{
    private const int RowsMax = 100;

    private GoodsImport _work = null!;

    public BulkPanel Panel { get; private set; } = null!;

    private async Task<bool> FindAsync(string id)
    {
        if (!PublicId.TryDecode(id, out var number) || await imports.FindAsync(number) is not { } work) return false;
        _work = work;
        return true;
    }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        Title = _work.State == BulkStage.Done ? T("导入结果", "What was imported") : T("导入预览", "Preview of the import");
        Up = ("/console/products/import", T("从表格导入商品", "Import goods from a sheet"));
        List<(string, string)> facts = [(T("文件", "File"), _work.Source)];
        if (_work.Ignored.Count > 0) facts.Add((T("没读的列", "Columns not read"), string.Join(T("、", ", "), _work.Ignored)));
        Panel = new BulkPanel(_work, Language, BulkWords.State(_work, Language), facts, T("不能导入", "Cannot be imported"),
            T($"导入这 {Show.Number(_work.Changes)} 行", _work.Changes == 1 ? "Import this line" : $"Import these {Show.Number(_work.Changes)} lines"),
            _work.Failure is null ? null : (Up.Value.Href, T("换个文件", "Another file")), $"{Request.Path}?handler=progress", Up.Value.Label)
        {
            MovedWord = T("预览后变了，没动", "Changed since, left alone"),
            AgainWord = T("按现在的商品再算一遍", "Work it out again with the goods of now"),
        };
        var filter = new GoodsRowFilter(
            Enum.TryParse<BulkOutcome>(Request.Query["only"], ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
            long.TryParse(Request.Query["after"], System.Globalization.CultureInfo.InvariantCulture, out var after) ? after : 0, RowsMax + 1);
        Panel.Filters.Add((T("全部", "All"), With(("only", null), ("after", null)), filter.Outcome is null));
        foreach (var each in new[] { BulkOutcome.Add, BulkOutcome.Change, BulkOutcome.Same, BulkOutcome.Cannot, BulkOutcome.Moved }.Where(o => o != BulkOutcome.Moved || _work.Moved > 0))
            Panel.Filters.Add((GoodsWords.Outcome(each, _work, Language).Text, With(("only", each.ToString().ToLowerInvariant()), ("after", null)), filter.Outcome == each));

        var rows = await imports.RowsAsync(_work.Id, filter);
        var more = rows.Count > RowsMax;
        if (more) rows.RemoveAt(RowsMax);
        Table = Parts.Table.Of(rows, Title)
            .Column(T("行", "Line"), r => T($"第 {r.Line} 行", $"Line {r.Line}"))
            .Column(T("商品", "Goods"), r => new Cell(Language.PickOr(r.NameZh, r.NameEn) is { Length: > 0 } name ? name : "—", Sub: r.Sku.Length > 0 ? r.Sku : r.Product))
            .Badge(T("结果", "Result"), r => GoodsWords.Outcome(r.Outcome, _work, Language))
            .Column(T("说明", "What"), r => GoodsWords.What(r, Language))
            .Build();
        Table.Next = more ? With(("after", $"{rows[^1].Line}")) : null;
        Table.First = filter.After == 0 ? null : With(("after", null));
        Table.Empty = new EmptyState(T("没有这样的行", "No such lines"), T("换个结果看看。", "Look at other results."), Icon: "products");
        return Page();
    }

    /// <summary>For the script that draws the progress.</summary>
    public async Task<IActionResult> OnGetProgressAsync(string id) => await FindAsync(id) ? new JsonResult(BulkPanel.Progress(_work)) : NotFound();

    public async Task<IActionResult> OnPostApplyAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        var isFirst = _work.State == BulkStage.Ready;
        if (await imports.ApplyAsync(_work.Id) is CatalogDecision<long>.Refused refused) return NotDone(Request.Path, refused.Errors[0].Zh, refused.Errors[0].En);
        if (isFirst) await RecordAsync("products.import.apply", $"{id} {_work.Changes}: {_work.Source}");
        await steps.BeginAsync(_work.Id);
        return Redirect(Request.Path);
    }

    public async Task<IActionResult> OnPostAgainAsync(string id)
    {
        if (!await FindAsync(id) || await imports.PreviewAgainAsync(_work.Id, Actor) is not CatalogDecision<long>.Saved again) return NotFound();
        await steps.BeginAsync(again.Value);
        return Redirect($"/console/products/import/{PublicId.Encode(again.Value)}");
    }
}

/// <summary>Goods as the import reads them: those that were chosen, or those that a search finds.</summary>
[Needs(Permissions.CatalogSee)]
internal sealed class GoodsSheetPage(Catalog.Catalog catalog, Selling selling) : ConsolePage
{
    public async Task<IActionResult> OnGetAsync(string? q, string[] key)
    {
        await RecordAsync("products.sheet", key.Length > 0 ? $"{key.Length} products" : q ?? "");
        return await GoodsFiles.SendAsync(this, T("商品", "goods"), GoodsFiles.ReadAsync(catalog, selling, q, key, Language == Language.Zh));
    }
}
