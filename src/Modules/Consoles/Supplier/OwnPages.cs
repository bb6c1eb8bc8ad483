using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>What the supplier offers, and how much of it is left.</summary>
internal sealed class StockPage(Catalog.Catalog catalog, Inventory.StockWatch watch) : ConsolePage
{
    /// <summary>Something would sell, and is off for a reason that stands on the page of the standing.</summary>
    public bool IsStopped { get; private set; }

    public async Task OnGetAsync()
    {
        Title = T("库存", "Stock");
        Actions.Add(("/console/supplier/imports/new", T("导入卡密", "Import cards")));
        Actions.Add(("/console/supplier/stock-alerts", T("库存预警", "Low stock")));
        var outlooks = (await watch.OutlooksAsync(Supplier)).ToDictionary(o => o.Supply);
        var lines = await catalog.ListSuppliesAsync(supplier: Supplier);
        var offered = await catalog.OfferedAsync([.. lines.Select(l => l.SkuId)]);
        var terms = await catalog.FindTermsAsync(Supplier);
        IsStopped = lines.Exists(l => l.State == Catalog.SupplyState.Active && l.Cost is not null && !offered.Contains(l.Id));
        Table = Parts.Table.Of(lines, Title)
            .Column(T("规格", "SKU"), s => new Cell(Words.Sku(s, Language), Sub: s.SkuCode))
            .Money(T("进价", "Cost"), s => s.Cost)
            .Money(T("扣佣金后", "Less commission"), s => Catalog.Terms.Owed(s.Cost, s.ConnectionId is not null, terms))
            .Column(T("结算等待", "Hold time"), s => StockWords.Hold(s, Language))
            .Number(T("剩余", "Left"), s => Left(s.Id))
            .Number(T("近 7 天卖出", "Sold in 7 days"), s => outlooks.GetValueOrDefault(s.Id)?.SoldRecently ?? 0)
            .Column(T("还够卖", "Lasts"), s => StockWords.Lasts(outlooks.GetValueOrDefault(s.Id), Language))
            .Badge(T("状态", "State"), s => s.State != Catalog.SupplyState.Active ? (T("停用", "Off"), "")
                : s.Cost is null ? (T("没有进价", "No cost"), "warning") : !offered.Contains(s.Id) ? (T("停售", "Off"), "error")
                : Left(s.Id) == 0 ? (T("没货", "Out of stock"), "warning") : (T("在售", "On sale"), "ok"))
            .Column(T("操作", "Action"), s => new Cell(T("导入卡密", "Import cards"), $"/console/supplier/imports/new?supply={s.Id}"))
            .Build();
        Table.Empty = new EmptyState(T("还没有货源", "No supplies yet"), T("平台给你建好货源后，就能在这里导入卡密。", "Once the platform has set up your supplies, import cards here."), Icon: "supply");

        long Left(SupplyId supply) => outlooks.GetValueOrDefault(supply)?.Left ?? 0;
    }
}

internal sealed class SalesPage(OrderDesk orders, Names names) : ConsolePage
{
    public async Task OnGetAsync()
    {
        Title = T("销售", "Sales");
        var sales = await orders.SalesAsync(Supplier);
        var skus = await names.SkusAsync(sales.Select(s => s.Sku));
        Table = Parts.Table.Of(sales, Title)
            .Column(T("规格", "SKU"), s => new Cell(Names.Sku(skus.GetValueOrDefault(s.Sku), Language), Sub: skus.GetValueOrDefault(s.Sku)?.Code))
            .Number(T("卖出", "Sold"), s => s.Units)
            .Money(T("已结给你", "Released to you"), s => s.Released)
            .Money(T("担保中", "Held in escrow"), s => s.Waiting)
            .Build();
        if (sales.Count > 0)
            Table.Total = [T("合计", "Total"), Show.Number(sales.Sum(s => s.Units)), Show.Money(Sum(sales, s => s.Released)), Show.Money(Sum(sales, s => s.Waiting))];
        Table.Empty = new EmptyState(T("还没有卖出", "Nothing sold yet"), T("有库存、有价格，就会开始卖。", "With stock and prices, sales begin."), "/console/supplier/stock", T("看库存", "Look at the stock"), "orders");
    }

    private static Money Sum(IEnumerable<SupplierSales> sales, Func<SupplierSales, Money> of) => sales.Aggregate(default(Money), (sum, s) => sum + of(s));
}

internal sealed class MoneyPage(SupplierStatements statements, PayoutDesk payouts, Database database) : ConsolePage
{
    public List<(string Label, string Value, string Note)> Figures { get; } = [];
    public Table Ages { get; private set; } = null!;
    public Table Owed { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        Title = T("货款与流水", "Money and entries");
        Actions.Add(("/console/supplier/payouts", T("提现", "Ask for a payout")));
        Actions.Add(("/console/supplier/statements", T("对账单", "Statements")));
        var owed = await statements.OwedAsync(Supplier, ChinaDay.Of(Now));
        var ages = await payouts.AgeingAsync(Supplier);
        var (accounts, page) = await database.ReadAsync(async s =>
            (await Statements.BalancesAsync(s, Supplier.Value), await Statements.OfPartyAsync(s, Supplier.Value, EntryTables.Filter(this))));
        Money Of(string kind) => accounts.Find(a => a.Kind == kind)?.Balance ?? default;
        var waiting = owed.Aggregate(Money.Zero, (sum, o) => sum + o.Amount);
        Figures.Add((T("可提现", "Available") + " CNY", Show.Money(ages.Available), T("已结算", "released")));
        Figures.Add((T("担保中", "Held in escrow") + " CNY", Show.Money(waiting), T("卖出了，等结算", "sold, not released yet")));
        Figures.Add((T("打款在途", "On its way to the bank") + " CNY", Show.Money(ages.InTransit), T($"已打款 {Show.Money(ages.Paid)}", $"paid so far {Show.Money(ages.Paid)}")));
        Figures.Add((T("欠平台", "Owed to the platform") + " CNY", Show.Money(-Of(AccountKinds.Receivable)), T("从以后的货款里先扣", "recovered first from later sales")));
        (string Words, Money Amount)[] buckets =
        [
            (T("未到期（担保中）", "Not due (in escrow)"), waiting),
            (T("0–7 天", "0–7 days"), ages.Days7),
            (T("8–30 天", "8–30 days"), ages.Days30),
            (T("30 天以上", "Over 30 days"), ages.Older),
        ];
        Ages = Parts.Table.Of(buckets, T("账龄：结算后多久还没提走", "By age: how long ago it was released and not paid out"))
            .Column(T("账龄", "Age"), b => b.Words).Money(T("金额", "Amount"), b => b.Amount).Build();
        Owed = Parts.Table.Of(owed, T("担保中的货款，按结算日", "In escrow, by the day of release"))
            .Column(T("结算日", "Day"), o => o.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .Number(T("订单", "Orders"), o => o.Orders).Money(T("金额", "Amount"), o => o.Amount).Build();
        Owed.Empty = new EmptyState(T("担保中没有货款", "Nothing in escrow"), T("卖出后先进担保，等待时间过了就结算给你。", "What is sold waits in escrow until its hold time is over."), Icon: "finance");
        Table = EntryTables.Entries(this, page, null);
    }
}
