using Lianka.Modules.Agents;
using Lianka.Modules.Analytics;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Settle;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Orders;

public sealed class SettlementTests
{
    public static TheoryData<DatabaseKind> Both => World.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task I11_A_settlement_run_twice_pays_once(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10);
        for (var i = 0; i < 3; i++) Trade.Done(await trade.PlaceAsync($"A-{i}", 2));
        (await trade.SettleAsync()).ShouldBe(0); // the hold time is an hour
        trade.Clock.Turn(TimeSpan.FromHours(1));
        (await trade.SettleAsync()).ShouldBe(3);
        (await trade.SettleAsync()).ShouldBe(0);
        (await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe("270.0000");
        (await trade.BalanceAsync(AccountKinds.CommissionPending, 2)).ShouldBe("6.0000");
        (await trade.BalanceAsync(AccountKinds.CommissionPending, 1)).ShouldBe("6.0000");
        (await trade.BalanceAsync(AccountKinds.Revenue, 0)).ShouldBe("6.0000");
        (await trade.BalanceAsync(AccountKinds.Escrow, 3)).ShouldBe("0.0000");
        // Six movements, not twenty-four: folded, and still every order has its lines.
        (await trade.CountAsync("select count(*) from transfer where kind in ('settle_out', 'settle_in')")).ShouldBe(5);
        (await trade.CountAsync("select count(*) from settlement_line")).ShouldBe(12);
        await trade.ProveAsync();
    }

    [Fact]
    public async Task I11_Two_nodes_that_settle_at_once_pay_once()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 300, settlesAtOnce: true);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => trade.PlaceAsync($"A-{i}", 1, new(1 + (i % 3)))));
        await using var other = await trade.AnotherNodeAsync();
        var released = await Task.WhenAll(trade.SettleAsync(), other.SettleAsync(), trade.SettleAsync(), other.SettleAsync());
        released.Sum().ShouldBe(300);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_late_refund_takes_each_share_back_and_the_rest_becomes_a_receivable(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, settlesAtOnce: true);
        var order = Trade.Done(await trade.PlaceAsync("A-1", 2));
        await trade.SettleAsync();
        await PayOutAsync(trade, AccountKinds.Payable, 30, "80.0000"); // 10 of 90 are left

        var refunded = Trade.Done(await trade.RefundAsync(order, null));
        refunded.Settlement.ShouldBe(SettlementState.Reversed);
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("100000.0000");
        (await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe("0.0000");
        (await trade.BalanceAsync(AccountKinds.Receivable, 30)).ShouldBe("-80.0000");
        (await trade.BalanceAsync(AccountKinds.Loss, 0)).ShouldBe("0.0000");
        await trade.ProveAsync();

        // Recovered first from what the supplier earns next: the cards came back and are sold again.
        Trade.Done(await trade.PlaceAsync("A-2", 2));
        await trade.SettleAsync();
        (await trade.BalanceAsync(AccountKinds.Receivable, 30)).ShouldBe("0.0000");
        (await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe("10.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Commission_becomes_available_after_the_dispute_window(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 10, settlesAtOnce: true);
        var order = Trade.Done(await trade.PlaceAsync("A-1", 4));
        await trade.SettleAsync();
        (await trade.World.Get<MatureCommission>().RunAsync()).ShouldBe(0);
        Trade.Done(await trade.RefundAsync(order, 1)); // one of four units comes back while the commission waits
        trade.Clock.Turn(TimeSpan.FromDays(8));
        (await trade.World.Get<MatureCommission>().RunAsync()).ShouldBe(2);
        (await trade.World.Get<MatureCommission>().RunAsync()).ShouldBe(0);
        (await trade.BalanceAsync(AccountKinds.CommissionAvailable, 2)).ShouldBe("3.0000");
        (await trade.BalanceAsync(AccountKinds.CommissionPending, 2)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_refund_and_a_settlement_at_once_move_the_money_once(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 40, settlesAtOnce: true);
        var orders = new List<Order>();
        for (var i = 0; i < 20; i++) orders.Add(Trade.Done(await trade.PlaceAsync($"A-{i}", 2)));
        var refunds = orders.Select(o => trade.RefundAsync(o, 1)).ToList();
        await Task.WhenAll(trade.SettleAsync(), trade.SettleAsync());
        (await Task.WhenAll(refunds)).ShouldAllBe(d => d is OrderDecision.Done);
        while (await trade.SettleAsync() > 0) { }
        (await trade.BalanceAsync(AccountKinds.Escrow, 3)).ShouldBe("0.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Earnings_show_what_each_child_brought_released_and_waiting(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 40, settlesAtOnce: true);
        Trade.Done(await trade.PlaceAsync("A-1", 2));
        Trade.Done(await trade.PlaceAsync("A-2", 3, Trade.Middle));
        await trade.SettleAsync();
        Trade.Done(await trade.PlaceAsync("A-3", 1));
        var top = await EarnedAsync(Trade.Top);
        top.ShouldBe(new EarningsLine(Trade.Middle, 3, 6,
            Kernel.Money.Parse("285.0000"), Kernel.Money.Parse("5.0000"), Kernel.Money.Parse("1.0000")));
        var middle = await EarnedAsync(Trade.Middle);
        middle.Child.ShouldBe(Trade.Leaf);
        // Who goes to another parent leaves what it brought.
        await trade.World.Get<Merchants>().MoveAsync(Trade.Leaf, null);
        (await EarnedAsync(Trade.Middle)).ShouldBe(middle);
        (await EarnedAsync(Trade.Top)).ShouldBe(top);
        (await trade.World.Get<Earnings>().OfAsync(new(31))).Lines.ShouldBeEmpty();
        (await trade.Desk.SalesAsync(Trade.Supplier)).ShouldHaveSingleItem().ShouldBe(new SupplierSales(Trade.Sku, 6,
            Kernel.Money.Parse("225.0000"), Kernel.Money.Parse("45.0000")));

        async Task<EarningsLine> EarnedAsync(MerchantId merchant) => (await trade.World.Get<Earnings>().OfAsync(merchant)).Lines.ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Both))]
    public async Task I8_The_lines_of_a_released_order_are_its_split_and_later_refunds_leave_them_as_they_are(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 40, settlesAtOnce: true);
        var whole = Trade.Done(await trade.PlaceAsync("whole", 3));
        var direct = Trade.Done(await trade.PlaceAsync("direct", 2, Trade.Top));
        var early = Trade.Done(await trade.PlaceAsync("early", 4));
        early = Trade.Done(await trade.RefundAsync(early, 1));
        var retail = Trade.Done(await trade.PayAsync(Trade.Done(await trade.ReserveAsync("retail", 2))));
        var due = new[] { whole, direct, early, retail }
            .SelectMany(o => OrderShares.Of(o).Shares.Select(s => $"{o.Id.Value} {s.Role.ToString().ToLowerInvariant()} {s.PartyId} {s.Amount.Units}"))
            .Order(StringComparer.Ordinal).ToList();
        (await trade.SettleAsync()).ShouldBe(4);
        (await LinesAsync(trade)).ShouldBe(due);
        // The retail order took the card that had come back, and one out of the lot.
        (await trade.CountAsync("select count(*) from orders where settlement_id is not null")).ShouldBe(2);
        await trade.ProveAsync();

        foreach (var order in new[] { whole, early, retail }) Trade.Done(await trade.RefundAsync(order, 1, "late"));
        Trade.Done(await trade.RefundAsync(direct, null, "late"));
        (await LinesAsync(trade)).ShouldBe(due);
        await trade.ProveAsync();
    }

    private static async Task<List<string>> LinesAsync(Trade trade) => [.. (await trade.World.Database.ReadAsync(s => s.QueryAsync<string>(
        "select order_id || ' ' || role || ' ' || party_id || ' ' || amount from settlement_line"))).Order(StringComparer.Ordinal)];

    private static Task PayOutAsync(Trade trade, string kind, long party, string amount) => trade.World.Database.WriteAsync(async s =>
    {
        var ledger = trade.World.Get<Modules.Ledger.Ledger>();
        var from = (await ledger.FindAsync(s, kind, party))!.Value;
        var to = await ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform);
        (await ledger.PostAsync(s, new Posting("payout", "operator", [new Leg(from, to, Kernel.Money.Parse(amount), "payout")])))
            .ShouldBeOfType<PostDecision.Posted>();
    });
}
