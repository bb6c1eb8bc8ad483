using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class BankExamples
{
    private static readonly BankTransfer _open = new() { AttemptId = 1, Reference = "12345678", Amount = Money.Parse("100") };
    private static readonly Money _twoAbove = Money.Parse("100");

    private static string Confirm(BankTransfer transfer, string number = "B-1", string amount = "100", bool isUsed = false, string actor = "operator:b") =>
        BankRule.Confirm(transfer, number, amount, isUsed, _twoAbove, actor) is var (step, error) && error is { } no ? $"{no.Field}:{no.Code}" : step.ToString();

    [Fact]
    public void One_person_confirms_up_to_the_limit_and_two_above()
    {
        Confirm(_open).ShouldBe("Paid");
        var large = _open with { Amount = Money.Parse("100.01") };
        Confirm(large, amount: "100.01").ShouldBe("First");
        var once = large with { FirstBy = "operator:a", BankNo = "B-1" };
        Confirm(once, amount: "100.01").ShouldBe("Paid");
        Confirm(once, amount: "100.01", actor: "operator:a").ShouldBe("bank_no:same_person");
        Confirm(once, "B-2", "100.01").ShouldBe("bank_no:number_differs");
    }

    [Theory]
    [InlineData("B-1", "99.99", "amount:amount_differs")]
    [InlineData("B-1", "100.01", "amount:amount_differs")]
    [InlineData("B-1", "100.00", "Paid")]
    [InlineData("B-1", "-100", "amount:bad_amount")]
    [InlineData("B-1", "1e2", "amount:bad_amount")]
    [InlineData("", "100", "bank_no:bad_number")]
    [InlineData("B 1", "100", "bank_no:bad_number")]
    [InlineData("１２３", "100", "bank_no:bad_number")]
    public void F22_Number_and_amount_are_the_banks_to_the_fen(string number, string amount, string expected) => Confirm(_open, number, amount).ShouldBe(expected);

    [Fact]
    public void I6_A_receipt_that_paid_another_transfer_pays_no_second_one()
    {
        Confirm(_open, isUsed: true).ShouldBe("bank_no:number_used");
        Confirm(_open with { State = BankTransferState.Paid }).ShouldBe("bank_no:settled");
        Confirm(_open with { State = BankTransferState.Closed }).ShouldBe("Paid", "money that came late is money");
    }

    [Fact]
    public void A_slip_is_refused_with_a_reason_while_nobody_has_confirmed()
    {
        string Refuse(BankTransfer transfer, string reason) => BankRule.Refuse(transfer, reason)?.Code ?? "";
        Refuse(_open, "unreadable").ShouldBe("");
        Refuse(_open, " ").ShouldBe("required");
        Refuse(_open, new string('x', 201)).ShouldBe("required");
        Refuse(_open with { FirstBy = "operator:a" }, "no").ShouldBe("confirmed_once");
        Refuse(_open with { State = BankTransferState.Paid }, "no").ShouldBe("settled");
    }
}
