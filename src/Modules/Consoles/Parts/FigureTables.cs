using Lianka.Kernel;
using Lianka.Modules.Analytics;

namespace Lianka.Modules.Consoles.Parts;

/// <summary>Charts that more than one role sees, each of its own figures.</summary>
internal static class FigureTables
{
    /// <summary>Every day of the span, also those without sales. Of a span without any: none.</summary>
    /// <param name="orders">The list of orders; a day leads to its orders there.</param>
    public static Table Sales(ConsolePage page, Days days, List<DaySales> sales, string orders)
    {
        var byDay = sales.ToDictionary(s => s.Day);
        var shown = sales.Count > 0 ? days.Each : [];
        var table = Table.Of(shown.Select(d => (Day: d, Sales: byDay.GetValueOrDefault(d) ?? new DaySales())), page.T("成交", "Sales"))
            .Column(page.T("日期", "Day"), r => new Cell(Show.Day(r.Day), OfDay(orders, r.Day)))
            .Money(page.T("成交额", "Sold"), r => r.Sales.Sold).Drawn(DrawnAs.Bar)
            .Money(page.T("退款", "Refunded"), r => r.Sales.Refunded).Drawn(DrawnAs.Bar)
            .Number(page.T("订单", "Orders"), r => r.Sales.Orders)
            .Number(page.T("件数（减退款）", "Units, less refunds"), r => r.Sales.Units)
            .Build();
        table.Empty = new EmptyState(page.T("这些天没有成交", "Nothing was sold in these days"), page.T("卖出后按天显示在这里，点一天看当天的订单。", "What is sold stands here by day; a day leads to its orders."), orders, page.T("看订单", "Orders"), "orders");
        return table;
    }

    /// <summary>Every day of the span; a day on which nothing was bought for single orders has no rate. Of a span without any: none.</summary>
    /// <param name="href">Where a day leads; null: nowhere.</param>
    public static Table Success(ConsolePage page, Days days, List<DaySupplied> supplied, Func<DateOnly, string?> href)
    {
        var byDay = supplied.ToDictionary(s => s.Day);
        var shown = supplied.Exists(s => s.SuccessBps is not null) ? days.Each : [];
        var table = Table.Of(shown.Select(d => (Day: d, Supplied: byDay.GetValueOrDefault(d) ?? new DaySupplied())), page.T("采购成功率", "Success rate of purchases"))
            .Column(page.T("日期", "Day"), r => new Cell(Show.Day(r.Day), href(r.Day)))
            .Percent(page.T("成功率", "Success rate"), r => r.Supplied.SuccessBps).Drawn(DrawnAs.Line)
            .Number(page.T("成功", "Succeeded"), r => r.Supplied.Succeeded)
            .Number(page.T("失败", "Failed"), r => r.Supplied.Failed)
            .Build();
        table.Empty = new EmptyState(page.T("这些天没有采购", "Nothing was bought in these days"), page.T("直充订单向供应商采购，结果按天显示在这里。", "What is bought from suppliers for direct orders stands here by day, as it ended."), Icon: "supply");
        return table;
    }

    public static string OfDay(string list, DateOnly day) => $"{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}from={Show.Day(day)}&to={Show.Day(day)}";

    public static Money Sum<T>(IEnumerable<T> rows, Func<T, Money> money) => rows.Aggregate(Money.Zero, (sum, r) => sum + money(r));
}
