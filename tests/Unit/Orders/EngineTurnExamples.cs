using Lianka.Modules.Orders.Engine;

namespace Lianka.Tests.Unit.Orders;

/// <summary>When another engine is left its turn: only while it is busy, and seen to be.</summary>
public sealed class EngineTurnExamples
{
    [Theory]
    [InlineData(64, 0, true)]
    [InlineData(64, 59, true)]
    [InlineData(64, 60, false)]
    [InlineData(64, -59, true)]
    [InlineData(64, -60, false)]
    [InlineData(63, 0, false)]
    [InlineData(512, 3_600_000, false)]
    public void An_engine_is_in_full_swing_when_its_last_batch_was_large_and_began_just_now(long commands, long millisecondsAgo, bool isInFullSwing)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        new EngineTurn(1, now.AddMilliseconds(-millisecondsAgo), commands).IsInFullSwing(now).ShouldBe(isInFullSwing);
    }
}
