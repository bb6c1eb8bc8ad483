using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;

namespace Lianka.Tests.Unit.Orders;

/// <summary>Whatever arrives, in whatever order: money and cards are conserved, and a retry hears the same answer.</summary>
/// <remarks>Small worlds, so that things collide; one command in four repeats an earlier one. The seed is in the failure text.</remarks>
public sealed class OrderProperties
{
    private const int Seeds = 600;

    private static readonly long[] _sales = [70, 71, 72];

    private readonly HashSet<Refusal> _seen = [];

    [Fact]
    public void No_batch_creates_money_sells_a_card_twice_or_oversells()
    {
        for (var seed = 0; seed < Seeds; seed++) Run(seed);
    }

    [Fact]
    public void Every_refusal_of_the_core_is_reachable()
    {
        for (var seed = 0; seed < Seeds; seed++) Run(seed);
        Refusal[] byOthers = [Refusal.RequestInProgress, Refusal.RiskBlocked];
        Enum.GetValues<Refusal>().Except(_seen).Except(byOthers).ShouldBeEmpty("a refusal that no world can produce is dead code, or the worlds are too tame");
    }

    private void Run(int seed)
    {
        var random = new Random(seed);
        var world = World(random);
        var ran = new List<OrderCommand>();
        var orders = new List<OrderId>();
        for (var step = 0; step < 24; step++)
        {
            var command = ran.Count > 0 && random.Next(4) == 0 ? ran[random.Next(ran.Count)] : Next(random, world, orders, step);
            var decision = world.Run(command);
            if (decision is OrderDecision.Refused refused) _seen.Add(refused.Why);
            if (decision is OrderDecision.Done done)
            {
                orders.Add(done.Order.Id);
                ran.Add(command);
                var again = world.Run(command);
                again.ShouldBeOfType<OrderDecision.Done>($"seed {seed}: a retry of an accepted command was refused");
                ((OrderDecision.Done)again).RefundDue.IsZero.ShouldBeTrue($"seed {seed}: a retry gave money back again");
            }

            if (random.Next(6) == 0) world.Later(TimeSpan.FromMinutes(random.Next(20)), orders.Distinct().Select(o => world.State().Order(o)!));
            Check(seed, world, orders);
        }
    }

    private static void Check(int seed, SmallWorld world, List<OrderId> ids)
    {
        var state = world.State();
        var orders = ids.Distinct().Select(i => state.Order(i)!).ToList();

        // I3: no card is bound to two live orders, and bound and free cards together are all cards.
        var bound = orders.SelectMany(o => o.Fulfilments).Where(f => f.IsLive)
            .SelectMany(f => Enumerable.Range((int)f.FromSeq, (int)f.Count).Select(seq => (f.Lot, seq))).ToList();
        bound.Distinct().Count().ShouldBe(bound.Count, $"seed {seed}: a card was sold twice");
        var total = state.Stock.Lots(SmallWorld.Sku).Sum(l => l.Total);
        (bound.Count + state.FreeUnits(SmallWorld.Sku)).ShouldBe(total, $"seed {seed}: cards appeared or vanished");

        foreach (var order in orders)
        {
            (order.Refunded <= order.Total).ShouldBeTrue($"seed {seed}: I7");
            if (order.Settlement == SettlementState.Escrowed)
            {
                // I8: the shares sum to what is left of the price, and nobody's is negative.
                var split = OrderShares.Of(order);
                split.Shares.ShouldAllBe(s => s.Amount.IsPositive);
                split.FeeOwed.IsZero.ShouldBeTrue($"seed {seed}: the fee is not covered");
                split.Shares.Aggregate(Money.Zero, (sum, s) => sum + s.Amount)
                    .ShouldBe(order.Total - order.Refunded + split.Subsidy, $"seed {seed}: the split does not sum");
            }
        }

        // I9: escrow holds exactly what its orders have left.
        foreach (var merchant in (long[])[1, 2, 3])
        {
            var left = orders.Where(o => o.Merchant.Value == merchant && o.Settlement == SettlementState.Escrowed)
                .Aggregate(Money.Zero, (sum, o) => sum + o.Total - o.Refunded + OrderShares.Of(o).Subsidy);
            world.BalanceOf(AccountKinds.Escrow, merchant).ShouldBe(left, $"seed {seed}: escrow of {merchant}");
            state.Account(AccountKinds.Wallet, merchant)!.Balance.IsNegative.ShouldBeFalse($"seed {seed}: a wallet below zero");
        }

        // A flash sale counts what its orders hold and bought, never more than it has, and no buyer has more than the quota.
        var live = orders.Where(o => o is { Sale: not null, Status: not (OrderStatus.Expired or OrderStatus.Cancelled) }).ToList();
        foreach (var sale in _sales.Select(id => world.Sale(id)))
        {
            var own = live.Where(o => o.Sale!.Value.Sale == sale.Id).ToList();
            own.Sum(o => o.Quantity).ShouldBe(sale.Taken, $"seed {seed}: taken of {sale.Id}");
            own.Where(o => o.PaidAt is not null).Sum(o => o.Quantity).ShouldBe(sale.Sold, $"seed {seed}: sold of {sale.Id}");
            (sale.Taken <= sale.Units).ShouldBeTrue($"seed {seed}: oversold {sale.Id}");
            own.GroupBy(o => o.Sale!.Value.Buyer).ShouldAllBe(b => b.Count() == 1 && b.Sum(o => o.Quantity) <= sale.Quota);
        }

        // I1 by construction: each movement has two sides; no amount is zero or negative.
        SmallWorld.Transfers(state).ShouldAllBe(t => t.Amount.IsPositive && t.Debit != t.Credit);
    }

    private static SmallWorld World(Random random)
    {
        var world = new SmallWorld
        {
            PromotionBps = random.Next(3) == 0 ? 800 : 0,
            CheapCost = random.Next(8) == 0 ? null : SmallWorld.Yuan("45.0000"),
            DearCost = random.Next(8) == 0 ? null : SmallWorld.Yuan("46.0001"),
            Retail = random.Next(5) == 0 ? null : SmallWorld.Yuan("49.50"),
        };
        world.FlashSale(random.Next(1, 7), 70, quota: 3);
        world.FlashSale(5, 71, from: TimeSpan.FromMinutes(30));
        world.FlashSale(5, 72, from: TimeSpan.FromMinutes(-60), to: TimeSpan.FromMinutes(random.Next(15)));
        for (var i = random.Next(3); i >= 0; i--)
            world.Cards(random.Next(1, 9), random.Next(2) == 0 ? SmallWorld.CheapSupply : SmallWorld.DearSupply);
        foreach (var merchant in (long[])[1, 2, 3]) world.Fund(AccountKinds.Wallet, merchant, $"{random.Next(400)}.{random.Next(10_000):D4}");
        return world.Fund(AccountKinds.Promotion, SmallWorld.PromotionId, $"{random.Next(20)}");
    }

    private static OrderCommand Next(Random random, SmallWorld world, List<OrderId> orders, int step)
    {
        var key = $"K{random.Next(8)}";
        var merchant = new MerchantId(random.Next(1, 4));
        var known = orders.Count > 0 && random.Next(12) > 0 ? orders[random.Next(orders.Count)] : new OrderId(999_999);
        return random.Next(11) switch
        {
            0 or 1 or 2 => world.Place(key, random.Next(-1, 7), random.Next(4) == 0 ? "47.0000" : "500.0000", merchant,
                revealTo: random.Next(4) == 0 ? "10.0.0.1" : null),
            3 or 4 => world.Reserve(key, random.Next(0, 5), random.Next(4) == 0 ? "5.00" : "0.30", contact: (byte)random.Next(2)),
            9 or 10 => world.Attempt(random.Next(6), random.Next(0, 5), _sales[Math.Max(0, random.Next(6) - 3)]),
            5 => new OrderCommand.Pay(known, Total(world, known, random), "test", "channel:test"),
            6 => new OrderCommand.Cancel(known, null, "operator"),
            7 => random.Next(2) == 0 ? new OrderCommand.Expire(known) : new OrderCommand.Reveal(known, null, "key", "10.0.0.1"),
            _ => new OrderCommand.Refund(known, random.Next(3) == 0 ? null : random.Next(0, 4), "damaged", $"r{step % 5}", "operator"),
        };
    }

    private static Money Total(SmallWorld world, OrderId id, Random random) =>
        random.Next(6) == 0 ? SmallWorld.Yuan("1.00") : world.State().Order(id)?.Total ?? SmallWorld.Yuan("49.50");
}
