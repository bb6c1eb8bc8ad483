using Lianka.Modules.Agents;
using Lianka.Modules.Agents.Core;

namespace Lianka.Tests.Unit.Agents;

public sealed class TreeExamples
{
    [Theory] // so many merchants stand at and above the parent; so many steps below the one that is attached
    [InlineData(0, 0, 2, null)]
    [InlineData(1, 0, 2, null)]
    [InlineData(2, 0, 2, null)]
    [InlineData(3, 0, 2, "too_deep")]
    [InlineData(3, 0, 3, null)]
    [InlineData(4, 0, 3, "too_deep")]
    [InlineData(0, 2, 2, null)]
    [InlineData(0, 3, 2, "too_deep")]
    [InlineData(1, 1, 2, null)]
    [InlineData(1, 2, 2, "too_deep")]
    [InlineData(0, 0, 0, null)]
    [InlineData(1, 0, 0, "too_deep")]
    public void No_place_in_the_tree_has_more_ancestors_than_the_setting(int parents, int height, int max, string? expected) =>
        TreeRules.Attach(new MerchantId(9), [.. Enumerable.Range(1, parents).Select(i => new MerchantId(i))], height, max)?.Code.ShouldBe(expected);

    [Fact]
    public void A_merchant_cannot_stand_below_itself()
    {
        TreeRules.Attach(new MerchantId(1), [new(1)], 0, 3)!.Code.ShouldBe("own_descendant");
        TreeRules.Attach(new MerchantId(1), [new(3), new(2), new(1)], 2, 3)!.Code.ShouldBe("own_descendant");
        TreeRules.Attach(null, [new(1)], 0, 3).ShouldBeNull();
    }

    [Fact]
    public void The_refusal_says_the_limit_in_both_languages()
    {
        var error = TreeRules.Attach(null, [new(1), new(2), new(3)], 0, 2)!;
        (error.Field, error.En.Contains('2'), error.Zh.Contains('2')).ShouldBe(("parent", true, true));
    }

    [Fact]
    public void No_setting_goes_beyond_three() => PriceBook.AncestorsMax.ShouldBe(3);
}
