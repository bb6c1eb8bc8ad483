using Lianka.Kernel;
using Lianka.Modules.Compliance;
using Lianka.Modules.Withdrawals;
using Lianka.Modules.Withdrawals.Core;

namespace Lianka.Tests.Unit.Withdrawals;

public sealed class WithdrawalExamples
{
    private static readonly DateTimeOffset _now = new(2026, 7, 15, 12, 0, 0, TimeSpan.FromHours(8));

    /// <summary>Least 10; 0.1 %, at least 2; two persons above 10,000; a person: 1,000 at once, 2,500 a day, 5,000 a month, 3 and 20 times.</summary>
    internal static readonly WithdrawalTerms Terms = TermsText.Check(new Dictionary<string, string>
    {
        ["least"] = "10", ["fee_bps"] = "10", ["fee_least"] = "2", ["person_each"] = "1000", ["person_day"] = "2500", ["person_month"] = "5000", ["person_month_count"] = "20",
    }).Terms;

    /// <summary>500 in the wallet, nothing in the way.</summary>
    private static readonly Position _fine = new(M("500"), M("0"), M("0"), new Used(M("0"), 0, M("0"), 0),
        new RealName { Kind = RealNameKind.Person, Name = "张三", State = RealNameState.Verified }, new Payee { Holder = "张三" }, null, _now);

    private static Money M(string amount) => Money.Parse(amount);

    private static Used Used(string day, long dayCount, string month, long monthCount) => new(M(day), dayCount, M(month), monthCount);

    [Theory]
    [InlineData("10.00", "2.0000")] // the minimum
    [InlineData("2000.00", "2.0000")]
    [InlineData("2000.01", "2.0100")] // 2.00001: up to the next fen
    [InlineData("2010.00", "2.0100")]
    [InlineData("20000.00", "20.0000")]
    public void The_fee_is_a_rate_up_to_the_fen_and_a_minimum(string amount, string fee) => WithdrawalRule.Fee(Terms, M(amount)).ToString().ShouldBe(fee);

    [Theory]
    [InlineData("10000.00", 1)]
    [InlineData("10000.01", 2)]
    public void Above_the_limit_two_persons_approve(string amount, long approvals) => WithdrawalRule.ApprovalsNeeded(Terms, M(amount)).ShouldBe(approvals);

    public static TheoryData<string, string, string> Amounts => new()
    {
        // balance held owed | used: day, times, month, times → most: bounds; blocks
        { "500 0 0", "0 0 0 0", "500.0000:;" },
        { "500.0099 0 0", "0 0 0 0", "500.0000:;" },
        { "500 120.50 0", "0 0 0 0", "379.5000:held;" },
        { "500 100 350", "0 0 0 0", "50.0000:held,owed;" },
        { "500 100 500", "0 0 0 0", "0.0000:held,owed;below_least" },
        { "-50 0 0", "0 0 0 0", "0.0000:;below_least" }, // a credit line is no money of the merchant's
        { "9.9999 0 0", "0 0 0 0", "0.0000:;below_least" },
        { "10 0 0", "0 0 0 0", "10.0000:;" },
        { "9000 0 0", "0 0 0 0", "1000.0000:each;" },
        { "9000 0 0", "1600 1 1600 1", "900.0000:each,day;" },
        { "9000 0 0", "0 0 4500 9", "500.0000:each,month;" },
        { "9000 0 0", "2500 2 2500 2", "0.0000:each,day;below_least" },
        { "9000 0 0", "2600 2 2600 2", "0.0000:each,day;below_least" }, // the limit was lowered since
        { "500 0 0", "30 3 30 3", "0.0000:;day_count" },
        { "500 0 0", "30 1 300 20", "0.0000:;month_count" },
    };

    [Theory, MemberData(nameof(Amounts))]
    public void How_much_may_leave_and_why_not_more(string money, string used, string expected)
    {
        var m = money.Split(' ');
        var u = used.Split(' ');
        var able = WithdrawalRule.Of(Terms, _fine with
        {
            Balance = M(m[0]), Held = M(m[1]), Owed = M(m[2]), Used = Used(u[0], long.Parse(u[1]), u[2], long.Parse(u[3])),
        });
        $"{able.Most}:{string.Join(',', able.Bounds.Select(b => b.Code))};{string.Join(',', able.Blocks.Select(b => b.Code))}".ShouldBe(expected);
    }

    [Fact]
    public void A_company_has_limits_of_its_own() => WithdrawalRule.Of(Terms,
        _fine with { Balance = M("9000"), Name = _fine.Name! with { Kind = RealNameKind.Company } }).Most.ShouldBe(M("9000"));

    [Fact]
    public void Nothing_leaves_without_a_verified_name_and_a_payee_that_bears_it()
    {
        Codes(_fine with { Name = null }).ShouldBe(["no_real_name"]);
        Codes(_fine with { Name = _fine.Name! with { State = RealNameState.Waiting } }).ShouldBe(["no_real_name"]);
        Codes(_fine with { Payee = null }).ShouldBe(["no_payee"]);
        Codes(_fine with { Payee = new Payee { Holder = "李四" } }).ShouldBe(["name_differs"]);
        WithdrawalRule.Of(Terms, _fine with { Payee = null }).Most.ShouldBe(Money.Zero);

        static IEnumerable<string> Codes(Position position) => WithdrawalRule.Check(Terms, position, M("100"), "k").Select(e => e.Code);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(23, true)]
    [InlineData(24, false)]
    public void A_security_change_stops_it_for_a_day_and_says_until_when(int hoursAgo, bool isBlocked)
    {
        foreach (var kind in new[] { "password", "login", "payee", "real_name" })
        {
            var errors = WithdrawalRule.Check(Terms, _fine with { LastChange = new SecurityChange { Kind = kind, At = _now.AddHours(-hoursAgo) } }, M("100"), "k");
            errors.Select(e => e.Code).ShouldBe(isBlocked ? ["cool_down"] : []);
            if (hoursAgo != 23) continue;
            errors[0].En.ShouldContain("2026-07-15 13:00");
            errors[0].Zh.ShouldContain("2026-07-15 13:00");
        }

        WithdrawalRule.Check(Terms with { CoolDownHours = 0 }, _fine with { LastChange = new SecurityChange { Kind = "payee", At = _now } }, M("100"), "k").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("100.00", null)]
    [InlineData("10.00", null)]
    [InlineData("500.00", null)]
    [InlineData("500.01", "above_most")]
    [InlineData("9.99", "below_least")]
    [InlineData("0.00", "not_positive")]
    [InlineData("-1.00", "not_positive")]
    [InlineData("100.0001", "not_whole_fen")]
    public void F22_An_amount_is_judged(string amount, string? code) =>
        WithdrawalRule.Check(Terms, _fine, M(amount), "k").Select(e => e.Code).SingleOrDefault().ShouldBe(code);

    [Fact]
    public void Too_much_is_answered_with_the_narrowest_bound() => WithdrawalRule.Check(Terms,
        _fine with { Balance = M("9000"), Used = Used("1600", 1, "1600", 1) }, M("901"), "k").ShouldHaveSingleItem().En
        .ShouldBe("At most 900.00 now. At most 2500.00 a day; 1600.00 were asked for today.");

    [Theory]
    [InlineData("")]
    [InlineData("k123456789012345678901234567890123456789012345678901234567890123456789")]
    public void I5_A_key_has_1_to_64_characters(string key) => WithdrawalRule.Check(Terms, _fine, M("100"), key).Select(e => e.Code).ShouldBe(["bad_key"]);

    [Fact]
    public void Days_and_months_are_those_of_china()
    {
        var (day, month) = WithdrawalRule.PeriodsOf(new DateTimeOffset(2026, 7, 31, 16, 0, 0, TimeSpan.Zero));
        (day, month).ShouldBe((new DateTimeOffset(2026, 7, 31, 16, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 7, 31, 16, 0, 0, TimeSpan.Zero)));
        WithdrawalRule.PeriodsOf(new DateTimeOffset(2026, 7, 31, 15, 59, 59, TimeSpan.Zero))
            .ShouldBe((new DateTimeOffset(2026, 7, 30, 16, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 6, 30, 16, 0, 0, TimeSpan.Zero)));
    }
}
