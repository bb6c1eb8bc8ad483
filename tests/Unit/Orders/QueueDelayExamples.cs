using Lianka.Modules.Orders.Engine;

namespace Lianka.Tests.Unit.Orders;

public sealed class QueueDelayExamples
{
    private sealed class Ticks : TimeProvider
    {
        public long Now { get; set; } = 1_000;
        public override long TimestampFrequency => 1_000;
        public override long GetTimestamp() => Now;
    }

    private readonly Ticks _clock = new();

    [Fact]
    public void Nobody_waits_for_an_engine_that_rests() => new QueueDelay(_clock, 100).Expect(0).ShouldBe(TimeSpan.Zero);

    [Fact]
    public void What_stands_in_front_is_counted_in_batches_of_the_usual_time()
    {
        var delay = Ran(40);
        delay.Expect(1).ShouldBe(Ms(40));
        delay.Expect(99).ShouldBe(Ms(40));
        delay.Expect(250).ShouldBe(Ms(120));
        delay.Begin();
        _clock.Now += 30;
        delay.Expect(0).ShouldBe(Ms(50), "ten for the rest of the running batch, forty for its own");
        delay.Expect(250).ShouldBe(Ms(130));
        _clock.Now += 30;
        delay.Expect(0).ShouldBe(Ms(40), "the running one is late and may end at any moment");
    }

    [Fact]
    public void The_usual_time_follows_the_batches_without_jumping()
    {
        var delay = Ran(40);
        Run(delay, 80);
        delay.Expect(1).ShouldBe(Ms(50));
        for (var i = 0; i < 30; i++) Run(delay, 80);
        delay.Expect(1).TotalMilliseconds.ShouldBeInRange(76, 80);
    }

    [Fact]
    public void A_batch_that_does_not_end_says_by_its_own_age_that_nobody_should_wait_for_it()
    {
        var delay = Ran(40);
        delay.Begin();
        _clock.Now += 999;
        delay.Expect(0).ShouldBe(Ms(40));
        _clock.Now += 1;
        delay.Expect(0).ShouldBe(Ms(1_000));
        delay.End();
        delay.Expect(0).ShouldBe(TimeSpan.Zero);
    }

    private QueueDelay Ran(long ms)
    {
        var delay = new QueueDelay(_clock, 100);
        Run(delay, ms);
        return delay;
    }

    private void Run(QueueDelay delay, long ms)
    {
        delay.Begin();
        _clock.Now += ms;
        delay.End();
    }

    private static TimeSpan Ms(long ms) => TimeSpan.FromMilliseconds(ms);
}
