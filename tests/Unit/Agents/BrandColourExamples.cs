using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class BrandColourExamples
{
    [Theory] // reference values of WCAG's formula
    [InlineData("#000000", "#ffffff", 21.0)]
    [InlineData("#ffffff", "#ffffff", 1.0)]
    [InlineData("#ffffff", "#777777", 4.478)]
    [InlineData("#ffffff", "#767676", 4.542)]
    [InlineData("#ff0000", "#ffffff", 3.998)]
    [InlineData("#0000ff", "#ffffff", 8.592)]
    [InlineData("#00ff00", "#000000", 15.304)]
    public void Contrast_follows_the_formula(string a, string b, double expected)
    {
        BrandColour.Contrast(a, b).ShouldBe(expected, 0.001);
        BrandColour.Contrast(b, a).ShouldBe(expected, 0.001);
    }

    [Theory]
    [InlineData("#1f5fbf", "#ffffff")]
    [InlineData("#767676", "#ffffff")]
    [InlineData("#777777", "#000000")]
    [InlineData("#ffd400", "#000000")]
    [InlineData("#FFD400", "#000000")]
    public void White_is_taken_where_it_can_be_read(string brand, string expected) => BrandColour.InkOn(brand).ShouldBe(expected);

    [Fact]
    public void On_every_colour_the_text_can_be_read()
    {
        for (var r = 0; r < 256; r += 5)
            for (var g = 0; g < 256; g += 5)
                for (var b = 0; b < 256; b += 5)
                {
                    var brand = $"#{r:x2}{g:x2}{b:x2}";
                    BrandColour.Contrast(BrandColour.InkOn(brand), brand).ShouldBeGreaterThanOrEqualTo(BrandColour.ContrastMin, brand);
                }
    }
}
