using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class NoticeRuleExamples
{
    private static readonly Payment _open = new() { Id = new(7), Channel = "test", Amount = Money.Parse("49.50"), State = PaymentState.Open, TradeNo = "T1" };
    private static readonly Notice _notice = new("lianka", "pay_x", "T1", Money.Parse("49.50"), "CNY", TradeState.Paid);

    private static NoticeVerdict Judge(Notice? notice, Payment? payment) => NoticeRule.Judge("test", "lianka", notice, payment);

    [Fact]
    public void A_good_one_is_accepted() => Judge(_notice, _open).ShouldBe(NoticeVerdict.Accepted);

    [Fact]
    public void The_first_reason_wins()
    {
        Judge(null, null).ShouldBe(NoticeVerdict.BadSignature);
        Judge(_notice with { Merchant = "other" }, null).ShouldBe(NoticeVerdict.WrongMerchant);
        Judge(_notice with { Amount = Money.Zero }, null).ShouldBe(NoticeVerdict.UnknownPayment);
        Judge(_notice with { Amount = Money.Zero }, _open with { Channel = "wechat" }).ShouldBe(NoticeVerdict.WrongChannel);
        Judge(_notice with { Amount = Money.Parse("49.49"), Currency = "USD" }, _open).ShouldBe(NoticeVerdict.WrongAmount);
        Judge(_notice with { Currency = "USD", State = TradeState.Open }, _open).ShouldBe(NoticeVerdict.WrongCurrency);
        Judge(_notice with { State = TradeState.Closed, TradeNo = "T2" }, _open).ShouldBe(NoticeVerdict.NotPaid);
        Judge(_notice with { TradeNo = "T2" }, _open with { State = PaymentState.Paid }).ShouldBe(NoticeVerdict.WrongTrade);
        Judge(_notice, _open with { State = PaymentState.Paid }).ShouldBe(NoticeVerdict.Repeated);
    }

    [Fact]
    public void F24_It_may_come_before_the_channel_answered_our_question() =>
        Judge(_notice, _open with { TradeNo = null }).ShouldBe(NoticeVerdict.Accepted);

    [Fact]
    public void F25_It_may_come_after_the_payment_was_closed() =>
        Judge(_notice, _open with { State = PaymentState.Closed }).ShouldBe(NoticeVerdict.Accepted);
}
