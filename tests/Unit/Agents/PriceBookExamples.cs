using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class PriceBookExamples
{
    private static Terms? Terms(Book book, long merchant, long quantity = 1, DateTimeOffset? at = null) =>
        book.Build().Terms(new(merchant), Book.Sku, quantity, at ?? Book.Now);

    private static string Text(Terms? terms) => terms is null
        ? "not offered"
        : $"{terms.Unit} | {string.Join(" ", terms.Ancestors.Select(a => $"{a.Merchant.Value}:{a.Unit}"))} | {terms.TopUnit}"
            + (terms.IsInverted ? " inverted" : "");

    /// <summary>L1 46.1000, L2 46.6500, L3 47.3050, L4 48.0000: the demo's list, one level more.</summary>
    private static Book Listed(int length) =>
        new Book().Line(length).Level(1, "46.1000").Level(2, "46.6500").Level(3, "47.3050").Level(4, "48.0000");

    [Theory] // buyer stands at the end of a line of so many merchants
    [InlineData(1, "46.1000 |  | 46.1000")]
    [InlineData(2, "46.6500 | 1:0.5500 | 46.1000")]
    [InlineData(3, "47.3050 | 2:0.6550 1:0.5500 | 46.1000")]
    [InlineData(4, "48.0000 | 3:0.6950 2:0.6550 1:0.5500 | 46.1000")]
    public void The_level_list_gives_price_and_chain(int length, string expected) =>
        Text(Terms(Listed(length), length)).ShouldBe(expected);

    [Fact]
    public void A_path_with_more_than_three_ancestors_is_a_broken_database() =>
        Should.Throw<InvalidOperationException>(() => Terms(Listed(5).Level(5, "49"), 5));

    [Fact]
    public void A_special_price_goes_before_the_markup_and_the_markup_before_the_list()
    {
        Text(Terms(Listed(2).Bps(1, 2, 40), 2)).ShouldBe("46.2844 | 1:0.1844 | 46.1000");
        Text(Terms(Listed(2).Bps(1, 2, 40).Special(2, "46.2000"), 2)).ShouldBe("46.2000 | 1:0.1000 | 46.1000");
    }

    [Fact]
    public void A_markup_for_the_SKU_goes_before_the_general_one()
    {
        Text(Terms(Listed(2).Bps(1, 2, 40).Fixed(1, 2, "0.0500", Book.Sku), 2)).ShouldBe("46.1500 | 1:0.0500 | 46.1000");
        Text(Terms(Listed(2).Bps(1, 2, 40).Fixed(1, 2, "0.0500", Book.OtherSku), 2)).ShouldBe("46.2844 | 1:0.1844 | 46.1000");
    }

    [Fact]
    public void Markups_stand_on_each_other_from_the_top_down() =>
        // 46.1000 · 1.0040 = 46.2844; · 1.0025 = 46.400111 → 46.4001
        Text(Terms(Listed(3).Bps(1, 2, 40).Bps(2, 3, 25), 3)).ShouldBe("46.4001 | 2:0.1157 1:0.1844 | 46.1000");

    [Fact]
    public void A_markup_of_nothing_passes_the_price_through() =>
        Text(Terms(Listed(2).Fixed(1, 2, "0"), 2)).ShouldBe("46.1000 | 1:0.0000 | 46.1000");

    [Fact]
    public void A_markup_of_a_former_parent_means_nothing() =>
        Text(Terms(Listed(1).Merchant(2, 2, 1).Merchant(3, 1).Fixed(3, 2, "5.0000"), 2)).ShouldBe("46.6500 | 1:0.5500 | 46.1000");

    [Fact]
    public void A_markup_over_an_unknown_price_gives_way_to_the_list() =>
        Text(Terms(new Book().Line(2).Level(2, "46.6500").Fixed(1, 2, "1.0000"), 2)).ShouldBe("46.6500 | 1:0.0000 | 46.6500");

    [Theory] // half away from zero: 0.00005 up, below it down
    [InlineData("1.0000", 50, "1.0050")]
    [InlineData("0.0100", 50, "0.0101")] //  0.010050 → 0.0101
    [InlineData("0.0100", 49, "0.0100")] //  0.010049 → 0.0100
    [InlineData("9.9850", 33, "10.0180")] // 10.0179505 → 10.0180
    public void A_markup_in_basis_points_is_rounded_half_away_from_zero(string parent, long bps, string expected) =>
        Terms(new Book().Line(2).Level(1, parent).Bps(1, 2, bps).Supply(s => s with { Cost = new Money(1) }), 2)!
            .Unit.ToString().ShouldBe(expected);

    [Theory] // tiers: from 100 on 20 bps off, from 1,000 on 35
    [InlineData(1, "46.1000")]
    [InlineData(99, "46.1000")]
    [InlineData(100, "46.0078")]
    [InlineData(999, "46.0078")]
    [InlineData(1_000, "45.9387")] // 45.93865 → 45.9387
    [InlineData(10_000, "45.9387")]
    public void The_largest_tier_reached_counts(long quantity, string expected) =>
        Terms(Listed(1).Tier(1_000, 35).Tier(100, 20), 1, quantity)!.Unit.ToString().ShouldBe(expected);

    [Fact]
    public void A_tier_lowers_a_special_price_too() =>
        Terms(Listed(1).Special(1, "46.0500").Tier(100, 20), 1, 100)!.Unit.ToString().ShouldBe("45.9579");

    [Fact]
    public void A_tier_is_taken_off_once_and_leaves_the_parents_markup_whole() =>
        // price(1) = 46.1000 · 0.9980 = 46.0078, and 2 pays 0.0500 more, not 0.0499.
        Text(Terms(Listed(2).Fixed(1, 2, "0.0500").Tier(100, 20), 2, 100)).ShouldBe("46.0578 | 1:0.0500 | 46.0078");

    [Fact]
    public void Tier_and_promotion_are_rounded_together()
    {
        // 46.1000 · 0.9965 · 0.9010 = 41.3907236… ; rounded after the tier first it would be 41.3908.
        var terms = Terms(Listed(1).Tier(1_000, 35).Promotion(7, 990), 1, 1_000)!;
        terms.Unit.ToString().ShouldBe("41.3907");
        terms.Promotion.ShouldBe(7);
    }

    [Theory]
    [InlineData(-1, "46.1000")]
    [InlineData(0, "41.4900")] // the start is included
    [InlineData(59, "41.4900")]
    [InlineData(60, "46.1000")] // the end is not
    public void A_promotion_runs_from_its_start_until_its_end(int minutes, string expected)
    {
        var terms = Terms(Listed(1).Promotion(7, 1_000, Book.Now, Book.Now.AddHours(1)), 1, at: Book.Now.AddMinutes(minutes))!;
        terms.Unit.ToString().ShouldBe(expected);
        terms.Promotion.ShouldBe(expected == "46.1000" ? null : 7);
    }

    [Fact]
    public void Of_two_running_promotions_the_larger_counts_and_of_equal_ones_the_older()
    {
        Terms(Listed(1).Promotion(7, 500).Promotion(8, 1_000), 1)!.Promotion.ShouldBe(8);
        Terms(Listed(1).Promotion(8, 500).Promotion(7, 500), 1)!.Promotion.ShouldBe(7);
    }

    [Theory]
    [InlineData(-1, "46.1000")]
    [InlineData(0, "45.0000")]
    [InlineData(60, "46.1000")]
    public void A_special_price_holds_from_its_start_until_its_end(int minutes, string expected) =>
        Terms(Listed(1).Special(1, "45.0000", Book.Now, Book.Now.AddHours(1)), 1, at: Book.Now.AddMinutes(minutes))!
            .Unit.ToString().ShouldBe(expected);

    [Fact]
    public void Of_two_special_prices_the_later_start_counts() =>
        Terms(Listed(1).Special(1, "45.0000", Book.Now.AddDays(-2)).Special(1, "45.5000"), 1)!.Unit.ToString().ShouldBe("45.5000");

    [Fact]
    public void An_inverted_list_costs_the_parent_its_margin_and_is_told()
    {
        // The child of 2 pays less than 2: 2 earns nothing, 1 earns what is left above its own price.
        Text(Terms(Listed(3).Special(3, "46.3000"), 3)).ShouldBe("46.3000 | 2:0.0000 1:0.2000 | 46.1000 inverted");
        // Below the topmost's price too: nobody earns, and what is paid reaches the platform.
        Text(Terms(Listed(3).Special(3, "45.0000"), 3)).ShouldBe("45.0000 | 2:0.0000 1:0.0000 | 45.0000 inverted");
        // The middle one is inverted against the top.
        Text(Terms(Listed(3).Special(2, "45.5000"), 3)).ShouldBe("47.3050 | 2:1.8050 1:0.0000 | 45.5000 inverted");
    }

    [Fact]
    public void Equal_prices_are_not_inverted() =>
        Terms(Listed(2).Special(2, "46.1000"), 2)!.IsInverted.ShouldBeFalse();

    [Fact]
    public void An_ancestor_without_a_price_earns_nothing() =>
        Text(Terms(new Book().Line(3).Level(3, "47").Level(1, "46"), 3)).ShouldBe("47.0000 | 2:0.0000 1:1.0000 | 46.0000");

    [Fact]
    public void Peer_bug_A_good_without_cost_is_not_offered()
    {
        Text(Terms(Listed(1).Supply(s => s with { Cost = null }), 1)).ShouldBe("not offered");
        Text(Terms(Listed(1).Supply(s => s with { Cost = Money.Zero }), 1)).ShouldBe("not offered");
    }

    [Fact]
    public void What_is_off_is_not_offered()
    {
        Text(Terms(Listed(1).Listing(s => s with { IsListed = false }), 1)).ShouldBe("not offered");
        Text(Terms(Listed(1).Supply(s => s with { IsActive = false }), 1)).ShouldBe("not offered");
        Text(Terms(new Book().Merchant(1, 1, active: false).Level(1, "46"), 1)).ShouldBe("not offered");
        Text(Terms(new Book().Merchant(1, 1), 1)).ShouldBe("not offered");
        Text(Terms(Listed(1), 9)).ShouldBe("not offered");
        Listed(1).Build().Terms(new(1), new(99), 1, Book.Now).ShouldBeNull();
    }

    [Fact]
    public void A_suspended_parent_does_not_stop_its_children() =>
        Text(Terms(new Book().Merchant(1, 1, active: false).Merchant(2, 2, 1).Level(1, "46").Level(2, "47"), 2))
            .ShouldBe("47.0000 | 1:1.0000 | 46.0000");

    [Fact]
    public void A_reduction_that_leaves_nothing_is_not_offered() =>
        Text(Terms(new Book().Merchant(1, 1).Level(1, "0.0001").Promotion(7, 9_999), 1)).ShouldBe("not offered");

    [Fact]
    public void Looking_up_tells_what_is_there()
    {
        var book = Listed(1).Retail(1, "49.50").Build();
        book.SkuByCode("steam-50")!.Id.ShouldBe(Book.Sku);
        book.SkuByCode("steam-51").ShouldBeNull();
        book.Sku(new(3)).ShouldBeNull();
        book.Supplies(Book.Sku).Single().Id.ShouldBe(new SupplyId(1));
        book.Supplies(new(3)).ShouldBeEmpty();
        book.Supply(new(2))!.Sku.ShouldBe(Book.OtherSku);
        book.Merchant(new(1))!.Slug.ShouldBe("m1");
        book.MerchantBySlug("m1")!.Id.ShouldBe(new MerchantId(1));
        book.Retail(new(1), Book.Sku).ShouldBe(Money.Parse("49.50"));
        book.Retail(new(1), Book.OtherSku).ShouldBeNull();
        book.Retail(new(2), Book.Sku).ShouldBeNull();
        book.Shelf(new(1)).Count.ShouldBe(1);
        book.Shelf(new(2)).ShouldBeEmpty();
    }

    [Fact]
    public void Supplies_stand_in_the_order_in_which_they_are_drawn() =>
        Listed(1).MoreSupply(9, 2).MoreSupply(8, 2).MoreSupply(7, 0).Build().Supplies(Book.Sku).Select(s => s.Id.Value).ShouldBe([7, 1, 8, 9]);

    [Fact]
    public void The_next_change_is_the_nearest_edge_ahead()
    {
        var book = Listed(2).Promotion(7, 500, Book.Now.AddHours(-1), Book.Now.AddHours(3))
            .Special(1, "46.0000", Book.Now.AddHours(2), Book.Now.AddHours(9)).Build();
        book.NextChange(new(2), Book.Sku, Book.Now).ShouldBe(Book.Now.AddHours(2));
        book.NextChange(new(2), Book.Sku, Book.Now.AddHours(2)).ShouldBe(Book.Now.AddHours(3));
        book.NextChange(new(2), Book.Sku, Book.Now.AddHours(9)).ShouldBeNull();
        book.NextChange(new(2), Book.OtherSku, Book.Now).ShouldBeNull();
    }
}
