using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Ledger.Core;

namespace Lianka.Tests.Unit.Ledger;

public sealed class PostLegsExamples
{
    // One debit of a wallet: what is there, what is held, the credit line, what is taken; and what is left, or "short".
    [Theory]
    [InlineData("100", "0", "0", "40", "60.0000")]
    [InlineData("100", "0", "0", "100", "0.0000")]
    [InlineData("100", "0", "0", "100.0001", "short")]
    [InlineData("100", "30", "0", "70", "30.0000")]
    [InlineData("100", "30", "0", "70.0001", "short")]
    [InlineData("0", "0", "50", "50", "-50.0000")]
    [InlineData("0", "0", "50", "50.0001", "short")]
    [InlineData("-40", "0", "50", "10", "-50.0000")]
    [InlineData("10", "30", "50", "30", "-20.0000")]
    [InlineData("10", "30", "50", "30.0001", "short")]
    // A line lowered below what is owed blocks every further debit.
    [InlineData("-50", "0", "20", "0.0001", "short")]
    public void A_debit_stops_at_the_limit(string balance, string held, string credit, string amount, string expected)
    {
        var wallet = Wallet(1, balance, held, credit);
        var decision = Decide([wallet, Folded(2)], Leg(1, 2, amount));
        (decision is LegsDecision.Applied applied ? applied.Balances[wallet.Id].ToString() : "short").ShouldBe(expected);
    }

    [Fact]
    public void A_wallet_below_its_limit_may_be_paid_in() =>
        Applied(Decide([Wallet(1, "-50", credit: "20"), Folded(2)], Leg(2, 1, "5"))).Balances[Id(1)].ShouldBe(Money.Parse("-45"));

    [Fact]
    public void Legs_are_applied_in_order_and_each_shows_the_balances_it_left()
    {
        var applied = Applied(Decide([Wallet(1, "10"), Wallet(2, "0"), Folded(3)], Leg(1, 2, "10"), Leg(2, 3, "4"), Leg(3, 1, "1")));
        applied.Legs.Select(l => $"{l.DebitAfter} {l.CreditAfter}").ShouldBe(["0.0000 10.0000", "6.0000 ", " 1.0000"]);
        applied.Balances.ShouldBe(new Dictionary<AccountId, Money> { [Id(1)] = Money.Parse("1"), [Id(2)] = Money.Parse("6") }, ignoreOrder: true);
    }

    [Fact]
    public void A_later_leg_does_not_cover_an_earlier_one() =>
        Decide([Wallet(1, "0"), Folded(2)], Leg(1, 2, "1"), Leg(2, 1, "1")).ShouldBe(new LegsDecision.Short(Id(1)));

    [Fact]
    public void A_receivable_has_no_limit() =>
        Applied(Decide([Wallet(1, "0") with { Kind = AccountKinds.Receivable, Floor = null }, Folded(2)], Leg(1, 2, "7")))
            .Balances[Id(1)].ShouldBe(Money.Parse("-7"));

    // A peer's bug: balance 10, transfer of 10 to oneself, balance 20.
    [Fact]
    public void A_self_transfer_mints_no_money() =>
        Should.Throw<ArgumentException>(() => Decide([Wallet(1, "10")], Leg(1, 1, "10")));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public void F22_An_amount_that_is_not_positive_is_a_bug(string amount) =>
        Should.Throw<ArgumentException>(() => Decide([Wallet(1, "10"), Folded(2)], Leg(1, 2, amount)));

    [Fact]
    public void A_posting_without_legs_is_a_bug() => Should.Throw<ArgumentException>(() => Decide([Wallet(1, "10")]));

    [Fact]
    public void An_unknown_account_is_a_bug() => Should.Throw<ArgumentException>(() => Decide([Wallet(1, "10")], Leg(1, 9, "1")));

    [Theory]
    [InlineData("USD", "CNY", "CNY")]
    [InlineData("CNY", "USD", "CNY")]
    [InlineData("CNY", "CNY", "USD")]
    public void Currencies_never_mix(string debit, string credit, string amount) => Should.Throw<ArgumentException>(() => Decide(
        [Folded(1, debit), Folded(2, credit)], new Leg(Id(1), Id(2), Money.Parse("1") with { Currency = new Currency(amount) }, "test")));

    private static AccountId Id(long number) => new(number);

    private static Account Wallet(long id, string balance, string held = "0", string credit = "0") =>
        new(Id(id), AccountKinds.Wallet, id, IsLimited: true, -Money.Parse(credit).Units, Money.Parse(balance), Money.Parse(held));

    private static Account Folded(long id, string currency = "CNY")
    {
        var zero = new Money(0, new Currency(currency));
        return new(Id(id), AccountKinds.Revenue, Parties.Platform, IsLimited: false, null, zero, zero);
    }

    private static Leg Leg(long debit, long credit, string amount) => new(Id(debit), Id(credit), Money.Parse(amount), "test");

    private static LegsDecision Decide(Account[] accounts, params Leg[] legs) => PostLegs.Decide(accounts.ToDictionary(a => a.Id), legs);

    private static LegsDecision.Applied Applied(LegsDecision decision) => decision.ShouldBeOfType<LegsDecision.Applied>();
}
