using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>What was priced by a rule or from a file lately; each can be applied again with the costs of now.</summary>
[Needs(Permissions.PricesSee)]
internal sealed class PriceRulesPage(Repricings repricings, Merchants merchants, Catalog.Catalog catalog) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("批量改价", "Prices of many goods");
        Up = ("/console/prices", T("价格表", "Level prices"));
        Actions.Add(("/console/prices/rules/new", T("新规则", "New rule")));
        Actions.Add(("/console/prices/import", T("用文件改价", "Prices from a file")));
        var (categories, levels) = (await catalog.ListCategoriesAsync(), await merchants.ListLevelsAsync());
        Table = Parts.Table.Of(await repricings.ListAsync(), T("最近几次", "The latest"))
            .Column(T("时间", "When"), r => new Cell(Show.Ago(r.CreatedAt, Now, Language), $"/console/prices/rules/{PublicId.Encode(r.Id)}", Title: Show.Exact(r.CreatedAt)))
            .Column(T("商品", "Goods"), r => PriceWords.Choice(r, categories, Language))
            .Column(T("怎么定价", "Prices"), r => PriceWords.Rule(r.Rule, levels, Language))
            .Number(T("改价", "Changed"), r => r.Changes - r.Moved)
            .Number(T("不能定价", "No price"), r => r.Cannot)
            .Badge(T("状态", "State"), r => BulkWords.State(r, Language))
            .Build();
        Table.Empty = new EmptyState(T("还没有批量改过价", "Nothing priced by a rule or from a file yet"),
            T("选一批商品，给各等级定加价，先看每个价格和毛利，再一次改好。", "Choose goods and what each level adds, see every price and margin, then set them all at once."),
            "/console/prices/rules/new", T("新规则", "New rule"), "products");
    }
}

/// <summary>Which goods, and what each level adds. Marked rows come in the address: <c>?skus=</c>; an earlier choice as <c>?from=</c>.</summary>
[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
internal sealed class NewPriceRulePage(Repricings repricings, RepricingSteps steps, Merchants merchants, Catalog.Catalog catalog) : ConsolePage
{
    private RuleGoods _goods = null!;
    private List<Level> _levels = [];

    public string? MarkedWords => _goods.MarkedWords(Language);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("按规则改价", "Prices by a rule");
        Up = ("/console/prices", T("价格表", "Level prices"));
        var from = PublicId.TryDecode(Request.Query["from"].ToString(), out var id) ? await repricings.FindAsync(id) : null;
        _goods = new RuleGoods(Request, from?.Choice, await catalog.ListCategoriesAsync());
        _levels = await merchants.ListLevelsAsync();
        Form = new Form(Language) { Submit = T("看预览", "See the preview"), Back = Up.Value.Href };
        _goods.Ask(Form, "全部商品", "all goods");
        Form.Section("怎么定价", "How prices are made")
            .Choice("base", "从哪里算起", "Made from", [
                new(nameof(PriceBase.Cost), T("进价（最贵的可卖货源）", "The cost (of the dearest supply that can sell)")),
                new(nameof(PriceBase.Price), T("这个等级的现价", "The level's present price")),
                new(nameof(PriceBase.Nothing), T("不算，直接定为填的金额", "Nothing: the amount is the price"))]).Fill("base", nameof(PriceBase.Cost)).Beside()
            .Choice("step", "取整", "Rounded", Enum.GetValues<PriceStep>().Select(s => new Option(s.ToString(), PriceWords.Step(s, Language)))).Fill("step", nameof(PriceStep.Fen))
            .Money("added_min", "至少加", "At least", optional: true).Hint("按进价加价时，每件最少加这么多", "When made from the cost: each unit adds at least this")
            .Check("keeps_own", "已经有价的保持不动", "Leave prices that stand already as they are")
            .Section("各等级加多少", "What each level adds");
        foreach (var level in _levels)
        {
            Form.Text($"percent_{level.Rank}", $"{level.NameZh}：加百分之几", $"{level.NameEn}: percent", optional: true, max: 8).Beside()
                .Money($"added_{level.Rank}", $"{level.NameZh}：再加（定为）多少元", $"{level.NameEn}: and yuan per unit (or set to)", optional: true);
        }

        if (_levels.Count > 0) Form.Hint("两格都空的等级不动；负数是减", "A level with both empty is left alone; less than zero takes off");
        if (from?.Rule is { } rule) Fill(from.Choice, rule);
        await next();
    }

    private void Fill(GoodsChoice choice, LevelRule rule)
    {
        Form!.Fill("base", rule.Base.ToString()).Fill("step", rule.Step.ToString())
            .Fill("added_min", rule.AddedMin.IsZero ? "" : rule.AddedMin.ToString()).Fill("keeps_own", choice.KeepsOwn ? "on" : "");
        foreach (var level in rule.Levels.Where(l => Form.Has($"percent_{l.Level}")))
            Form.Fill($"percent_{level.Level}", level.Bps == 0 ? "" : new Money(level.Bps * Money.UnitsPerFen).Text(2)).Fill($"added_{level.Level}", level.Added.IsZero ? "" : level.Added.ToString());
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var rule = new LevelRuleDraft
        {
            Base = Enum.Parse<PriceBase>(Form["base"]), Step = Enum.Parse<PriceStep>(Form["step"]), AddedMin = Form["added_min"],
            Levels = _levels.ConvertAll(l => new LevelAddDraft(l.Rank, Form[$"percent_{l.Rank}"], Form[$"added_{l.Rank}"])),
        };
        if (!Took(await repricings.PreviewAsync(_goods.Read(Form), rule, Actor), out var id)) return Again();
        await steps.BeginAsync(id);
        return Redirect($"/console/prices/rules/{PublicId.Encode(id)}");
    }
}

/// <summary>A file with level prices: a column with the codes of SKUs, and one for each level.</summary>
[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
internal sealed class PriceImportPage(Repricings repricings, RepricingSteps steps, Merchants merchants, UploadGate gate) : PriceFilePage(gate)
{
    protected override string Root => "/console/prices/rules";
    protected override string List => "/console/prices";

    protected override async Task NameAsync()
    {
        Title = T("用文件改价", "Prices from a file");
        Up = (Root, T("批量改价", "Prices of many goods"));
        var levels = (await merchants.ListLevelsAsync()).Select(l => Language.PickOr(l.NameZh, l.NameEn));
        Rules.Add(T("第一行是列名：「编码」一列，加上要改的等级各一列，", "The first row has the titles: “Code”, and one column for each level that is to change: ") + string.Join(T("、", ", "), levels) + T("。其他列不看。", ". Other columns are not looked at."));
        Rules.Add(T("空格子保持原样，文件里没写的规格也不动。要去掉一个价格，请在价格表里清空。", "An empty cell leaves its price as it is, and so do SKUs that are not in the file. To take a price out, empty it in the price list."));
        Rules.Add(T("金额最多四位小数，写数字本身，不要公式、日期和千分位。", "Amounts have at most 4 decimals: plain numbers, no formulas, dates or thousands separators."));
    }

    protected override async Task<AgentsDecision<long>> PreviewAsync(string name, byte[] content)
    {
        var decision = await repricings.PreviewFileAsync(name, content, Actor);
        if (decision is AgentsDecision<long>.Saved saved) await steps.BeginAsync(saved.Value, content.Length);
        return decision;
    }
}

/// <summary>A small choice is there with the page that follows; a large one goes on in the background.</summary>
internal sealed class RepricingSteps(Repricings repricings, PriceBooks books)
{
    private const int AtOnceMax = 5_000;

    /// <param name="file">Bytes of the file that is read first.</param>
    public async Task BeginAsync(long id, int file = 0)
    {
        if (books.Current.Skus.Count <= AtOnceMax && file <= PriceFilePage.AtOnceMax) await repricings.AdvanceAsync(id);
    }
}

/// <summary>One rule over many goods, or one file: how far it is, what becomes of each price, and the button that does it.</summary>
[Needs(Permissions.PricesSee, Permissions.PricesEdit)]
internal sealed class PriceRulePage(Repricings repricings, RepricingSteps steps, PriceFiles files, Merchants merchants, Catalog.Catalog catalog, Names names) : ConsolePage
{
    private const int RowsMax = 100;

    private Repricing _work = null!;

    public BulkPanel Panel { get; private set; } = null!;

    private async Task<bool> FindAsync(string id)
    {
        if (!PublicId.TryDecode(id, out var number) || await repricings.FindAsync(number) is not { } work) return false;
        _work = work;
        return true;
    }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        Title = _work.State == BulkStage.Done ? T("改价结果", "What was priced") : T("改价预览", "Preview of the prices");
        Up = ("/console/prices/rules", T("批量改价", "Prices of many goods"));
        var (levels, categories) = (await merchants.ListLevelsAsync(), await catalog.ListCategoriesAsync());
        List<(string, string)> facts = [(T("商品", "Goods"), PriceWords.Choice(_work, categories, Language) + (_work.Choice.KeepsOwn ? T("；已有的价不动", "; prices that stand are kept") : "")),
            (T("怎么定价", "How prices are made"), PriceWords.Rule(_work.Rule, levels, Language)), .. BulkWords.FileFacts(_work, Language)];
        Panel = new BulkPanel(_work, Language, BulkWords.State(_work, Language), facts, T("不能定价", "No price"),
            T($"改这 {Show.Number(_work.Changes)} 个价", $"Set these {Show.Number(_work.Changes)} prices"), _work.File is null ? ($"/console/prices/rules/new?from={id}", T("换个规则", "Another rule")) : ("/console/prices/import", T("换个文件", "Another file")), $"{Request.Path}?handler=progress", Up.Value.Label);
        var only = Request.Query["only"].ToString();
        var filter = new RepricingFilter(
            Enum.TryParse<BulkOutcome>(only, ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null, only == "warned", AfterOf(Request.Query["after"].ToString()), RowsMax + 1);
        Panel.Filters.Add((T("全部", "All"), With(("only", null), ("after", null)), filter is { Outcome: null, IsWarned: false }));
        Panel.Filters.Add((T("要看一眼的", "To be looked at"), With(("only", "warned"), ("after", null)), filter.IsWarned));
        foreach (var each in new[] { BulkOutcome.Add, BulkOutcome.Change, BulkOutcome.Same, BulkOutcome.Cannot, BulkOutcome.Moved }
            .Where(o => o switch { BulkOutcome.Moved => _work.Moved > 0, BulkOutcome.Cannot => _work.File is null, _ => true }))
            Panel.Filters.Add((PriceWords.Outcome(each, _work, Language).Text, With(("only", each.ToString().ToLowerInvariant()), ("after", null)), filter.Outcome == each));
        if (await PriceFilePage.ProblemsAsync(this, Panel, files) is { } problems)
        {
            Table = problems;
            return Page();
        }

        var rows = await repricings.RowsAsync(_work.Id, filter);
        var more = rows.Count > RowsMax;
        if (more) rows.RemoveAt(RowsMax);
        var skus = await names.SkusAsync(rows.Select(r => r.Sku));
        Table = Parts.Table.Of(rows, Title)
            .Column(T("商品", "Goods"), r => new Cell(Names.Sku(skus.GetValueOrDefault(r.Sku), Language), Sub: skus.GetValueOrDefault(r.Sku)?.Code))
            .Column(T("等级", "Level"), r => levels.Find(l => l.Rank == r.Level) is { } level ? Language.PickOr(level.NameZh, level.NameEn) : $"{r.Level}")
            .Money(T("进价", "Cost"), r => r.Cost)
            .Money(T("原价", "Price before"), r => r.Was)
            .Money(T("新价", "New price"), r => r.Price)
            .Flow(T("毛利", "Margin"), r => r.Margin is { } margin && LevelRule.MarginBps(r.Price!.Value, r.Cost) is { } bps ? new Cell(Show.Money(margin), Sub: Show.Margin(bps)) : new Cell("—"))
            .Badge(T("结果", "Result"), r => PriceWords.Outcome(r.Outcome, _work, Language))
            .Column(T("注意", "Look at"), r => r.Why != LevelRefusal.None ? PriceWords.Why(r.Why, Language) : PriceWords.Warnings(r.Warnings, Language))
            .Build();
        Table.Next = more ? With(("after", $"{rows[^1].Sku}-{rows[^1].Level}")) : null;
        Table.First = filter.After is null ? null : With(("after", null));
        Table.Empty = new EmptyState(T("没有这样的价格", "No such prices"), T("换个结果看看，或者换个范围。", "Look at other results, or choose other goods."), Icon: "products");
        return Page();
    }

    private static (SkuId, int)? AfterOf(string text) =>
        text.Split('-') is [var sku, var level] && SkuId.TryParse(sku, out var id) && int.TryParse(level, System.Globalization.CultureInfo.InvariantCulture, out var rank) ? (id, rank) : null;

    /// <summary>For the script that draws the progress.</summary>
    public async Task<IActionResult> OnGetProgressAsync(string id) => await FindAsync(id) ? new JsonResult(BulkPanel.Progress(_work)) : NotFound();

    public async Task<IActionResult> OnPostApplyAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        var isFirst = _work.State == BulkStage.Ready;
        var decision = await repricings.ApplyAsync(_work.Id);
        if (ProblemOf(decision) is var (zh, en)) return NotDone(Request.Path, zh, en);
        if (isFirst) await RecordAsync(_work.File is null ? "prices.rule" : "prices.file", $"{id} {_work.Changes}: {BulkWords.File(_work, Platform.Http.Language.En) ?? PriceWords.Rule(_work.Rule, await merchants.ListLevelsAsync(), Platform.Http.Language.En)}");
        await steps.BeginAsync(_work.Id);
        return Redirect(Request.Path);
    }

    public async Task<IActionResult> OnPostAgainAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        if (await repricings.PreviewAgainAsync(_work.Id, Actor) is not AgentsDecision<long>.Saved again) return NotFound();
        await steps.BeginAsync(again.Value);
        return Redirect($"/console/prices/rules/{PublicId.Encode(again.Value)}");
    }
}
