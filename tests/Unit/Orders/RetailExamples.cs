using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using static Lianka.Tests.Unit.Orders.PlaceOrderExamples;

namespace Lianka.Tests.Unit.Orders;

public sealed class RetailExamples
{
    private const string Clearing = "clearing:test";

    [Theory] //  quantity   fee     retail   decision
    [InlineData(      2,  "0.60",  "49.50",  "done 99.0000")]
    [InlineData(      2,  "3.00",  "49.50",  "done 99.0000")]   // 99 = 2 × 48 + 3: the merchant earns nothing
    [InlineData(      2,  "3.01",  "49.50",  "NotOffered")]     // the merchant would pay to sell
    [InlineData(      2,  "0.60",  "49.40",  "PriceMoved")]     // not the price on the shelf
    [InlineData(      0,  "0.60",  "49.50",  "QuantityOutOfRange")]
    [InlineData(     11,  "0.60",  "49.50",  "StockShort")]
    public void Worked_example(long quantity, string fee, string retail, string expected)
    {
        var world = new SmallWorld().Cards(10);
        Text(world.Run(world.Reserve("K", quantity, fee, retail))).ShouldBe(expected);
    }

    [Fact]
    public void A_payment_delivers_the_held_cards_and_puts_the_price_into_escrow()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2, "0.60")));
        placed.Status.ShouldBe(OrderStatus.Placed);
        placed.Fulfilments.ShouldAllBe(f => f.State == FulfilmentState.Held);
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(8);

        var paid = Done(world.Run(Pay(placed)));
        paid.Status.ShouldBe(OrderStatus.Delivered);
        paid.Settlement.ShouldBe(SettlementState.Escrowed);
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("99.0000");
        OrderDesk.SharesOf(paid).Select(s => $"{s.Role} {s.PartyId} {s.Amount}").ShouldBe(
            ["Supplier 30 90.0000", "Ancestor 2 2.0000", "Ancestor 1 2.0000", "Merchant 3 2.4000", "Fees 0 0.6000", "Platform 0 2.0000"]);
    }

    [Fact]
    public void F23_A_repeated_notice_delivers_once()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        Done(world.Run(Pay(placed)));
        for (var i = 0; i < 5; i++)
            world.Run(Pay(placed)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("99.0000");
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(8);
    }

    [Fact]
    public void A_payment_of_another_amount_is_refused()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        Text(world.Run(Pay(placed) with { Amount = SmallWorld.Yuan("98.99") })).ShouldBe("InvalidRequest");
        world.State().Order(placed.Id)!.Status.ShouldBe(OrderStatus.Placed);
    }

    [Fact]
    public void A_lapsed_reservation_gives_its_cards_back_once()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        world.Run(new OrderCommand.Expire(placed.Id)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue(); // not yet
        world.Later(TimeSpan.FromMinutes(15), [placed]);
        Done(world.Run(new OrderCommand.Expire(placed.Id))).Status.ShouldBe(OrderStatus.Expired);
        Done(world.Run(new OrderCommand.Expire(placed.Id)));
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(10);
    }

    [Fact]
    public void F14_A_clock_set_back_between_reservation_and_payment_leaves_the_moments_in_order()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        world.Later(TimeSpan.FromMinutes(-10), [placed]);

        var paid = Done(world.Run(Pay(placed)));
        (paid.PaidAt, paid.DeliveredAt, paid.ReleaseAt).ShouldBe((placed.CreatedAt, placed.CreatedAt, placed.CreatedAt));
    }

    [Fact]
    public void F14_A_clock_set_back_never_puts_a_look_at_the_cards_before_their_delivery_or_the_first_look()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        var paid = Done(world.Run(Pay(placed)));
        world.Later(TimeSpan.FromMinutes(-10), [paid]);
        var seen = Done(world.Run(new OrderCommand.Reveal(paid.Id, null, "buyer", "192.0.2.1")));
        seen.RevealedAt.ShouldBe(paid.DeliveredAt);

        world.Later(TimeSpan.FromMinutes(-10), [paid]);
        Done(world.Run(new OrderCommand.Reveal(paid.Id, null, "buyer", "192.0.2.1")));
        world.State().Writes.Reveals.ShouldHaveSingleItem().At.ShouldBe(seen.RevealedAt!.Value);
    }

    /// <summary>A number that the engine made could be some merchant's own already, and the money would wait for ever.</summary>
    [Fact]
    public void F25_An_order_bought_again_has_no_number_that_somebody_could_have_taken()
    {
        var (world, lapsed) = Lapsed(cards: 2);
        Done(world.Run(Pay(lapsed))).ClientKey.ShouldBeNull();
    }

    [Fact]
    public void F25_Money_after_the_lapse_buys_again_and_the_lapsed_order_stays_lapsed()
    {
        var (world, lapsed) = Lapsed(cards: 2);
        var again = Done(world.Run(Pay(lapsed)));
        again.Id.ShouldNotBe(lapsed.Id);
        again.Status.ShouldBe(OrderStatus.Delivered);
        again.Total.ShouldBe(lapsed.Total);
        world.State().Order(lapsed.Id)!.Status.ShouldBe(OrderStatus.Expired);
        world.State().Writes.PaymentMoves.ShouldBe([(lapsed.Id, again.Id)]);
        world.Run(Pay(lapsed)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("99.0000");
    }

    [Fact]
    public void F25_Money_after_the_lapse_goes_back_when_the_stock_is_gone()
    {
        var (world, lapsed) = Lapsed(cards: 2);
        world.Fund(AccountKinds.Wallet, 3, "0");
        var other = Done(world.Run(world.Reserve("K2", 1, contact: 2)));
        other.Status.ShouldBe(OrderStatus.Placed);
        var done = world.Run(Pay(lapsed)).ShouldBeOfType<OrderDecision.Done>();
        done.RefundDue.ToString().ShouldBe("99.0000");
        done.Order.Status.ShouldBe(OrderStatus.Expired);
        world.State().Writes.ChannelRefunds.ShouldHaveSingleItem().Amount.ToString().ShouldBe("99.0000");
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("0.0000");
        world.Run(Pay(lapsed)).ShouldBeOfType<OrderDecision.Done>().RefundDue.IsZero.ShouldBeTrue(); // once
    }

    [Fact]
    public void F19_Money_for_a_cancelled_order_goes_back()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        Done(world.Run(new OrderCommand.Cancel(placed.Id, SmallWorld.Leaf, "buyer"))).Status.ShouldBe(OrderStatus.Cancelled);
        world.Run(new OrderCommand.Cancel(placed.Id, SmallWorld.Leaf, "buyer")).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        var done = world.Run(Pay(placed)).ShouldBeOfType<OrderDecision.Done>();
        done.RefundDue.ShouldBe(placed.Total);
        done.Order.Status.ShouldBe(OrderStatus.Cancelled);
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(10);
    }

    [Fact]
    public void F19_A_paid_order_cannot_be_cancelled_and_another_merchants_is_not_found()
    {
        var world = new SmallWorld().Cards(10);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        Text(world.Run(new OrderCommand.Cancel(placed.Id, SmallWorld.Top, "x"))).ShouldBe("NotFound");
        Done(world.Run(Pay(placed)));
        Text(world.Run(new OrderCommand.Cancel(placed.Id, SmallWorld.Leaf, "x"))).ShouldBe("NotCancellable");
    }

    [Fact]
    public void Unpaid_carts_do_not_lock_all_stock()
    {
        var world = new SmallWorld().Cards(1_000);
        // 200 in any case and half of the rest; each contact few.
        Done(world.Run(world.Reserve("A", 400, contact: 1)));
        Text(world.Run(world.Reserve("B", 300, contact: 2))).ShouldBe("StockShort");
        for (byte i = 0; i < 3; i++) world.Run(world.Reserve($"C{i}", 1, contact: 9));
        Text(world.Run(world.Reserve("C4", 1, contact: 9))).ShouldBe("StockShort");
        Done(world.Run(world.Reserve("D", 1, contact: 10)));
    }

    [Fact]
    public void A_double_click_reserves_once()
    {
        var world = new SmallWorld().Cards(10);
        var first = Done(world.Run(world.Reserve("K", 2)));
        var again = world.Run(world.Reserve("K", 2)).ShouldBeOfType<OrderDecision.Done>();
        (again.IsReplay, again.Order.Id).ShouldBe((true, first.Id));
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(8);
    }

    private static (SmallWorld World, Order Lapsed) Lapsed(long cards)
    {
        var world = new SmallWorld().Cards(cards);
        var placed = Done(world.Run(world.Reserve("K", 2)));
        world.Later(TimeSpan.FromMinutes(16), [placed]);
        return (world, Done(world.Run(new OrderCommand.Expire(placed.Id))));
    }

    private static OrderCommand.Pay Pay(Order order) => new(order.Id, order.Total, "test", "channel:test");
}
