using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Suppliers;

namespace Lianka.Tests.Unit.Orders;

/// <summary>What a supplier's answer leads to. Unknown is never failed.</summary>
public sealed class PurchaseRuleExamples
{
    public static TheoryData<UpstreamAnswer> NothingFinal => [new UpstreamAnswer.Unknown("timeout"), new UpstreamAnswer.Absent(), new UpstreamAnswer.Accepted("u1")];

    [Theory, MemberData(nameof(NothingFinal))]
    public void What_is_not_final_is_asked_about_again_and_ever_more_slowly(UpstreamAnswer answer)
    {
        var pauses = Enumerable.Range(1, 20).Select(n => PurchaseRule.Of(answer, n, false).ShouldBeOfType<PurchaseStep.Wait>().Pause).ToList();
        pauses[0].ShouldBe(TimeSpan.FromSeconds(1));
        pauses.ShouldBeInOrder(SortDirection.Ascending);
        pauses[^1].ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void What_was_accepted_stays_accepted_when_they_are_away() =>
        PurchaseRule.OfQuery(new UpstreamAnswer.Unknown("timeout"), 3, isAccepted: true).ShouldBeOfType<PurchaseStep.Wait>().State.ShouldBe(PurchaseState.Accepted);

    [Fact]
    public void What_never_left_is_sent_once_more_and_then_goes_elsewhere()
    {
        PurchaseRule.Of(new UpstreamAnswer.NotSent("refused"), 1, false).ShouldBeOfType<PurchaseStep.Resend>();
        PurchaseRule.Of(new UpstreamAnswer.NotSent("refused"), 2, false).ShouldBe(new PurchaseStep.Failed("not_sent", "refused", false));
    }

    [Fact]
    public void F35_A_question_that_never_left_says_nothing_about_the_purchase() =>
        PurchaseRule.OfQuery(new UpstreamAnswer.NotSent("refused"), 9, false).ShouldBeOfType<PurchaseStep.Wait>().State.ShouldBe(PurchaseState.Unknown);

    [Theory]
    [InlineData(UpstreamFault.Account, "account", true)]
    [InlineData(UpstreamFault.Goods, "goods", false)]
    [InlineData(UpstreamFault.Balance, "balance", false)]
    public void Only_a_final_failure_is_one(UpstreamFault fault, string word, bool isBuyers) =>
        PurchaseRule.Of(new UpstreamAnswer.Failed(fault, "why"), 1, false).ShouldBe(new PurchaseStep.Failed(word, "why", isBuyers));
}
