using Lianka.Modules.Payouts;

namespace Lianka.Tests.Unit.Payouts;

public sealed class ApprovalExamples
{
    private sealed record Some : BankPayout;

    private const long Asker = 1, Anna = 2, Bo = 3;

    [Theory]
    [InlineData(PayoutState.Requested, 2, null, Anna, PayoutState.ApprovedOnce, null)]
    [InlineData(PayoutState.Requested, 1, null, Anna, PayoutState.Approved, null)]
    [InlineData(PayoutState.ApprovedOnce, 2, Anna, Bo, PayoutState.Approved, null)]
    [InlineData(PayoutState.ApprovedOnce, 2, Anna, Anna, null, "same_person")]
    [InlineData(PayoutState.ApprovedOnce, 2, Anna, Asker, null, "own_request")]
    [InlineData(PayoutState.Requested, 1, null, Asker, null, "own_request")]
    [InlineData(PayoutState.Approved, 2, Anna, Bo, null, "wrong_state")]
    [InlineData(PayoutState.InBatch, 1, Anna, Bo, null, "wrong_state")]
    [InlineData(PayoutState.Paid, 1, Anna, Bo, null, "wrong_state")]
    [InlineData(PayoutState.Refused, 1, null, Bo, null, "wrong_state")]
    [InlineData(PayoutState.Failed, 1, Anna, Bo, null, "wrong_state")]
    public void As_many_persons_as_it_needs_and_never_who_asked(PayoutState state, int needed, long? firstBy, long person, PayoutState? next, string? error)
    {
        var (to, problem) = Approvals.Next(new Some { State = state, AskedBy = Asker, FirstBy = firstBy }, needed, person);
        (to, problem?.Code).ShouldBe((next, error));
    }

    [Theory]
    [InlineData(PayoutState.Requested, null)]
    [InlineData(PayoutState.ApprovedOnce, null)]
    [InlineData(PayoutState.Approved, null)]
    [InlineData(PayoutState.InBatch, "wrong_state")]
    [InlineData(PayoutState.Paid, "wrong_state")]
    [InlineData(PayoutState.Refused, "wrong_state")]
    [InlineData(PayoutState.Failed, "wrong_state")]
    public void What_the_bank_may_have_is_not_refused_any_more(PayoutState state, string? error) => Approvals.Refuse(new Some { State = state }, "why")?.Code.ShouldBe(error);

    [Theory]
    [InlineData(PayoutState.Requested, null)]
    [InlineData(PayoutState.ApprovedOnce, "wrong_state")]
    [InlineData(PayoutState.Approved, "wrong_state")]
    [InlineData(PayoutState.InBatch, "wrong_state")]
    [InlineData(PayoutState.Paid, "wrong_state")]
    [InlineData(PayoutState.Refused, "wrong_state")]
    [InlineData(PayoutState.Failed, "wrong_state")]
    [InlineData(PayoutState.TakenBack, "wrong_state")]
    public void What_somebody_has_approved_is_not_taken_back_any_more(PayoutState state, string? error)
    {
        Approvals.TakeBack(new Some { State = state })?.Code.ShouldBe(error);
        (Approvals.TakeBack(new Some { State = state }) is null).ShouldBe(error is null);
    }

    [Fact]
    public void A_refusal_says_why()
    {
        Approvals.Refuse(new Some { State = PayoutState.Requested }, "")!.Code.ShouldBe("required");
        Approvals.Refuse(new Some { State = PayoutState.Requested }, new string('x', 201))!.Code.ShouldBe("required");
    }

    [Theory]
    [InlineData(PayoutState.InBatch, true, false, null)]
    [InlineData(PayoutState.InBatch, false, false, null)]
    [InlineData(PayoutState.Paid, true, true, null)]
    [InlineData(PayoutState.Failed, false, true, null)]
    [InlineData(PayoutState.Paid, false, false, "wrong_state")]
    [InlineData(PayoutState.Failed, true, false, "wrong_state")]
    [InlineData(PayoutState.Approved, true, false, "wrong_state")]
    [InlineData(PayoutState.Refused, true, false, "wrong_state")]
    public void A_banks_word_is_taken_once_and_never_against_itself(PayoutState state, bool isPaid, bool isReplay, string? error)
    {
        var (replay, problem) = Approvals.Result(new Some { State = state }, isPaid);
        (replay, problem?.Code).ShouldBe((isReplay, error));
    }
}
