using Lianka.Kernel;
using Lianka.Modules.Suppliers.Core;

namespace Lianka.Tests.Unit.Suppliers;

public sealed class CoverExamples
{
    [Theory]
    [InlineData("0", "0", 0, "0.0000")]
    [InlineData("5000", "0", 1000, "5000.0000")]
    [InlineData("5000", "100000", 0, "5000.0000")]
    [InlineData("5000", "50000", 1000, "5000.0000")]
    [InlineData("5000", "50000.0010", 1000, "5000.0001")]
    [InlineData("0", "0.0004", 1000, "0.0000")]
    [InlineData("0", "0.0005", 1000, "0.0001")]
    [InlineData("0", "123.4567", 10000, "123.4567")]
    public void The_cover_is_the_categories_or_the_share_of_the_turnover_whichever_is_more(
        string categories, string turnover, long bps, string required) =>
        CoverRule.Required(Money.Parse(categories), Money.Parse(turnover), bps).ToString().ShouldBe(required);

    [Theory]
    [InlineData("2026-03-01T15:59:59Z", 20513)]
    [InlineData("2026-03-01T16:00:00Z", 20514)]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    public void Days_begin_at_midnight_in_Beijing(string at, long day)
    {
        var moment = DateTimeOffset.Parse(at);
        CoverRule.DayOf(moment).ShouldBe(day);
        CoverRule.DayOf(CoverRule.StartOf(day)).ShouldBe(day);
        CoverRule.DayOf(CoverRule.StartOf(day).AddMicroseconds(-1)).ShouldBe(day - 1);
    }

    [Fact]
    public void A_day_is_counted_ten_minutes_after_its_end()
    {
        var end = CoverRule.StartOf(20_514);
        CoverRule.LastClosed(end.AddMinutes(10).AddMicroseconds(-1)).ShouldBe(20_512);
        CoverRule.LastClosed(end.AddMinutes(10)).ShouldBe(20_513);
    }
}
