using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

/// <summary>Which money that only a statement knows of may go back to whoever paid it.</summary>
public sealed class ReturnExamples
{
    [Theory]
    //          kind              ours     theirs   line     asked    goes back
    [InlineData("unknown_money", "0", "8.88", "8.88", null, "8.8800")]
    // A second trade for one attempt: all of it.
    [InlineData("unknown_money", "0", "49.50", "49.50", "49.50", "49.5000")]
    [InlineData("amount_differs", "49.50", "49.51", "49.51", "49.50", "0.0100")]
    [InlineData("amount_differs", "49.50", "49.49", "49.49", "49.50", null)]
    // What we asked for was written off before: then the difference is also the price of goods.
    [InlineData("amount_differs", "0", "49.51", "49.51", "49.50", null)]
    [InlineData("unpaid_here", "0", "50.00", "50.00", "49.50", "50.0000")]
    // The channel's own book decides whether it pays.
    [InlineData("unpaid_here", "0", "49.50", "49.50", "49.50", null)]
    [InlineData("unpaid_here", "0", "50.00", "50.00", null, null)]
    // It paid for goods, was missing, and came late.
    [InlineData("ledger_differs", "0", "49.50", "49.50", "49.50", null)]
    [InlineData("refund_missing", "-49.50", "0", "49.50", "49.50", null)]
    [InlineData("unknown_refund", "0", "-8.88", "8.88", null, null)]
    [InlineData("charge_back", "49.50", "0", "49.50", "49.50", null)]
    public void Worked_example(string kind, string ours, string theirs, string line, string? asked, string? expected)
    {
        var about = new PaymentCase { Kind = kind, Ours = Money.Parse(ours), Theirs = Money.Parse(theirs) };
        var attempt = asked is null ? null : new Attempt { Amount = Money.Parse(asked) };
        ReturnRule.Amount(about, attempt, Money.Parse(line))?.ToString().ShouldBe(expected);
        (ReturnRule.Amount(about, attempt, Money.Parse(line)) is null).ShouldBe(expected is null);
    }
}
