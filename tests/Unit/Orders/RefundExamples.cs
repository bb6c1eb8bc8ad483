using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using static Lianka.Tests.Unit.Orders.PlaceOrderExamples;

namespace Lianka.Tests.Unit.Orders;

public sealed class RefundExamples
{
    [Fact]
    public void Before_the_release_the_buyer_is_paid_from_escrow_and_unseen_cards_return()
    {
        var (world, order) = Bought(4);
        var after = Done(world.Run(Refund(order, 1)));
        after.Refunded.ToString().ShouldBe("48.0000");
        after.Settlement.ShouldBe(SettlementState.Escrowed);
        after.Fulfilments.Select(f => (f.No, f.FromSeq, f.Count, f.State)).ShouldBe(
            [(1, 1L, 3L, FulfilmentState.Delivered), (2, 4L, 1L, FulfilmentState.Returned)]);
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("856.0000");
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("144.0000");
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(7);
        OrderDesk.SharesOf(after).Sum(s => s.Amount.Units).ShouldBe(SmallWorld.Yuan("144.0000").Units);

        var all = Done(world.Run(Refund(order, null, "r2")));
        all.Settlement.ShouldBe(SettlementState.Reversed);
        all.Status.ShouldBe(OrderStatus.Delivered); // final states stay
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("0.0000");
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(10);
    }

    [Fact]
    public void Cards_that_were_seen_never_go_back_to_stock()
    {
        var (world, order) = Bought(4);
        Done(world.Run(new OrderCommand.Reveal(order.Id, SmallWorld.Leaf, "key", "10.0.0.1")));
        Done(world.Run(Refund(order, 2))).Fulfilments.Select(f => (f.Count, f.State)).ShouldBe(
            [(2L, FulfilmentState.Delivered), (2L, FulfilmentState.Void)]);
        world.State().FreeUnits(SmallWorld.Sku).ShouldBe(6);
    }

    [Theory]
    [InlineData(0, "QuantityOutOfRange")]
    [InlineData(-1, "QuantityOutOfRange")]
    [InlineData(5, "QuantityOutOfRange")]
    [InlineData(4, "done 192.0000")]
    public void I7_No_more_than_was_paid(long units, string expected)
    {
        var (world, order) = Bought(4);
        Text(world.Run(Refund(order, units))).ShouldBe(expected);
    }

    [Fact]
    public void A_refund_sent_twice_is_one_and_another_content_under_its_key_is_a_conflict()
    {
        var (world, order) = Bought(4);
        Done(world.Run(Refund(order, 1)));
        world.Run(Refund(order, 1)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        Text(world.Run(Refund(order, 2))).ShouldBe("IdempotencyConflict");
        Text(world.Run(Refund(order, 1) with { Reason = "other" })).ShouldBe("IdempotencyConflict");
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("144.0000");
    }

    [Fact]
    public void What_was_refunded_or_never_paid_is_not_refundable()
    {
        var (world, order) = Bought(1);
        Done(world.Run(Refund(order, null)));
        Text(world.Run(Refund(order, null, "r2"))).ShouldBe("NotRefundable");
        var placed = Done(world.Run(world.Reserve("K", 1)));
        Text(world.Run(Refund(placed, null))).ShouldBe("NotRefundable");
        Text(world.Run(Refund(placed, null) with { Order = new OrderId(5) })).ShouldBe("NotFound");
    }

    [Fact]
    public void After_the_release_the_buyer_is_paid_from_loss_and_each_party_gives_its_own_share_back()
    {
        var (world, order) = Bought(4);
        order = Released(world, order);
        world.Balance(AccountKinds.Payable, 30).ShouldBe("180.0000");

        Done(world.Run(Refund(order, 1))).Settlement.ShouldBe(SettlementState.Released);
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("856.0000");
        world.Balance(AccountKinds.Payable, 30).ShouldBe("135.0000");
        world.Balance(AccountKinds.CommissionPending, 2).ShouldBe("3.0000");
        world.Balance(AccountKinds.CommissionPending, 1).ShouldBe("3.0000");
        LossOf(world).ShouldBe(0);
    }

    [Fact]
    public void What_a_party_no_longer_has_becomes_its_receivable_after_its_deposit()
    {
        var (world, order) = Bought(4);
        order = Released(world, order);
        // The supplier was paid out all but 10, and keeps a deposit of 20; one unit cost 45.
        // Of the 4 of commission half a yuan is left; the share is 1.
        world.Later(TimeSpan.Zero, [order], w => w
            .Fund(AccountKinds.Payable, 30, "-170.0000").Fund(AccountKinds.Deposit, 30, "20.0000")
            .Fund(AccountKinds.CommissionPending, 2, "-3.5000"));
        Done(world.Run(Refund(order, 1)));
        world.Balance(AccountKinds.Payable, 30).ShouldBe("0.0000");
        world.Balance(AccountKinds.Deposit, 30).ShouldBe("0.0000");
        world.Balance(AccountKinds.Receivable, 30).ShouldBe("-15.0000");
        world.Balance(AccountKinds.CommissionPending, 2).ShouldBe("0.0000");
        world.Balance(AccountKinds.Receivable, 2).ShouldBe("-0.5000");
        LossOf(world).ShouldBe(0);
    }

    [Fact]
    public void Available_commission_is_taken_before_pending()
    {
        var (world, order) = Bought(4);
        order = Released(world, order);
        world.Later(TimeSpan.Zero, [order], w => w.Fund(AccountKinds.CommissionAvailable, 2, "0.6000"));
        Done(world.Run(Refund(order, 1)));
        world.Balance(AccountKinds.CommissionAvailable, 2).ShouldBe("0.0000");
        world.Balance(AccountKinds.CommissionPending, 2).ShouldBe("3.6000");
    }

    [Fact]
    public void A_retail_refund_goes_to_the_channel_and_the_fee_falls_with_the_units()
    {
        var world = new SmallWorld().Cards(10);
        var order = Done(world.Run(world.Reserve("K", 3, "0.89")));
        order = Done(world.Run(new OrderCommand.Pay(order.Id, order.Total, "test", "channel:test")));
        var done = world.Run(Refund(order, 1)).ShouldBeOfType<OrderDecision.Done>();
        done.RefundDue.ToString().ShouldBe("49.5000");
        // 0.89 × 2/3 = 0.59333…, rounded down: the merchant keeps the odd unit.
        OrderDesk.SharesOf(done.Order).Single(s => s.Role == Modules.Agents.SplitRole.Fees).Amount.ToString().ShouldBe("0.5933");
        OrderDesk.SharesOf(done.Order).Sum(s => s.Amount.Units).ShouldBe(SmallWorld.Yuan("99.0000").Units);
        world.State().Writes.ChannelRefunds.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_promotions_part_goes_back_to_the_promotion()
    {
        var world = new SmallWorld { PromotionBps = 1_000 }
            .Fund(AccountKinds.Wallet, 3, "1000.0000").Fund(AccountKinds.Promotion, SmallWorld.PromotionId, "100.0000").Cards(9);
        var order = Done(world.Run(world.Place("A", 2, "86.4000")));
        world.Balance(AccountKinds.Promotion, SmallWorld.PromotionId).ShouldBe("92.8000");
        Done(world.Run(Refund(order, 1)));
        world.Balance(AccountKinds.Promotion, SmallWorld.PromotionId).ShouldBe("96.4000");
        world.Balance(AccountKinds.Escrow, 3).ShouldBe("46.8000");

        order = Released(world, world.State().Order(order.Id)!);
        Done(world.Run(Refund(order, 1, "late")));
        world.Balance(AccountKinds.Promotion, SmallWorld.PromotionId).ShouldBe("100.0000");
        world.Balance(AccountKinds.Wallet, 3).ShouldBe("1000.0000");
        LossOf(world).ShouldBe(0);
    }

    [Fact]
    public void Refunds_take_from_the_last_delivery_backwards_and_number_what_they_split()
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(2).Cards(3);
        var order = Done(world.Run(world.Place("A", 5, "480.0000")));
        var once = Done(world.Run(Refund(order, 1)));
        Parts(once).ShouldBe(["1 1+2 Delivered", "2 1+2 Delivered", "3 3+1 Returned"]);
        once.Version.ShouldBe(order.Version + 1);
        var twice = Done(world.Run(Refund(order, 3, "r2")));
        Parts(twice).ShouldBe(["1 1+1 Delivered", "2 1+2 Returned", "3 3+1 Returned", "4 2+1 Returned"]);
        twice.Version.ShouldBe(order.Version + 2);

        static IEnumerable<string> Parts(Order order) => order.Fulfilments.Select(f => $"{f.No} {f.FromSeq}+{f.Count} {f.State}");
    }

    [Fact]
    public void A_wallet_refund_asks_no_channel_and_says_whether_it_was_late()
    {
        var (world, order) = Bought(4);
        world.Run(Refund(order, 1)).ShouldBeOfType<OrderDecision.Done>().RefundDue.IsZero.ShouldBeTrue();
        Released(world, order);
        Done(world.Run(Refund(order, 1, "r2")));
        world.State().Writes.ChannelRefunds.ShouldBeEmpty();
        world.State().Writes.Events.Select(e => e.Kind).ShouldBe(["refunded", "refunded_late"]);
    }

    [Fact]
    public void After_the_release_of_a_retail_order_platform_and_fee_give_their_own_parts_back()
    {
        var world = new SmallWorld().Cards(10);
        var order = Done(world.Run(world.Reserve("K", 3, "0.90")));
        order = Released(world, Done(world.Run(new OrderCommand.Pay(order.Id, order.Total, "test", "channel:test"))));
        Done(world.Run(Refund(order, 1)));
        // Of one unit at 49.50: cost 45, ancestors 1 and 1, seller 1.50 less 0.30 of fee, platform 1.
        SmallWorld.Transfers(world.State()).Where(t => t.Kind == "take_back").Select(t => $"{Kind(t.Debit)} {t.Amount}").ShouldBe(
            ["payable 45.0000", "commission_pending 1.0000", "commission_pending 1.0000", "commission_pending 1.2000", "fees 0.3000", "revenue 1.0000"],
            ignoreOrder: true);
        LossOf(world).ShouldBe(0);

        string Kind(AccountId id) => world.AccountNames().Single(a => a.Id == id).Kind;
    }

    /// <summary>Settles the order as the worker does, and gives the world after it.</summary>
    private static Order Released(SmallWorld world, Order order)
    {
        var before = world.State();
        var plan = PlanSettlement.Of(SettlementSums.Of([EscrowedOrder.Of(before.Order(order.Id)!)]), name => before.Account(name.Kind, name.Party)!.Id, _ => Money.Zero);
        var released = before.Order(order.Id)! with { Settlement = SettlementState.Released };
        before.Apply(new Effects { Order = released, Legs = plan.Legs, Posting = new NewPosting(1, "settlement", "s", "", "system") });
        return released;
    }

    /// <summary>All movements of the loss account together.</summary>
    private static long LossOf(SmallWorld world)
    {
        var loss = world.State().Account(AccountKinds.Loss, 0)!.Id;
        return SmallWorld.Transfers(world.State()).Sum(t => t.Credit == loss ? t.Amount.Units : t.Debit == loss ? -t.Amount.Units : 0);
    }

    private static (SmallWorld World, Order Order) Bought(long quantity)
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(10);
        return (world, Done(world.Run(world.Place("A", quantity, "480.0000"))));
    }

    private static OrderCommand.Refund Refund(Order order, long? units, string key = "r1") =>
        new(order.Id, units, "damaged", key, "operator");
}
