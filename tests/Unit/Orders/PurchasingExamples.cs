using Lianka.Kernel;
using Lianka.Kernel.Routing;
using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;
using Lianka.Modules.Inventory.Store;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Purchases;
using static Lianka.Tests.Unit.Orders.SmallWorld;

namespace Lianka.Tests.Unit.Orders;

/// <summary>Direct SKUs: bought when paid, delivered or given back, never bought twice.</summary>
public sealed class PurchasingExamples
{
    private static SmallWorld World(Func<SmallWorld, SmallWorld>? change = null)
    {
        var world = new SmallWorld { IsDirect = true };
        return (change?.Invoke(world) ?? world).Fund(AccountKinds.Wallet, 3, "200");
    }

    private static Order Done(OrderDecision decision) => decision.ShouldBeOfType<OrderDecision.Done>().Order;

    private static Order Buy(SmallWorld world, long quantity = 2) => Done(world.Run(world.Place("k1", quantity, "200")));

    private static OrderCommand.Deliver Delivered(Order order, int part, long units, string? charged = null, BoughtLot? cards = null) =>
        new(order.Id, order.Fulfilments[part].FromSeq, units, "u-1", "receipt", charged is null ? null : Yuan(charged), cards, "upstream");

    private static OrderCommand.Fail Failed(Order order, int part, bool isBuyersFault = false) =>
        new(order.Id, order.Fulfilments[part].FromSeq, "goods", "none left", isBuyersFault, "upstream");

    [Fact]
    public void A_direct_order_takes_the_money_into_escrow_and_begins_one_purchase()
    {
        var world = World();
        var order = Buy(world);
        (order.Status, order.Settlement, order.Total.ToString(), order.IsFinal).ShouldBe((OrderStatus.Fulfilling, SettlementState.Escrowed, "96.0000", false));
        (world.Balance(AccountKinds.Wallet, 3), world.Balance(AccountKinds.Escrow, 3)).ShouldBe(("104.0000", "96.0000"));
        var purchase = world.State().Writes.Purchases.ShouldHaveSingleItem();
        (purchase.Number, purchase.Supply, purchase.Connection, purchase.Count, purchase.UnitCost.ToString())
            .ShouldBe((order.Fulfilments[0].FromSeq, CheapSupply, 1, 2, "45.0000"));
        Done(world.Run(world.Place("k1", 2, "200"))).Id.ShouldBe(order.Id);
        world.State().Writes.Purchases.Count.ShouldBe(1);
    }

    [Fact]
    public void What_is_delivered_may_be_released_after_the_hold_time_of_its_supply()
    {
        var world = World();
        var order = Done(world.Run(Delivered(Buy(world), 0, 2)));
        (order.Status, order.Delivered, order.DeliveredAt, order.ReleaseAt, order.HoldReason).ShouldBe((OrderStatus.Delivered, 2, Start, Start, null));
        // The news comes twice.
        world.Run(Delivered(order, 0, 2)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        world.Run(Failed(order, 0)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("104.0000");
    }

    [Fact]
    public void A_worse_grade_holds_the_money_longer_from_the_next_purchase_on()
    {
        var world = World();
        var before = Buy(world);
        world.Later(TimeSpan.FromHours(1), [before], w => w.CheapGrade = "C");
        // Bought before the grade fell: as it was frozen then.
        Done(world.Run(Delivered(before, 0, 2))).ReleaseAt.ShouldBe(Start.AddHours(1));
        var after = Done(world.Run(world.Place("k2", 1, "200")));
        world.Run(Failed(after, 0)); // The better one has a longer hold time of its own, and goes first.
        var second = Done(world.Run(Delivered(world.State().Order(after.Id)!, 1, 1)));
        (second.Fulfilments[0].Supply, second.Fulfilments[1].Supply, second.ReleaseAt).ShouldBe((DearSupply, CheapSupply, Start.AddHours(25)));
    }

    [Fact]
    public void The_router_weighs_the_margin_by_the_grade()
    {
        SupplyEntry One(long id, string cost, string? grade) => new(new SupplyId(id), Sku, new SupplierId(id), Yuan(cost), 0, 100, true) { Connection = id, Grade = grade };
        var router = new SupplyRouter(new Router(), new Random(1));
        router.Choose([One(1, "9.00", null), One(2, "9.30", "A")], 1, Yuan("10.00"), Start).Supply.Id.ShouldBe(new SupplyId(1));
        var worse = router.Choose([One(1, "9.00", "E"), One(2, "9.30", "A")], 1, Yuan("10.00"), Start);
        (worse.Supply.Id, Decision.FromJson(worse.Why)!.Why).ShouldBe((new SupplyId(2), Why.Grade));
    }

    [Fact]
    public void A_final_failure_is_bought_elsewhere_and_not_there_again()
    {
        var world = World();
        var order = Done(world.Run(Failed(Buy(world), 0)));
        order.Status.ShouldBe(OrderStatus.Fulfilling);
        order.Fulfilments.Select(f => (f.Supply, f.State)).ShouldBe([(CheapSupply, FulfilmentState.Returned), (DearSupply, FulfilmentState.Held)]);
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("104.0000");
        var ended = Done(world.Run(Failed(order, 1)));
        (ended.Status, ended.Settlement, ended.Refunded, ended.Failure).ShouldBe((OrderStatus.Refunded, SettlementState.Reversed, ended.Total, "goods"));
        (world.Balance(AccountKinds.Wallet, 3), world.Balance(AccountKinds.Escrow, 3)).ShouldBe(("200.0000", "0.0000"));
        world.State().Writes.Purchases.Count.ShouldBe(2);
    }

    [Fact]
    public void What_was_refused_together_with_others_is_asked_for_alone_and_then_elsewhere()
    {
        var world = new SmallWorld { IsDirect = true, BatchMax = 10 }.Fund(AccountKinds.Wallet, 3, "200");
        var order = Buy(world);
        world.State().Writes.Purchases[^1].Merges.ShouldBeTrue();
        var alone = Done(world.Run(Failed(order, 0) with { IsMerged = true }));
        alone.Fulfilments.Select(f => (f.Supply, f.State)).ShouldBe([(CheapSupply, FulfilmentState.Returned), (CheapSupply, FulfilmentState.Held)]);
        world.State().Writes.Purchases[^1].Merges.ShouldBeFalse();
        var elsewhere = Done(world.Run(Failed(alone, 1)));
        (elsewhere.Status, elsewhere.Fulfilments[^1].Supply, elsewhere.Fulfilments[^1].State).ShouldBe((OrderStatus.Fulfilling, DearSupply, FulfilmentState.Held));
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("104.0000");
    }

    [Fact]
    public void The_buyers_own_mistake_is_given_back_at_once()
    {
        var world = World();
        var order = Done(world.Run(Failed(Buy(world), 0, isBuyersFault: true)));
        (order.Status, world.Balance(AccountKinds.Wallet, 3)).ShouldBe((OrderStatus.Refunded, "200.0000"));
    }

    [Fact]
    public void Of_a_part_that_came_the_rest_is_bought_elsewhere_or_given_back()
    {
        var world = World();
        var order = Done(world.Run(Delivered(Buy(world, 3), 0, 1)));
        order.Fulfilments.Select(f => (f.Supply, f.Count, f.State)).ShouldBe([(CheapSupply, 1, FulfilmentState.Delivered), (DearSupply, 2, FulfilmentState.Held)]);
        (order.Status, order.Delivered).ShouldBe((OrderStatus.Fulfilling, 1));
        var ended = Done(world.Run(Failed(order, 1)));
        (ended.Status, ended.Delivered, ended.RefundedUnits, ended.Refunded.ToString()).ShouldBe((OrderStatus.PartiallyDelivered, 1, 2, "96.0000"));
        (world.Balance(AccountKinds.Wallet, 3), world.Balance(AccountKinds.Escrow, 3)).ShouldBe(("152.0000", "48.0000"));
    }

    [Fact]
    public void F35_Delivered_after_it_was_given_back_moves_no_money_and_asks_a_person()
    {
        var world = World();
        var order = Done(world.Run(Failed(Buy(world), 0, isBuyersFault: true)));
        var late = world.Run(Delivered(order, 0, 2, "90")).ShouldBeOfType<OrderDecision.Done>();
        (late.IsReplay, late.Order.Status, world.Balance(AccountKinds.Wallet, 3)).ShouldBe((true, OrderStatus.Refunded, "200.0000"));
        var open = world.State().Writes.Cases.ShouldHaveSingleItem();
        (open.Kind, open.Ours.ToString(), open.Theirs?.ToString()).ShouldBe(("late_success", "96.0000", "90.0000"));
    }

    [Fact]
    public void Taken_back_after_it_was_delivered_moves_no_money_and_asks_a_person()
    {
        var world = World();
        var order = Done(world.Run(Delivered(Buy(world), 0, 2)));
        world.Run(Failed(order, 0)).ShouldBeOfType<OrderDecision.Done>().Order.Status.ShouldBe(OrderStatus.Delivered);
        var open = world.State().Writes.Cases.ShouldHaveSingleItem();
        (open.Kind, open.Ours.ToString(), open.Theirs?.ToString(), world.Balance(AccountKinds.Escrow, 3)).ShouldBe(("reversed", "90.0000", "0.0000", "96.0000"));
    }

    [Fact]
    public void F44_A_supplier_that_took_more_than_its_cost_is_a_case_and_the_split_stays()
    {
        var world = World();
        var order = Done(world.Run(Delivered(Buy(world), 0, 2, "90.0001")));
        (order.Status, order.Fulfilments[0].UnitCost.ToString()).ShouldBe((OrderStatus.Delivered, "45.0000"));
        world.State().Writes.Cases.ShouldHaveSingleItem().Kind.ShouldBe("overcharged");
    }

    [Fact]
    public void Cards_that_were_bought_are_the_orders_from_their_first_moment()
    {
        var world = World();
        var lot = new BoughtLot { Id = new(900), Sku = Sku, Supply = CheapSupply, Supplier = Cheap, Cards = new SealedCard[2] };
        var order = Done(world.Run(Delivered(Buy(world), 0, 2, cards: lot)));
        (order.Fulfilments[0].Lot, order.Fulfilments[0].FromSeq, order.Fulfilments[0].IsPurchase).ShouldBe((lot.Id, 1, false));
        world.State().Writes.Bought.ShouldHaveSingleItem().ShouldBe(lot);
        world.Run(new OrderCommand.Reveal(order.Id, Leaf, "key", "10.0.0.1")).ShouldBeOfType<OrderDecision.Done>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Nobody_delivers_none_or_more_than_was_bought(long units)
    {
        var world = World();
        world.Run(Delivered(Buy(world), 0, units)).ShouldBe(new OrderDecision.Refused(Refusal.InvalidRequest, "delivered"));
    }

    [Fact]
    public void While_a_purchase_is_under_way_there_is_nothing_to_refund_cancel_or_reveal()
    {
        var world = World();
        var order = Buy(world);
        world.Run(new OrderCommand.Refund(order.Id, null, "", "r", "operator")).ShouldBe(new OrderDecision.Refused(Refusal.NotRefundable, "fulfilling"));
        world.Run(new OrderCommand.Cancel(order.Id, null, "operator")).ShouldBe(new OrderDecision.Refused(Refusal.NotCancellable));
        world.Run(new OrderCommand.Reveal(order.Id, Leaf, "key", "10.0.0.1")).ShouldBe(new OrderDecision.Refused(Refusal.NotFound, "nothing_delivered"));
    }

    [Fact]
    public void A_delivered_purchase_that_is_refunded_binds_what_was_bought()
    {
        var world = World();
        var order = Done(world.Run(Delivered(Buy(world, 3), 0, 3)));
        var after = Done(world.Run(new OrderCommand.Refund(order.Id, 1, "damaged", "r", "operator")));
        after.Fulfilments.Select(f => (f.FromSeq == order.Fulfilments[0].FromSeq, f.Count, f.State)).ShouldBe([(true, 2, FulfilmentState.Delivered), (true, 1, FulfilmentState.Void)]);
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("104.0000");
    }

    [Fact]
    public void Unknown_keeps_the_money_in_escrow_and_asks_a_person_once()
    {
        var world = World();
        var order = Buy(world);
        Done(world.Run(new OrderCommand.Ask(order.Id, order.Fulfilments[0].FromSeq, "unknown"))).HoldReason.ShouldBe("unknown");
        world.Run(new OrderCommand.Ask(order.Id, order.Fulfilments[0].FromSeq, "unknown")).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        world.State().Writes.Cases.Count.ShouldBe(1);
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("96.0000");
        // It becomes known after all.
        Done(world.Run(Delivered(order, 0, 2))).HoldReason.ShouldBeNull();
    }

    [Fact]
    public void A_supply_that_has_sold_its_day_is_left_out()
    {
        var world = World(_ => new SmallWorld { IsDirect = true, CheapCap = 3 });
        Buy(world).Fulfilments[0].Supply.ShouldBe(CheapSupply);
        Done(world.Run(world.Place("k2", 2, "200"))).Fulfilments[0].Supply.ShouldBe(DearSupply);
    }

    [Theory]
    [InlineData("{\"region\":\"GD\"}", 40)]
    [InlineData("{\"region\":\"SH\"}", 41)]
    [InlineData(null, 41)]
    public void A_supply_serves_its_regions(string? fields, long supply)
    {
        var world = World(_ => new SmallWorld { IsDirect = true, CheapRegions = ["GD", "BJ"] });
        Done(world.Run(world.Place("k1", 1, "200", fields: fields))).Fulfilments[0].Supply.Value.ShouldBe(supply);
    }

    [Fact]
    public void Without_a_supply_within_the_price_nothing_is_sold()
    {
        var world = World(_ => new SmallWorld { IsDirect = true, CheapCost = Yuan("46.0001"), DearCost = Yuan("46.0001") });
        world.Run(world.Place("k1", 1, "200")).ShouldBe(new OrderDecision.Refused(Refusal.NotOffered));
    }

    [Fact]
    public void By_hand_the_order_waits_for_people_from_the_start() =>
        Buy(World(_ => new SmallWorld { IsDirect = true, CheapConnection = null })).HoldReason.ShouldBe("by_hand");

    [Fact]
    public void A_retail_order_is_bought_when_it_is_paid_and_goes_back_through_its_channel()
    {
        var world = World();
        var opened = Done(world.Run(world.Reserve("b1", 2) with { Fields = "{\"account\":\"1\"}" }));
        (opened.Status, opened.Fulfilments.Count, opened.Fields).ShouldBe((OrderStatus.Placed, 0, "{\"account\":\"1\"}"));
        world.State().Writes.Purchases.ShouldBeEmpty();
        var paid = Done(world.Run(new OrderCommand.Pay(opened.Id, opened.Total, "test", "channel:test")));
        (paid.Status, paid.Fulfilments.Count).ShouldBe((OrderStatus.Fulfilling, 1));
        var failed = world.Run(Failed(paid, 0, isBuyersFault: true)).ShouldBeOfType<OrderDecision.Done>();
        (failed.Order.Status, failed.RefundDue).ShouldBe((OrderStatus.Refunded, opened.Total));
        world.State().Writes.ChannelRefunds.ShouldHaveSingleItem().Amount.ShouldBe(opened.Total);
    }

    [Fact]
    public void F25_Late_money_for_a_direct_order_buys_again()
    {
        var world = World();
        var opened = Done(world.Run(world.Reserve("b1", 1)));
        world.Later(TimeSpan.FromMinutes(20), [opened]);
        Done(world.Run(new OrderCommand.Expire(opened.Id))).Status.ShouldBe(OrderStatus.Expired);
        var again = Done(world.Run(new OrderCommand.Pay(opened.Id, opened.Total, "test", "channel:test")));
        (again.Id == opened.Id, again.Status).ShouldBe((false, OrderStatus.Fulfilling));
        world.State().Writes.Purchases.ShouldHaveSingleItem().Order.ShouldBe(again.Id);
    }
}
