using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Consoles.Supplier;

/// <summary>What the supplier sold, what was released to it, and how well it delivered.</summary>
[Needs(SupplierPermissions.SalesSee)]
internal sealed class FiguresPage(Analytics.Figures figures, Catalog.Catalog catalog) : ConsolePage
{
    private const int SuppliesMax = 20;

    public List<(string Label, string Value, string Note)> Sums { get; } = [];
    public List<Table> Charts { get; } = [];

    /// <summary>The supplies are those of this day only.</summary>
    public DateOnly? Day { get; private set; }

    public async Task OnGetAsync(string? day)
    {
        Title = T("经营数据", "Figures");
        var days = DaysChoice.DaysOf(this);
        Day = Show.DayOf(day) is { } at ? DateOnly.FromDateTime(at.DateTime) : null;
        var supplied = await figures.SuppliedAsync(Supplier, days);
        var seesMoney = Person.Rights.Has(SupplierPermissions.MoneySee);
        Dictionary<DateOnly, Money> released = !seesMoney ? [] : (await figures.PayableAsync(Supplier, days)).Where(m => m is { Account: AccountKinds.Payable, Kind: "settle_in" }).ToDictionary(m => m.Day, m => m.Came);
        var supplies = await figures.SuppliesAsync(Supplier, Day is { } only ? new Days(only, only) : days, SuppliesMax);
        var lines = await catalog.SuppliesAsync(supplies.Select(s => s.Supply));
        var byDay = supplied.ToDictionary(s => s.Day);
        var (succeeded, failed) = (supplied.Sum(s => s.Succeeded), supplied.Sum(s => s.Failed));

        Sums.Add((T("卖出件数", "Units sold"), Show.Number(supplied.Sum(s => s.Units)), ""));
        Sums.Add((T("货款（CNY）", "Sold (CNY)"), Show.Money(FigureTables.Sum(supplied, s => s.Cost), 2), T("按进价，未减退款", "at cost, before refunds")));
        if (seesMoney) Sums.Add((T("结算给你（CNY）", "Released to you (CNY)"), Show.Money(FigureTables.Sum(released.Values, m => m), 2), ""));
        Sums.Add((T("采购成功率", "Purchases succeeded"), succeeded + failed == 0 ? "—" : Show.Percent(succeeded * 10_000 / (succeeded + failed)), T($"{Show.Number(failed)} 次失败", $"{Show.Number(failed)} failed")));

        var sold = Parts.Table.Of(days.Each, T("货款", "Sold and released"))
            .Column(T("日期", "Day"), d => new Cell(Show.Day(d), With(("day", Show.Day(d)))))
            .Money(T("卖出（按进价）", "Sold, at cost"), d => byDay.GetValueOrDefault(d)?.Cost ?? Money.Zero).Drawn(DrawnAs.Bar);
        if (seesMoney) sold.Money(T("结算给你", "Released to you"), d => released.GetValueOrDefault(d)).Drawn(DrawnAs.Bar);
        Charts.Add(sold.Number(T("件数", "Units"), d => byDay.GetValueOrDefault(d)?.Units ?? 0).Build());
        Charts.Add(FigureTables.Success(this, days, supplied, d => With(("day", Show.Day(d)))));
        Charts.Add(Parts.Table.Of(supplies, Day is { } chosen ? T($"各规格，{Show.Day(chosen)}", $"By SKU, {Show.Day(chosen)}") : T("各规格", "By SKU"))
            .Column(T("规格", "SKU"), s => new Cell(lines.TryGetValue(s.Supply, out var line) ? Words.Sku(line, Language) : "—", "/console/supplier/sales"))
            .Number(T("卖出件数", "Units sold"), s => s.Units).Drawn(DrawnAs.Lying)
            .Money(T("货款", "At cost"), s => s.Cost)
            .Percent(T("采购成功率", "Success rate"), s => s.SuccessBps)
            .Number(T("失败", "Failed"), s => s.Failed)
            .Build());
        Charts[^1].Empty = new EmptyState(T("还没有卖出", "Nothing sold yet"), T("有库存、有价格，就会开始卖。", "With stock and prices, sales begin."), "/console/supplier/stock", T("看库存", "Look at the stock"), "orders");
    }
}
