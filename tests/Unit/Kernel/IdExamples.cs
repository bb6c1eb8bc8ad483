using Lianka.Kernel;

namespace Lianka.Tests.Unit.Kernel;

public sealed class IdExamples
{
    // Clients keep these: the form of a number may never change.
    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(long.MaxValue)]
    public void The_public_form_is_a_prefix_and_thirteen_characters(long value)
    {
        var text = new OrderId(value).ToString();
        text.ShouldMatch("^ord_[0-9a-hjkmnp-tv-z]{13}$");
        OrderId.TryParse(text, out var id).ShouldBeTrue();
        id.Value.ShouldBe(value);
    }

    [Fact]
    public void Neighbours_look_unlike()
    {
        var (a, b) = (new OrderId(1_000).ToString(), new OrderId(1_001).ToString());
        a.Zip(b).Count(pair => pair.First != pair.Second).ShouldBeGreaterThan(6);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ord_")]
    [InlineData("ord_000000000000")]
    [InlineData("ord_00000000000000")]
    [InlineData("ord-0000000000001")]
    [InlineData("mer_0000000000001")]
    [InlineData("ORD_0000000000001")]
    [InlineData("ord_000000000000U")]
    [InlineData("ord_000000000000l")] // not in the alphabet
    [InlineData("ord_zzzzzzzzzzzzz")] // more than 64 bits
    [InlineData("1000")]
    [InlineData("4950abc")]
    public void F22_Anything_else_is_no_id(string? text) => OrderId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Zero_and_negative_numbers_are_no_ids()
    {
        OrderId.TryParse(new OrderId(0).ToString(), out _).ShouldBeFalse();
        OrderId.TryParse(new OrderId(-1).ToString(), out _).ShouldBeFalse();
    }

    [Fact]
    public void The_clock_is_cut_to_the_microsecond()
    {
        var now = new FixedClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(12_345_678)).Now();
        (now.UtcTicks % TimeSpan.TicksPerMicrosecond).ShouldBe(0);
        now.ToMicros().ShouldBe(1_767_225_601_234_567);
    }

    private sealed class FixedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
