using Lianka.Kernel;

namespace Lianka.Tests.Unit.Kernel;

public sealed class TypedNumberExamples
{
    [Theory]
    [InlineData(" 1,234.50 ", "1234.50")]
    [InlineData("-12,345,678", "-12345678")]
    [InlineData("１，２３４。５", "1234.5")]
    [InlineData("12.5", "12.5")]
    [InlineData("0.985", "0.985")]
    [InlineData("", "")]
    public void Commas_that_group_thousands_and_wide_digits_are_plain(string typed, string plain) => TypedNumber.Plain(typed).ShouldBe(plain);

    [Theory]
    [InlineData("9,9")]
    [InlineData("9,90")]
    [InlineData("1,2345")]
    [InlineData("1234,567")]
    [InlineData(",500")]
    [InlineData("0,985")]
    [InlineData("-0,500")]
    [InlineData("00,500")]
    [InlineData("1,")]
    [InlineData("1.234,56")]
    public void Any_other_comma_stays_and_is_no_amount(string typed)
    {
        TypedNumber.Plain(typed).ShouldBe(typed);
        Money.TryParse(TypedNumber.Plain(typed), out _).ShouldBeFalse();
    }
}
