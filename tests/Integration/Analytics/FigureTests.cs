using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Analytics;

public sealed class FigureTests
{
    private static async Task FoldAsync(Trade trade, int most = FigureFold.StepMax)
    {
        await trade.World.Get<LedgerFold>().FoldAsync();
        await trade.World.Get<FigureFold>().RunAsync(most: most);
    }

    private static async Task<IReadOnlyList<string>> BrokenAsync(Trade trade, Session session) =>
        [.. (await Verification.RunAsync(session, trade.Clock.Now())).Where(f => f.Check.Number == 19).Select(f => f.Check.Text)];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I19_Days_are_what_a_fresh_sum_is_whatever_happens_on_the_way(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 60, settlesAtOnce: true);
        var figures = trade.World.Get<Modules.Analytics.Figures>();
        var earnings = trade.World.Get<Earnings>();
        var first = ChinaDay.Of(trade.Clock.Now());
        var ordered = Trade.Done(await trade.PlaceAsync("w1", 3));
        var sold = Trade.Done(await trade.ReserveAsync("r1", 2));
        await trade.PayAsync(sold);
        // The same before anything was folded, between, and after: what was not folded yet is added.
        await EarnedAsync("top: 2 orders 5 units 243 0 + 5", "leaf: 1 orders 2 units 99 0 + 2.7");
        await FoldAsync(trade);
        (await trade.CountAsync("select count(*) from earning")).ShouldBe(3);
        await EarnedAsync("top: 2 orders 5 units 243 0 + 5", "leaf: 1 orders 2 units 99 0 + 2.7");

        var day = (await figures.SalesAsync(null, new(first, first))).Single();
        (day.Orders, day.Units, day.Sold, day.Refunded).ShouldBe((2, 5, Money.Parse("243"), Money.Zero));
        // Three at 48 for the leaf itself, without a margin, and two at 49.50 in its shop.
        var leafs = (await figures.SalesAsync(Trade.Leaf, new(first, first))).Single();
        (leafs.Orders, leafs.Sold, leafs.Earned).ShouldBe((2, Money.Parse("243"), Money.Parse("2.7")));
        (await figures.SalesAsync(Trade.Top, new(first, first))).ShouldBeEmpty();
        var branch = (await figures.BranchesAsync(Trade.Top, new(first, first), 10)).Single();
        (branch.Merchant, branch.Orders, branch.Earned).ShouldBe((Trade.Middle, 2, Money.Parse("5")));
        (await figures.BranchesAsync(null, new(first, first), 10)).Single().Merchant.ShouldBe(Trade.Top);
        var supplied = (await figures.SuppliedAsync(Trade.Supplier, new(first, first))).Single();
        (supplied.Units, supplied.Cost, supplied.SuccessBps).ShouldBe((5, Money.Parse("225"), null));
        (await figures.SuppliedAsync(new SupplierId(31), new(first, first))).ShouldBeEmpty();

        // Some goes back the next day: out of escrow, and, once released, from everyone who had a part.
        trade.Clock.Turn(TimeSpan.FromDays(1));
        await trade.RefundAsync(ordered, 1);
        await EarnedAsync("top: 2 orders 4 units 195 0 + 4", "leaf: 1 orders 2 units 99 0 + 2.7");
        await trade.SettleAsync();
        await EarnedAsync("top: 2 orders 4 units 195 4 + 0", "leaf: 1 orders 2 units 99 2.7 + 0");
        await trade.RefundAsync(sold, 1, "r2");
        await trade.World.Get<FigureFold>().RunAsync();
        (await trade.CountAsync("select count(*) from released_share")).ShouldBe(0);
        await trade.RefundAsync(ordered, null, "r3");
        await EarnedAsync("top: 1 orders 1 units 49.5 1 + 0", "leaf: 1 orders 1 units 49.5 1.35 + 0");
        await FoldAsync(trade, most: 3);
        await EarnedAsync("top: 1 orders 1 units 49.5 1 + 0", "leaf: 1 orders 1 units 49.5 1.35 + 0");
        var next = (await figures.SalesAsync(Trade.Leaf, new(first.AddDays(1), first.AddDays(1)))).Single();
        (next.Orders, next.Units, next.Refunds, next.Refunded).ShouldBe((0, -4, 3, Money.Parse("193.5")));
        (await figures.BranchesAsync(Trade.Middle, new(first, first.AddDays(1)), 10)).Single().Earned.ShouldBe(Money.Parse("1"));
        var revenue = (await figures.PlatformAsync(new(first, first.AddDays(1)))).Where(m => m.Account == AccountKinds.Revenue).ToList();
        // One unit stands at the end, of which the platform has 46 less its cost.
        FigureSum(revenue).ShouldBe(Money.Parse("1"));
        (await figures.PayableAsync(Trade.Supplier, new(first, first.AddDays(1)))).ShouldContain(m => m.Kind == "settle_in");
        (await trade.World.Database.ReadAsync(s => BrokenAsync(trade, s))).ShouldBeEmpty();

        // A crash in the middle of a step leaves neither its first half nor its mark; two nodes at once add once.
        for (var i = 0; i < 8; i++) await trade.PlaceAsync($"more{i}");
        await trade.World.Get<LedgerFold>().FoldAsync();
        var before = await trade.CountAsync("select sum(orders) from day_sale");
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("alter table day_supply rename to away"));
        await Should.ThrowAsync<Exception>(() => trade.World.Get<FigureFold>().RunAsync(most: 4));
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("alter table away rename to day_supply"));
        (await trade.CountAsync("select sum(orders) from day_sale")).ShouldBe(before);
        (await trade.World.Database.ReadAsync(s => BrokenAsync(trade, s))).ShouldBeEmpty();
        await using var other = await trade.AnotherNodeAsync();
        await Task.WhenAll(FoldAsync(trade, most: 2), FoldAsync(other, most: 3), FoldAsync(trade, most: 4));
        (await figures.SalesAsync(null, new(first.AddDays(1), first.AddDays(1)))).Single().Orders.ShouldBe(8);
        await trade.ProveAsync();

        // Earnings of before the upgrade are added while days go on; until then they are told as not complete.
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync(
            "delete from earning; update figure_mark set earned_up_to = 0; insert into released_share select 2, 3, 0, 40000 union all select 1, 2, 0, 40000 union all select 3, 0, 0, 27000"));
        (await earnings.OfAsync(Trade.Top)).IsComplete.ShouldBeFalse();
        await trade.PlaceAsync("after");
        await FoldAsync(trade, most: 5);
        (await earnings.OfAsync(Trade.Top)).IsComplete.ShouldBeTrue();
        (await trade.World.Database.ReadAsync(s => BrokenAsync(trade, s))).ShouldBeEmpty();

        foreach (var (check, damage) in new[]
        {
            ("the sales of each day, party and branch are those of its orders and refunds", "update day_sale set earned = earned + 1 where party_id = 2"),
            ("the sales of each day, party and branch are those of its orders and refunds", "delete from day_sale where party_id = 0 and child_id = 0"),
            ("what each merchant earned by branch, and what of it was released, is what its orders, refunds and settlements gave it", "update earning set released = released + 1 where party_id = 3"),
            ("the days of each supply are its deliveries and its purchases that were counted", "update day_supply set units = units - 1"),
            ("the days of each account are its transfers", "update day_account set went = went + 1 where kind = 'order'"),
        })
        {
            await Should.ThrowAsync<NotSupportedException>(() => trade.World.Database.WriteAsync(async s =>
            {
                await s.ExecuteAsync(damage);
                (await BrokenAsync(trade, s)).ShouldBe([check]);
                throw new NotSupportedException("Undone again.");
            }));
        }

        async Task EarnedAsync(params string[] expected) => new[]
        {
            $"top: {Text((await earnings.OfAsync(Trade.Top)).Lines.ShouldHaveSingleItem())}", $"leaf: {Text((await earnings.OfAsync(Trade.Leaf)).Lines.ShouldHaveSingleItem())}",
        }.ShouldBe(expected);

        static string Text(EarningsLine line) => $"{line.Orders} orders {line.Units} units {line.Turnover.Units / 1e4} {line.Released.Units / 1e4} + {line.Waiting.Units / 1e4}";
    }

    private static Money FigureSum(IEnumerable<AccountMoves> moves) => moves.Aggregate(Money.Zero, (sum, m) => sum + m.Came - m.Went);
}
