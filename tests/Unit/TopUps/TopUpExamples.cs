using Lianka.Kernel;
using Lianka.Modules.TopUps;
using Lianka.Modules.TopUps.Core;

namespace Lianka.Tests.Unit.TopUps;

public sealed class TopUpExamples
{
    private static readonly TopUpTerms _terms = new(Money.Parse("10"), Money.Parse("1000"), Money.Parse("2500"), 60, 24);

    private static string Errors(string amount, long open = 0, string today = "0")
    {
        var check = new FieldCheck();
        TopUpRule.Check(Money.Parse(amount), _terms, open, Money.Parse(today), check);
        return string.Join(' ', check.Errors.Select(e => $"{e.Field}:{e.Code}"));
    }

    [Theory]
    [InlineData("9.99", 0, "0", "amount:below_minimum")]
    [InlineData("10", 0, "0", "")]
    [InlineData("1000", 0, "0", "")]
    [InlineData("1000.01", 0, "0", "amount:above_maximum")]
    [InlineData("500", 0, "2000", "")]
    [InlineData("500", 0, "2000.01", "amount:above_daily_limit")]
    [InlineData("10", 4, "0", "")]
    [InlineData("10", 5, "0", "amount:too_many_open")]
    public void F22_Limits_hold_to_the_fen(string amount, long open, string today, string expected) => Errors(amount, open, today).ShouldBe(expected);

    [Fact]
    public void What_is_left_of_the_day_is_told_and_never_below_zero()
    {
        var check = new FieldCheck();
        TopUpRule.Check(Money.Parse("500"), _terms, 0, Money.Parse("2600"), check);
        check.Errors[0].En.ShouldContain("; 0.00 is left today");
    }

    [Theory]
    [InlineData("100", 60, 38, "0.3800")] // the channel is cheaper than agreed
    [InlineData("100", 60, 60, "0.6000")]
    [InlineData("100", 60, 100, "0.6000")] // never more than agreed
    [InlineData("100", 0, 60, "0.0000")] // the platform bears it
    [InlineData("100", 60, 0, "0.0000")] // a channel that keeps nothing
    [InlineData("0.83", 60, 60, "0.0000")] // 0.498 fen
    [InlineData("0.84", 60, 60, "0.0100")] // 0.504 fen
    public void The_fee_is_the_smaller_of_what_was_agreed_and_what_the_channel_keeps(string amount, long agreed, long channel, string fee) =>
        TopUpRule.Fee(Money.Parse(amount), agreed, channel).ToString().ShouldBe(fee);

    [Fact]
    public void Rules_for_top_ups_are_checked_against_each_other()
    {
        string Check(string min, string max, string day, string fee = "60", string hours = "24")
        {
            var check = new FieldCheck();
            TermsRule.Check(new TopUpTermsDraft(min, max, day, fee, hours), check);
            return string.Join(' ', check.Errors.Select(e => $"{e.Field}:{e.Code}"));
        }

        Check("1", "100", "1000").ShouldBe("");
        Check("100", "1", "1000").ShouldBe("max:below_minimum");
        Check("1", "100", "99").ShouldBe("day_max:below_maximum");
        Check("1.001", "100", "1000").ShouldBe("min:not_whole_fen");
        Check("1", "100", "1000", fee: "501").ShouldBe("fee_bps:out_of_range");
        Check("1", "100", "1000", hours: "169").ShouldBe("hours:out_of_range");
    }
}
