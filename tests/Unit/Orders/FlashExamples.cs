using Lianka.Modules.Orders;

namespace Lianka.Tests.Unit.Orders;

public sealed class FlashExamples
{
    [Fact]
    public void A_sale_sells_its_units_at_its_own_price_and_no_more()
    {
        var world = new SmallWorld().Cards(100).FlashSale(units: 3);
        var orders = Enumerable.Range(1, 3).Select(buyer => Done(world.Run(world.Attempt(buyer)))).ToList();
        orders.ShouldAllBe(o => o.Total == SmallWorld.Yuan("49.00") && o.Status == OrderStatus.Placed);
        world.Run(world.Attempt(4)).ShouldBe(new OrderDecision.Refused(Refusal.StockShort, "all_reserved"));
        foreach (var order in orders) Done(world.Run(Pay(order)));
        (world.Sale().Taken, world.Sale().Sold, world.Sale().Opened).ShouldBe((3, 3, 3));
        world.Run(world.Attempt(4)).ShouldBe(new OrderDecision.Refused(Refusal.SoldOut));
    }

    [Fact]
    public void One_buyer_has_one_order_however_often_and_for_however_much_it_asks()
    {
        var world = new SmallWorld().Cards(100).FlashSale(units: 10, quota: 2);
        world.Run(world.Attempt(1, 3)).ShouldBe(new OrderDecision.Refused(Refusal.QuantityOutOfRange, "quota"));
        var first = Done(world.Run(world.Attempt(1, 2)));
        var again = world.Run(world.Attempt(1, 1)).ShouldBeOfType<OrderDecision.Done>();
        (again.IsReplay, again.Order.Id, world.Sale().Taken).ShouldBe((true, first.Id, 2));
    }

    [Fact]
    public void F25_Units_that_nobody_paid_for_come_back_into_the_sale_and_their_buyer_had_its_chance()
    {
        var world = new SmallWorld().Cards(100).FlashSale(units: 1);
        var lapsed = Done(world.Run(world.Attempt(1)));
        world.Later(TimeSpan.FromSeconds(60), [lapsed]);
        Done(world.Run(new OrderCommand.Expire(lapsed.Id))).Status.ShouldBe(OrderStatus.Expired);
        world.Sale().Taken.ShouldBe(0);
        world.Run(world.Attempt(1)).ShouldBeOfType<OrderDecision.Done>().Order.Status.ShouldBe(OrderStatus.Expired);
        Done(world.Run(world.Attempt(2))).Status.ShouldBe(OrderStatus.Placed);
    }

    [Fact]
    public void F25_Late_money_buys_again_only_while_the_sale_has_units()
    {
        var world = new SmallWorld().Cards(100).FlashSale(units: 1);
        var lapsed = Done(world.Run(world.Attempt(1)));
        world.Later(TimeSpan.FromSeconds(60), [lapsed]);
        Done(world.Run(new OrderCommand.Expire(lapsed.Id)));
        var next = Done(world.Run(world.Attempt(2)));
        world.Run(Pay(lapsed)).ShouldBeOfType<OrderDecision.Done>().RefundDue.ShouldBe(lapsed.Total);
        Done(world.Run(new OrderCommand.Cancel(next.Id, null, "buyer")));
        (world.Sale().Taken, world.Sale().Sold).ShouldBe((0, 0));

        var late = new SmallWorld().Cards(100).FlashSale(units: 1);
        var missed = Done(late.Run(late.Attempt(1)));
        late.Later(TimeSpan.FromSeconds(60), [missed]);
        Done(late.Run(new OrderCommand.Expire(missed.Id)));
        Done(late.Run(Pay(missed))).Status.ShouldBe(OrderStatus.Delivered);
        (late.Sale().Taken, late.Sale().Sold, late.Sale().Opened).ShouldBe((1, 1, 2));
    }

    [Fact]
    public void A_sale_has_a_beginning_an_end_and_goods_of_its_own()
    {
        var world = new SmallWorld().Cards(100)
            .FlashSale(5, 70, from: TimeSpan.FromMinutes(1)).FlashSale(5, 71, from: TimeSpan.FromMinutes(-2), to: TimeSpan.Zero);
        world.Run(world.Attempt(1, sale: 70)).ShouldBe(new OrderDecision.Refused(Refusal.SaleNotStarted));
        world.Run(world.Attempt(1, sale: 71)).ShouldBe(new OrderDecision.Refused(Refusal.SaleEnded));
        world.Run(world.Attempt(1, sale: 72)).ShouldBe(new OrderDecision.Refused(Refusal.NotOffered));
        world.Run(world.Attempt(1, sale: 70) with { Merchant = SmallWorld.Top }).ShouldBe(new OrderDecision.Refused(Refusal.NotOffered));
    }

    [Fact]
    public void A_sale_is_not_strangled_by_the_limits_of_the_shelf_and_does_not_strangle_the_shelf()
    {
        var world = new SmallWorld().Cards(1_000).FlashSale(units: 600);
        for (var buyer = 1; buyer <= 600; buyer++) Done(world.Run(world.Attempt(buyer)));
        // Of the 400 that are left the shelf may hold its own 200 and half of the rest.
        Done(world.Run(world.Reserve("K", 200)));
    }

    [Fact]
    public void F25_Unpaid_carts_hold_at_most_three_orders_a_contact_and_their_share_of_the_stock()
    {
        var world = new SmallWorld().Cards(1_000);
        for (var i = 0; i < 3; i++) Done(world.Run(world.Reserve($"K{i}", 1)));
        world.Run(world.Reserve("K4", 1)).ShouldBe(new OrderDecision.Refused(Refusal.StockShort, "too_many_unpaid"));
        Done(world.Run(world.Reserve("L1", 400, contact: 2)));
        // 403 are held of 1,000; 200 + 597 / 2 = 498 is the most.
        world.Run(world.Reserve("L2", 96, contact: 3)).ShouldBe(new OrderDecision.Refused(Refusal.StockShort, "held_by_unpaid"));
        Done(world.Run(world.Reserve("L3", 95, contact: 3)));
    }

    [Fact]
    public void The_loss_guard_and_the_stock_hold_in_a_sale_too()
    {
        var dear = new SmallWorld { LeafPrice = "48.9000" }.Cards(10).FlashSale(units: 5);
        dear.Run(dear.Attempt(1)).ShouldBe(new OrderDecision.Refused(Refusal.NotOffered, "below_cost"));
        var bare = new SmallWorld().Cards(1).FlashSale(units: 5);
        Done(bare.Run(bare.Attempt(1)));
        bare.Run(bare.Attempt(2)).ShouldBe(new OrderDecision.Refused(Refusal.StockShort));
        bare.Run(bare.Attempt(3, retail: "48.50")).ShouldBe(new OrderDecision.Refused(Refusal.PriceMoved));
    }

    private static Order Done(OrderDecision decision) => decision.ShouldBeOfType<OrderDecision.Done>().Order;

    private static OrderCommand.Pay Pay(Order order) => new(order.Id, order.Total, "test", "channel:test");
}
