using Lianka.Modules.Inventory.Core;

namespace Lianka.Tests.Unit.Inventory;

public sealed class CardTailExamples
{
    [Theory]
    [InlineData("ABCD-EFGH-1234", "GH1234")]
    [InlineData("ABCDEF123456", "123456")]
    [InlineData("ABCDEF12345", "2345")]
    [InlineData("abcd12x4", "12X4")]
    [InlineData("ABCD123", null)]
    [InlineData("----", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("ＡＢＣＤＥＦ１２３４５６", "123456")]
    [InlineData("1234567890ab ", "7890AB")]
    [InlineData("https://x.example/r?c=9f3k2q", "9F3K2Q")]
    [InlineData("data:image/png;base64,iVBORw0KGgo", null)]
    public void At_most_half_of_a_text_is_its_tail(string? text, string? tail) => CardTail.Of(text).ShouldBe(tail);

    [Fact]
    public void Number_and_secret_that_end_alike_have_one_tail()
    {
        CardTail.Of("NUMBER-123456", "SECRET-654321").ShouldBe(("123456", "654321"));
        CardTail.Of("NUMBER-123456", "SECRET-123456").ShouldBe((null, "123456"));
        CardTail.Of(null, "SECRET-123456").ShouldBe((null, "123456"));
        CardTail.Of("N1", "S1").ShouldBe((null, null));
    }

    [Theory]
    [InlineData("gh1234", "GH1234|1234")]
    [InlineData("GH-12 34", "GH1234|1234")]
    [InlineData("１２３４", "1234")]
    [InlineData("12345", "2345")]
    [InlineData("x9GH1234", "GH1234|1234")]
    [InlineData("x", "")]
    [InlineData("123", "")]
    [InlineData("steam", "")]
    [InlineData("123456789", "")]
    [InlineData("ABCD-EFGH-1234", "")]
    public void What_may_be_meant_by_the_words(string words, string tails) => string.Join('|', CardTail.Asked(words)).ShouldBe(tails);
}
