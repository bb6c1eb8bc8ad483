using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

public sealed class InversionExamples
{
    private static string Text(Book book, int max = 100) => string.Join(" ",
        book.Build().Inversions(Book.Now, max).Select(i => $"{i.Merchant.Value}<{i.Ancestor.Value}:{i.BelowPays}<{i.AncestorPays}"));

    private static Book Listed(int length) => new Book().Line(length).Level(1, "46").Level(2, "47").Level(3, "48");

    [Fact]
    public void A_list_in_order_is_not_reported() => Text(Listed(3)).ShouldBe("");

    [Fact]
    public void Each_upside_down_place_is_reported_once() =>
        // 2 pays less than 1; 3 stands below and shows the same place again.
        Text(Listed(3).Special(2, "45")).ShouldBe("2<1:45.0000<46.0000");

    [Fact]
    public void An_ancestor_is_held_against_the_lowest_price_below_it() =>
        Text(Listed(3).Special(3, "45")).ShouldBe("3<2:45.0000<47.0000 2<1:45.0000<46.0000");

    [Fact]
    public void A_level_list_upside_down_is_reported_for_one_line_of_each_kind() =>
        Text(new Book().Merchant(1, 1).Merchant(2, 2, 1).Merchant(3, 2, 1).Level(1, "46").Level(2, "45")).ShouldBe("2<1:45.0000<46.0000");

    [Fact]
    public void A_merchant_with_a_price_of_its_own_is_looked_at_by_itself() =>
        Text(Listed(1).Merchant(2, 2, 1).Merchant(3, 2, 1).Special(3, "45")).ShouldBe("3<1:45.0000<46.0000");

    [Fact]
    public void The_report_stops_at_its_limit() => Text(Listed(3).Special(3, "45"), max: 1).ShouldBe("3<2:45.0000<47.0000");
}
