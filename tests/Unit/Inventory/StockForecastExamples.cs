using Lianka.Modules.Inventory;
using Lianka.Modules.Inventory.Core;

namespace Lianka.Tests.Unit.Inventory;

public sealed class StockForecastExamples
{
    private static readonly DateTimeOffset _midnight = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static long? Rate(DateTimeOffset since, DateTimeOffset now, params (int DaysAgo, long Units)[] sold)
    {
        var units = sold.ToDictionary(s => StockForecast.DayOf(now) - s.DaysAgo, s => s.Units);
        return StockForecast.RateOf(day => units.GetValueOrDefault(day), since, now);
    }

    [Fact]
    public void The_same_every_day_is_that_rate_whatever_the_hour()
    {
        (int, long)[] hundred = [(1, 100), (2, 100), (3, 100), (4, 100), (5, 100), (6, 100)];
        Rate(_midnight.AddDays(-30), _midnight, hundred).ShouldBe(100_000);
        Rate(_midnight.AddDays(-30), _midnight.AddHours(12), [(0, 50), .. hundred]).ShouldBe(100_000);
        Rate(_midnight.AddDays(-3), _midnight, hundred[..3]).ShouldBe(100_000);
        Rate(_midnight.AddHours(-12), _midnight, (1, 50)).ShouldBe(100_000);
    }

    [Fact]
    public void The_last_days_count_more()
    {
        // At midnight today has not begun: 6 × 210, then nothing, over 6 + 5 + 4 + 3 + 2 + 1 days.
        Rate(_midnight.AddDays(-30), _midnight, (1, 210)).ShouldBe(60_000);
        Rate(_midnight.AddDays(-30), _midnight, (6, 210)).ShouldBe(10_000);
        Rate(_midnight.AddDays(-30), _midnight, (7, 210)).ShouldBe(0);
    }

    [Fact]
    public void Nothing_is_said_in_the_first_hour_and_returns_are_no_sales()
    {
        Rate(_midnight.AddMinutes(-59), _midnight, (1, 9)).ShouldBeNull();
        Rate(_midnight.AddHours(-1), _midnight, (1, 1)).ShouldBe(24_000);
        Rate(_midnight.AddDays(-9), _midnight, (1, -5)).ShouldBe(0);
        Rate(_midnight.AddDays(-9), _midnight.AddDays(-10), (1, 5)).ShouldBeNull("the clock went back");
    }

    [Fact]
    public void The_time_left_is_the_stock_over_the_rate()
    {
        StockForecast.SecondsLeft(300, 100_000).ShouldBe(3 * 86_400);
        StockForecast.SecondsLeft(1, 100_000).ShouldBe(864);
        StockForecast.SecondsLeft(0, 100_000).ShouldBe(0);
        StockForecast.SecondsLeft(300, 0).ShouldBeNull();
        StockForecast.SecondsLeft(300, null).ShouldBeNull();
        StockForecast.SecondsLeft(long.MaxValue, 1).ShouldBe(long.MaxValue);
    }

    [Theory] // left, days left (tenths), limit days, limit units, reason, is recovered
    [InlineData(0, null, 0, 0, "out", false)]
    [InlineData(1, null, 3, 0, null, true)]
    [InlineData(9, null, 0, 10, "units", false)]
    [InlineData(10, null, 0, 10, null, false)]
    [InlineData(12, null, 0, 10, null, false)]
    [InlineData(13, null, 0, 10, null, true)]
    [InlineData(500, 29, 3, 10, "days", false)]
    [InlineData(500, 30, 3, 10, null, false)]
    [InlineData(500, 37, 3, 10, null, false)]
    [InlineData(500, 38, 3, 10, null, true)]
    public void An_alert_is_raised_below_the_limit_and_gone_a_quarter_above(
        long left, int? tenths, long days, long units, string? reason, bool isRecovered)
    {
        long? seconds = tenths is { } t ? t * 8_640L : null;
        LowStock.ReasonOf(left, seconds, new StockLimit(days, units)).ShouldBe(reason);
        LowStock.IsRecovered(left, seconds, new StockLimit(days, units)).ShouldBe(isRecovered);
    }

    /// <summary>Whatever the stock does, it is never both low and recovered, so no look raises what it clears.</summary>
    [Fact]
    public void What_has_recovered_is_not_low()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var (left, limit) = (random.NextInt64(0, 200), new StockLimit(random.Next(0, 10), random.Next(0, 100)));
            long? seconds = random.Next(4) == 0 ? null : random.NextInt64(0, 15 * 86_400);
            (LowStock.IsRecovered(left, seconds, limit) && LowStock.ReasonOf(left, seconds, limit) is not null).ShouldBeFalse($"seed {seed}");
        }
    }

    [Fact]
    public void Supplies_of_one_sku_last_together_as_long_as_their_stock_at_their_rates()
    {
        var (a, b) = (Outlook(100, 50_000), Outlook(200, 100_000));
        StockWatch.Together([a, b]).SecondsLeft.ShouldBe(2 * 86_400);
        StockWatch.Together([a, Outlook(300, null)]).SecondsLeft.ShouldBe(8 * 86_400);
        StockWatch.Together([Outlook(300, null), b]).SecondsLeft.ShouldBe(5 * 86_400);
        StockWatch.Together([Outlook(300, null)]).SecondsLeft.ShouldBeNull();

        static SupplyOutlook Outlook(long left, long? rate) => new(new SupplyId(1), new SkuId(2), new SupplierId(3), left, 0, rate);
    }
}
