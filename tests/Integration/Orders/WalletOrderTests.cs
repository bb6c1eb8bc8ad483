using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Orders;

public sealed class WalletOrderTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task An_order_is_delivered_in_one_transaction_and_reads_back_as_it_was_answered(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10);
        var order = Trade.Done(await trade.PlaceAsync("A-1", 3, revealTo: "10.0.0.1"));
        var found = (await trade.Desk.FindAsync(order.Id, Trade.Leaf))!;
        Text(found).ShouldBe(Text(order));
        (await trade.Desk.FindByKeyAsync(Trade.Leaf, "A-1"))!.Id.ShouldBe(order.Id);
        (await trade.Desk.FindAsync(order.Id, Trade.Top)).ShouldBeNull(); // F45: another merchant's order does not exist
        (await trade.Desk.CardsAsync(order)).Select(c => c.Secret).ShouldBe(["SECRET-1", "SECRET-2", "SECRET-3"]);
        (await trade.Desk.TimelineAsync(order.Id)).Select(e => e.Kind).ShouldBe(["delivered"]);
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("99856.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F15_A_hundred_parallel_calls_with_one_key_buy_once(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 200);
        var decisions = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => trade.PlaceAsync("A-1", 2)));
        decisions.Select(d => Trade.Done(d).Id).Distinct().ShouldHaveSingleItem();
        decisions.Cast<OrderDecision.Done>().Count(d => !d.IsReplay).ShouldBe(1);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(1);
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("99904.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F16_The_same_key_with_other_content_is_refused(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 20);
        Trade.Done(await trade.PlaceAsync("A-1", 2));
        (await trade.PlaceAsync("A-1", 3)).ShouldBe(new OrderDecision.Refused(Refusal.IdempotencyConflict));
        (await trade.PlaceAsync("A-1", 2, max: "96.0000")).ShouldBe(new OrderDecision.Refused(Refusal.IdempotencyConflict));
        // The number is the merchant's own: another may use it as well.
        Trade.Done(await trade.PlaceAsync("A-1", 3, Trade.Top));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F17_A_retry_after_a_restart_hears_the_same_answer(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 20);
        var first = Trade.Done(await trade.PlaceAsync("A-1", 2));
        await using var restarted = await trade.AnotherNodeAsync();
        var again = (await restarted.PlaceAsync("A-1", 2)).ShouldBeOfType<OrderDecision.Done>();
        again.IsReplay.ShouldBeTrue();
        Text(again.Order).ShouldBe(Text(first));
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(1);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task F18_Two_hundred_buyers_for_the_last_fifty_cards(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 50);
        var decisions = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => trade.PlaceAsync($"A-{i}", 1, new(1 + (i % 3)))));
        var sold = decisions.OfType<OrderDecision.Done>().Select(d => d.Order).ToList();
        sold.Count.ShouldBe(50);
        decisions.OfType<OrderDecision.Refused>().Select(r => r.Why).ShouldBe(Enumerable.Repeat(Refusal.StockShort, 150));
        sold.SelectMany(o => o.Fulfilments.Select(f => f.FromSeq)).Order().ShouldBe(Enumerable.Range(1, 50).Select(i => (long)i));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_wallet_that_many_orders_share_never_goes_below_zero(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 100, wallet: "480.0000");
        var decisions = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => trade.PlaceAsync($"A-{i}")));
        decisions.Count(d => d is OrderDecision.Done).ShouldBe(10);
        decisions.OfType<OrderDecision.Refused>().ShouldAllBe(r => r.Why == Refusal.InsufficientFunds);
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_refusal_leaves_no_row(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 1, wallet: "40.0000");
        (await trade.PlaceAsync("A-1")).ShouldBe(new OrderDecision.Refused(Refusal.InsufficientFunds));
        (await trade.CountAsync("select (select count(*) from orders) + (select count(*) from order_event) + (select count(*) from fulfilment)")).ShouldBe(0);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_five_thousand_card_order_is_delivered_whole(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5_100, wallet: "300000.0000");
        var order = Trade.Done(await trade.PlaceAsync("A-1", 5_000, revealTo: "10.0.0.1"));
        (await trade.Desk.CardsAsync(order)).Select(c => c.Secret).Distinct().Count().ShouldBe(5_000);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_five_thousand_card_order_is_drawn_over_lots_and_suppliers_and_each_is_owed_its_own(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 1_500, wallet: "300000.0000", settlesAtOnce: true);
        var now = trade.Clock.Now().ToMicros();
        await trade.World.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync($"""
                insert into supplier (id, slug, name_zh, name_en, created_at) values (31, 'sup2', '供二', 'Sup two', {now});
                insert into supply (id, sku_id, supplier_id, cost, hold_seconds, priority) values (41, 20, 31, 455000, 0, 200);
                update version set value = value + 1 where name = 'prices';
                """);
            var ledger = trade.World.Get<Modules.Ledger.Ledger>();
            foreach (var account in (string[])[AccountKinds.Payable, AccountKinds.Deposit, AccountKinds.Receivable]) await ledger.OpenAsync(s, account, 31);
        });
        await trade.StockAsync(1_200, now);
        await trade.StockAsync(1_000, now, supply: 41, supplier: 31);
        await trade.StockAsync(1_400, now, supply: 41, supplier: 31);
        var order = Trade.Done(await trade.PlaceAsync("A-1", 5_000, revealTo: "10.0.0.1"));
        order.Fulfilments.GroupBy(f => f.Supplier.Value).ToDictionary(g => g.Key, g => g.Sum(f => f.Count)).ShouldBe(new Dictionary<long, long> { [30] = 2_700, [31] = 2_300 });
        order.Fulfilments.Count.ShouldBe(4);
        (await trade.Desk.CardsAsync(order)).Count.ShouldBe(5_000);
        await trade.ProveAsync();
        await trade.SettleAsync();
        (await trade.BalanceAsync(AccountKinds.Payable, 30), await trade.BalanceAsync(AccountKinds.Payable, 31)).ShouldBe(("121500.0000", "104650.0000"));
        await trade.ProveAsync();
    }

    [Fact]
    public async Task Two_nodes_sell_the_last_cards_of_shared_accounts_exactly_once()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 300);
        await using var other = await trade.AnotherNodeAsync();
        var decisions = await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            (i % 2 == 0 ? trade : other).PlaceAsync($"A-{i % 450}", 1, new(1 + (i % 3)))));
        decisions.OfType<OrderDecision.Done>().Where(d => !d.IsReplay).Select(d => d.Order.Id).Distinct().Count().ShouldBe(300);
        decisions.OfType<OrderDecision.Refused>().ShouldAllBe(r => r.Why == Refusal.StockShort);
        await trade.ProveAsync();
    }

    [Fact]
    public async Task Two_nodes_that_get_one_key_at_once_make_one_order()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 300);
        await using var other = await trade.AnotherNodeAsync();
        for (var round = 0; round < 10; round++)
        {
            var decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? trade : other).PlaceAsync($"R-{round}")));
            decisions.Select(d => Trade.Done(d).Id).Distinct().ShouldHaveSingleItem();
        }

        (await trade.CountAsync("select count(*) from orders")).ShouldBe(10);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_price_change_is_seen_by_the_next_order(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 5);
        Trade.Done(await trade.PlaceAsync("A-1", max: "48.0000"));
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync(
            "update level_price set price = 485000 where level = 3; update version set value = value + 1 where name = 'prices'"));
        (await trade.PlaceAsync("A-2", max: "48.0000")).ShouldBe(new OrderDecision.Refused(Refusal.PriceMoved));
        Trade.Done(await trade.PlaceAsync("A-1", max: "48.0000")); // a retry hears the earlier answer
        await trade.ProveAsync();
    }

    private static string Text(Order order) => System.Text.Json.JsonSerializer.Serialize(order);
}
