using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Rows that were chosen in a list: what would become of each, then what became of each.</summary>
/// <remarks>The rows stand in the address. Pressed twice, the second press finds most as they should be and does nothing to them.</remarks>
internal abstract class ChosenRowsPage : ConsolePage
{
    /// <summary>More than any list has on one page.</summary>
    private const int KeysMax = 200;

    /// <summary>What may be done to rows here; null: nothing is called so.</summary>
    protected abstract RowDeed? Find(string name);

    private RowDeed _deed = null!;
    private List<ChosenRow> _rows = [];

    public string Words { get; private set; } = "";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (Find(RouteData.Values["deed"] as string ?? "") is not { } deed)
        {
            context.Result = NotFound();
            return;
        }

        // Many rows at once, and each of them as its own page would ask.
        if (deed.Permission is { } permission && !Person.Rights.Has(permission))
        {
            HttpContext.Features.Set(new MissingPermission(Permissions.Of(permission)));
            context.Result = new StatusCodeResult(StatusCodes.Status403Forbidden);
            return;
        }

        _deed = deed;
        Up = (deed.List.Href, T(deed.List.Zh, deed.List.En));
        Title = $"{T(deed.List.Zh, deed.List.En)} · {T(deed.Zh, deed.En)}";
        string[] keys = [.. Request.Query["key"].OfType<string>().Distinct().Take(KeysMax)];
        if (keys.Length == 0)
        {
            context.Result = NotDone(deed.List.Href, "先在左边勾选", "Choose some rows first");
            return;
        }

        _rows = await deed.RowsAsync(keys, Language);
        var todo = _rows.Count(r => !r.IsSo);
        Words = T($"勾选了 {_rows.Count} 行，会改 {todo} 行", $"{_rows.Count} rows are chosen; {todo} will be changed")
            + (keys.Length > _rows.Count ? T($"；{keys.Length - _rows.Count} 行已经不在了", $"; {keys.Length - _rows.Count} are not there any more") : "");
        if (todo > 0)
        {
            Form = new Form(Language) { Submit = T($"{deed.Zh}这 {todo} 行", $"{deed.En}: these {todo}"), Back = deed.List.Href, IsDanger = deed.IsDanger };
            await deed.AskAsync(Form, Language);
        }

        await next();
    }

    public void OnGet() => Table = TableOf(r => r.IsSo ? (T("已经是了，不动", "It is so already"), "") : (T(_deed.Zh, _deed.En), "waiting"), _ => "");

    public async Task<IActionResult> OnPostAsync()
    {
        if (Form is null) return Redirect(With());
        if (!await Form.ReadAsync(Request))
        {
            OnGet();
            return Again();
        }

        var results = new Dictionary<string, DeedResult>(_rows.Count);
        foreach (var row in _rows.Where(r => !r.IsSo))
        {
            var result = await _deed.ActAsync(row.Key, Form, Actor);
            results.Add(row.Key, result);
            if (result.Problem is null) await RecordAsync(_deed.Audit, result.Subject);
        }

        var refused = results.Values.Count(r => r.Problem is not null);
        Form = null;
        Words = T($"办好 {results.Count - refused} 行，没办成 {refused} 行，本来就是的 {_rows.Count - results.Count} 行",
            $"{results.Count - refused} done, {refused} refused, {_rows.Count - results.Count} were so already");
        Table = TableOf(
            r => !results.TryGetValue(r.Key, out var result) ? (T("已经是了，没动", "It was so already"), "")
                : result.Problem is null ? (T("办好了", "Done"), "ok") : (T("没办成", "Refused"), "error"),
            r => results.TryGetValue(r.Key, out var result) && result.Problem is { } why ? T(why.Zh, why.En) : "");
        return Page();
    }

    private Table TableOf(Func<ChosenRow, (string, string)> becomes, Func<ChosenRow, string> why)
    {
        var table = Parts.Table.Of(_rows, Title)
            .Column(T("名称", "Name"), r => new Cell(r.Name, r.Href))
            .Badge(T("原来", "Before"), r => r.Now)
            .Badge(T("结果", "Result"), becomes)
            .Column(T("说明", "Why"), r => why(r))
            .Build();
        table.Empty = new EmptyState(T("勾选的都不在了", "None of the chosen is there any more"), T("回到列表再看看。", "Look at the list again."), _deed.List.Href, Up!.Value.Label);
        return table;
    }
}
