using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;
using Lianka.Platform.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Flash sales: of one merchant, or, for the operator, of all.</summary>
internal abstract class SaleListPage(SaleBook book, Names names) : ConsolePage
{
    /// <summary>Null: the operator, who sees all.</summary>
    protected abstract MerchantId? Tenant { get; }
    protected abstract string Root { get; }

    public async Task OnGetAsync()
    {
        Title = T("限时抢购", "Flash sales");
        Actions.Add(($"{Root}/new", T("新建抢购", "New flash sale")));
        var sales = await book.ListAsync(Tenant);
        var skus = await names.SkusAsync(sales.Select(s => s.SkuId));
        var table = Parts.Table.Of(sales, Title)
            .Column(T("商品", "Goods"), s => new Cell(Names.Sku(skus.GetValueOrDefault(s.SkuId), Language), $"{Root}/{s.Id}"));
        if (Tenant is null) table.Column(T("代理", "Merchant"), s => new Cell(names.Merchant(s.MerchantId, Language), $"/console/merchants/{s.MerchantId}"));
        Table = table
            .Column(T("从", "From"), s => Show.Exact(s.FromAt))
            .Column(T("到", "To"), s => Show.Exact(s.ToAt))
            .Money(T("抢购价", "Price"), s => s.Price)
            .Number(T("名额", "Units"), s => s.Units)
            .Number(T("已付款", "Paid"), s => s.Sold)
            .Number(T("待付款", "Unpaid"), s => s.Unpaid)
            .Badge(T("状态", "State"), s => SaleWords.State(s, Now, Language))
            .Build();
        Table.Empty = new EmptyState(T("还没有限时抢购", "No flash sales yet"),
            T("限量、限时、限购；抢到的要在几分钟内付款，不付的自动让给排队的人。", "Few units for a short time; what is not paid for in minutes goes to those in line."),
            $"{Root}/new", T("新建抢购", "New flash sale"), "marketing");
    }
}

internal abstract class NewSalePage(SaleBook book, FlashDesk desk, StorefrontBook shops, SoughtGoods goods) : ConsolePage
{
    protected abstract MerchantId? Tenant { get; }
    protected abstract string Root { get; }

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("新建抢购", "New flash sale");
        Up = (Root, T("限时抢购", "Flash sales"));
        var choice = await goods.SkusAsync(Request, SkuId.TryParse(await GivenAsync("sku"), out var chosen) ? chosen : null);
        Form = new Form(Language) { Back = Root }
            .Choice("storefront", "哪个店铺", "Storefront", (await shops.ListAsync(Tenant)).Select(s => new Option(s.Id.ToString(), Language.PickOr(s.NameZh, s.NameEn))))
            .Choice("sku", "规格", "SKU", choice.Items.Select(s => new Option(s.Id.ToString(), $"{Names.Sku(s, Language)}（{s.Code}）"))).Among(choice.Words)
            .Whole("units", "名额", "Units").Beside().Money("price", "抢购价", "Price").Hint("只能到分；不能低于拿货价加手续费", "Whole fen; not below the merchant's own price and the payment fee")
            .Whole("quota", "每人限购", "Most for one buyer").Fill("quota", "1").Beside()
            .Whole("pay_seconds", "付款时限", "Time to pay", unit: T("秒", "seconds")).Fill("pay_seconds", "120").Hint("30 到 900 秒；过时名额让给排队的人", "30 to 900 seconds; then the units go to those in line")
            .Moment("from", "从", "From").Fill("from", Show.Typed(Now.AddMinutes(10))).Beside().Moment("to", "到", "To").Fill("to", Show.Typed(Now.AddHours(1)))
            .Hint("北京时间", "Beijing time");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        // What cannot be read stays the empty id, which names nothing and is refused below.
        _ = StorefrontId.TryParse(Form["storefront"], out var storefront);
        _ = SkuId.TryParse(Form["sku"], out var sku);
        var draft = new FlashSaleDraft
        {
            Storefront = storefront, Sku = sku, Units = Form["units"], Price = Form["price"], Quota = Form["quota"], PaySeconds = Form["pay_seconds"],
            From = Form.MomentOf("from")!.Value.ToUniversalTime(), To = Form.MomentOf("to")!.Value.ToUniversalTime(),
        };
        if (!Took(await book.CreateAsync(Tenant, draft), out var saved)) return Again();
        await desk.RefreshAsync();
        await RecordAsync("sale.create", $"{saved.Id} {saved.Units} × {saved.Price}");
        return Done($"{Root}/{saved.Id}", "抢购已建好，把页面网址发给买家就行。", "Flash sale made. Send the page's address to your buyers.");
    }
}

/// <summary>One sale with its figures, which keep themselves fresh.</summary>
internal abstract class SaleEditPage(SaleBook book, FlashDesk desk, StorefrontBook shops, Names names) : ConsolePage
{
    private FlashSale _sale = null!;

    protected abstract MerchantId? Tenant { get; }
    protected abstract string Root { get; }

    public List<(string Label, string Value, string Note)> Figures { get; } = [];
    public List<(string Label, string Value)> Facts { get; } = [];
    public bool CanEnd => _sale.ToAt > Now;
    public bool IsFinal => _sale.ToAt <= Now && _sale.Unpaid == 0;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!SaleId.TryParse(RouteData.Values["id"] as string, out var id) || await book.FindAsync(id, Tenant) is not { } sale)
        {
            context.Result = NotFound();
            return;
        }

        _sale = sale;
        Up = (Root, T("限时抢购", "Flash sales"));
        Title = Names.Sku((await names.SkusAsync([sale.SkuId])).GetValueOrDefault(sale.SkuId), Language);
        if (await shops.FindAsync(Tenant, sale.StorefrontId) is { } shop) Actions.Add(($"/s/{shop.Slug}/flash/{sale.Id}", T("打开抢购页", "Open the page")));
        var (state, _) = SaleWords.State(sale, Now, Language);
        Figures.Add((T("已付款", "Paid"), Show.Number(sale.Sold), T($"共 {Show.Number(sale.Units)} 份", $"of {Show.Number(sale.Units)}")));
        Figures.Add((T("待付款", "Unpaid"), Show.Number(sale.Unpaid), T("超时自动退回", "come back by themselves")));
        Figures.Add((T("排队", "In line"), Show.Number(desk.Find(id)?.Waiting ?? 0), T("在这个节点上", "on this node")));
        Figures.Add((T("退回过", "Came back"), Show.Number(sale.Lapsed), T("没有按时付款或取消", "not paid in time, or cancelled")));
        Facts.Add((T("状态", "State"), state));
        Facts.Add((T("场次编号", "Number"), $"{id}"));
        Facts.Add((T("抢购价", "Price"), $"{Show.Money(sale.Price, 2)} CNY"));
        Facts.Add((T("每人限购", "Most for one buyer"), Show.Number(sale.Quota)));
        Facts.Add((T("付款时限", "Time to pay"), T($"{sale.PaySeconds} 秒", $"{sale.PaySeconds} s")));
        Facts.Add((T("时间", "Time"), $"{Show.Exact(sale.FromAt)} – {Show.Exact(sale.ToAt)}"));
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostEndAsync()
    {
        if (ProblemOf(await book.EndAsync(_sale.Id, Tenant)) is { } problem) return NotDone(Root, problem.Zh, problem.En);
        await desk.RefreshAsync();
        await RecordAsync("sale.end", _sale.Id.ToString());
        return Done($"{Root}/{_sale.Id}", "抢购已结束，已抢到的仍可付款", "The sale has ended; what is reserved can still be paid");
    }
}

internal static class SaleWords
{
    public static (string Text, string Tone) State(FlashSale sale, DateTimeOffset now, Language language) =>
        sale.IsSoldOut ? (language.Pick("抢光了", "Sold out"), "ok")
        : sale.ToAt <= now ? (language.Pick("结束了", "Over"), "")
        : sale.FromAt > now ? (language.Pick("未开始", "To come"), "waiting")
        : (language.Pick("进行中", "Running"), "ok");
}
