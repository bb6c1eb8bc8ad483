using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class NoticeRuleExamples
{
    private static readonly Attempt _open = new() { Id = 7, ChannelId = 3, Amount = Money.Parse("49.50"), State = AttemptState.Open, Live = 1, TradeNo = "T1" };
    private static readonly ChannelNotice _notice = new(PublicId.Encode(7), "T1", Money.Parse("49.50"), TradeState.Paid);

    private static NoticeVerdict Judge(ChannelNotice? notice, Attempt? attempt) => NoticeRule.Judge(3, notice, attempt);

    [Fact]
    public void A_good_one_is_accepted() => Judge(_notice, _open).ShouldBe(NoticeVerdict.Accepted);

    [Fact]
    public void The_first_reason_wins()
    {
        Judge(null, null).ShouldBe(NoticeVerdict.BadSignature);
        Judge(_notice with { Amount = Money.Zero }, null).ShouldBe(NoticeVerdict.UnknownPayment);
        Judge(_notice with { Amount = Money.Zero, RefundNo = "x" }, _open with { ChannelId = 4 }).ShouldBe(NoticeVerdict.WrongChannel);
        Judge(_notice with { RefundNo = "x", Amount = Money.Zero }, _open).ShouldBe(NoticeVerdict.Refund);
        Judge(_notice with { Amount = Money.Parse("49.49") with { Currency = new Currency("USD") } }, _open).ShouldBe(NoticeVerdict.WrongCurrency);
        Judge(_notice with { Amount = Money.Parse("49.49"), State = TradeState.Open }, _open).ShouldBe(NoticeVerdict.WrongAmount);
        Judge(_notice with { State = TradeState.Closed, TradeNo = "T2" }, _open).ShouldBe(NoticeVerdict.NotPaid);
        Judge(_notice with { TradeNo = "T2" }, _open with { State = AttemptState.Paid }).ShouldBe(NoticeVerdict.WrongTrade);
        Judge(_notice, _open with { State = AttemptState.Paid }).ShouldBe(NoticeVerdict.Repeated);
    }

    [Fact]
    public void F24_It_may_come_before_the_channel_answered_our_question() =>
        Judge(_notice, _open with { State = AttemptState.New, TradeNo = null }).ShouldBe(NoticeVerdict.Accepted);

    [Fact]
    public void F25_It_may_come_after_the_attempt_was_closed() =>
        Judge(_notice, _open with { State = AttemptState.Closed, Live = 0 }).ShouldBe(NoticeVerdict.Accepted);
}
