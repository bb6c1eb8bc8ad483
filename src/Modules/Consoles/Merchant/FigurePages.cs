using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;

namespace Lianka.Modules.Consoles.Merchant;

/// <summary>The merchant's own sales, what it earned by them and by those below it, and by which branch.</summary>
[Needs(MerchantPermissions.OverviewSee)]
internal sealed class FiguresPage(Analytics.Figures figures, Names names) : ConsolePage
{
    private const int BranchesMax = 20;

    public List<(string Label, string Value, string Note)> Sums { get; } = [];
    public List<Table> Charts { get; } = [];

    /// <summary>The branches are those of this day only.</summary>
    public DateOnly? Day { get; private set; }

    public async Task OnGetAsync(string? day)
    {
        Title = T("经营数据", "Figures");
        var days = DaysChoice.DaysOf(this);
        Day = Show.DayOf(day) is { } at ? DateOnly.FromDateTime(at.DateTime) : null;
        var sales = await figures.SalesAsync(Merchant, days);
        Sums.Add((T("订单", "Orders"), Show.Number(sales.Sum(s => s.Orders)), T("自己和自己店铺的", "own, and of the own shops")));
        Sums.Add((T("成交额（CNY）", "Sold (CNY)"), Show.Money(FigureTables.Sum(sales, s => s.Sold), 2), T($"退款 {Show.Money(FigureTables.Sum(sales, s => s.Refunded), 2)}", $"{Show.Money(FigureTables.Sum(sales, s => s.Refunded), 2)} refunded")));
        Charts.Add(FigureTables.Sales(this, days, sales, "/console/merchant/orders"));
        if (Person.Rights.Has(MerchantPermissions.MoneySee)) await AddEarningsAsync(days);
        if (Person.Rights.Has(MerchantPermissions.AgentsSee)) await AddBranchesAsync(days);
    }

    private async Task AddEarningsAsync(Days days)
    {
        var earned = await figures.EarnedAsync(Merchant, days);
        var byDay = earned.ToDictionary(e => e.Day);
        Sums.Add((T("零售收益（CNY）", "Earned in shops (CNY)"), Show.Money(FigureTables.Sum(earned, e => e.Own), 2), ""));
        Sums.Add((T("下级带来（CNY）", "Earned by sub-agents (CNY)"), Show.Money(FigureTables.Sum(earned, e => e.Below), 2), ""));
        Charts.Add(Parts.Table.Of(days.Each.Select(d => byDay.GetValueOrDefault(d) ?? new DayEarned { Number = FigureDay.NumberOf(d) }), T("收益", "Earnings"))
            .Column(T("日期", "Day"), e => new Cell(Show.Day(e.Day), With(("day", Show.Day(e.Day)))))
            .Money(T("自己的店铺", "Own shops"), e => e.Own).Drawn(DrawnAs.Bar)
            .Money(T("下级带来", "By sub-agents"), e => e.Below).Drawn(DrawnAs.Bar)
            .Build());
    }

    private async Task AddBranchesAsync(Days days)
    {
        var branches = await figures.BranchesAsync(Merchant, Day is { } only ? new Days(only, only) : days, BranchesMax);
        Charts.Add(Parts.Table.Of(branches, Day is { } chosen ? T($"各条线带来的收益，{Show.Day(chosen)}", $"Earnings by branch, {Show.Day(chosen)}") : T("各条线带来的收益", "Earnings by branch"))
            .Column(T("下级", "Sub-agent"), b => new Cell(names.Merchant(b.Merchant, Language), $"/console/merchant/agents/{b.Merchant}", T("和它下面的", "and below")))
            .Money(T("带给你", "Earned you"), b => b.Earned).Drawn(DrawnAs.Lying)
            .Money(T("成交额（减退款）", "Sold, less refunds"), b => b.Net)
            .Number(T("订单", "Orders"), b => b.Orders)
            .Build());
        Charts[^1].Empty = new EmptyState(T("下级还没有卖出", "No sales of sub-agents"), T("下级卖货，差价归你，这里按条线分。", "What sub-agents sell earns you the difference; here it stands by branch."), "/console/merchant/agents", T("看下级", "Sub-agents"), "agents");
    }
}
