using System.Globalization;
using Lianka.Kernel;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Consoles.Tenanted;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>What the supplier offers, and how much of it is left.</summary>
[Needs(SupplierPermissions.StockSee)]
internal sealed class StockPage(Inventory.OwnSupplies own, Catalog.Catalog catalog) : ConsolePage
{
    public string Search { get; private set; } = "";

    /// <summary>Something would sell, and is off for a reason that stands on the page of the standing.</summary>
    public bool IsStopped { get; private set; }

    public async Task OnGetAsync(string? q, string? after)
    {
        Title = T("库存", "Stock");
        Search = q?.Trim() ?? "";
        Actions.Add(("/console/supplier/imports/new", T("导入卡密", "Import cards")));
        Actions.Add(("/console/supplier/stock-alerts", T("库存预警", "Low stock")));
        IsStopped = await own.IsAnyStoppedAsync(Supplier);
        ProductId? cursor = ProductId.TryParse(after, out var parsed) ? parsed : null;
        var page = await catalog.ListProductsAsync(new Catalog.ProductFilter(Search.Length > 0 ? Search : null, After: cursor, Supplier: Supplier));
        var supplies = await own.ListAsync(Supplier, [.. page.Items.Select(p => p.Id)]);
        var table = Parts.Table.Of(supplies, Title)
            .Column(T("规格", "SKU"), s => new Cell(Words.Sku(s.Line, Language), Sub: s.Line.SkuCode));
        if (Person.Rights.Has(SupplierPermissions.PricesSee)) table.Money(T("进价", "Cost"), s => s.Line.Cost).Money(T("扣佣金后", "Less commission"), s => s.Owed);
        var mayImport = Person.Rights.Has(SupplierPermissions.StockEdit);
        Table = table
            .Column(T("结算等待", "Hold time"), s => StockWords.Hold(s.Line, Language))
            .Column(T("剩余", "Left"), s => new Cell(s.Left is { } left ? Show.Number(left) : "—"))
            .Number(T("近 7 天卖出", "Sold in 7 days"), s => s.Outlook?.SoldRecently ?? 0)
            .Column(T("还够卖", "Lasts"), s => StockWords.Lasts(s.Outlook, Language))
            .Badge(T("状态", "State"), s => StockWords.State(s, Language))
            .Column(T("操作", "Action"), s => s.Kind == Catalog.SkuKind.Card && mayImport
                ? new Cell(T("导入卡密", "Import cards"), $"/console/supplier/imports/new?supply={s.Line.Id}") : new Cell("—"))
            .Choose(s => s.Line.Id.ToString(),
            [
                new("/console/supplier/chosen/supplies-pause", T("暂停供货", "Pause")), new("/console/supplier/chosen/supplies-resume", T("恢复供货", "Resume")),
            ])
            .Build();
        Table.Next = page.Next is { } next ? With(("after", next.ToString())) : null;
        Table.First = cursor is null ? null : With(("after", null));
        Table.Empty = Search.Length > 0
            ? new EmptyState(T("没有找到", "Nothing found"), T("换个词试试。", "Try other words."), "/console/supplier/stock", T("看全部库存", "All stock"), "search")
            : new EmptyState(T("还没有货源", "No supplies yet"), T("平台给你建好货源后，就能在这里导入卡密。", "Once the platform has set up your supplies, import cards here."), Icon: "supply");
    }
}

[Needs(SupplierPermissions.SalesSee)]
internal sealed class SalesPage(OrderDesk orders, Names names) : ConsolePage
{
    private const int PageSize = 100;

    public async Task OnGetAsync(string? after)
    {
        Title = T("销售", "Sales");
        var sales = await orders.SalesAsync(Supplier);
        // What sold most stands first; a page goes on after the SKU that ended the one before.
        var at = SkuId.TryParse(after, out var last) ? sales.Index().FirstOrDefault(s => s.Item.Sku == last, (Index: -1, Item: null!)).Index + 1 : 0;
        var shown = sales.Skip(at).Take(PageSize).ToList();
        var skus = await names.SkusAsync(shown.Select(s => s.Sku));
        Table = Parts.Table.Of(shown, Title)
            .Column(T("规格", "SKU"), s => new Cell(Names.Sku(skus.GetValueOrDefault(s.Sku), Language), Sub: skus.GetValueOrDefault(s.Sku)?.Code))
            .Number(T("卖出", "Sold"), s => s.Units)
            .Money(T("已结给你", "Released to you"), s => s.Released)
            .Money(T("担保中", "Held in escrow"), s => s.Waiting)
            .Build();
        if (sales.Count > 0)
            Table.Total = [T("合计", "Total"), Show.Number(sales.Sum(s => s.Units)), Show.Money(Sum(sales, s => s.Released)), Show.Money(Sum(sales, s => s.Waiting))];
        Table.Next = at + shown.Count < sales.Count ? With(("after", shown[^1].Sku.ToString())) : null;
        Table.First = at > 0 ? With(("after", null)) : null;
        Table.Empty = new EmptyState(T("还没有卖出", "Nothing sold yet"), T("有库存、有价格，就会开始卖。", "With stock and prices, sales begin."), "/console/supplier/stock", T("看库存", "Look at the stock"), "orders");
    }

    private static Money Sum(IEnumerable<SupplierSales> sales, Func<SupplierSales, Money> of) => sales.Aggregate(default(Money), (sum, s) => sum + of(s));
}

[Needs(SupplierPermissions.MoneySee)]
internal sealed class MoneyPage(SupplierStatements statements, Database database) : ConsolePage
{
    public List<(string Label, string Value, string Note)> Figures { get; } = [];
    public Table Ages { get; private set; } = null!;
    public Table Owed { get; private set; } = null!;

    public async Task OnGetAsync()
    {
        Title = T("货款与流水", "Money and entries");
        Actions.Add(("/console/supplier/payouts", T("提现", "Ask for a payout")));
        Actions.Add(("/console/supplier/statements", T("对账单", "Statements")));
        var money = await statements.MoneyAsync(Supplier, ChinaDay.Of(Now));
        var ages = money.Payable;
        var page = await database.ReadAsync(s => Statements.OfPartyAsync(s, Supplier.Value, EntryTables.Filter(this)));
        Figures.Add((T("可提现", "Available") + " CNY", Show.Money(ages.Available), T("已结算", "released")));
        Figures.Add((T("担保中", "Held in escrow") + " CNY", Show.Money(money.InEscrow), T("卖出了，等结算", "sold, not released yet")));
        Figures.Add((T("打款在途", "On its way to the bank") + " CNY", Show.Money(ages.InTransit), T($"已打款 {Show.Money(ages.Paid)}", $"paid so far {Show.Money(ages.Paid)}")));
        Figures.Add((T("欠平台", "Owed to the platform") + " CNY", Show.Money(money.Debt), T("从以后的货款里先扣", "recovered first from later sales")));
        (string Words, Money Amount)[] buckets =
        [
            (T("未到期（担保中）", "Not due (in escrow)"), money.InEscrow),
            (T("0–7 天", "0–7 days"), ages.Days7),
            (T("8–30 天", "8–30 days"), ages.Days30),
            (T("30 天以上", "Over 30 days"), ages.Older),
        ];
        Ages = Parts.Table.Of(buckets, T("账龄：结算后多久还没提走", "By age: how long ago it was released and not paid out"))
            .Column(T("账龄", "Age"), b => b.Words).Money(T("金额", "Amount"), b => b.Amount).Build();
        Owed = Parts.Table.Of(money.Releases, T("担保中的货款，按结算日", "In escrow, by the day of release"))
            .Column(T("结算日", "Day"), o => o.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .Number(T("订单", "Orders"), o => o.Orders).Money(T("金额", "Amount"), o => o.Amount).Build();
        Owed.Empty = new EmptyState(T("担保中没有货款", "Nothing in escrow"), T("卖出后先进担保，等待时间过了就结算给你。", "What is sold waits in escrow until its hold time is over."), Icon: "finance");
        Table = EntryTables.Entries(this, page, null);
    }
}
