using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using static Lianka.Tests.Unit.Orders.PlaceOrderExamples;

namespace Lianka.Tests.Unit.Orders;

public sealed class SettlementExamples
{
    [Fact]
    public void Many_orders_fold_into_one_movement_per_account_and_every_order_keeps_its_lines()
    {
        var (world, orders) = Bought(3);
        var plan = Plan(world, orders);
        Sums(orders).Total.ToString().ShouldBe("144.0000");
        plan.Legs.Select(l => $"{l.Kind} {Name(world, l.Debit)} > {Name(world, l.Credit)} {l.Amount}").ShouldBe(
        [
            "settle_out escrow 3 > settling 0 144.0000",
            "settle_in settling 0 > commission_pending 1 3.0000",
            "settle_in settling 0 > commission_pending 2 3.0000",
            "settle_in settling 0 > payable 30 135.0000",
            "settle_in settling 0 > revenue 0 3.0000",
        ]);
        plan.Commissions.Select(c => (c.Key.Value, c.Value.ToString())).ShouldBe([(1L, "3.0000"), (2L, "3.0000")]);
    }

    [Fact]
    public void Only_orders_released_in_parts_have_lines_of_their_own()
    {
        var (world, orders) = Bought(3, quantity: 2);
        Done(world.Run(new OrderCommand.Refund(orders[1].Id, 1, "damaged", "r", "operator")));
        var sums = Sums([.. orders.Select(o => world.State().Order(o.Id)!)]);
        sums.Lines.ShouldAllBe(l => l.Order == orders[1].Id);
        // I8: the lines of an order sum to what is left of what was paid for it.
        sums.Lines.Sum(l => l.Amount.Units).ShouldBe(SmallWorld.Yuan("48.0000").Units);
        sums.Total.ToString().ShouldBe("240.0000");
        sums.OutOf.ShouldHaveSingleItem().Value.ShouldBe(sums.Total);
        sums.Into.Values.Sum(m => m.Units).ShouldBe(sums.Total.Units);
    }

    [Fact]
    public void What_a_party_owes_is_recovered_first()
    {
        var (world, orders) = Bought(2);
        var plan = Plan(world, orders, party => party switch
        {
            30 => SmallWorld.Yuan("50.0000"),  // of 90 earned
            2 => SmallWorld.Yuan("7.0000"),    // more than the 2 earned
            _ => Money.Zero,
        });
        plan.Legs.Where(l => l.Kind == "recover").Select(l => $"{Name(world, l.Credit)} {l.Amount}").ShouldBe(
            ["receivable 2 2.0000", "receivable 30 50.0000"], ignoreOrder: true);
        plan.Legs.Where(l => l.Kind == "settle_in").Select(l => $"{Name(world, l.Credit)} {l.Amount}").ShouldBe(
            ["commission_pending 1 2.0000", "payable 30 40.0000", "revenue 0 2.0000"], ignoreOrder: true);
        plan.Commissions.Keys.Select(m => m.Value).ShouldBe([1L]);
        Sum(plan).ShouldBe(0);
    }

    [Fact]
    public void A_partly_refunded_order_settles_what_is_left()
    {
        var (world, orders) = Bought(1, quantity: 4);
        Done(world.Run(new OrderCommand.Refund(orders[0].Id, 3, "damaged", "r", "operator")));
        IReadOnlyList<Order> left = [world.State().Order(orders[0].Id)!];
        var plan = Plan(world, left);
        Sums(left).Total.ToString().ShouldBe("48.0000");
        Sum(plan).ShouldBe(0);
    }

    /// <summary>What is left on the settling account after the plan: always nothing.</summary>
    private static long Sum(SettlementPlan plan) =>
        plan.Legs.Sum(l => l.Kind == "settle_out" ? l.Amount.Units : -l.Amount.Units);

    private static SettlementPlan Plan(SmallWorld world, IReadOnlyList<Order> orders, Func<long, Money>? owed = null) =>
        PlanSettlement.Of(Sums(orders), name => world.State().Account(name.Kind, name.Party)!.Id, owed ?? (_ => Money.Zero));

    private static SettlementSums Sums(IEnumerable<Order> orders) => SettlementSums.Of([.. orders.Select(EscrowedOrder.Of)]);

    private static string Name(SmallWorld world, AccountId id) =>
        world.AccountNames().Single(a => a.Id == id) is var account ? $"{account.Kind} {account.PartyId}" : "";

    private static (SmallWorld, List<Order>) Bought(int count, long quantity = 1)
    {
        var world = new SmallWorld().Fund(AccountKinds.Wallet, 3, "1000.0000").Cards(20);
        return (world, [.. Enumerable.Range(0, count).Select(i => Done(world.Run(world.Place($"A{i}", quantity, "960.0000"))))]);
    }
}
