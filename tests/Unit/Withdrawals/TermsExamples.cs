using Lianka.Modules.Withdrawals.Core;

namespace Lianka.Tests.Unit.Withdrawals;

public sealed class TermsExamples
{
    [Fact]
    public void What_holds_by_default_is_in_order()
    {
        var (terms, errors) = TermsText.Check(TermsText.Defaults);
        errors.ShouldBeEmpty();
        (terms.CoolDownHours, terms.TwoPersonsAbove.ToString(), terms.Person.DayCount, terms.Company.Month.ToString()).ShouldBe((24, "10000.0000", 3, "10000000.0000"));
        TermsText.Check(new Dictionary<string, string>()).Terms.ShouldBe(terms);
    }

    [Theory]
    [InlineData("least", "", "least:not_an_amount")]
    [InlineData("least", "-1", "least:not_an_amount")]
    [InlineData("least", "1.001", "least:not_an_amount")]
    [InlineData("least", "0", "least:below_fee")]
    [InlineData("fee_least", "10", "least:below_fee")]
    [InlineData("fee_least", "9.99", null)]
    [InlineData("fee_bps", "1001", "fee_bps:out_of_range")]
    [InlineData("fee_bps", "１", "fee_bps:not_a_number")]
    [InlineData("cool_down_hours", "721", "cool_down_hours:out_of_range")]
    [InlineData("cool_down_hours", "0", null)]
    [InlineData("person_each", "9", "person_each:below_least")]
    [InlineData("person_day", "19999.99", "person_day:below_each")]
    [InlineData("company_month", "999999", "company_month:below_day")]
    [InlineData("company_day_count", "0", "company_day_count:out_of_range")]
    public void Each_is_judged_by_name(string name, string value, string? error) =>
        TermsText.Check(new Dictionary<string, string> { [name] = value }).Errors.Select(e => $"{e.Field}:{e.Code}").SingleOrDefault().ShouldBe(error);
}
