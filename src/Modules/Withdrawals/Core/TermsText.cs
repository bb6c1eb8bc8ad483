using Lianka.Kernel;

namespace Lianka.Modules.Withdrawals.Core;

/// <summary>The operator's rules as named texts: so they are typed, checked and kept.</summary>
/// <remarks>Held by: tests/Unit/Withdrawals/TermsExamples.cs.</remarks>
internal static class TermsText
{
    private const long FeeBpsMax = 1_000, CoolDownMax = 24 * 30, CountMax = 1_000;

    /// <summary>Each by its name, with what holds until an operator says otherwise.</summary>
    public static readonly IReadOnlyDictionary<string, string> Defaults = new Dictionary<string, string>
    {
        ["least"] = "10.00", ["fee_bps"] = "0", ["fee_least"] = "0.00", ["two_persons_above"] = "10000.00", ["cool_down_hours"] = "24",
        ["person_each"] = "20000.00", ["person_day"] = "50000.00", ["person_month"] = "500000.00", ["person_day_count"] = "3", ["person_month_count"] = "30",
        ["company_each"] = "500000.00", ["company_day"] = "1000000.00", ["company_month"] = "10000000.00", ["company_day_count"] = "10", ["company_month_count"] = "100",
    };

    /// <param name="values">By name; a name that is not there has its default.</param>
    public static (WithdrawalTerms Terms, IReadOnlyList<FieldError> Errors) Check(IReadOnlyDictionary<string, string> values)
    {
        var check = new FieldCheck();
        var terms = new WithdrawalTerms
        {
            Least = Amount("least"),
            FeeBps = check.Number("fee_bps", Text("fee_bps"), 0, FeeBpsMax),
            FeeLeast = Amount("fee_least"),
            TwoPersonsAbove = Amount("two_persons_above"),
            CoolDownHours = check.Number("cool_down_hours", Text("cool_down_hours"), 0, CoolDownMax),
            Person = Limits("person"),
            Company = Limits("company"),
        };
        if (check.Errors.Count > 0) return (terms, check.Errors);
        if (WithdrawalRule.Fee(terms, terms.Least) >= terms.Least)
            check.Add("least", "below_fee", "The smallest withdrawal must be more than its own fee.", "最低提现额要高于它的手续费。");
        foreach (var (tier, limits) in new[] { ("person", terms.Person), ("company", terms.Company) })
        {
            if (limits.Each < terms.Least) check.Add($"{tier}_each", "below_least", "Not less than the smallest withdrawal.", "不能低于最低提现额。");
            if (limits.Day < limits.Each) check.Add($"{tier}_day", "below_each", "Not less than the limit of one withdrawal.", "不能低于单笔上限。");
            if (limits.Month < limits.Day) check.Add($"{tier}_month", "below_day", "Not less than the limit of a day.", "不能低于每天上限。");
        }

        return (terms, check.Errors);

        string Text(string name) => values.TryGetValue(name, out var text) ? text.Trim() : Defaults[name];

        Money Amount(string name)
        {
            if (Money.TryParse(Text(name), out var amount) && !amount.IsNegative && amount.IsWholeFen) return amount;
            check.Add(name, "not_an_amount", "Write an amount of 0 or more with at most 2 decimals.", "请填写不小于 0 的金额，最多两位小数。");
            return Money.Zero;
        }

        WithdrawalLimits Limits(string tier) => new(Amount($"{tier}_each"), Amount($"{tier}_day"), Amount($"{tier}_month"),
            check.Number($"{tier}_day_count", Text($"{tier}_day_count"), 1, CountMax), check.Number($"{tier}_month_count", Text($"{tier}_month_count"), 1, CountMax));
    }
}
