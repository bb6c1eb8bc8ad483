using Lianka.Modules.Payments;

namespace Lianka.Tests.Unit.Payments;

public sealed class ChannelHealthExamples
{
    private static readonly DateTimeOffset _now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <param name="tries">The newest first: how long ago its code ran out, in minutes, and whether it was paid; so many times.</param>
    private static ChannelHealth Of(params (int Minutes, bool IsPaid, int Times)[] tries) => ChannelHealth.Of(
        [.. tries.SelectMany(t => Enumerable.Repeat(new EndedTry { ExpiresAt = _now.AddMinutes(-t.Minutes), Paid = t.IsPaid ? 1 : 0 }, t.Times)).Take(ChannelHealth.LookedAt)], _now);

    [Fact]
    public void A_channel_fails_by_its_last_hour()
    {
        Of().ShouldBe(new ChannelHealth(0, 0, false));
        Of((10, false, 9)).ShouldBe(new ChannelHealth(9, 0, false));
        Of((10, false, 8), (10, true, 2)).ShouldBe(new ChannelHealth(10, 2, true));
        Of((10, false, 9), (10, true, 3)).ShouldBe(new ChannelHealth(12, 3, false));
        // What went well before the hour excuses nothing, and what went badly then is over.
        Of((10, false, 10), (61, true, 40)).ShouldBe(new ChannelHealth(10, 0, true));
        Of((10, true, 10), (61, false, 40)).ShouldBe(new ChannelHealth(10, 10, false));
        // Of a busy one the newest stand for the hour.
        Of((5, false, 40), (30, true, 100)).ShouldBe(new ChannelHealth(50, 10, true));
    }

    [Fact]
    public void One_with_few_buyers_fails_while_none_of_its_last_ten_paid()
    {
        Of((200, false, 10), (600, true, 5)).ShouldBe(new ChannelHealth(10, 0, true));
        Of((200, false, 9), (600, true, 5)).ShouldBe(new ChannelHealth(10, 1, false));
        Of((5, true, 1), (1_400, false, 20)).ShouldBe(new ChannelHealth(10, 1, false));
        Of((3_000, false, 20)).ShouldBe(new ChannelHealth(10, 0, false));
    }
}
