using Lianka.Kernel;

namespace Lianka.Tests.Unit.Kernel;

public sealed class MoneyExamples
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.0001", 1)]
    [InlineData("9.985", 99_850)]
    [InlineData("9.9850", 99_850)]
    [InlineData("-12.3400", -123_400)]
    [InlineData("007", 70_000)]
    [InlineData("9999999999999.9999", 99_999_999_999_999_999)]
    public void Reads_the_wire_form(string text, long units) => Money.Parse(text).ShouldBe(new Money(units));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("1,000")]
    [InlineData("1 000")]
    [InlineData(" 1")]
    [InlineData("0.00001")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("９")]
    [InlineData("4950abc")]
    [InlineData("10000000000000")]
    [InlineData("9223372036854775808")]
    public void F22_Refuses_what_is_not_exactly_an_amount(string? text) => Money.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(99_850, 4, "9.9850")]
    [InlineData(99_800, 2, "9.98")]
    [InlineData(99_850, 2, "9.9850")] // never shown rounded
    [InlineData(-1, 4, "-0.0001")]
    [InlineData(0, 2, "0.00")]
    [InlineData(long.MinValue, 4, "-922337203685477.5808")]
    public void Writes_the_form_for_people(long units, int places, string text) => new Money(units).Text(places).ShouldBe(text);

    [Theory]
    [InlineData(1_0000, 5_000, 5_000)]
    [InlineData(1, 5_000, 1)] // half a unit goes away from zero
    [InlineData(-1, 5_000, -1)]
    [InlineData(1, 4_999, 0)]
    [InlineData(473_050, 60, 2_838)]
    [InlineData(long.MaxValue, 10_000, long.MaxValue)] // the product needs 128 bits
    public void A_rate_rounds_half_away_from_zero(long units, long bps, long part) => new Money(units).AtBps(bps).ShouldBe(new Money(part));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 100)]
    [InlineData(100, 100)]
    [InlineData(101, 200)]
    [InlineData(-1, 0)]
    [InlineData(-100, -100)]
    [InlineData(-101, -100)]
    public void Up_to_the_fen_never_lowers(long units, long up) => new Money(units).UpToFen().ShouldBe(new Money(up));

    [Fact]
    public void Overflow_is_a_bug_that_is_seen()
    {
        Should.Throw<OverflowException>(() => new Money(long.MaxValue) + new Money(1));
        Should.Throw<OverflowException>(() => -new Money(long.MinValue));
        Should.Throw<OverflowException>(() => new Money(long.MaxValue) * 2);
        Should.Throw<OverflowException>(() => new Money(long.MaxValue).AtBps(10_001));
    }

    [Fact]
    public void Currencies_never_mix()
    {
        var dollar = new Money(1, new Currency("USD"));
        Should.Throw<InvalidOperationException>(() => dollar + new Money(1));
        Should.Throw<InvalidOperationException>(() => dollar > new Money(1));
        new Currency("CNY").ShouldBe(Currency.Cny);
    }
}
