using Lianka.Kernel;
using Lianka.Modules.Analytics.Core;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;

namespace Lianka.Modules.Analytics;

/// <summary>Some days, both ends included.</summary>
public readonly record struct Days(DateOnly First, DateOnly Last)
{
    /// <summary>So many days up to one.</summary>
    public static Days Until(DateOnly last, int count) => new(last.AddDays(1 - count), last);

    public IEnumerable<DateOnly> Each
    {
        get
        {
            for (var day = First; day <= Last; day = day.AddDays(1)) yield return day;
        }
    }

    internal long From => FigureDay.NumberOf(First);
    internal long UpTo => FigureDay.NumberOf(Last);
}

/// <summary>What was sold. Refunds stand on the day of the refund.</summary>
public record Sales
{
    public long Orders { get; init; }

    /// <summary>Sold, less refunded.</summary>
    public long Units { get; init; }
    public Money Sold { get; init; }
    public long Refunds { get; init; }
    public Money Refunded { get; init; }

    /// <summary>The party's frozen share, less what refunds took of it; the platform's is what reached it, before costs.</summary>
    public Money Earned { get; init; }
    public Money Net => Sold - Refunded;
}

public sealed record DaySales : Sales
{
    public long Number { get; init; }
    public DateOnly Day => FigureDay.Of(Number);
}

/// <summary>Of everyone from one merchant down.</summary>
public sealed record BranchSales : Sales
{
    public MerchantId Merchant { get; init; }
}

/// <summary>What a merchant earned on a day, by its own shops and by everyone below it.</summary>
public sealed record DayEarned
{
    public long Number { get; init; }
    public DateOnly Day => FigureDay.Of(Number);
    public Money Own { get; init; }
    public Money Below { get; init; }
}

/// <summary>How a supply did.</summary>
public record Supplied
{
    /// <summary>Refunds not taken off.</summary>
    public long Units { get; init; }
    public Money Cost { get; init; }

    /// <summary>Purchases for single orders; those that failed for a reason of ours are in neither.</summary>
    public long Succeeded { get; init; }
    public long Failed { get; init; }

    /// <summary>Basis points, rounded down; null: nothing was bought for single orders.</summary>
    public long? SuccessBps => Succeeded + Failed == 0 ? null : Succeeded * 10_000 / (Succeeded + Failed);
}

public sealed record DaySupplied : Supplied
{
    public long Number { get; init; }
    public DateOnly Day => FigureDay.Of(Number);
}

public sealed record SupplySupplied : Supplied
{
    public SupplyId Supply { get; init; }
    public SupplierId Supplier { get; init; }
}

/// <summary>A supply that does worse than usual.</summary>
/// <param name="Recent">What ended in the last hour; where that is little, its last tries.</param>
/// <param name="IsOfHour">False: it is tried so seldom that its last tries are told.</param>
/// <param name="UsualBps">In the four weeks before yesterday; null: it was not tried then.</param>
public sealed record FailingSupply(SupplyEnds Recent, bool IsOfHour, long? UsualBps)
{
    /// <summary>Basis points, rounded down.</summary>
    public long SuccessBps => Recent.Succeeded * 10_000 / (Recent.Succeeded + Recent.Failed);
}

/// <summary>What moved on accounts of a kind on a day.</summary>
public sealed record AccountMoves
{
    public long Number { get; init; }
    public DateOnly Day => FigureDay.Of(Number);

    /// <summary>Of the account, for example <c>revenue</c>.</summary>
    public string Account { get; init; } = "";

    /// <summary>Of the transfers.</summary>
    public string Kind { get; init; } = "";
    public Money Came { get; init; }
    public Money Went { get; init; }
}

/// <summary>How buyers' tries to pay through a channel went that began on a day and are over.</summary>
public sealed record ChannelTries
{
    public long ChannelId { get; init; }
    public long Number { get; init; }
    public DateOnly Day => FigureDay.Of(Number);

    /// <summary>Without those that no buyer went to.</summary>
    public long Tried { get; init; }
    public long Paid { get; init; }

    /// <summary>Basis points, rounded down.</summary>
    public long PaidBps => Paid * 10_000 / Tried;
}

/// <summary>What days came to; read from what was folded, so it costs the same however many orders there are. A minute or two behind.</summary>
public sealed class Figures(Database database)
{
    /// <summary>Of so many supplies with the most failures it is asked whether that is usual.</summary>
    private const int FailingMax = 50;

    /// <summary>So many ends of purchases are counted for it, the newest of the hour.</summary>
    private const int HourMax = 20_000;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _seldom = TimeSpan.FromDays(2);

    private const string Sums =
        """
        cast(sum(orders) as bigint) as orders, cast(sum(units) as bigint) as units, cast(sum(sold) as bigint) as sold,
        cast(sum(refunds) as bigint) as refunds, cast(sum(refunded) as bigint) as refunded, cast(sum(earned) as bigint) as earned
        """;

    private const string SupplySums =
        """
        cast(sum(units) as bigint) as units, cast(sum(cost) as bigint) as cost, cast(sum(succeeded) as bigint) as succeeded, cast(sum(failed) as bigint) as failed
        """;

    /// <summary>A party's own sales by day; days without any are left out.</summary>
    /// <param name="merchant">The tenant. Null: the platform, which has everyone's.</param>
    public Task<List<DaySales>> SalesAsync(MerchantId? merchant, Days days) => database.ReadAsync(s => s.QueryAsync<DaySales>(
        """
        select day as number, orders, units, sold, refunds, refunded, earned from day_sale
        where party_id = @Party and day between @From and @UpTo and child_id = 0 order by day
        """, new { Party = merchant?.Value ?? Parties.Platform, days.From, days.UpTo }));

    /// <summary>What each branch below a party sold and earned for it, the largest first.</summary>
    /// <param name="merchant">The tenant. Null: the platform, whose branches are the merchants without a parent.</param>
    public Task<List<BranchSales>> BranchesAsync(MerchantId? merchant, Days days, int most) => database.ReadAsync(s => s.QueryAsync<BranchSales>(
        $"""
        select child_id as merchant, {Sums} from day_sale
        where party_id = @Party and day between @From and @UpTo and child_id <> 0
        group by child_id order by sum(sold) - sum(refunded) desc, child_id limit @most
        """, new { Party = merchant?.Value ?? Parties.Platform, days.From, days.UpTo, most }));

    /// <summary>A merchant's frozen shares by day, less what refunds took of them; days without any are left out.</summary>
    /// <param name="merchant">The tenant.</param>
    public Task<List<DayEarned>> EarnedAsync(MerchantId merchant, Days days) => database.ReadAsync(s => s.QueryAsync<DayEarned>(
        """
        select day as number, cast(sum(case when child_id = 0 then earned else 0 end) as bigint) as own,
            cast(sum(case when child_id = 0 then 0 else earned end) as bigint) as below
        from day_sale where party_id = @merchant and day between @From and @UpTo group by day order by day
        """, new { merchant, days.From, days.UpTo }));

    /// <summary>How purchases for single orders and sales out of stock went, by day.</summary>
    /// <param name="supplier">The tenant. Null: all suppliers together.</param>
    public Task<List<DaySupplied>> SuppliedAsync(SupplierId? supplier, Days days) => database.ReadAsync(s => s.QueryAsync<DaySupplied>(
        $"""
        select day as number, {SupplySums} from day_supply
        where day between @From and @UpTo {(supplier is null ? "" : "and supplier_id = @supplier")} group by day order by day
        """, new { supplier, days.From, days.UpTo }));

    /// <summary>The same by supply, those with the most failures first.</summary>
    /// <param name="supplier">The tenant. Null: all suppliers.</param>
    public Task<List<SupplySupplied>> SuppliesAsync(SupplierId? supplier, Days days, int most) => database.ReadAsync(s => s.QueryAsync<SupplySupplied>(
        $"""
        select supply_id as supply, supplier_id as supplier, {SupplySums} from day_supply
        where day between @From and @UpTo {(supplier is null ? "" : "and supplier_id = @supplier")}
        group by supply_id, supplier_id order by sum(failed) desc, sum(units) desc, supply_id limit @most
        """, new { supplier, days.From, days.UpTo, most }));

    /// <summary>Supplies whose purchases fail now more than they usually do, those with the most failures first.</summary>
    /// <remarks>By what ended in the last hour, read as it is and not from the days. One that is tried seldom fails when all of its last tries did, and is
    /// well again with the first that succeeds. Held by: tests/Integration/Analytics/FailingTests.cs.</remarks>
    public async Task<List<FailingSupply>> FailingAsync(DateTimeOffset now)
    {
        var today = ChinaDay.Of(now);
        var hour = (await database.ReadAsync(s => EndedPurchases.SinceAsync(s, now - _hour, HourMax))).ToDictionary(e => e.Supply);
        List<(SupplyEnds Ends, bool IsOfHour)> recent =
            [.. hour.Values.Where(e => e.Failed > 0 && e.Succeeded + e.Failed >= Failing.TriesMin).OrderByDescending(e => e.Failed).Take(FailingMax).Select(e => (e, true))];
        var days = Days.Until(today, 3);
        var seldom = (await database.ReadAsync(s => s.QueryAsync<SupplyId>(
                "select supply_id from day_supply where failed > 0 and day between @From and @UpTo group by supply_id order by sum(failed) desc, supply_id limit @FailingMax",
                new { days.From, days.UpTo, FailingMax })))
            .Concat(hour.Values.Where(e => e.Failed > 0).Select(e => e.Supply)).Distinct()
            .Where(s => !hour.TryGetValue(s, out var ends) || ends.Succeeded + ends.Failed < Failing.TriesMin).Take(FailingMax).ToList();
        recent.AddRange((await database.ReadAsync(async s =>
        {
            var last = new List<SupplyEnds>(seldom.Count);
            foreach (var supply in seldom)
                if (await EndedPurchases.LastAsync(s, supply, now - _seldom, Failing.TriesMin) is { } ends) last.Add(ends);
            return last;
        })).Select(e => (e, false)));
        if (recent.Count == 0) return [];
        var before = Days.Until(today.AddDays(-2), 28);
        var usual = (await database.ReadAsync(s => s.QueryAsync<SupplySupplied>(
            $"""
            select supply_id as supply, supplier_id as supplier, {SupplySums} from day_supply
            where supplier_id in @suppliers and supply_id in @supplies and day between @From and @UpTo group by supply_id, supplier_id
            """,
            new
            {
                before.From, before.UpTo,
                suppliers = recent.Select(r => r.Ends.Supplier.Value).Distinct().ToArray(), supplies = recent.Select(r => r.Ends.Supply.Value).ToArray(),
            }))).ToDictionary(s => s.Supply, s => s.SuccessBps);
        return [.. recent.Select(r => new FailingSupply(r.Ends, r.IsOfHour, usual.GetValueOrDefault(r.Ends.Supply)))
            .Where(f => f.IsOfHour ? Failing.Is(f.Recent.Succeeded, f.Recent.Failed, f.UsualBps) : Failing.InARow(f.Recent.Succeeded, f.Recent.Failed, f.UsualBps))];
    }

    /// <summary>Of each channel and day with tries.</summary>
    public Task<List<ChannelTries>> ChannelsAsync(Days days) => database.ReadAsync(s => s.QueryAsync<ChannelTries>(
        "select channel_id, day as number, tried, paid from day_channel where day between @From and @UpTo order by day, channel_id", new { days.From, days.UpTo }));

    /// <summary>What moved on the platform's own accounts, by day, account and kind of transfer.</summary>
    public Task<List<AccountMoves>> PlatformAsync(Days days) => AccountsAsync(Parties.Platform, days);

    /// <summary>What moved in what a supplier is owed.</summary>
    public Task<List<AccountMoves>> PayableAsync(SupplierId supplier, Days days) => AccountsAsync(supplier.Value, days);

    private Task<List<AccountMoves>> AccountsAsync(long party, Days days) => database.ReadAsync(s => s.QueryAsync<AccountMoves>(
        """
        select d.day as number, a.kind as account, d.kind, d.came, d.went from account a join day_account d on d.account_id = a.id
        where a.party_id = @party and a.currency = 'CNY' and d.day between @From and @UpTo order by d.day, a.kind, d.kind
        """, new { party, days.From, days.UpTo }));
}
