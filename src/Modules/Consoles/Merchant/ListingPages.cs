using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>What was listed at one press or from a file lately; the rule of each can be applied again.</summary>
[Needs(MerchantPermissions.PricesSee)]
internal sealed class ListingsPage(Listings listings, Catalog.Catalog catalog) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("一键上架", "One-click listing");
        Actions.Add(("/console/merchant/listing/new", T("选货上架", "Choose and list")));
        Actions.Add(("/console/merchant/listing/import", T("用文件定价", "Prices from a file")));
        var categories = await catalog.ListCategoriesAsync();
        Table = Parts.Table.Of(await listings.ListAsync(Merchant), T("最近几次", "The latest"))
            .Column(T("时间", "When"), l => new Cell(Show.Ago(l.CreatedAt, Now, Language), $"/console/merchant/listing/{PublicId.Encode(l.Id)}", Title: Show.Exact(l.CreatedAt)))
            .Column(T("商品", "Goods"), l => ListingWords.Choice(l, categories, Language))
            .Column(T("怎么定价", "Prices"), l => l.TakesOff ? T("下架", "Taken off") : ListingWords.Rule(l.Rule, Language))
            .Number(T("上架、改价或下架", "Listed, changed or taken off"), l => l.Changes - l.Moved)
            .Number(T("不能上架", "Cannot be listed"), l => l.Cannot)
            .Badge(T("状态", "State"), l => BulkWords.State(l, Language))
            .Build();
        Table.Empty = new EmptyState(T("还没有批量上架过", "Nothing listed at one press yet"),
            T("选一批商品，定一个加价规则，先看每件的结果，再一次全部上架。", "Choose goods and a mark-up, see the result for each, then list them all at once."),
            "/console/merchant/listing/new", T("选货上架", "Choose and list"), "products");
    }
}

/// <summary>Which goods, and by which rule. Marked rows come in the address: <c>?skus=</c>; an earlier choice as <c>?from=</c>.</summary>
[Needs(MerchantPermissions.PricesSee, MerchantPermissions.PricesEdit)]
internal sealed class NewListingPage(Listings listings, ListingSteps steps, Catalog.Catalog catalog) : ConsolePage
{
    private RuleGoods _goods = null!;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("选货上架", "Choose and list");
        Up = ("/console/merchant/listing", T("一键上架", "One-click listing"));
        var from = PublicId.TryDecode(Request.Query["from"].ToString(), out var id) ? await listings.FindAsync(Merchant, id) : null;
        _goods = new RuleGoods(Request, from?.Choice, await catalog.ListCategoriesAsync());
        Form = new Form(Language) { Submit = T("看预览", "See the preview"), Back = Up.Value.Href };
        _goods.Ask(Form, "对您供货的全部商品", "everything offered to you");
        Form.Section("怎么定价", "How prices are made")
            .Whole("margin_bps", "在拿货价上加（基点，100 = 1%）", "Over the own price (basis points, 100 = 1%)").Fill("margin_bps", "500").Beside()
            .Money("added", "每件再加", "And per unit", optional: true)
            .Choice("ending", "尾数", "Ends in", ListingWords.Endings(Language)).Fill("ending", nameof(RetailEnding.Fen)).Beside()
            .Money("added_max", "每件最多加", "Adds at most", optional: true).Hint("比例和固定加价合起来的上限", "For the proportion and the amount together")
            .Check("keeps_own", "已经上架的保持原价", "Leave goods that are listed already as they are");
        if (from?.Rule is { } rule) Fill(from.Choice, rule);
        await next();
    }

    private void Fill(GoodsChoice choice, RetailRule rule) => Form!
        .Fill("margin_bps", $"{rule.MarginBps}").Fill("added", rule.Added.IsZero ? "" : rule.Added.ToString())
        .Fill("added_max", rule.AddedMax?.ToString()).Fill("ending", rule.Ending.ToString()).Fill("keeps_own", choice.KeepsOwn ? "on" : "");

    public string? MarkedWords => _goods.MarkedWords(Language);

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        var rule = new RetailRuleDraft
        {
            MarginBps = Form["margin_bps"], Added = Form["added"], AddedMax = Form["added_max"], Ending = Enum.Parse<RetailEnding>(Form["ending"]),
        };
        if (!Took(await listings.PreviewAsync(Merchant, _goods.Read(Form), rule, Actor), out var id)) return Again();
        await steps.BeginAsync(id);
        return Redirect($"/console/merchant/listing/{PublicId.Encode(id)}");
    }
}

/// <summary>A file with the merchant's own retail prices.</summary>
[Needs(MerchantPermissions.PricesEdit, MerchantPermissions.PricesEdit)]
internal sealed class ListingImportPage(Listings listings, ListingSteps steps, UploadGate gate) : PriceFilePage(gate)
{
    protected override string Root => "/console/merchant/listing";
    protected override string List => "/console/merchant/prices";

    protected override Task NameAsync()
    {
        Title = T("用文件定价", "Prices from a file");
        Up = (Root, T("一键上架", "One-click listing"));
        Rules.Add(T("第一行是列名：「编码」和「零售价」各一列，其他列不看。", "The first row has the titles: “Code” and “Retail price”; other columns are not looked at."));
        Rules.Add(T("空格子保持原样，文件里没写的商品也不动。要下架，在零售价里写「下架」。", "An empty cell leaves its price as it is, and so do goods that are not in the file. To take goods off the shelf, write “off” for the price."));
        Rules.Add(T("零售价最多两位小数，写数字本身，不要公式、日期和千分位。超出价格控制、不够拿货价加手续费的不会改，会写明原因。", "Retail prices have at most 2 decimals: plain numbers, no formulas, dates or thousands separators. Prices outside price control, or below own price and fee, are left out and say why."));
        return Task.CompletedTask;
    }

    protected override async Task<AgentsDecision<long>> PreviewAsync(string name, byte[] content)
    {
        var decision = await listings.PreviewFileAsync(Merchant, name, content, Actor);
        if (decision is AgentsDecision<long>.Saved saved) await steps.BeginAsync(saved.Value, content.Length);
        return decision;
    }
}

/// <summary>A small choice is there with the page that follows; a large one goes on in the background.</summary>
internal sealed class ListingSteps(Listings listings, PriceBooks books, StorefrontFees fees)
{
    private const int AtOnceMax = 5_000;

    /// <param name="file">Bytes of the file that is read first.</param>
    public async Task BeginAsync(long id, int file = 0)
    {
        if (books.Current.Skus.Count <= AtOnceMax && file <= PriceFilePage.AtOnceMax) await listings.AdvanceAsync(id, await fees.NowAsync());
    }
}

/// <summary>One listing: how far it is, what becomes of each SKU, and the button that does it.</summary>
[Needs(MerchantPermissions.PricesSee, MerchantPermissions.PricesEdit)]
internal sealed class ListingPage(Listings listings, ListingSteps steps, PriceFiles files, Catalog.Catalog catalog, Names names) : ConsolePage
{
    private const int RowsMax = 100;

    public Listing Listing { get; private set; } = null!;
    public BulkPanel Panel { get; private set; } = null!;

    private async Task<bool> FindAsync(string id)
    {
        if (!PublicId.TryDecode(id, out var number) || await listings.FindAsync(Merchant, number) is not { } listing) return false;
        Listing = listing;
        return true;
    }

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        Title = Listing.State == BulkStage.Done ? T("上架结果", "What was listed") : Listing.TakesOff ? T("下架预览", "Preview of taking off") : T("上架预览", "Preview of the listing");
        Up = ("/console/merchant/listing", T("一键上架", "One-click listing"));
        List<(string, string)> facts = [(T("商品", "Goods"), ListingWords.Choice(Listing, await catalog.ListCategoriesAsync(), Language))];
        if (!Listing.TakesOff)
            facts.Add((T("怎么定价", "How prices are made"), ListingWords.Rule(Listing.Rule, Language) + (Listing.Choice.KeepsOwn ? T("；已上架的保持原价", "; goods that are listed keep their prices") : "")));
        facts.AddRange(BulkWords.FileFacts(Listing, Language));
        Panel = new BulkPanel(Listing, Language, BulkWords.State(Listing, Language), facts, T("不能上架", "Cannot be listed"),
            Listing.TakesOff ? T($"下架这 {Show.Number(Listing.Changes)} 个", $"Take these {Show.Number(Listing.Changes)} off") : Listing.File is not null ? T($"照文件办这 {Show.Number(Listing.Changes)} 个", $"Do these {Show.Number(Listing.Changes)} as the file says") : T($"上架这 {Show.Number(Listing.Changes)} 个", $"List these {Show.Number(Listing.Changes)}"),
            Listing.TakesOff ? null : Listing.File is null ? ($"/console/merchant/listing/new?from={id}", T("换个规则", "Another rule")) : ("/console/merchant/listing/import", T("换个文件", "Another file")), $"{Request.Path}?handler=progress", Up.Value.Label);
        BulkOutcome? only = Enum.TryParse<BulkOutcome>(Request.Query["only"], ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null;
        foreach (var filter in ListingWords.Filters(Listing)) Panel.Filters.Add((filter is { } of ? ListingWords.Outcome(of, Listing, Language).Text : T("全部", "All"), With(("only", filter?.ToString().ToLowerInvariant()), ("after", null)), filter == only));
        if (await PriceFilePage.ProblemsAsync(this, Panel, files) is { } problems)
        {
            Table = problems;
            return Page();
        }

        SkuId? after = SkuId.TryParse(Request.Query["after"], out var last) ? last : null;
        var rows = await listings.RowsAsync(Listing.Id, only, after, RowsMax + 1);
        var more = rows.Count > RowsMax;
        if (more) rows.RemoveAt(RowsMax);
        var skus = await names.SkusAsync(rows.Select(r => r.Sku));
        var table = Parts.Table.Of(rows, Title)
            .Column(T("商品", "Goods"), r => new Cell(Names.Sku(skus.GetValueOrDefault(r.Sku), Language), Sub: skus.GetValueOrDefault(r.Sku)?.Code));
        if (!Listing.TakesOff) table.Money(T("拿货价", "Own price"), r => r.Unit);
        table.Money(T("原零售价", "Price before"), r => r.Was);
        if (!Listing.TakesOff)
            table.Money(T("零售价", "Retail price"), r => r.Retail).Money(T("手续费", "Fee"), r => r.Fee).Money(T("每件赚", "You earn"), r => r.Margin);
        Table = table.Badge(T("结果", "Result"), r => ListingWords.Outcome(r.Outcome, Listing, Language))
            .Column(T("说明", "Why"), r => ListingWords.Note(r, Language))
            .Build();
        Table.Next = more ? With(("after", rows[^1].Sku.ToString())) : null;
        Table.First = after is null ? null : With(("after", null));
        Table.Empty = new EmptyState(T("没有这样的商品", "No such goods"), only is null ? T("选的范围里没有能上架的，换个范围试试。", "Nothing in this choice can be listed: choose others.") : T("换个结果看看。", "Look at other results."), Icon: "products");
        return Page();
    }

    /// <summary>For the script that draws the progress.</summary>
    public async Task<IActionResult> OnGetProgressAsync(string id) => await FindAsync(id) ? new JsonResult(BulkPanel.Progress(Listing)) : NotFound();

    public async Task<IActionResult> OnPostApplyAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        var decision = await listings.ApplyAsync(Merchant, Listing.Id);
        if (ProblemOf(decision) is var (zh, en)) return NotDone(Request.Path, zh, en);
        await steps.BeginAsync(Listing.Id);
        await RecordAsync("listing.apply", $"{Merchant} {id} {Listing.Changes}");
        return Redirect(Request.Path);
    }

    public async Task<IActionResult> OnPostAgainAsync(string id)
    {
        if (!await FindAsync(id)) return NotFound();
        if (await listings.PreviewAgainAsync(Merchant, Listing.Id, Actor) is not AgentsDecision<long>.Saved again) return NotFound();
        await steps.BeginAsync(again.Value);
        return Redirect($"/console/merchant/listing/{PublicId.Encode(again.Value)}");
    }
}
