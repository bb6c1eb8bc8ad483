using Lianka.Kernel;
using Lianka.Modules.TopUps;
using Lianka.Modules.TopUps.Core;

namespace Lianka.Tests.Unit.TopUps;

public sealed class BonusExamples
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    // Charge 100, get 10; from 500 on 8 %; from 1,000 on 12.5 %.
    private static readonly BonusRule _rule = new()
    {
        Id = 1, FromAt = _noon, ToAt = _noon.AddDays(1), Budget = Money.Parse("1000"),
        Steps =
        [
            new() { FromAmount = Money.Parse("100"), Bonus = Money.Parse("10") }, new() { FromAmount = Money.Parse("500"), Bps = 800 },
            new() { FromAmount = Money.Parse("1000"), Bps = 1_250 },
        ],
    };

    [Theory]
    [InlineData("99.99", "0.0000")]
    [InlineData("100", "10.0000")]
    [InlineData("499.99", "10.0000")]
    [InlineData("500", "40.0000")]
    [InlineData("500.12", "40.0000")] // 40.0096: down to a fen
    [InlineData("500.13", "40.0100")] // 40.0104
    [InlineData("1000", "125.0000")]
    [InlineData("1000.07", "125.0000")] // 125.00875
    public void The_highest_step_that_is_reached_counts(string amount, string bonus) => BonusChoice.Of(_rule.Steps, Money.Parse(amount)).ToString().ShouldBe(bonus);

    [Fact]
    public void A_rule_holds_from_its_first_moment_to_before_its_last()
    {
        bool Allows(BonusRule rule, DateTimeOffset at) => BonusChoice.Allows(rule, default, Money.Parse("10"), at);
        Allows(_rule, _noon.AddTicks(-1)).ShouldBeFalse();
        Allows(_rule, _noon).ShouldBeTrue();
        Allows(_rule, _rule.ToAt.AddTicks(-1)).ShouldBeTrue();
        Allows(_rule, _rule.ToAt).ShouldBeFalse();
        Allows(_rule with { EndedAt = _noon }, _noon).ShouldBeFalse();
        BonusChoice.Allows(_rule, default, Money.Zero, _noon).ShouldBeFalse();
    }

    [Theory]
    [InlineData("990", true)]
    [InlineData("990.01", false)]
    public void The_budget_holds_to_the_fen(string used, bool isAllowed) =>
        BonusChoice.Allows(_rule with { Used = Money.Parse(used) }, default, Money.Parse("10"), _noon).ShouldBe(isAllowed);

    [Fact]
    public void One_merchant_has_limits_of_its_own()
    {
        bool Allows(BonusRule rule, long times, string total) => BonusChoice.Allows(rule, new BonusUse(times, Money.Parse(total)), Money.Parse("10"), _noon);
        Allows(_rule with { TimesMax = 2 }, 1, "0").ShouldBeTrue();
        Allows(_rule with { TimesMax = 2 }, 2, "0").ShouldBeFalse();
        Allows(_rule with { TotalMax = Money.Parse("25") }, 9, "15").ShouldBeTrue();
        Allows(_rule with { TotalMax = Money.Parse("25") }, 9, "15.01").ShouldBeFalse();
    }

    [Fact]
    public void Of_several_rules_the_largest_bonus_counts_and_of_equal_ones_the_older()
    {
        var small = _rule with { Id = 2, Steps = [new() { FromAmount = Money.Parse("1"), Bonus = Money.Parse("5") }] };
        var same = _rule with { Id = 3 };
        (long, string)? Best(string amount, params BonusRule[] rules) =>
            BonusChoice.Best(rules, _ => default, Money.Parse(amount), _noon) is { } best ? (best.Rule.Id, best.Bonus.ToString()) : null;
        Best("100", same, small, _rule).ShouldBe((1, "10.0000"));
        Best("50", same, small, _rule).ShouldBe((2, "5.0000"));
        Best("100", small, _rule with { Used = Money.Parse("995") }).ShouldBe((2, "5.0000"));
        Best("0.50", same, small, _rule).ShouldBeNull();
    }

    private static (BonusRule Rule, string Errors) Read(string steps, string times = "", string total = "", string budget = "1000")
    {
        var check = new FieldCheck();
        var rule = BonusDraftRule.Check(new BonusDraft("充送", "Bonus", steps, _noon, _noon.AddDays(1), times, total, budget), new BonusRule { MadeAt = _noon }, check);
        return (rule, string.Join(' ', check.Errors.Select(e => $"{e.Field}:{e.Code}")));
    }

    [Fact]
    public void Steps_are_read_a_line_each()
    {
        var (rule, errors) = Read("100 10\r\n 500  8%\n1000 12.5%\n");
        errors.ShouldBe("");
        rule.Steps.ShouldBe(_rule.Steps);
        (rule.TimesMax, rule.TotalMax).ShouldBe((null, null));
        Read("1 0.5%", times: "3", total: "20.50").Rule.ShouldBe(
            rule with { TimesMax = 3, TotalMax = Money.Parse("20.50"), Steps = [new() { FromAmount = Money.Parse("1"), Bps = 50 }] }, new StepsAside());
    }

    /// <summary>A record compares its list by reference.</summary>
    private sealed class StepsAside : IEqualityComparer<BonusRule>
    {
        public bool Equals(BonusRule? x, BonusRule? y) => x! with { Steps = [] } == y! with { Steps = x.Steps.SequenceEqual(y.Steps) ? [] : y.Steps };
        public int GetHashCode(BonusRule obj) => 0;
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("100 10 5")]
    [InlineData("abc 10")]
    [InlineData("100 0")]
    [InlineData("100 -1")]
    [InlineData("100 100.01")] // above the amount
    [InlineData("100 0.001")]
    [InlineData("100 100.01%")]
    [InlineData("100 0%")]
    [InlineData("100 8.125%")] // no whole basis point
    [InlineData("500 8%\n100 10")] // falls
    [InlineData("100 8%\n100 10")]
    [InlineData("1 1\n2 1\n3 1\n4 1\n5 1\n6 1\n7 1\n8 1\n9 1\n10 1\n11 1")]
    public void F22_Steps_that_cannot_be_used_are_named(string steps) => Read(steps).Errors.ShouldStartWith("steps:");

    [Fact]
    public void Budget_and_limits_are_checked()
    {
        Read("100 10", budget: "0").Errors.ShouldBe("budget:not_positive");
        Read("100 10", times: "0").Errors.ShouldBe("times_max:out_of_range");
        Read("100 10", total: "1.005").Errors.ShouldBe("total_max:not_whole_fen");
    }
}
