using Lianka.Modules.Analytics.Core;

namespace Lianka.Tests.Unit.Analytics;

public sealed class FoldSalesExamples
{
    private const long Top = 1, Middle = 2, Leaf = 3;

    /// <summary>Ten units of 50 at a shop of the leaf, which pays 48 for each; its parents have 1 and 2 of it, 45 reach the platform. The channel keeps 3 of all.</summary>
    private static readonly SaleFact _sale = new()
    {
        Day = 5, Amount = 500, MerchantId = Leaf, Quantity = 10, UnitPrice = 50, MerchantUnit = 48, A1 = Middle, A1Unit = 1, A2 = Top, A2Unit = 2, TopUnit = 45, Fee = 3,
    };

    [Fact]
    public void A_sale_counts_for_the_platform_the_seller_and_everyone_above_it()
    {
        var days = FoldSales.Of([_sale]);
        days.Count.ShouldBe(5);
        days[new(0, 0, 5)].ShouldBe(new SaleSums(1, 10, 500, 0, 0, 450));
        days[new(0, Top, 5)].ShouldBe(new SaleSums(1, 10, 500, 0, 0, 450));
        days[new(Top, Middle, 5)].ShouldBe(new SaleSums(1, 10, 500, 0, 0, 20));
        days[new(Middle, Leaf, 5)].ShouldBe(new SaleSums(1, 10, 500, 0, 0, 10));
        days[new(Leaf, 0, 5)].ShouldBe(new SaleSums(1, 10, 500, 0, 0, 20 - 3));
    }

    [Fact]
    public void Refunds_in_pieces_stand_on_their_days_and_take_back_what_was_given()
    {
        var days = FoldSales.Of(
        [
            _sale,
            _sale with { Day = 6, IsBack = true, Amount = 200 },
            _sale with { Day = 7, IsBack = true, Amount = 300, BackBefore = 200 },
        ]);
        // After four units went back the fee is 3 × 6 / 10, rounded down: the seller has 12 − 1 of its 17.
        days[new(Leaf, 0, 6)].ShouldBe(new SaleSums(0, -4, 0, 1, 200, 11 - 17));
        days[new(Leaf, 0, 7)].ShouldBe(new SaleSums(0, -6, 0, 1, 300, -11));
        days[new(Middle, Leaf, 6)].Earned.ShouldBe(-4);
        days.Where(d => d.Key.Party == Leaf).Aggregate(default(SaleSums), (sum, d) => sum + d.Value).ShouldBe(new SaleSums(1, 0, 500, 2, 500, 0));
    }

    [Theory]
    [InlineData(50, 48, 25, 0)]
    [InlineData(50, 48, 20, 0)]
    [InlineData(50, 48, 19, 1)]
    [InlineData(48, 48, 0, 0)]
    public void A_fee_takes_no_more_than_the_margin(long price, long wholesale, long fee, long earned) =>
        FoldSales.Of([_sale with { UnitPrice = price, Amount = price * 10, MerchantUnit = wholesale, Fee = fee }])[new(Leaf, 0, 5)].Earned.ShouldBe(earned);

    [Fact]
    public void Of_four_in_a_line_each_has_the_branch_below_it_and_the_platform_the_first()
    {
        var days = FoldSales.Of([_sale with { MerchantId = 4, A1 = Leaf, A1Unit = 1, A2 = Middle, A2Unit = 1, A3 = Top, A3Unit = 1 }]);
        days.Keys.ShouldBe([new(0, 0, 5), new(0, Top, 5), new(4, 0, 5), new(Leaf, 4, 5), new(Middle, Leaf, 5), new(Top, Middle, 5)], ignoreOrder: true);
    }
}
