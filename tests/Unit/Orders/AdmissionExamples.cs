using Lianka.Modules.Orders.Engine;

namespace Lianka.Tests.Unit.Orders;

public sealed class AdmissionExamples
{
    private const int BatchMax = 100;

    private sealed class Ticks : TimeProvider
    {
        public long Now { get; set; } = 1_000;
        public override long TimestampFrequency => 1_000;
        public override long GetTimestamp() => Now;
    }

    private readonly Ticks _clock = new();
    private readonly Admission _admission;

    public AdmissionExamples() => _admission = new Admission(_clock, BatchMax);

    [Fact]
    public void A_crowd_that_comes_at_once_may_wait_for_half_a_second_and_no_longer()
    {
        Takes(0, waiting: 0).ShouldBeTrue();
        Takes(500, waiting: 900).ShouldBeTrue("so many came at once, and they will be served in time");
        Takes(501, waiting: 900).ShouldBeFalse();
    }

    [Fact]
    public void A_queue_that_stands_is_cut_down_to_a_tenth_of_a_second()
    {
        Takes(0, waiting: 0).ShouldBeTrue();
        _clock.Now += 199;
        Takes(300, waiting: 500).ShouldBeTrue("it may still be a crowd");
        _clock.Now += 1;
        Takes(300, waiting: 500).ShouldBeFalse("it stands");
        Takes(101, waiting: 500).ShouldBeFalse();
        Takes(100, waiting: 500).ShouldBeTrue();
    }

    [Fact]
    public void A_queue_that_was_cut_down_still_stands_until_it_has_been_half_as_long()
    {
        _clock.Now += 10_000;
        Takes(80, waiting: 150).ShouldBeTrue();
        Takes(120, waiting: 250).ShouldBeFalse("eighty is not calm: the next crowd has to be small");
        Takes(50, waiting: 60).ShouldBeTrue();
        _clock.Now += 100;
        Takes(400, waiting: 700).ShouldBeTrue("it was calm a moment ago: this is a new crowd");
        _clock.Now += 100;
        Takes(400, waiting: 700).ShouldBeFalse();
    }

    [Fact]
    public void Less_than_a_full_batch_may_wait_longer_so_that_slow_batches_do_not_leave_the_engine_without_work()
    {
        _clock.Now += 10_000;
        Takes(600, waiting: BatchMax - 1).ShouldBeTrue();
        Takes(600, waiting: BatchMax).ShouldBeFalse();
        Takes(1_000, waiting: 0).ShouldBeFalse("an engine that is stuck, or without its database, takes nobody");
    }

    [Fact]
    public void Where_batches_take_long_a_standing_queue_may_be_three_of_them()
    {
        _clock.Now += 10_000;
        Takes(180, waiting: 500, batch: 60).ShouldBeTrue();
        Takes(181, waiting: 500, batch: 60).ShouldBeFalse();
        Takes(90, waiting: 100, batch: 60).ShouldBeTrue("one and a half batches are calm");
        Takes(400, waiting: 900, batch: 60).ShouldBeTrue();
    }

    [Fact]
    public void Commands_that_do_not_come_through_the_gate_tell_it_too_how_it_looks()
    {
        _clock.Now += 600_000;
        _admission.Note(new QueueState(TimeSpan.FromMilliseconds(10), 600, TimeSpan.Zero));
        Takes(150, waiting: 600).ShouldBeTrue("they came just now");
    }

    private bool Takes(long wait, int waiting, long batch = 0) =>
        _admission.Takes(new QueueState(TimeSpan.FromMilliseconds(wait), waiting, TimeSpan.FromMilliseconds(batch)));
}
