using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Consoles.Access;
using Lianka.Modules.Consoles.Parts;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments;
using Lianka.Platform.Http;

namespace Lianka.Modules.Consoles.Operator;

/// <summary>Sales, profit, success, channels and stock as charts; each leads to what is behind it.</summary>
[Needs(Permissions.FinanceSee)]
internal sealed class FiguresPage(Analytics.Figures figures, PaymentChannels channels, StockWatch watch, Catalog.Catalog catalog) : ConsolePage
{
    private const int StockMax = 12;

    /// <summary>More lines cannot be told apart; the others stand on each day's page.</summary>
    private const int ChannelLinesMax = 5;
    private const int MovedMax = 500;

    /// <summary>What the platform earns and loses stands in these.</summary>
    private static readonly string[] _profit = [AccountKinds.Revenue, AccountKinds.Fees, AccountKinds.Marketing, AccountKinds.Loss, AccountKinds.Rounding];

    private static readonly string _entries = "/console/accounts?kinds=" + string.Join(',', _profit);

    public List<(string Label, string Value, string Note)> Sums { get; } = [];
    public List<Table> Charts { get; } = [];

    public async Task OnGetAsync()
    {
        Title = T("经营数据", "Figures");
        var days = DaysChoice.DaysOf(this);
        var sales = await figures.SalesAsync(null, days);
        var moves = await figures.PlatformAsync(days);
        var supplied = await figures.SuppliedAsync(null, days);
        var profits = moves.Where(m => _profit.Contains(m.Account)).ToLookup(m => m.Day);
        var (succeeded, failed) = (supplied.Sum(s => s.Succeeded), supplied.Sum(s => s.Failed));

        Sums.Add((T("订单", "Orders"), Show.Number(sales.Sum(s => s.Orders)), ""));
        Sums.Add((T("成交额（CNY）", "Sold (CNY)"), Show.Money(FigureTables.Sum(sales, s => s.Sold), 2), T($"退款 {Show.Money(FigureTables.Sum(sales, s => s.Refunded), 2)}", $"{Show.Money(FigureTables.Sum(sales, s => s.Refunded), 2)} refunded")));
        Sums.Add((T("利润（CNY）", "Profit (CNY)"), Show.Money(FigureTables.Sum(moves.Where(m => _profit.Contains(m.Account)), Net), 2), T("放款后入账", "booked at release")));
        Sums.Add((T("采购成功率", "Purchases succeeded"), succeeded + failed == 0 ? "—" : Show.Percent(succeeded * 10_000 / (succeeded + failed)), T($"{Show.Number(failed)} 次失败", $"{Show.Number(failed)} failed")));

        Charts.Add(FigureTables.Sales(this, days, sales, "/console/orders"));
        Charts.Add(Parts.Table.Of(days.Each, T("利润", "Profit"))
            .Column(T("日期", "Day"), d => new Cell(Show.Day(d), FigureTables.OfDay(_entries, d)))
            .Money(T("利润", "Profit"), d => FigureTables.Sum(profits[d], Net)).Drawn(DrawnAs.Bar)
            .Money(T("平台所得", "The platform's share"), d => Of(d, AccountKinds.Revenue))
            .Money(T("手续费净额", "Fees, net"), d => Of(d, AccountKinds.Fees))
            .Money(T("营销支出", "Marketing"), d => Of(d, AccountKinds.Marketing))
            .Money(T("损失与尾差", "Losses and rounding"), d => Of(d, AccountKinds.Loss) + Of(d, AccountKinds.Rounding))
            .Build());
        Charts.Add(FigureTables.Success(this, days, supplied, d => $"/console/figures/supplies?day={Show.Day(d)}"));
        var ways = await channels.ListAsync();
        Charts.Add(Channels(ways, moves));
        Charts.Add(Tries(ways, days, await figures.ChannelsAsync(days)));
        Charts.Add(await StockAsync(days.Last));

        Money Of(DateOnly day, string account) => FigureTables.Sum(profits[day].Where(m => m.Account == account), Net);
    }

    private static Money Net(AccountMoves moves) => moves.Came - moves.Went;

    /// <summary>A line for each channel with tries, the busiest ones; a day leads to all of them.</summary>
    private Table Tries(List<Channel> ways, Days days, List<ChannelTries> tries)
    {
        var byDay = tries.ToLookup(t => t.Day);
        var at = tries.ToDictionary(t => (t.Day, t.ChannelId));
        var count = tries.GroupBy(t => t.ChannelId).ToDictionary(g => g.Key, g => g.Sum(t => t.Tried));
        var table = Parts.Table.Of(tries.Count == 0 ? [] : days.Each, T("支付成功率", "Payments that succeed"))
            .Column(T("日期", "Day"), d => new Cell(Show.Day(d), $"/console/figures/channels?day={Show.Day(d)}"));
        foreach (var way in ways.Where(w => count.ContainsKey(w.Id)).OrderByDescending(w => count[w.Id]).Take(ChannelLinesMax))
            table.Percent(PaymentWords.Name(way, Language), d => at.TryGetValue((d, way.Id), out var t) ? t.PaidBps : null, d => PaymentTables.OfDay(way.Id, d)).Drawn(DrawnAs.Line);
        var built = table.Number(T("付款次数", "Tries"), d => byDay[d].Sum(t => t.Tried)).Number(T("付成", "Paid"), d => byDay[d].Sum(t => t.Paid)).Build();
        built.Empty = new EmptyState(T("这些天没有人付款", "Nobody tried to pay in these days"), T("买家走到支付通道后，这里按天、按通道显示付成多少。", "Of buyers who go to a channel, the share that pays stands here by day."), "/console/channels", T("看支付通道", "Payment channels"), "finance");
        return built;
    }

    private Table Channels(List<Channel> ways, List<AccountMoves> moves)
    {
        var taken = ways.ConvertAll(c => (Channel: c, Moves: moves.Where(m => m.Account == c.Account).ToList()))
            .ConvertAll(c => (c.Channel,
                Paid: FigureTables.Sum(c.Moves.Where(m => m.Kind == "channel_paid"), m => m.Went),
                Back: FigureTables.Sum(c.Moves.Where(m => m.Kind == "channel_back"), m => m.Came)));
        var all = FigureTables.Sum(taken, c => c.Paid).Units;
        var table = Parts.Table.Of(taken.Where(c => c.Paid.IsPositive || c.Back.IsPositive).OrderByDescending(c => c.Paid.Units), T("支付通道占比", "Share of payment channels"))
            .Column(T("通道", "Channel"), c => new Cell(PaymentWords.Name(c.Channel, Language), $"/console/channels/{PublicId.Encode(c.Channel.Id)}"))
            .Money(T("收款", "Taken"), c => c.Paid).Drawn(DrawnAs.Slice)
            .Percent(T("占比", "Share"), c => all == 0 ? null : (long)((Int128)c.Paid.Units * 10_000 / all))
            .Money(T("退回", "Given back"), c => c.Back)
            .Build();
        table.Empty = new EmptyState(T("这些天没有通道收款", "No channel took money in these days"), T("买家在店铺付款后，这里按通道分。", "What buyers pay in shops stands here by channel."), "/console/channels", T("看支付通道", "Payment channels"), "finance");
        return table;
    }

    private async Task<Table> StockAsync(DateOnly today)
    {
        // What runs out is among what was sold: the stock of all goods is not counted for it.
        var moved = await figures.SuppliesAsync(null, Days.Until(today, 7), MovedMax);
        var lines = await catalog.SuppliesAsync(moved.Select(s => s.Supply));
        List<SkuId> skus = [.. lines.Values.Select(l => l.SkuId).Distinct()];
        var soon = (skus.Count == 0 ? [] : await watch.OutlooksAsync(null, skus)).Where(o => o is { SecondsLeft: not null, SoldRecently: > 0 }).OrderBy(o => o.SecondsLeft).Take(StockMax).ToList();
        var table = Parts.Table.Of(soon, T("库存还够卖几天", "How many days stock lasts"))
            .Column(T("货源", "Supply"), o => new Cell(lines.TryGetValue(o.Supply, out var line) ? Words.Sku(line, Language) : "—", $"/console/supplies/{o.Supply}"))
            .Column(T("还够卖", "Lasts"), o => StockWords.Lasts(o, Language))
            .Number(T("天数", "Days left"), o => o.SecondsLeft!.Value / 86_400).Drawn(DrawnAs.Lying)
            .Number(T("剩余", "Left"), o => o.Left)
            .Number(T("近 7 天卖出", "Sold in 7 days"), o => o.SoldRecently)
            .Build();
        table.Empty = new EmptyState(T("还看不出来", "Not known yet"), T("卖出几天之后，这里显示最先卖完的货。", "After some days of sales, what runs out first stands here."), "/console/supplies", T("看货源", "Supplies"), "supply");
        return table;
    }
}

/// <summary>How each supply did on one day, those with failures first.</summary>
[Needs(Permissions.StockSee)]
internal sealed class FigureSuppliesPage(Analytics.Figures figures, Catalog.Catalog catalog) : ConsolePage
{
    private const int Most = 200;

    public async Task OnGetAsync(string? day)
    {
        Up = ("/console/figures", T("经营数据", "Figures"));
        var at = DateOnly.FromDateTime((Show.DayOf(day) ?? Now).ToOffset(Show.Zone).DateTime);
        Title = T($"{Show.Day(at)} 各货源", $"Supplies on {Show.Day(at)}");
        var supplies = await figures.SuppliesAsync(null, new Days(at, at), Most);
        var lines = await catalog.SuppliesAsync(supplies.Select(s => s.Supply));
        Table = Parts.Table.Of(supplies, Title)
            .Column(T("货源", "Supply"), s => new Cell(lines.TryGetValue(s.Supply, out var line) ? Words.Sku(line, Language) : s.Supply.ToString(), $"/console/supplies/{s.Supply}"))
            .Column(T("供应商", "Supplier"), s => lines.TryGetValue(s.Supply, out var line)
                ? new Cell(Language.PickOr(line.SupplierNameZh, line.SupplierNameEn), $"/console/suppliers/{s.Supplier}") : "—")
            .Percent(T("采购成功率", "Success rate"), s => s.SuccessBps)
            .Number(T("成功", "Succeeded"), s => s.Succeeded)
            .Number(T("失败", "Failed"), s => s.Failed)
            .Number(T("卖出件数", "Units sold"), s => s.Units)
            .Money(T("进价合计", "At cost"), s => s.Cost)
            .Build();
        Table.Empty = new EmptyState(T("这一天没有卖出", "Nothing was sold on this day"), T("选另一天看看。", "Look at another day."), "/console/figures", T("经营数据", "Figures"), "data");
    }
}

/// <summary>How buyers' tries to pay went on one day, by channel.</summary>
[Needs(Permissions.ChannelsSee)]
internal sealed class FigureChannelsPage(Analytics.Figures figures, PaymentChannels channels) : ConsolePage
{
    public async Task OnGetAsync(string? day)
    {
        Up = ("/console/figures", T("经营数据", "Figures"));
        var at = DateOnly.FromDateTime((Show.DayOf(day) ?? Now).ToOffset(Show.Zone).DateTime);
        Title = T($"{Show.Day(at)} 各通道", $"Channels on {Show.Day(at)}");
        var names = (await channels.ListAsync()).ToDictionary(c => c.Id, c => PaymentWords.Name(c, Language));
        var tries = await figures.ChannelsAsync(new Days(at, at));
        Table = Parts.Table.Of(tries.OrderByDescending(t => t.Tried - t.Paid).ThenByDescending(t => t.Tried), Title)
            .Column(T("通道", "Channel"), t => new Cell(names.GetValueOrDefault(t.ChannelId, "?"), PaymentTables.OfDay(t.ChannelId, at)))
            .Percent(T("成功率", "Success rate"), t => t.PaidBps)
            .Number(T("付款次数", "Tries"), t => t.Tried)
            .Number(T("付成", "Paid"), t => t.Paid)
            .Number(T("没付成", "Not paid"), t => t.Tried - t.Paid)
            .Build();
        Table.Empty = new EmptyState(T("这一天没有人付款", "Nobody tried to pay on this day"), T("选另一天看看。还在等付款的，结束后才算。", "Look at another day. Those that still wait count when they are over."), "/console/figures", T("经营数据", "Figures"), "data");
    }
}
