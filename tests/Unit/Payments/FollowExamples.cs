using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;

namespace Lianka.Tests.Unit.Payments;

public sealed class FollowExamples
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private static readonly Attempt _attempt = new()
    {
        Amount = Money.Parse("49.50"), State = AttemptState.Open, Live = 1, Booked = 1, CreatedAt = _now, SeenAt = _now, ExpiresAt = _now.AddMinutes(15),
    };

    private static FollowStep Next(TradeState state, TimeSpan after, string amount = "49.50", long live = 1) =>
        FollowRule.Next(_attempt with { Live = live }, new ChannelTrade(state, "T1", Money.Parse(amount)), _attempt.ExpiresAt + after);

    [Fact]
    public void What_follows_from_the_channels_answer()
    {
        var (before, at) = (TimeSpan.FromTicks(-10), TimeSpan.Zero);
        Next(TradeState.Paid, before).ShouldBe(FollowStep.Take);
        Next(TradeState.Paid, at).ShouldBe(FollowStep.Take);
        Next(TradeState.Paid, before, "49.49").ShouldBe(FollowStep.Alarm);
        Next(TradeState.Open, before).ShouldBe(FollowStep.Wait);
        Next(TradeState.Open, at).ShouldBe(FollowStep.CloseAtChannel);
        Next(TradeState.Closed, before).ShouldBe(FollowStep.Wait);
        Next(TradeState.Closed, at).ShouldBe(FollowStep.Close);
        Next(TradeState.Absent, before).ShouldBe(FollowStep.Wait);
        Next(TradeState.Absent, at).ShouldBe(FollowStep.Wait);
        Next(TradeState.Absent, TimeSpan.FromMinutes(2)).ShouldBe(FollowStep.Close);
    }

    [Fact]
    public void What_the_buyer_has_left_is_closed_at_once()
    {
        var before = TimeSpan.FromMinutes(-1);
        Next(TradeState.Open, before, live: 0).ShouldBe(FollowStep.CloseAtChannel);
        Next(TradeState.Closed, before, live: 0).ShouldBe(FollowStep.Close);
        Next(TradeState.Paid, before, live: 0).ShouldBe(FollowStep.Take);
    }

    [Fact]
    public void F29_What_the_channel_does_not_know_yet_is_not_closed_while_it_may_still_be_paid()
    {
        var absent = new ChannelTrade(TradeState.Absent, "", Money.Zero);
        FollowStep Step(AttemptState state, int seconds, bool isSeen = false) =>
            FollowRule.Next(_attempt with { State = state, Live = 0, SeenAt = isSeen ? _now : null }, absent, _now.AddSeconds(seconds));
        // Nobody has seen a code, but the call that opens it may still be on its way to them.
        Step(AttemptState.New, 119).ShouldBe(FollowStep.Wait);
        Step(AttemptState.New, 120).ShouldBe(FollowStep.Close);
        // The same when there is an address that the buyer has not gone to.
        Step(AttemptState.Open, 120).ShouldBe(FollowStep.Close);
        // Alipay knows a trade only when the buyer opens its page.
        Step(AttemptState.Open, (15 * 60) + 119, isSeen: true).ShouldBe(FollowStep.Wait);
        Step(AttemptState.Open, (15 * 60) + 120, isSeen: true).ShouldBe(FollowStep.Close);
        // One from before attempts were marked may have been seen.
        FollowRule.Next(_attempt with { Live = 0, Booked = 0, SeenAt = null }, absent, _now.AddSeconds(120)).ShouldBe(FollowStep.Wait);
    }

    [Fact]
    public void Where_a_channel_cannot_close_it_is_asked_for_a_day_and_more()
    {
        FollowStep After(TimeSpan time) => FollowRule.AfterClose(_attempt, new ChannelTrade(TradeState.Open, "T1", Money.Zero), _now + time);
        After(TimeSpan.FromHours(1)).ShouldBe(FollowStep.Wait);
        After(TimeSpan.FromHours(25)).ShouldBe(FollowStep.Close);
    }

    [Fact]
    public void Questions_come_more_and_more_slowly_and_at_the_end_of_the_reservation()
    {
        double After(long asked) => (BackOff.NextQuestion(_now, _attempt.ExpiresAt, asked) - _now).TotalSeconds;
        After(0).ShouldBe(5);
        After(1).ShouldBe(10);
        After(3).ShouldBe(40);
        After(4).ShouldBe(60);
        After(1_000).ShouldBe(60);
        BackOff.NextQuestion(_attempt.ExpiresAt.AddSeconds(-1), _attempt.ExpiresAt, 0).ShouldBe(_attempt.ExpiresAt);
        BackOff.NextQuestion(_attempt.ExpiresAt, _attempt.ExpiresAt, 0).ShouldBe(_attempt.ExpiresAt.AddSeconds(5));
    }

    [Fact]
    public void Refunds_are_tried_for_ever_with_growing_pauses()
    {
        (BackOff.NextRefund(_now, 0) - _now).ShouldBe(TimeSpan.FromSeconds(1));
        (BackOff.NextRefund(_now, 5) - _now).ShouldBe(TimeSpan.FromSeconds(32));
        (BackOff.NextRefund(_now, 500) - _now).ShouldBe(TimeSpan.FromMinutes(10));
    }
}
