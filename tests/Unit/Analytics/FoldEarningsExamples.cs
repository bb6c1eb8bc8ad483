using Lianka.Modules.Analytics.Core;

namespace Lianka.Tests.Unit.Analytics;

public sealed class FoldEarningsExamples
{
    private const long Top = 1, Middle = 2, Leaf = 3;

    /// <summary>Ten units of 50 in a shop of the leaf, which pays 48 for each; its parents have 1 and 2 of it. The channel keeps 3 of all.</summary>
    private static readonly SaleFact _sale = new()
    {
        Amount = 500, IsRetail = true, MerchantId = Leaf, Quantity = 10, UnitPrice = 50, MerchantUnit = 48, A1 = Middle, A1Unit = 1, A2 = Top, A2Unit = 2, TopUnit = 45, Fee = 3,
    };

    [Fact]
    public void The_seller_earns_by_its_shop_and_everyone_above_by_the_branch()
    {
        var earnings = FoldEarnings.Of([_sale]);
        earnings.Count.ShouldBe(3);
        earnings[new(Leaf, 0)].ShouldBe(new EarningSums(1, 10, 500, 20 - 3, 0));
        earnings[new(Middle, Leaf)].ShouldBe(new EarningSums(1, 10, 500, 10, 0));
        earnings[new(Top, Middle)].ShouldBe(new EarningSums(1, 10, 500, 20, 0));
        FoldEarnings.Of([_sale], Middle).Keys.ShouldBe([new(Middle, Leaf)]);
    }

    [Fact]
    public void Who_buys_for_itself_sells_nothing_and_its_parents_earn() =>
        FoldEarnings.Of([_sale with { IsRetail = false }]).Keys.ShouldBe([new(Middle, Leaf), new(Top, Middle)], ignoreOrder: true);

    [Fact]
    public void Refunds_take_back_what_was_given_and_after_the_release_from_what_was_released()
    {
        var back = _sale with { IsBack = true, Amount = 200 };
        // After four units the fee is 3 × 6 / 10, rounded down: the seller has 12 − 1 of its 17.
        FoldEarnings.Of([back])[new(Leaf, 0)].ShouldBe(new EarningSums(0, -4, -200, 11 - 17, 0));
        FoldEarnings.Of([back with { IsLate = true }])[new(Leaf, 0)].ShouldBe(new EarningSums(0, -4, -200, 11 - 17, 11 - 17));
        var rest = _sale with { IsBack = true, IsLate = true, Amount = 300, BackBefore = 200 };
        FoldEarnings.Of([_sale, back, rest])[new(Leaf, 0)].ShouldBe(new EarningSums(0, 0, 0, 0, -11));
        FoldEarnings.Of([_sale, back, rest])[new(Top, Middle)].ShouldBe(new EarningSums(0, 0, 0, 0, -12));
    }

    [Fact]
    public void Of_four_in_a_line_each_has_the_branch_below_it() =>
        FoldEarnings.Of([_sale with { MerchantId = 4, A1 = Leaf, A1Unit = 1, A2 = Middle, A2Unit = 1, A3 = Top, A3Unit = 1 }]).Keys
            .ShouldBe([new(4, 0), new(Leaf, 4), new(Middle, Leaf), new(Top, Middle)], ignoreOrder: true);
}
