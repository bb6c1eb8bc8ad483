using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Analytics;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.TopUps;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Lianka.Modules.Consoles.Merchant;

[Needs(MerchantPermissions.OverviewSee)]
internal sealed class HomePage(OrderDesk orders, StorefrontBook shops, BalanceWarnings warnings, Names names, Database database) : ConsolePage
{
    /// <summary>The wallet is below what the merchant wants to have; null: it is not.</summary>
    public LowBalance? Low { get; private set; }

    public List<(string Label, string Value, string Note)> Figures { get; } = [];
    public List<(string Name, string Url)> ShopUrls { get; } = [];

    public async Task OnGetAsync()
    {
        Title = names.Merchant(Merchant, Language);
        Actions.Add(("/console/merchant/buy", T("下单", "Place an order")));
        if (Person.Rights.Has(MerchantPermissions.MoneySee)) await LoadMoneyAsync();
        foreach (var shop in await shops.ListAsync(Merchant))
            if (shop.IsOpen) ShopUrls.Add((Language.PickOr(shop.NameZh, shop.NameEn), $"/s/{shop.Slug}"));
        if (Person.Rights.Has(MerchantPermissions.OrdersSee)) await LoadOrdersAsync();
    }

    private async Task LoadMoneyAsync()
    {
        var balances = await database.ReadAsync(s => Statements.BalancesAsync(s, Merchant.Value));
        Low = await warnings.LowAsync(Merchant) is [var low] ? low : null;
        Money Of(string kind) => balances.Find(b => b.Kind == kind)?.Balance ?? default;
        var wallet = balances.Find(b => b.Kind == AccountKinds.Wallet);
        Figures.Add((T("余额", "Balance") + " CNY", Show.Money(Of(AccountKinds.Wallet)), wallet is { Credit.IsPositive: true } ? T($"可透支 {Show.Money(wallet.Credit)}", $"credit line {Show.Money(wallet.Credit)}") : ""));
        Figures.Add((T("冻结", "Held") + " CNY", Show.Money(wallet?.Held ?? default), ""));
        Figures.Add((T("可用佣金", "Commission available") + " CNY", Show.Money(Of(AccountKinds.CommissionAvailable)), ""));
        Figures.Add((T("待结佣金", "Commission pending") + " CNY", Show.Money(Of(AccountKinds.CommissionPending)), ""));
    }

    private async Task LoadOrdersAsync()
    {
        var today = new DateTimeOffset(Now.ToOffset(Show.Zone).Date, Show.Zone);
        var page = await orders.ListAsync(new OrderFilter(Merchant, Limit: 20));
        var ofToday = page.Orders.Where(o => o.CreatedAt >= today).ToList();
        var skus = await names.SkusAsync(ofToday.Select(o => o.Sku));
        Table = Parts.Table.Of(ofToday, T("今天的订单", "Today's orders"))
            .Column(T("订单", "Order"), o => new Cell(o.Id.ToString(), $"/console/merchant/orders/{o.Id}", Show.Ago(o.CreatedAt, Now, Language), Title: Show.Exact(o.CreatedAt), IsMono: true))
            .Column(T("商品", "Goods"), o => Names.Sku(skus.GetValueOrDefault(o.Sku), Language))
            .Number(T("数量", "Quantity"), o => o.Quantity)
            .Money(T("金额", "Amount"), o => o.Total)
            .Badge(T("状态", "State"), o => Words.Status(o.Status, Language))
            .Build();
        Table.Next = page.Next is not null && ofToday.Count == page.Orders.Count ? "/console/merchant/orders" : null;
        Table.Empty = new EmptyState(T("今天还没有订单", "No orders today"), T("店铺卖出的和自己下的单都会在这里。", "Sales of your shop and your own orders appear here."), "/console/merchant/buy", T("下单", "Place an order"), "orders");
    }
}

[Needs(MerchantPermissions.OrdersSee)]
internal sealed class OrdersPage(OrderDesk orders, Catalog.Catalog catalog, Names names, CardVault vault)
    : OrderListPage(orders, catalog, names, vault)
{
    protected override MerchantId? Tenant => Merchant;
    public override string Root => "/console/merchant";

    protected override EmptyState NoOrders => new(T("还没有订单", "No orders yet"), T("店铺卖出的和自己下的单都会在这里。", "Sales of your shop and your own orders appear here."),
        "/console/merchant/buy", T("下单", "Place an order"), "orders");
}

[Needs(MerchantPermissions.PricesSee, MerchantPermissions.PricesEdit)]
internal sealed class PricesPage(
    PriceBooks books, Shelves shelves, Catalog.Finder finder, Catalog.Catalog catalog, Inventory.Inventory inventory, StorefrontFees fees, Names names, Listings listings, ListingSteps steps)
    : ShelfEditPage(books, shelves, finder, catalog, inventory, fees, names)
{
    public override bool HasMarks => true;

    protected override Task<MerchantId?> OwnerAsync()
    {
        Title = T("价格与库存", "Prices and stock");
        // What is looked at now is what is chosen there.
        Actions.Add(("/console/merchant/listing/new" + Microsoft.AspNetCore.Http.QueryString.Create(
            new[] { ("words", Request.Query["q"].ToString()), ("category", Request.Query["category"].ToString()) }
                .Where(p => p.Item2.Length > 0).Select(p => KeyValuePair.Create(p.Item1, (string?)p.Item2))), T("一键上架", "One-click listing")));
        Actions.Add(("/console/merchant/listing/import", T("用文件定价", "Prices from a file")));
        return Task.FromResult<MerchantId?>(Merchant);
    }

    /// <summary>Marked rows go on to a rule for them, or to the preview of taking them off.</summary>
    public async Task<IActionResult> OnPostMarkedAsync([FromForm] string[] sku, [FromForm] string act)
    {
        var skus = sku.Select(s => SkuId.TryParse(s, out var id) ? id : default).Where(s => s != default).ToList();
        if (skus.Count == 0) return NotDone(With(), "先在左边勾选商品", "Mark some rows first");
        if (act != "off") return Redirect("/console/merchant/listing/new?skus=" + string.Join(',', skus));
        if (await listings.PreviewTakingOffAsync(Merchant, new GoodsChoice { Skus = skus }, Actor) is not AgentsDecision<long>.Saved saved)
            return NotDone(With(), "一次勾选的太多了", "Too many rows are marked");
        await steps.BeginAsync(saved.Value);
        return Redirect($"/console/merchant/listing/{PublicId.Encode(saved.Value)}");
    }
}

[Needs(MerchantPermissions.KeysManage, MerchantPermissions.KeysManage)]
internal sealed class KeysPage(ApiKeys keys) : KeyListPage(keys)
{
    protected override string Root => "/console/merchant";

    protected override Task<KeyOwner?> OwnerAsync() => Task.FromResult<KeyOwner?>(KeyOwner.Of(Merchant));
}

[Needs(MerchantPermissions.MoneySee)]
internal sealed class BalancePage(Database database) : ConsolePage
{
    public List<(string Label, string Value, string Note)> Figures { get; } = [];

    public async Task OnGetAsync()
    {
        Title = T("余额与流水", "Balance and entries");
        Actions.Add(("/console/merchant/balance/warning", T("余额预警", "Low balance warning")));
        var (accounts, page) = await database.ReadAsync(async s =>
            (await Statements.BalancesAsync(s, Merchant.Value), await Statements.OfPartyAsync(s, Merchant.Value, EntryTables.Filter(this, [AccountKinds.Wallet, AccountKinds.Receivable]))));
        var wallet = accounts.Find(a => a.Kind == AccountKinds.Wallet);
        Figures.Add((T("余额", "Balance") + " CNY", Show.Money(wallet?.Balance ?? default), T("含冻结", "held included")));
        Figures.Add((T("冻结", "Held") + " CNY", Show.Money(wallet?.Held ?? default), ""));
        Figures.Add((T("信用额度", "Credit line") + " CNY", Show.Money(wallet?.Credit ?? default), ""));
        Figures.Add((T("订单担保中", "In escrow for orders") + " CNY", Show.Money(accounts.Find(a => a.Kind == AccountKinds.Escrow)?.Balance ?? default), T("结算前的货款", "until settlement")));
        Table = EntryTables.Entries(this, page, "/console/merchant/orders");
    }
}

/// <summary>Below what amount the first page warns, the operator's too.</summary>
[Needs(MerchantPermissions.MoneySee, MerchantPermissions.MoneyAdd)]
internal sealed class BalanceWarningPage(BalanceWarnings warnings) : ConsolePage
{
    private const string Back = "/console/merchant/balance";

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Title = T("余额预警", "Low balance warning");
        Up = (Back, T("余额与流水", "Balance and entries"));
        Form = new Form(Language) { Back = Back }
            .Money("below", "可用余额低于多少时提醒", "Warn when less than this is available", optional: true)
            .Hint("可用余额含信用额度，不含冻结。低于它时首页提醒，平台也看得到。留空就不提醒。",
                "Available is the balance with the credit line, without what is held. Below it your first page warns, and the operator sees it, too. Empty: no warning.")
            .Fill("below", await warnings.BelowAsync(Merchant) is { } below ? below.ToString() : "");
        await next();
    }

    public void OnGet() { }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await Form!.ReadAsync(Request)) return Again();
        if (await warnings.SetAsync(Merchant, Form["below"]) is { Count: > 0 } errors)
        {
            Form.Take(errors);
            return Again();
        }

        await RecordAsync("balance.warning", Form["below"]);
        return Done(Back, "余额预警已保存", "The warning is saved");
    }
}

/// <summary>What the merchant earned: from its shop, and from each sub-agent's sales.</summary>
[Needs(MerchantPermissions.MoneySee, MerchantPermissions.MoneyMove)]
internal sealed class EarningsPage(Earnings earnings, Names names, Database database, Ledger.Ledger ledger) : ConsolePage
{
    public List<(string Label, string Value, string Note)> Figures { get; } = [];
    public Table Entries { get; private set; } = null!;
    private const int SourcesShown = 100;
    private AccountBalance? _available, _wallet;

    /// <summary>Why there are no numbers of orders, turnover and escrow after an upgrade: only what was released is known at once.</summary>
    public static string StillAdding(ConsolePage page) => page.T("刚升级，以前的订单还在补算，几分钟后就有", "Just upgraded: sales of before are still being added up, for some minutes");

    private async Task LoadAsync()
    {
        Title = T("收益", "Earnings");
        string[] kinds = [AccountKinds.CommissionPending, AccountKinds.CommissionAvailable];
        var (accounts, page) = await database.ReadAsync(async s =>
            (await Statements.BalancesAsync(s, Merchant.Value), await Statements.OfPartyAsync(s, Merchant.Value, EntryTables.Filter(this, kinds))));
        _available = accounts.Find(a => a.Kind == AccountKinds.CommissionAvailable);
        _wallet = accounts.Find(a => a.Kind == AccountKinds.Wallet);
        var (lines, isComplete) = await earnings.OfAsync(Merchant);
        Figures.Add((T("可用", "Available") + " CNY", Show.Money(_available?.Balance ?? default), T("已过售后期，可转入钱包", "past the dispute window; may go to the wallet")));
        Figures.Add((T("待结", "Pending") + " CNY", Show.Money(accounts.Find(a => a.Kind == AccountKinds.CommissionPending)?.Balance ?? default), T("已结算，等售后期过", "settled, waiting for the dispute window")));
        Figures.Add((T("担保中", "In escrow") + " CNY", isComplete ? Show.Money(lines.Aggregate(default(Money), (sum, l) => sum + l.Waiting)) : "—", isComplete ? T("卖出了，还没结算", "sold, not settled yet") : StillAdding(this)));
        Figures.Add((T("累计已结算", "Settled in all") + " CNY", Show.Money(lines.Aggregate(default(Money), (sum, l) => sum + l.Released)), ""));
        // A page goes on after the source that ended the one before.
        var at = MerchantId.TryParse(Request.Query["source"], out var last) ? lines.Index().FirstOrDefault(l => (l.Item.Child ?? Merchant) == last, (Index: -1, Item: null!)).Index + 1 : 0;
        var shown = lines.Skip(at).Take(SourcesShown).ToList();
        Table = Parts.Table.Of(shown, T("收益，按来源", "Earnings by source"))
            .Column(T("来自", "From"), l => l.Child is { } child ? new Cell(names.Merchant(child, Language), $"/console/merchant/agents/{child}", T("下级的销售", "its sales and below")) : new Cell(T("自己的店铺", "Own shop"), Sub: T("零售", "retail")))
            .Number(T("订单", "Orders"), l => isComplete ? l.Orders : null)
            .Number(T("份数", "Units"), l => isComplete ? l.Units : null)
            .Money(T("成交额", "Turnover"), l => isComplete ? l.Turnover : null)
            .Money(T("已结算", "Settled"), l => l.Released)
            .Money(T("担保中", "In escrow"), l => isComplete ? l.Waiting : null)
            .Build();
        Table.Next = at + shown.Count < lines.Count ? With(("source", (shown[^1].Child ?? Merchant).ToString())) : null;
        Table.First = at > 0 ? With(("source", null)) : null;
        Table.Empty = new EmptyState(T("还没有收益", "No earnings yet"), T("店铺卖货赚差价，下级卖货也分给你。", "Your shop's margin and your share of sub-agents' sales appear here."), "/console/merchant/prices", T("去定零售价", "Set retail prices"), "finance");
        Entries = EntryTables.Entries(this, page, "/console/merchant/orders");
        if (_available is { Balance.IsPositive: true })
            Form = new Form(Language) { Submit = T("转入钱包", "Move to the wallet") }
                .Money("amount", "转多少可用佣金到钱包", "How much available commission to move").Fill("amount", _available.Balance.ToString()).OnlyOnce();
    }

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        await LoadAsync();
        if (Form is null || _available is null || _wallet is null) return Done(Request.Path, "现在没有可用佣金", "There is no commission available now");
        if (!await Form.ReadAsync(Request)) return Again();
        var amount = Form.MoneyOf("amount");
        if (!amount.IsPositive)
        {
            Form.Fail("amount", "要大于 0", "It must be above 0");
            return Again();
        }

        var posted = await database.WriteAsync(s => ledger.PostAsync(s, new Posting("commission_transfer", Actor,
            [new Leg(_available.Id, _wallet.Id, amount, "commission_transfer")], Key: $"commission:{Merchant.Value}:{Form.Once}")));
        if (posted is not PostDecision.Posted)
        {
            Form.Fail("amount", "可用佣金没有这么多", "There is not that much available");
            return Again();
        }

        await RecordAsync("commission.transfer", amount.ToString());
        return Done(Request.Path, $"已转入钱包 {Show.Money(amount)}", $"Moved {Show.Money(amount)} to the wallet");
    }
}
