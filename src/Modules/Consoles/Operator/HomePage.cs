using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.App;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Operator;

/// <param name="Words">What the step is for, or what stands there once it is done.</param>
internal sealed record SetupStep(string Title, string Words, string Href, bool IsDone);

/// <summary>From an empty installation to the first sale; afterwards, today at a glance.</summary>
[Needs(Permissions.OverviewSee)]
internal sealed class HomePage(
    Catalog.Catalog catalog, Inventory.Inventory inventory, Merchants merchants, PriceLists lists, StorefrontBook shops, PriceBooks books,
    OrderDesk orders, StockWatch watch, BalanceWarnings warnings, Attention attention, Names names,
    Analytics.Figures figures, PaymentChannels channels, ChannelDesk desk, PageNeeds needs) : ConsolePage
{
    private const int FailingShown = 5;

    public List<SetupStep> Steps { get; } = [];
    public List<(string Label, string Value, string Note)> Figures { get; } = [];
    public int DoneCount => Steps.Count(s => s.IsDone);
    public SetupStep? NextStep => Steps.Find(s => !s.IsDone);
    public int Inversions { get; private set; }

    /// <summary>What waits for somebody, by the page that lists it.</summary>
    public List<(NavLink Page, long Count)> Waiting { get; private set; } = [];

    /// <summary>Supplies and channels that do worse than they should.</summary>
    public List<(string Name, string Words, string Href)> Failing { get; } = [];

    /// <summary>Supplies whose stock ran low and has not recovered.</summary>
    public long LowStockCount { get; private set; }

    /// <summary>Merchants whose wallets are below their own warning.</summary>
    public List<(string Name, string Words, string Href)> LowBalances { get; private set; } = [];

    /// <summary>The newest of them, with their names.</summary>
    public List<(string Name, string Reason)> LowStock { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Title = T("首页", "Home");
        var book = await books.RefreshAsync();
        var products = await catalog.ListProductsAsync(new ProductFilter(Limit: 1));
        var stock = await inventory.StockOfAsync([.. book.Skus.Take(400).Select(s => s.Id)]);
        var open = (await shops.ListAsync()).Find(s => s.IsOpen);
        var page = await orders.ListAsync(new OrderFilter(Limit: 200));
        var sold = page.Orders.Count > 0;
        var levels = await merchants.ListLevelsAsync();
        var firstSku = book.Skus.MinBy(s => s.Id);
        var firstProduct = products.Items.Count > 0 ? products.Items[0] : null;
        var firstMerchant = book.Merchants.MinBy(m => m.Id);
        var priced = firstSku is not null && (await lists.LevelPricesAsync([.. book.Skus.Take(400).Select(s => s.Id)])).Count > 0;
        var supplies = firstSku is null ? [] : await catalog.ListSuppliesAsync(firstSku.Id);
        var low = await watch.AlertsAsync(null, openOnly: true, limit: 3);
        LowStockCount = await watch.CountAlertsAsync(null);
        var lines = await catalog.SuppliesAsync(low.Select(a => a.SupplyId));
        LowStock = low.ConvertAll(a => (lines.TryGetValue(a.SupplyId, out var s) ? Words.Sku(s, Language) : "—", StockWords.Reason(a, Language)));
        LowBalances = [.. (await warnings.LowAsync(limit: FailingShown)).Select(l => (names.Merchant(l.Merchant, Language),
            T($"可用 {Show.Money(l.Free)}，预警线 {Show.Money(l.Below)}", $"{Show.Money(l.Free)} available, warned below {Show.Money(l.Below)}"), $"/console/merchants/{l.Merchant}"))];
        var waits = (await attention.OfAsync(Person)).Of;
        Waiting = [.. Nav.Of(Person, Language, needs).SelectMany(t => t.Pages).Where(p => waits.ContainsKey(p.Href)).Select(p => (p, waits[p.Href]))];
        Inversions = (await lists.InversionsAsync()).Count;

        var ways = await channels.ListAsync();
        await FailingAsync(ways);

        Step("代理等级", "Levels", T("总代、一级、二级已经建好，名字可以改", "General, first and second are there; rename them as you like"), "/console/levels", levels.Count > 0);
        Step("建分类", "Make a category", T("店铺首页按分类摆货", "Storefronts show goods by category"), "/console/categories/new", (await catalog.ListCategoriesAsync()).Count > 0);
        Step("建商品", "Make a product", T("例如 Steam 钱包充值码", "Such as Steam wallet code"), "/console/products/new", firstProduct is not null);
        Step("加规格", "Give it a SKU", T("例如 50 元，买家买的是规格", "Such as CNY 50: what buyers buy"), firstProduct is null ? "/console/products/new" : $"/console/skus/new?product={firstProduct.Id}", firstSku is not null);
        Step("建供应商", "Make a supplier", T("卖自己的货，也先建一个", "For your own goods too"), "/console/suppliers/new", (await catalog.ListSuppliersAsync()).Count > 0);
        Step("建货源和进价", "Add a supply with its cost", T("没有进价不上架", "Without a cost nothing is offered"), $"/console/supplies/new{(firstSku is null ? "" : $"?sku={firstSku.Id}")}", book.IsAnythingSupplied);
        Step("导入卡密", "Import cards", T("一行一张，重复的自动挑出来", "One a line; duplicates are found"), $"/console/imports/new{(supplies.Count == 0 ? "" : $"?supply={supplies[0].Id}")}", sold || stock.Values.Any(n => n > 0));
        Step("给各级定价", "Set prices per level", T("可以按进价加价一次定好", "A rule over the cost sets them at once"), firstSku is null ? "/console/prices" : $"/console/prices/{firstSku.Product}", priced);
        Step("支付通道", "Payment channels", T("先用测试通道；开业前换成真的", "Begin with the test channel; add a real one before you open"), "/console/channels", ways.Exists(c => c.State == ChannelState.Active));
        Step("建代理", "Make a merchant", T("店铺和钱包都属于代理", "Wallets and shops belong to merchants"), "/console/merchants/new", firstMerchant is not null);
        Step("开店铺", "Open a storefront", T("买家从这里进来", "Where buyers come in"), $"/console/storefronts/new{(firstMerchant is null ? "" : $"?merchant={firstMerchant.Id}")}", open is not null);
        var seller = open?.Merchant ?? firstMerchant?.Id;
        Step("定零售价，上架", "Set retail prices", T("零售价高过拿货价和手续费才能卖", "Above the wholesale price and the fee"), seller is null ? "/console/merchants" : $"/console/merchants/{seller}/shelf", seller is { } m && book.Shelf(m).Count > 0);
        Step("卖出第一单", "Make the first sale", open is null ? T("打开店铺买一张试试", "Open the shop and buy one") : T($"打开 /s/{open.Slug}，用测试通道买一张", $"Open /s/{open.Slug} and buy one through the test channel"), open is null ? "/console/storefronts" : $"/s/{open.Slug}", sold);

        var today = new DateTimeOffset(Now.ToOffset(Show.Zone).Date, Show.Zone);
        // Counted among the newest: a list from this morning on would look for more among all older ones.
        var ofToday = page.Orders.Where(o => o.CreatedAt >= today).ToList();
        var isMore = page.Next is not null && ofToday.Count == page.Orders.Count;
        var latest = page.Orders.Take(10).ToList();
        var named = await names.SkusAsync(latest.Select(o => o.Sku));
        Table = Parts.Table.Of(latest, T("最近的订单", "Latest orders"))
            .Column(T("订单", "Order"), o => new Cell(o.Id.ToString(), $"/console/orders/{o.Id}", Show.Ago(o.CreatedAt, Now, Language), Title: Show.Exact(o.CreatedAt), IsMono: true))
            .Column(T("商品", "Goods"), o => Names.Sku(named.GetValueOrDefault(o.Sku), Language))
            .Number(T("数量", "Quantity"), o => o.Quantity)
            .Column(T("代理", "Merchant"), o => names.Merchant(o.Merchant, Language))
            .Money(T("金额", "Amount"), o => o.Total)
            .Badge(T("状态", "State"), o => Words.Status(o.Status, Language))
            .Build();
        var total = ofToday.Aggregate(Money.Zero, (sum, o) => o.PaidAt is null ? sum : sum + o.Total - o.Refunded);
        // What was paid, as the figures count it.
        var paid = ofToday.Count(o => o.PaidAt is not null);
        Figures.Add((T("今天的订单", "Orders today"), isMore ? "200+" : Show.Number(paid), ofToday.Count == paid ? "" : T($"另有 {ofToday.Count - paid} 张没付款", $"{ofToday.Count - paid} more not paid")));
        Figures.Add((T("今天成交（CNY）", "Sold today (CNY)"), isMore ? T("见订单", "see orders") : Show.Money(total, 2), T("减去退款", "less refunds")));
        Figures.Add((T("代理", "Merchants"), Show.Number(book.Merchants.Count), ""));
        Figures.Add((T("可卖的规格", "SKUs in stock"), Show.Number(stock.Values.Count(n => n > 0)), T($"共 {book.Skus.Count} 个", $"of {book.Skus.Count}")));

        void Step(string zh, string en, string words, string href, bool isDone) => Steps.Add(new SetupStep(T(zh, en), words, href, isDone));
    }

    private async Task FailingAsync(IReadOnlyList<Channel> ways)
    {
        var supplies = await figures.FailingAsync(Now);
        var lines = await catalog.SuppliesAsync(supplies.Take(FailingShown).Select(f => f.Recent.Supply));
        foreach (var failing in supplies.Take(FailingShown))
        {
            var rate = Show.Percent(failing.SuccessBps);
            var words = !failing.IsOfHour ? T($"最近 {failing.Recent.Failed} 次都失败", $"the last {failing.Recent.Failed} all failed") : T($"最近一小时成功 {rate}", $"{rate} succeeded in the last hour");
            Failing.Add((lines.TryGetValue(failing.Recent.Supply, out var line) ? $"{Words.Sku(line, Language)} · {Language.PickOr(line.SupplierNameZh, line.SupplierNameEn)}" : "—",
                failing.UsualBps is { } bps ? T($"{words}，平时 {Show.Percent(bps)}", $"{words}, usually {Show.Percent(bps)}") : words, $"/console/supplies/{failing.Recent.Supply}"));
        }

        if (supplies.Count > FailingShown)
            Failing.Add((T("今天的各货源", "Supplies today"), T($"还有 {supplies.Count - FailingShown} 个", $"{supplies.Count - FailingShown} more"), "/console/figures/supplies"));

        foreach (var channel in ways.Where(c => c.State == ChannelState.Active))
        {
            var recent = (await desk.FiguresAsync(channel)).Recent;
            if (recent.IsFailing)
                Failing.Add((PaymentWords.Name(channel, Language), T($"最近 {recent.Tried} 次只付成 {recent.Paid} 次", $"only {recent.Paid} of the last {recent.Tried} were paid"), $"/console/channels/{PublicId.Encode(channel.Id)}"));
        }
    }
}
