using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class FollowExamples
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private static readonly Payment _payment = new() { Amount = Money.Parse("49.50"), ExpiresAt = _now.AddMinutes(15) };

    private static FollowStep Next(TradeState state, TimeSpan after, string amount = "49.50") =>
        FollowRule.Next(_payment, new ChannelTrade(state, "T1", Money.Parse(amount)), _payment.ExpiresAt + after);

    [Fact]
    public void What_follows_from_the_channels_answer()
    {
        var (before, at) = (TimeSpan.FromTicks(-10), TimeSpan.Zero);
        Next(TradeState.Paid, before).ShouldBe(FollowStep.Announce);
        Next(TradeState.Paid, at).ShouldBe(FollowStep.Announce);
        Next(TradeState.Paid, before, "49.49").ShouldBe(FollowStep.Alarm);
        Next(TradeState.Open, before).ShouldBe(FollowStep.Wait);
        Next(TradeState.Open, at).ShouldBe(FollowStep.CloseAtChannel);
        Next(TradeState.Closed, before).ShouldBe(FollowStep.Wait);
        Next(TradeState.Closed, at).ShouldBe(FollowStep.Close);
        Next(TradeState.Unknown, before).ShouldBe(FollowStep.Wait);
        Next(TradeState.Unknown, at).ShouldBe(FollowStep.Close);
    }

    [Fact]
    public void Questions_come_more_and_more_slowly_and_at_the_end_of_the_reservation()
    {
        double After(long asked) => (BackOff.NextQuestion(_now, _payment.ExpiresAt, asked) - _now).TotalSeconds;
        After(0).ShouldBe(5);
        After(1).ShouldBe(10);
        After(3).ShouldBe(40);
        After(4).ShouldBe(60);
        After(1_000).ShouldBe(60);
        BackOff.NextQuestion(_payment.ExpiresAt.AddSeconds(-1), _payment.ExpiresAt, 0).ShouldBe(_payment.ExpiresAt);
        BackOff.NextQuestion(_payment.ExpiresAt, _payment.ExpiresAt, 0).ShouldBe(_payment.ExpiresAt.AddSeconds(5));
    }

    [Fact]
    public void Refunds_are_tried_for_ever_with_growing_pauses()
    {
        (BackOff.NextRefund(_now, 0) - _now).ShouldBe(TimeSpan.FromSeconds(1));
        (BackOff.NextRefund(_now, 5) - _now).ShouldBe(TimeSpan.FromSeconds(32));
        (BackOff.NextRefund(_now, 500) - _now).ShouldBe(TimeSpan.FromMinutes(10));
    }
}
