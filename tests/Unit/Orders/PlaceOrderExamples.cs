using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;

namespace Lianka.Tests.Unit.Orders;

public sealed class PlaceOrderExamples
{
    [Theory] //  quantity      max     wallet   cards   decision
    [InlineData(      3, "144.0000", "144.0000",    3,  "done 144.0000")]
    [InlineData(      3, "150.0000", "999.0000",    9,  "done 144.0000")]
    [InlineData(      0, "150.0000", "999.0000",    9,  "QuantityOutOfRange")]
    [InlineData(     -1, "150.0000", "999.0000",    9,  "QuantityOutOfRange")]
    [InlineData( 10_001, "150.0000", "999.0000",    9,  "QuantityOutOfRange")]
    [InlineData(  5_001, "150.0000", "999.0000",    9,  "QuantityOutOfRange")] // the SKU's own limit
    [InlineData(      3, "143.9999", "999.0000",    9,  "PriceMoved")]
    [InlineData(      3, "143.9999",   "0.0001",    0,  "PriceMoved")]         // before funds and stock
    [InlineData(      3, "144.0000", "143.9999",    0,  "InsufficientFunds")]  // before stock
    [InlineData(      3, "144.0000", "144.0000",    2,  "StockShort")]
    public void Worked_example(long quantity, string max, string wallet, long cards, string expected)
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, wallet);
        if (cards > 0) world.Cards(cards);
        Text(world.Run(world.Place("A-1", quantity, max))).ShouldBe(expected);
    }

    [Fact]
    public void The_order_freezes_chain_cost_and_release_time()
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(2).Cards(5, SmallWorld.DearSupply);
        var order = Done(world.Run(world.Place("A-1", 4, "192.0000")));

        order.Status.ShouldBe(OrderStatus.Delivered);
        order.Settlement.ShouldBe(SettlementState.Escrowed);
        order.UnitPrice.ToString().ShouldBe("48.0000");
        order.Ancestors.Select(a => (a.Merchant.Value, a.Unit.ToString())).ShouldBe([(2L, "1.0000"), (1L, "1.0000")]);
        order.TopUnit.ToString().ShouldBe("46.0000");
        order.Fulfilments.Select(f => (f.Supplier.Value, f.Count, f.UnitCost.ToString())).ShouldBe([(30L, 2L, "45.0000"), (31L, 2L, "45.5000")]);
        order.ReleaseAt.ShouldBe(SmallWorld.Start.AddSeconds(3_600)); // the longest hold time of its supplies
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("808.0000");
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("192.0000");
        OrderDesk.SharesOf(order).Select(s => $"{s.Role} {s.PartyId} {s.Amount}").ShouldBe(
            ["Supplier 30 90.0000", "Supplier 31 91.0000", "Ancestor 2 4.0000", "Ancestor 1 4.0000", "Platform 0 3.0000"]);
    }

    [Fact]
    public void F15_The_same_key_and_content_is_the_same_order()
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(9);
        var first = Done(world.Run(world.Place("A-1", 2, "96.0000")));
        var again = world.Run(world.Place("A-1", 2, "96.0000")).ShouldBeOfType<OrderDecision.Done>();
        again.IsReplay.ShouldBeTrue();
        again.Order.Id.ShouldBe(first.Id);
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("904.0000");
    }

    [Theory]
    [InlineData(3, "96.0000", null)]
    [InlineData(2, "97.0000", null)]
    [InlineData(2, "96.0000", "{\"account\":\"1\"}")]
    public void F16_The_same_key_with_other_content_is_a_conflict(long quantity, string max, string? fields)
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(9);
        Done(world.Run(world.Place("A-1", 2, "96.0000")));
        Text(world.Run(world.Place("A-1", quantity, max, fields: fields))).ShouldBe("IdempotencyConflict");
    }

    [Fact]
    public void A_refusal_consumes_nothing_and_the_number_stays_usable()
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "10.0000").Cards(9);
        Text(world.Run(world.Place("A-1", 2, "96.0000"))).ShouldBe("InsufficientFunds");
        world.State().Writes.IsEmpty.ShouldBeTrue();

        world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "96.0000").Cards(9);
        Done(world.Run(world.Place("A-1", 2, "96.0000")));
    }

    [Fact]
    public void A_good_without_a_known_cost_is_not_offered()
    {
        var world = new SmallWorld { CheapCost = null, DearCost = null }.Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(9);
        Text(world.Run(world.Place("A-1", 1, "50.0000"))).ShouldBe("NotOffered");
    }

    [Fact]
    public void The_loss_guard_passes_over_supplies_that_cost_more_than_reaches_the_platform()
    {
        // 46.0001 is above eff(topmost) = 46: only the other supply's 2 cards can be sold.
        var world = new SmallWorld { CheapCost = SmallWorld.Yuan("46.0001") }
            .Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(9).Cards(2, SmallWorld.DearSupply);
        Done(world.Run(world.Place("A-1", 2, "96.0000"))).Fulfilments.ShouldAllBe(f => f.Supplier == SmallWorld.Dear);
        Text(world.Run(world.Place("A-2", 1, "48.0000"))).ShouldBe("StockShort");

        var all = new SmallWorld { CheapCost = SmallWorld.Yuan("46.0001"), DearCost = SmallWorld.Yuan("47.0000") }
            .Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(9);
        Text(all.Run(all.Place("A-1", 1, "48.0000"))).ShouldBe("NotOffered");
    }

    [Fact]
    public void A_cost_that_equals_what_reaches_the_platform_is_sold()
    {
        var world = new SmallWorld { CheapCost = SmallWorld.Yuan("46.0000") }.Fund(AccountKinds.Wallet, 3, "48.0000").Cards(1);
        var order = Done(world.Run(world.Place("A-1", 1, "48.0000")));
        OrderDesk.SharesOf(order).ShouldNotContain(s => s.PartyId == Parties.Platform);
    }

    [Fact]
    public void A_promotion_below_cost_is_paid_from_its_own_budget_and_refused_without_one()
    {
        // 10 % off: 43.2 for the buyer, 41.4 at the top; the card costs 45, so the promotion adds 3.6 a unit.
        var world = new SmallWorld { PromotionBps = 1_000 }
            .Fund(AccountKinds.Wallet, 3, "1000.0000").Fund(AccountKinds.Promotion, SmallWorld.PromotionId, "7.2000").Cards(9);
        var order = Done(world.Run(world.Place("A-1", 2, "86.4000")));
        world.Balance(AccountKinds.Promotion, SmallWorld.PromotionId).ShouldBe("0.0000");
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("93.6000");
        OrderDesk.SharesOf(order).Sum(s => s.Amount.Units).ShouldBe(SmallWorld.Yuan("93.6000").Units);
        Text(world.Run(world.Place("A-2", 1, "48.0000"))).ShouldBe("NotOffered");
    }

    [Fact]
    public void A_credit_line_lets_a_wallet_go_below_zero_and_no_further()
    {
        var world = new SmallWorld().Cards(9);
        Text(world.Run(world.Place("A-1", 1, "48.0000"))).ShouldBe("InsufficientFunds");
    }

    [Fact]
    public void An_order_of_five_thousand_cards_is_delivered_whole_over_several_lots()
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "300000.0000").Cards(1_999).Cards(2_000).Cards(1_500);
        var order = Done(world.Run(world.Place("A-1", 5_000, "240000.0000")));
        order.Fulfilments.Sum(f => f.Count).ShouldBe(5_000);
        order.Delivered.ShouldBe(5_000);
        order.Fulfilments.Select(f => (f.Lot, f.FromSeq)).Distinct().Count().ShouldBe(order.Fulfilments.Count);
    }

    [Fact]
    public void An_answer_with_secrets_logs_who_saw_them_also_on_a_replay()
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "100.0000").Cards(9);
        Done(world.Run(world.Place("A-1", 1, "48.0000", revealTo: "10.0.0.1"))).RevealedAt.ShouldBe(SmallWorld.Start);
        Done(world.Run(world.Place("A-1", 1, "48.0000", revealTo: "10.0.0.2")));
        world.State().Writes.Reveals.Select(r => r.Address).ShouldBe(["10.0.0.1", "10.0.0.2"]);
    }

    [Theory]
    [InlineData(10_000, "done 480000.0000")]
    [InlineData(10_001, "QuantityOutOfRange")]
    public void Ten_thousand_is_the_most_of_all(long quantity, string expected)
    {
        var world = new SmallWorld { QuantityMax = 20_000 }.Fund(AccountKinds.Wallet, 3, "500000.0000").Cards(10_001);
        Text(world.Run(world.Place("A-1", quantity, "500000.0000"))).ShouldBe(expected);
    }

    [Theory]
    [InlineData(AccountKinds.Wallet)]
    [InlineData(AccountKinds.Escrow)]
    public void A_merchant_without_accounts_is_offered_nothing(string missing)
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "100.0000").Cards(1).Without(missing, 3);
        Text(world.Run(world.Place("A-1", 1, "48.0000"))).ShouldBe("NotOffered");
    }

    [Fact]
    public void A_promotion_pays_for_dear_units_only_whatever_else_is_in_the_order()
    {
        // 1 % off: 45.54 at the top. The card at 45 leaves 0.54, which does not pay for the one at 46.
        var world = new SmallWorld { PromotionBps = 100, DearCost = SmallWorld.Yuan("46.0000") }
            .Fund(AccountKinds.Wallet, 3, "1000.0000").Fund(AccountKinds.Promotion, SmallWorld.PromotionId, "10.0000")
            .Cards(1).Cards(1, SmallWorld.DearSupply);
        Done(world.Run(world.Place("A-1", 2, "96.0000")));
        world.Balance(AccountKinds.Promotion, SmallWorld.PromotionId).ShouldBe("9.5400");
    }

    [Theory]
    [InlineData("48.0000", null)]
    [InlineData("46.5000", "inverted_prices")] // cheaper than its parent's 47
    public void An_accepted_order_is_new_and_tells_the_operator_of_inverted_prices(string price, string? told)
    {
        var world = new SmallWorld { LeafPrice = price }.Fund(AccountKinds.Wallet, 3, "100.0000").Cards(1);
        var order = Done(world.Run(world.Place("A-1", 1, "48.0000")));
        world.State().Writes.NewOrders.ShouldHaveSingleItem().Id.ShouldBe(order.Id);
        if (told is null) (order.PlacedBy, world.State().Writes.Events.Count).ShouldBe(("key:test", 0));
        else (order.PlacedBy, world.State().Writes.Events.ShouldHaveSingleItem().Data).ShouldBe((null, told));
    }

    internal static string Text(OrderDecision decision) => decision switch
    {
        OrderDecision.Done d => $"done {d.Order.Total}",
        OrderDecision.Refused r => r.Why.ToString(),
        _ => throw new InvalidOperationException(),
    };

    internal static Order Done(OrderDecision decision) => decision.ShouldBeOfType<OrderDecision.Done>().Order;

    [Fact]
    public void Cards_of_a_worse_grade_are_drawn_last_and_hold_the_money_longer()
    {
        var world = new SmallWorld { CheapGrade = "C" }.Cards(5).Cards(2, SmallWorld.DearSupply).Fund(AccountKinds.Wallet, 3, "1000");
        var first = ((OrderDecision.Done)world.Run(world.Place("a", 2, "1000"))).Order;
        (first.Fulfilments.Single().Supply, first.ReleaseAt).ShouldBe((SmallWorld.DearSupply, SmallWorld.Start.AddHours(1)));
        var second = ((OrderDecision.Done)world.Run(world.Place("b", 1, "1000"))).Order;
        (second.Fulfilments.Single().Supply, second.ReleaseAt).ShouldBe((SmallWorld.CheapSupply, SmallWorld.Start.AddDays(1)));
    }
}
