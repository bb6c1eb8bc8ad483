using Lianka.Modules.Orders;
using Lianka.Modules.Storefronts.Core;

namespace Lianka.Tests.Unit.Storefronts;

public sealed class ContactExamples
{
    [Theory]
    [InlineData("13800135567", "13800135567")]
    [InlineData(" 138 0013 5567 ", "13800135567")]
    [InlineData("138-0013-5567", "13800135567")]
    [InlineData("+86 13800135567", "13800135567")]
    [InlineData("0086-13800135567", "13800135567")]
    [InlineData("１３８００１３５５６７", "13800135567")]
    [InlineData("+852 9123 4567", "+85291234567")]
    [InlineData("Mei@Example.COM", "mei@example.com")]
    [InlineData("ｍｅｉ＠example.com", "mei@example.com")]
    public void The_same_contact_is_read_from_every_way_of_typing_it(string typed, string value) =>
        Contact.Read(typed)!.Value.ShouldBe(value);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("1380013556")]
    [InlineData("138001355678")]
    [InlineData("12800135567")]
    [InlineData("+1234")]
    [InlineData("mei@")]
    [InlineData("@example.com")]
    [InlineData("mei@example")]
    [InlineData("mei@example..com")]
    [InlineData("mei@@example.com")]
    [InlineData("me i@example.com")]
    [InlineData("138001355a7")]
    public void What_cannot_be_reached_is_refused(string typed) => Contact.Read(typed).ShouldBeNull();

    [Fact]
    public void A_very_long_text_is_refused() => Contact.Read($"{new string('a', 300)}@example.com").ShouldBeNull();

    [Theory]
    [InlineData("13800135567", "138****5567")]
    [InlineData("mei@example.com", "m***@example.com")]
    public void A_masked_contact_is_recognised_by_its_owner_only(string typed, string masked) =>
        Contact.Read(typed)!.Masked.ShouldBe(masked);

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("10", 10L)]
    [InlineData("007", 7L)]
    [InlineData("0", null)]
    [InlineData("11", null)]
    [InlineData("-1", null)]
    [InlineData("1.0", null)]
    [InlineData("1e1", null)]
    [InlineData("９", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void F22_A_quantity_is_plain_digits_within_the_limit(string? typed, long? value) => Quantity.Read(typed, 10).ShouldBe(value);

    [Theory]
    [InlineData("#BE185D", "#be185d")]
    [InlineData("#be185d;}body{display:none", Brand.Default)]
    [InlineData("red", Brand.Default)]
    [InlineData("", Brand.Default)]
    public void Only_a_colour_reaches_the_style_sheet(string brand, string safe) => Brand.Safe(brand).ShouldBe(safe);

    [Theory]
    [InlineData(500_000, "CNY", "¥50")]
    [InlineData(15_000_000, "CNY", "¥1,500")]
    [InlineData(99_900, "USD", "US$9.99")]
    [InlineData(95_000, "HKD", "HK$9.50")]
    [InlineData(30_000_000, "JPY", "JPY 3,000")]
    public void Face_values_are_written_in_their_own_currency(long units, string currency, string text) =>
        Face.Text(units, currency).ShouldBe(text);
}
