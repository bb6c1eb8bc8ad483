using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class WalletExamples
{
    private static readonly DateTimeOffset _now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly WalletPayment _open = new() { Amount = Money.Parse("49.50"), Wanted = 1, ExpiresAt = _now.AddSeconds(1) };

    private static string Error(WalletPayment payment, string balance = "100", string held = "0") => WalletRule.Error(payment, Money.Parse(balance), Money.Parse(held), _now)?.Code ?? "";

    [Theory]
    [InlineData("49.50", "0", "")]
    [InlineData("49.4999", "0", "too_little")]
    [InlineData("60", "10.50", "")]
    [InlineData("60", "10.5001", "too_little")]
    [InlineData("0", "0", "too_little")]
    [InlineData("-100", "0", "too_little")]
    public void What_is_there_and_not_held_pays_and_a_credit_line_does_not(string balance, string held, string expected) => Error(_open, balance, held).ShouldBe(expected);

    [Fact]
    public void Only_what_is_waited_for_is_paid()
    {
        Error(_open with { ExpiresAt = _now }).ShouldBe("over");
        Error(_open with { Wanted = 0 }).ShouldBe("over");
        Error(_open with { State = WalletPaymentState.Closed }).ShouldBe("over");
        Error(_open with { State = WalletPaymentState.Paid }).ShouldBe("settled");
    }
}
