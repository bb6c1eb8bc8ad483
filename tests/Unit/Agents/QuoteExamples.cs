using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class QuoteExamples
{
    [Fact]
    public void A_quote_multiplies_the_price_of_this_quantity()
    {
        var quote = Quotes.Of(new Book().Line(1).Level(1, "46.1000").Tier(100, 20).Build(), new(1), Book.Sku, 100, Book.Now)!;
        (quote.UnitPrice, quote.Total).ShouldBe((Money.Parse("46.0078"), Money.Parse("4600.7800")));
        quote.ValidUntil.ShouldBe(Book.Now.AddSeconds(60));
    }

    [Theory] // a promotion that begins in so many seconds
    [InlineData(1, 1)]
    [InlineData(59, 59)]
    [InlineData(61, 60)]
    public void A_quote_holds_no_longer_than_its_price(int begins, int expected) =>
        Quotes.Of(new Book().Line(1).Level(1, "46").Promotion(7, 500, Book.Now.AddSeconds(begins)).Build(), new(1), Book.Sku, 1, Book.Now)!
            .ValidUntil.ShouldBe(Book.Now.AddSeconds(expected));

    [Fact]
    public void What_is_not_offered_has_no_quote() =>
        Quotes.Of(new Book().Line(1).Build(), new(1), Book.Sku, 1, Book.Now).ShouldBeNull();
}
