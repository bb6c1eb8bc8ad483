using Lianka.Modules.Inventory;

namespace Lianka.Tests.Unit.Inventory;

public sealed class DrawingExamples
{
    private static readonly SkuId _sku = new(1);
    private static readonly DateTimeOffset _day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static OpenLot Lot(long id, long next, long total, int? expiresDay = null, int createdDay = 0, long supply = 1, params CardRange[] returned) =>
        new(new(id), _sku, new(supply), new(9), expiresDay is { } e ? _day.AddDays(e) : null, _day.AddDays(createdDay), next, total, returned);

    private static string? Plan(long quantity, params OpenLot[] lots) => Plan(quantity, _ => 1, lots);

    private static string? Plan(long quantity, Func<SupplyId, long?> priority, params OpenLot[] lots) =>
        Drawing.Plan(lots, quantity, priority) is { } draws
            ? string.Join(" ", draws.Select(d => $"{d.Lot.Value}:{d.FromSeq}+{d.Count}{(d.IsReturned ? "r" : "")}"))
            : null;

    [Fact]
    public void One_lot_gives_from_its_cursor() => Plan(3, Lot(1, 5, 10)).ShouldBe("1:5+3");

    [Fact]
    public void The_last_card_can_be_drawn() => Plan(6, Lot(1, 5, 10)).ShouldBe("1:5+6");

    [Fact]
    public void One_card_too_many_gives_nothing() => Plan(7, Lot(1, 5, 10)).ShouldBeNull();

    [Fact]
    public void No_lots_give_nothing() => Plan(1).ShouldBeNull();

    [Fact]
    public void The_lot_that_expires_first_is_drawn_first() =>
        Plan(12, Lot(1, 1, 10), Lot(2, 1, 5, expiresDay: 30), Lot(3, 1, 5, expiresDay: 10)).ShouldBe("3:1+5 2:1+5 1:1+2");

    [Fact]
    public void Among_equals_the_older_lot_is_drawn_first_then_the_lower_id() =>
        Plan(3, Lot(9, 1, 1, createdDay: 2), Lot(8, 1, 1, createdDay: 1), Lot(7, 1, 1, createdDay: 2)).ShouldBe("8:1+1 7:1+1 9:1+1");

    [Fact]
    public void The_priority_of_the_supply_comes_before_expiry() =>
        Plan(2, s => s.Value == 2 ? 1 : 5, Lot(1, 1, 5, expiresDay: 1, supply: 1), Lot(2, 1, 1, supply: 2)).ShouldBe("2:1+1 1:1+1");

    [Fact]
    public void A_supply_that_is_not_allowed_is_not_drawn_from() =>
        Plan(2, s => s.Value == 1 ? null : 1, Lot(1, 1, 5, supply: 1), Lot(2, 1, 1, supply: 2)).ShouldBeNull();

    [Fact]
    public void Returned_cards_of_a_lot_go_before_its_cursor() =>
        Plan(6, Lot(1, 8, 10, returned: [new(2, 1), new(4, 3)])).ShouldBe("1:2+1r 1:4+3r 1:8+2");

    [Fact]
    public void A_lot_with_an_exhausted_cursor_still_gives_its_returned_cards() =>
        Plan(2, Lot(1, 11, 10, returned: [new(4, 3)])).ShouldBe("1:4+2r");

    [Fact]
    public void An_order_of_5000_is_delivered_whole_over_several_lots() =>
        Plan(5_000, Lot(1, 1, 1_200), Lot(2, 1, 1_900), Lot(3, 101, 4_000, returned: [new(1, 40)]))
            .ShouldBe("1:1+1200 2:1+1900 3:1+40r 3:101+1860");

    [Fact]
    public void The_next_order_of_the_batch_sees_the_draw_before_it()
    {
        var stock = new Stock([Lot(1, 1, 10)]);
        for (var i = 0; i < 3; i++)
        {
            var draws = Drawing.Plan(stock.Lots(_sku), 3, _ => 1)!;
            draws.Single().FromSeq.ShouldBe(1 + (3 * i));
            stock.Take(_sku, draws);
        }

        Drawing.Plan(stock.Lots(_sku), 2, _ => 1).ShouldBeNull();
    }

    [Fact]
    public void Cards_given_back_are_drawn_again_by_the_next_order_and_neighbours_grow_together()
    {
        var stock = new Stock([Lot(1, 8, 10, returned: [new(1, 2)])]);
        stock.GiveBack(_sku, new(1), new(3, 4));
        stock.Lots(_sku).Single().Returned.ShouldBe([new CardRange(1, 6)]);
        stock.Take(_sku, Drawing.Plan(stock.Lots(_sku), 5, _ => 1)!);
        stock.Lots(_sku).Single().Returned.ShouldBe([new CardRange(6, 1)]);
        var changes = stock.Changes();
        changes.Cursors.ShouldBeEmpty();
        changes.Gone.ShouldBe([(new LotId(1), new CardRange(1, 2))]);
        changes.Came.ShouldBe([(new LotId(1), _sku, new CardRange(6, 1))]);
    }

    [Fact]
    public void Cards_of_a_lot_that_is_not_loaded_come_back_too()
    {
        var stock = new Stock([]);
        stock.GiveBack(_sku, new(7), new(3, 4));
        stock.Changes().Came.ShouldBe([(new LotId(7), _sku, new CardRange(3, 4))]);
    }

    [Theory] // from, count
    [InlineData(9, 1)] // never drawn
    [InlineData(7, 2)] // partly never drawn
    [InlineData(1, 1)] // is back already
    public void Cards_cannot_come_back_that_are_not_out(long from, long count)
    {
        var stock = new Stock([Lot(1, 8, 10, returned: [new(1, 2)])]);
        Should.Throw<InvalidOperationException>(() => stock.GiveBack(_sku, new(1), new(from, count)));
    }

    [Fact]
    public void A_draw_that_does_not_fit_the_stock_is_a_bug()
    {
        var stock = new Stock([Lot(1, 8, 10, returned: [new(1, 2)])]);
        Draw Of(long from, long count, bool returned) => new(new(1), new(1), new(9), from, count, returned);
        Should.Throw<InvalidOperationException>(() => stock.Take(_sku, [Of(7, 1, false)]));
        Should.Throw<InvalidOperationException>(() => stock.Take(_sku, [Of(8, 4, false)]));
        Should.Throw<InvalidOperationException>(() => stock.Take(_sku, [Of(2, 1, true)]));
        Should.Throw<InvalidOperationException>(() => stock.Take(_sku, [Of(1, 3, true)]));
    }

    [Fact]
    public void A_quantity_of_zero_is_a_bug() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Drawing.Plan([Lot(1, 1, 5)], 0, _ => 1));
}
