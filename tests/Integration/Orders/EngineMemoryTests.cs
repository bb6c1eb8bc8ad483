using Lianka.Kernel;
using Lianka.Modules.Inventory;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;
using Microsoft.Extensions.DependencyInjection;
using static Lianka.Tests.Integration.Orders.Trade;

namespace Lianka.Tests.Integration.Orders;

/// <summary>What the engine remembers of accounts and lots is never believed without the database.</summary>
public sealed class EngineMemoryTests
{
    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_that_came_in_beside_the_engine_is_seen_by_the_next_order(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, wallet: "100.0000");
        Done(await trade.PlaceAsync("a", 1));
        (await trade.PlaceAsync("b", 2)).ShouldBe(new OrderDecision.Refused(Refusal.InsufficientFunds));
        await MoveAsync(trade, AccountKinds.Clearing("bank"), 0, AccountKinds.Wallet, 3, "100.0000");
        Done(await trade.PlaceAsync("c", 2));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_that_went_out_beside_the_engine_is_not_spent_twice(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, wallet: "100.0000");
        Done(await trade.PlaceAsync("a", 1));
        await MoveAsync(trade, AccountKinds.Wallet, 3, AccountKinds.Clearing("bank"), 0, "10.0000");
        (await trade.PlaceAsync("b", 1)).ShouldBe(new OrderDecision.Refused(Refusal.InsufficientFunds));
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("42.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_put_aside_beside_the_engine_is_not_spent(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, wallet: "100.0000");
        Done(await trade.PlaceAsync("a", 1));
        await trade.World.Database.WriteAsync(async s =>
        {
            var wallet = (await trade.World.Get<Modules.Ledger.Ledger>().FindAsync(s, AccountKinds.Wallet, 3))!.Value;
            await trade.World.Get<Holds>().PlaceAsync(s, wallet, Money.Parse("10.0000"), "withdrawal", DateTimeOffset.UtcNow.AddHours(1), "h1");
        });
        (await trade.PlaceAsync("b", 1)).ShouldBe(new OrderDecision.Refused(Refusal.InsufficientFunds));
        await trade.ProveAsync();
    }

    [Fact]
    public async Task I2_Money_that_came_and_went_while_a_batch_was_decided_stands_before_it_in_the_ledger()
    {
        Trade? seen = null;
        await using var trade = seen = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 10, wallet: "100.0000", replace: s => s.AddSingleton<IOrderStore>(p =>
            new OvertakenStore(ActivatorUtilities.CreateInstance<SqlOrderStore>(p), async () =>
            {
                // The wallet is just as the batch has read it, but its last transfer is younger.
                await MoveAsync(seen!, AccountKinds.Clearing("bank"), 0, AccountKinds.Wallet, 3, "10.0000");
                await MoveAsync(seen!, AccountKinds.Wallet, 3, AccountKinds.Clearing("bank"), 0, "10.0000");
            })));
        Done(await trade.PlaceAsync("a", 1));
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("52.0000");
        await trade.ProveAsync();
    }

    /// <summary>Lets something else happen between a batch's decision and its save, and once more before the second run, which locks, has locked.</summary>
    private sealed class OvertakenStore(IOrderStore inner, Func<Task> meanwhile) : IOrderStore
    {
        private int _decided, _begun;

        public Task RunAsync(IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Modules.Orders.Core.Loaded, Modules.Orders.Core.BatchState> decide) =>
            inner.RunAsync(
                commands, now,
                () =>
                {
                    begun();
                    if (_decided == 1 && ++_begun == 2) meanwhile().GetAwaiter().GetResult();
                },
                loaded =>
                {
                    var state = decide(loaded);
                    if (_decided++ == 0) meanwhile().GetAwaiter().GetResult();
                    return state;
                });
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_lot_taken_off_sale_sells_no_further_card(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, wallet: "1000.0000");
        var order = Done(await trade.PlaceAsync("a", 1));
        await trade.World.Get<Modules.Inventory.Inventory>().SetLotStateAsync(order.Fulfilments[0].Lot, LotState.Off, null);
        (await trade.PlaceAsync("b", 1)).ShouldBe(new OrderDecision.Refused(Refusal.StockShort));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Cards_that_came_back_are_sold_although_the_lot_was_remembered_as_empty(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 1, wallet: "1000.0000");
        var order = Done(await trade.PlaceAsync("a", 1));
        (await trade.PlaceAsync("b", 1)).ShouldBe(new OrderDecision.Refused(Refusal.StockShort));
        Done(await trade.RefundAsync(order, 1));
        Done(await trade.PlaceAsync("c", 1));
        await trade.ProveAsync();
    }

    [Fact]
    public async Task Two_nodes_that_take_turns_forget_what_the_other_may_have_changed()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 20, wallet: "480.0000");
        await using var other = await trade.AnotherNodeAsync();
        for (var i = 0; i < 10; i++) Done(await (i % 2 == 0 ? trade : other).PlaceAsync($"k{i}"));
        (await other.PlaceAsync("one too many")).ShouldBe(new OrderDecision.Refused(Refusal.InsufficientFunds));
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I5_A_number_used_before_is_found_in_a_batch_that_did_not_look_for_it(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 100, wallet: "10000.0000");
        var first = Done(await trade.PlaceAsync("a", 1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => trade.PlaceAsync(i == 7 ? "a" : $"b{i}", 1)));
        var again = answers[7].ShouldBeOfType<OrderDecision.Done>();
        (again.IsReplay, again.Order.Id).ShouldBe((true, first.Id));
        answers.Select(Done).Select(o => o.Id).Distinct().Count().ShouldBe(20);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(20);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I5_A_number_used_before_is_found_when_nothing_would_be_written(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 100, wallet: "48.0000");
        var first = Done(await trade.PlaceAsync("a", 1));
        var again = (await trade.PlaceAsync("a", 1)).ShouldBeOfType<OrderDecision.Done>();
        (again.IsReplay, again.Order.Id).ShouldBe((true, first.Id));
        (await trade.PlaceAsync("a", 2)).ShouldBe(new OrderDecision.Refused(Refusal.IdempotencyConflict));
        (await trade.PlaceAsync("b", 1)).ShouldBe(new OrderDecision.Refused(Refusal.InsufficientFunds));
        await trade.ProveAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_nodes_that_take_turns_tell_each_other_and_are_right_when_they_do_not(bool isSilent)
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 40, wallet: "960.0000");
        await using var other = await trade.AnotherNodeAsync();
        for (var i = 0; i < 20; i++)
        {
            Done(await (i % 2 == 0 ? trade : other).PlaceAsync($"k{i}"));
            if (isSilent) await trade.World.Database.WriteAsync(s => s.ExecuteAsync("delete from engine_change"));
        }

        (await trade.CountAsync("select count(*) from engine_change")).ShouldBe(isSilent ? 0 : 20);
        (await other.PlaceAsync("one too many")).ShouldBe(new OrderDecision.Refused(Refusal.InsufficientFunds));
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_comes_while_a_batch_waits_for_its_turn_goes_with_it(DatabaseKind kind)
    {
        HeldStore store = null!;
        await using var trade = await Trade.OpenAsync(kind, cards: 20, replace: s => s.AddSingleton<IOrderStore>(p =>
            store = new HeldStore(ActivatorUtilities.CreateInstance<SqlOrderStore>(p))));
        _ = trade.Desk;
        store.Gate = new TaskCompletionSource();
        var orders = new List<Task<OrderDecision>> { trade.PlaceAsync("first") };
        await ShopWorld.UntilAsync(() => Task.FromResult(store.Held == 1));
        orders.AddRange(Enumerable.Range(0, 10).Select(i => trade.PlaceAsync($"k{i}")));
        store.Gate.SetResult();
        foreach (var order in orders) Done(await order);
        store.Held.ShouldBe(1);
        await trade.ProveAsync();
    }

    private static Task MoveAsync(Trade trade, string from, long fromParty, string to, long toParty, string amount) =>
        trade.World.Database.WriteAsync(async s =>
        {
            var ledger = trade.World.Get<Modules.Ledger.Ledger>();
            (await ledger.PostAsync(s, new Posting("manual", "operator",
            [
                new Leg((await ledger.FindAsync(s, from, fromParty))!.Value, (await ledger.FindAsync(s, to, toParty))!.Value, Money.Parse(amount), "manual"),
            ]))).ShouldBeOfType<PostDecision.Posted>();
        });
}
