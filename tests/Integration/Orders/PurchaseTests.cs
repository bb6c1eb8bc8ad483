using Lianka.Host.Proof;
using Lianka.Kernel;
using Lianka.Modules.Analytics;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Purchases;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Orders;

/// <summary>Direct SKUs on real databases: what suppliers' systems say, and what becomes of money and goods.</summary>
public sealed class PurchaseTests
{
    private const string Phone = "{\"account\":\"+86 138 0013 8000\"}";

    /// <summary>A trade with a direct SKU 21 (level 3: 10.50), supplied by 30 (cost 9.00, connection 1) and 31 (cost 9.50, connection 2).</summary>
    private static async Task<(Trade Trade, FakeUpstreams Upstreams)> OpenAsync(DatabaseKind kind)
    {
        var upstreams = new FakeUpstreams();
        var trade = await Trade.OpenAsync(kind, 0, "100.0000", replace: s => s.AddSingleton<IUpstreams>(upstreams));
        var now = trade.Clock.Now().ToMicros();
        await trade.World.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync($"""
                insert into sku (id, code, product_id, kind, name_zh, name_en, face_value, suggested_retail, retail_floor, retail_ceiling, fields, updated_at)
                    values (21, 'phone-10', 10, 'direct', '10 元', 'Ten', 100000, 110000, 100000, 130000, 'account | phone | 手机号 | Phone', {now});
                insert into supplier (id, slug, name_zh, name_en, created_at) values (31, 'sup2', '供二', 'Sup two', {now});
                insert into connection (id, supplier_id, name, adapter, base_url, config, secrets, notice_key, created_at, updated_at) values
                    (1, 30, 'one', 'http', 'http://127.0.0.1', '', '', 'key-1', {now}, {now}),
                    (2, 31, 'two', 'http', 'http://127.0.0.1', '', '', 'key-2', {now}, {now});
                insert into supply (id, sku_id, supplier_id, cost, hold_seconds, priority, connection_id, upstream_code) values
                    (50, 21, 30, 90000, 60, 100, 1, 'G1'), (51, 21, 31, 95000, 0, 200, 2, 'G2');
                insert into level_price (sku_id, level, price) values (21, 1, 100000), (21, 2, 102000), (21, 3, 105000);
                insert into retail_price (merchant_id, sku_id, price, changed) values (3, 21, 115000, 3);
                update version set value = value + 1 where name = 'prices';
                """.Replace("'', ''", kind == DatabaseKind.Postgres ? "'', ''::bytea" : "'', x''", StringComparison.Ordinal));
            var ledger = trade.World.Get<Modules.Ledger.Ledger>();
            foreach (var account in (string[])[AccountKinds.Payable, AccountKinds.Deposit, AccountKinds.Receivable]) await ledger.OpenAsync(s, account, 31);
        });
        return (trade, upstreams);
    }

    private static Task<OrderDecision> PlaceAsync(Trade trade, string key, long quantity = 1) => trade.Desk.RunAsync(new OrderCommand.Place(
        OrderSource.Api, Trade.Leaf, key, new SkuId(21), quantity, Money.Parse("100"), Phone, null, "key:test"));

    private static async Task<Order> BuyAsync(Trade trade, string key, long quantity = 1)
    {
        var order = Trade.Done(await PlaceAsync(trade, key, quantity));
        await StepAsync(trade);
        return (await trade.Desk.FindAsync(order.Id))!;
    }

    private static async Task StepAsync(Trade trade)
    {
        var worker = trade.World.Get<PurchaseWorker>();
        await worker.StepAsync(default);
        while (worker.IsBusy) await Task.Delay(5);
    }

    private static async Task<Order> LaterAsync(Trade trade, Order order, TimeSpan by)
    {
        trade.Clock.Turn(by);
        await StepAsync(trade);
        return (await trade.Desk.FindAsync(order.Id))!;
    }

    private static async Task<Purchase> OnlyAsync(Trade trade, Order order) => (await trade.Desk.PurchasesAsync(order.Id)).ShouldHaveSingleItem();

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_top_up_is_told_once_with_plain_fields_and_its_cap_and_settles_like_any_order(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        var order = await BuyAsync(trade, "a", 2);
        (order.Status, order.Delivered, await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe((OrderStatus.Delivered, 2, "79.0000"));
        var told = upstreams.Told.ShouldHaveSingleItem();
        (told.Fields["account"], told.Goods, told.Count, told.Cap.ToString()).ShouldBe(("13800138000", "G1", 2, "18.0000"));
        (await trade.Desk.ReceiptsAsync(order))[1].ShouldBe("receipt 1");
        var purchase = await OnlyAsync(trade, order);
        (purchase.State, purchase.UpstreamNo, purchase.Tries).ShouldBe((PurchaseState.Succeeded, "u-1", 1));
        (await PlaceAsync(trade, "a", 2)).ShouldBeOfType<OrderDecision.Done>().IsReplay.ShouldBeTrue();
        await StepAsync(trade);
        upstreams.Told.Count.ShouldBe(1);
        await trade.ProveAsync();
        trade.Clock.Turn(TimeSpan.FromMinutes(2));
        (await trade.SettleAsync()).ShouldBe(1);
        (await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe("18.0000");
        (await trade.Desk.SalesAsync(Trade.Supplier)).ShouldHaveSingleItem().ShouldBe(new SupplierSales(new SkuId(21), 2, Money.Parse("18"), Money.Zero));
        await trade.ProveAsync();
        // After the release a refund takes the money back from the supplier, and keeps what was bought bound.
        Trade.Done(await trade.RefundAsync(order, 1));
        (await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe("9.0000");
        (await trade.Desk.SalesAsync(Trade.Supplier)).ShouldHaveSingleItem().Units.ShouldBe(1);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Cards_that_a_supplier_delivers_are_sealed_and_opened_for_their_owner_alone(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => FakeUpstreams.Delivered("AAA-1", "AAA-2");
        var order = await BuyAsync(trade, "a", 2);
        order.Status.ShouldBe(OrderStatus.Delivered);
        var seen = Trade.Done(await trade.Desk.RunAsync(new OrderCommand.Reveal(order.Id, Trade.Leaf, "key:test", "10.0.0.1")));
        (await trade.Desk.CardsAsync(seen)).Select(c => c.Secret).ShouldBe(["AAA-1", "AAA-2"]);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F36_Cards_that_stand_in_stock_already_are_not_delivered_again(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => FakeUpstreams.Delivered("AAA-1");
        (await BuyAsync(trade, "a")).Status.ShouldBe(OrderStatus.Delivered);
        var second = await BuyAsync(trade, "b");
        (second.Status, second.HoldReason).ShouldBe((OrderStatus.Fulfilling, "duplicate_cards"));
        (await trade.World.Get<PurchaseDesk>().CasesAsync(isOpen: true)).ShouldHaveSingleItem().Kind.ShouldBe("duplicate_cards");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_failure_goes_to_the_next_supply_and_then_back_to_the_wallet(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Failed(UpstreamFault.Goods, "none left");
        var order = await BuyAsync(trade, "a");
        order.Status.ShouldBe(OrderStatus.Fulfilling);
        await trade.ProveAsync();
        var ended = await LaterAsync(trade, order, TimeSpan.Zero);
        (ended.Status, ended.Failure, await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe((OrderStatus.Refunded, "goods", "100.0000"));
        upstreams.Told.Select(t => t.Goods).ShouldBe(["G1", "G2"], ignoreOrder: true);
        await trade.ProveAsync();

        // Each end is counted once, on its supply; a wrong account says nothing of the supplier, and cards that came count when they came.
        upstreams.OnBuy = _ => FakeUpstreams.Delivered("AAA-1");
        await BuyAsync(trade, "counted");
        upstreams.OnBuy = _ => new UpstreamAnswer.Failed(UpstreamFault.Account, "no such number");
        await BuyAsync(trade, "unknown");
        await trade.World.Get<LedgerFold>().FoldAsync();
        await Task.WhenAll(trade.World.Get<FigureFold>().RunAsync(most: 1), trade.World.Get<FigureFold>().RunAsync(most: 2));
        await trade.World.Get<FigureFold>().RunAsync();
        var days = Days.Until(ChinaDay.Of(trade.Clock.Now()), 2);
        var supplies = await trade.World.Get<Modules.Analytics.Figures>().SuppliesAsync(null, days, 10);
        supplies.ConvertAll(p => (p.Supply.Value, p.Failed)).ShouldBe([(50, 1), (51, 1)], ignoreOrder: true);
        var came = supplies.Single(p => p.Succeeded == 1);
        (came.Units, came.Cost.ToString(), supplies.Sum(p => p.Succeeded)).ShouldBe((1, came.Supply.Value == 50 ? "9.0000" : "9.5000", 1));
        await trade.ProveAsync();
        // What was counted and is not in the days is found.
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("update day_supply set failed = failed + 1 where supply_id = 51"));
        (await trade.World.Database.ReadAsync(s => Verification.RunAsync(s, trade.Clock.Now()))).Single().Rows.Single().ShouldContain("supply_id=51");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F35_A_time_out_after_delivering_is_asked_about_and_never_bought_again(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Unknown("timeout");
        var order = await BuyAsync(trade, "a");
        (order.Status, (await OnlyAsync(trade, order)).State).ShouldBe((OrderStatus.Fulfilling, PurchaseState.Unknown));
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("89.5000");
        order = await LaterAsync(trade, order, TimeSpan.FromSeconds(2));
        upstreams.Asked.Count.ShouldBe(1);
        upstreams.OnQuery = _ => FakeUpstreams.Delivered();
        order = await LaterAsync(trade, order, TimeSpan.FromSeconds(2));
        order.Status.ShouldBe(OrderStatus.Delivered);
        upstreams.Bought.Values.ShouldAllBe(times => times == 1);
        upstreams.Bought.Count.ShouldBe(1);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F2_A_node_that_died_after_marking_a_purchase_as_sent_leaves_it_to_be_asked_about(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        var order = Trade.Done(await PlaceAsync(trade, "a"));
        // What the dead node did: it took the purchase, and nobody knows whether the call left.
        var now = trade.Clock.Now();
        (await trade.World.Database.WriteAsync(s => PurchaseStore.ClaimAsync(s, trade.World.Get<IdSource>(), _ => 1, 10, now, now.AddMinutes(2)))).Count.ShouldBe(1);
        await StepAsync(trade);
        (upstreams.Told.Count, upstreams.Asked.Count).ShouldBe((0, 0));
        upstreams.OnQuery = _ => FakeUpstreams.Delivered();
        var after = await LaterAsync(trade, order, TimeSpan.FromMinutes(3));
        (after.Status, upstreams.Told.Count, upstreams.Asked.Count).ShouldBe((OrderStatus.Delivered, 0, 1));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I4_What_stays_unknown_is_shown_to_a_person_and_asked_about_further(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Unknown("timeout");
        var order = await BuyAsync(trade, "a");
        var worker = trade.World.Get<PurchaseWorker>();
        trade.Clock.Turn(TimeSpan.FromMinutes(6));
        await worker.AskPeopleAsync(default);
        order = (await trade.Desk.FindAsync(order.Id))!;
        order.HoldReason.ShouldBe("unknown");
        trade.Clock.Turn(TimeSpan.FromMinutes(10));
        await trade.ProveAsync();
        var desk = trade.World.Get<PurchaseDesk>();
        var open = (await desk.CasesAsync(isOpen: true)).ShouldHaveSingleItem();
        (open.Kind, open.Ours.ToString()).ShouldBe(("unknown", "9.0000"));
        // The person asks the supplier and hears that nothing was done.
        (await desk.FailAsync(open.PurchaseId, null, "told by telephone", isBuyersFault: true, "operator:1")).ShouldBe(PurchaseAnswer.Done);
        (await desk.CloseCaseAsync(open.Id, "operator:1", "told by telephone")).ShouldBeTrue();
        (await desk.CloseCaseAsync(open.Id, "operator:1", "again")).ShouldBeFalse();
        (await trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Refunded);
        (await desk.FailAsync(open.PurchaseId, null, "again", true, "operator:1")).ShouldBe(PurchaseAnswer.Over);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_late_success_after_the_refund_moves_no_money_and_is_a_case(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Failed(UpstreamFault.Account, "wrong number");
        var order = await BuyAsync(trade, "a");
        order.Status.ShouldBe(OrderStatus.Refunded);
        var purchase = await OnlyAsync(trade, order);
        upstreams.News = new UpstreamNews(PublicId.Encode(purchase.Id), "u-9", new UpstreamAnswer.Succeeded("u-9", Money.Parse("9.0000"), null, []));
        (await NoticeAsync(trade, "key-1")).ShouldBe("ok");
        (await NoticeAsync(trade, "key-1")).ShouldBe("ok");
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("100.0000");
        var open = (await trade.World.Get<PurchaseDesk>().CasesOfAsync(order.Id)).ShouldHaveSingleItem();
        (open.Kind, open.Ours.ToString(), open.Theirs?.ToString()).ShouldBe(("late_success", "10.5000", "9.0000"));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F43_A_notice_counts_only_for_a_purchase_of_its_own_connection_under_both_numbers(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Accepted("u-1");
        var order = await BuyAsync(trade, "a");
        var own = PublicId.Encode((await OnlyAsync(trade, order)).Id);
        var delivered = FakeUpstreams.Delivered();
        foreach (var (key, news) in new (string, UpstreamNews?)[]
        {
            ("key-2", new(own, "u-1", delivered)), ("key-2", new(null, "u-1", delivered)), ("key-1", new(own, "u-2", delivered)),
            ("key-1", new("0000000000001", "u-1", delivered)), ("key-1", new(null, null, delivered)), ("key-1", null), ("key-9", new(own, "u-1", delivered)),
        })
        {
            upstreams.News = news;
            (await NoticeAsync(trade, key)).ShouldBeNull($"{key} {news}");
        }

        (await trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Fulfilling);
        upstreams.News = new(own, "u-1", delivered);
        (await NoticeAsync(trade, "key-1")).ShouldBe("ok");
        (await trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Delivered);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F44_What_a_supplier_took_above_the_cap_is_a_case(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Succeeded("u-1", Money.Parse("9.5000"), null, []);
        var order = await BuyAsync(trade, "a");
        order.Status.ShouldBe(OrderStatus.Delivered);
        var open = (await trade.World.Get<PurchaseDesk>().CasesOfAsync(order.Id)).ShouldHaveSingleItem();
        (open.Kind, open.Ours.ToString(), open.Theirs?.ToString()).ShouldBe(("overcharged", "9.0000", "9.5000"));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Two_nodes_tell_each_purchase_once(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        await using var other = await trade.AnotherNodeAsync(replace: s => s.AddSingleton<IUpstreams>(upstreams));
        for (var i = 0; i < 9; i++) Trade.Done(await PlaceAsync(trade, $"n{i}"));
        await Task.WhenAll(StepAsync(trade), StepAsync(other), StepAsync(trade), StepAsync(other));
        upstreams.Bought.Count.ShouldBe(9);
        upstreams.Bought.Values.ShouldAllBe(times => times == 1);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task People_deliver_what_no_system_does_and_only_their_own(DatabaseKind kind)
    {
        var (trade, _) = await OpenAsync(kind);
        await using var __ = trade;
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync(
            "update supply set connection_id = null; update version set value = value + 1 where name = 'prices'"));
        var order = await BuyAsync(trade, "a", 2);
        (order.Status, order.HoldReason).ShouldBe((OrderStatus.Fulfilling, "by_hand"));
        var desk = trade.World.Get<PurchaseDesk>();
        var purchase = (await desk.OpenAsync(new(30))).ShouldHaveSingleItem();
        (await desk.FieldsAsync(purchase)).ShouldBe(Phone);
        (await desk.DeliverAsync(purchase.Id, new SupplierId(31), 2, "", [], "sup2")).ShouldBe(PurchaseAnswer.NotFound);
        (await desk.DeliverAsync(purchase.Id, new SupplierId(30), 3, "", [], "sup")).ShouldBe(PurchaseAnswer.WrongCount);
        (await desk.DeliverAsync(purchase.Id, new SupplierId(30), 2, "done", [], "sup")).ShouldBe(PurchaseAnswer.Done);
        (await desk.DeliverAsync(purchase.Id, new SupplierId(30), 2, "done", [], "sup")).ShouldBe(PurchaseAnswer.Again);
        (await trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Delivered);
        await trade.ProveAsync();
    }

    /// <summary>The same trade, where the first supply takes ten units in a call.</summary>
    private static async Task<(Trade Trade, FakeUpstreams Upstreams)> OpenMergingAsync(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync(
            "update supply set batch_max = 10 where id = 50; update sku set fields = '' where id = 21; update version set value = value + 1 where name = 'prices'"));
        return (trade, upstreams);
    }

    private static async Task<List<Order>> BuyTogetherAsync(Trade trade, params long[] counts)
    {
        var orders = new List<Order>();
        foreach (var count in counts)
        {
            orders.Add(Trade.Done(await trade.Desk.RunAsync(new OrderCommand.Place(
                OrderSource.Api, Trade.Leaf, $"m{orders.Count}", new SkuId(21), count, Money.Parse("100"), null, null, "key:test"))));
        }

        return await LaterAsync(trade, orders, TimeSpan.FromSeconds(1));
    }

    private static async Task<List<Order>> LaterAsync(Trade trade, List<Order> orders, TimeSpan by)
    {
        trade.Clock.Turn(by);
        await StepAsync(trade);
        return [.. await Task.WhenAll(orders.Select(async o => (await trade.Desk.FindAsync(o.Id))!))];
    }

    private static string[] Many(long count, string prefix = "C") => [.. Enumerable.Range(1, (int)count).Select(i => $"{prefix}-{i}")];

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Small_orders_for_one_supply_go_in_one_call_and_are_accounted_one_by_one(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenMergingAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = o => FakeUpstreams.Delivered(Many(o.Count));
        var orders = await BuyTogetherAsync(trade, 1, 2, 3);
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered && o.Delivered == o.Quantity);
        var told = upstreams.Told.ShouldHaveSingleItem();
        (told.Count, told.Cap.ToString()).ShouldBe((6, "54.0000"));
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("37.0000");
        var purchases = (await Task.WhenAll(orders.Select(o => OnlyAsync(trade, o)))).ToList();
        purchases.ShouldAllBe(p => p.OwnNo == told.OwnNo && p.State == PurchaseState.Succeeded);
        var cards = new List<string>();
        foreach (var order in orders)
        {
            var seen = Trade.Done(await trade.Desk.RunAsync(new OrderCommand.Reveal(order.Id, Trade.Leaf, "key:test", "10.0.0.1")));
            cards.AddRange((await trade.Desk.CardsAsync(seen)).Select(c => c.Secret));
        }

        cards.Order().ShouldBe(Many(6));
        // A part is refunded like any order; the others' money stays where it is.
        Trade.Done(await trade.RefundAsync(orders[1], 1));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Of_a_merged_purchase_that_came_in_part_the_oldest_orders_are_delivered_and_the_rest_goes_on(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenMergingAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = o => o.Goods == "G1" ? FakeUpstreams.Delivered(Many(3)) : FakeUpstreams.Delivered(Many(o.Count, "D" + o.OwnNo));
        var orders = await BuyTogetherAsync(trade, 2, 2, 2);
        orders.Select(o => (o.Status, o.Delivered)).ShouldBe([(OrderStatus.Delivered, 2), (OrderStatus.Fulfilling, 1), (OrderStatus.Fulfilling, 0)]);
        await trade.ProveAsync();
        orders = await LaterAsync(trade, orders, TimeSpan.FromSeconds(1));
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered && o.Delivered == 2);
        upstreams.Told.Skip(1).Select(t => (t.Goods, t.Count)).ShouldBe([("G2", 1L), ("G2", 2L)], ignoreOrder: true);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task An_order_does_not_fail_because_it_was_merged_it_is_asked_for_alone(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenMergingAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = o => o.Count > 2 ? new UpstreamAnswer.Failed(UpstreamFault.Goods, "not so many") : FakeUpstreams.Delivered(Many(o.Count, o.OwnNo));
        var orders = await BuyTogetherAsync(trade, 2, 1);
        orders.ShouldAllBe(o => o.Status == OrderStatus.Fulfilling);
        orders = await LaterAsync(trade, orders, TimeSpan.FromSeconds(1));
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered);
        upstreams.Told.Select(t => (t.Goods, t.Count)).ShouldBe([("G1", 3L), ("G1", 2L), ("G1", 1L)], ignoreOrder: true);
        upstreams.Bought.Values.ShouldAllBe(times => times == 1);
        // They deliver what they refused, after all: nobody's money moves, each order is a case.
        upstreams.News = new UpstreamNews(PublicId.Encode(upstreams.Told.First().Number), null, FakeUpstreams.Delivered(Many(3, "late")));
        (await trade.World.Get<PurchaseDesk>().NoticeAsync("key-1", new UpstreamNotice("POST", "", new Dictionary<string, string>(), default))).ShouldBe("ok");
        (await trade.World.Get<PurchaseDesk>().CasesAsync(isOpen: true)).Select(c => c.Kind).ShouldBe(["late_success", "late_success"]);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F2_F35_A_merged_purchase_whose_node_died_is_asked_about_by_its_number_and_never_bought_again(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenMergingAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Unknown("timeout");
        var orders = await BuyTogetherAsync(trade, 1, 1);
        upstreams.OnQuery = o => FakeUpstreams.Delivered(Many(o.Count));
        // One part was brought to its order, then the node died.
        var first = await OnlyAsync(trade, orders[0]);
        await trade.World.Get<PurchaseWorker>().DeliverAsync(first, new UpstreamAnswer.Succeeded("u-1", null, null, [new UpstreamCard(null, "C-1")], 1), "upstream", default);
        orders = await LaterAsync(trade, orders, TimeSpan.FromMinutes(3));
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered);
        (upstreams.Told.Count, upstreams.Asked.Count, upstreams.Asked.First().Number).ShouldBe((1, 1, upstreams.Told.First().Number));
        upstreams.Asked.First().Count.ShouldBe(2);
        (await trade.World.Get<PurchaseDesk>().CasesAsync(isOpen: true)).ShouldBeEmpty();
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F43_A_notice_of_a_merged_purchase_counts_under_its_number_alone(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenMergingAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Accepted("u-1");
        var orders = await BuyTogetherAsync(trade, 1, 2);
        var desk = trade.World.Get<PurchaseDesk>();
        var notice = new UpstreamNotice("POST", "", new Dictionary<string, string>(), default);
        // The number of one of the orders was never told to them.
        upstreams.News = new UpstreamNews(PublicId.Encode((await OnlyAsync(trade, orders[0])).Id), "u-1", FakeUpstreams.Delivered(Many(3)));
        (await desk.NoticeAsync("key-1", notice)).ShouldBeNull();
        upstreams.News = new UpstreamNews(null, "u-1", FakeUpstreams.Delivered(Many(3)));
        (await desk.NoticeAsync("key-1", notice)).ShouldBe("ok");
        orders = await LaterAsync(trade, orders, TimeSpan.Zero);
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered);
        (await desk.NoticeAsync("key-1", notice)).ShouldBe("ok");
        (await desk.CasesAsync(isOpen: true)).ShouldBeEmpty();
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I9_The_escrow_of_a_top_up_is_given_back_for_what_failed_and_released_once_for_what_came(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = o => o.Goods == "G1"
            ? new UpstreamAnswer.Succeeded("u-1", null, null, [], 2) : new UpstreamAnswer.Failed(UpstreamFault.Goods, "none left");
        var order = await BuyAsync(trade, "a", 3);
        (await trade.BalanceAsync(AccountKinds.Escrow, 3)).ShouldBe("31.5000");
        order = await LaterAsync(trade, order, TimeSpan.FromSeconds(1));
        (order.Status, order.Delivered, await trade.BalanceAsync(AccountKinds.Escrow, 3)).ShouldBe((OrderStatus.PartiallyDelivered, 2, "21.0000"));
        (await trade.SettleAsync()).ShouldBe(0);
        trade.Clock.Turn(TimeSpan.FromMinutes(2));
        (await trade.SettleAsync(), await trade.SettleAsync()).ShouldBe((1, 0));
        (await trade.BalanceAsync(AccountKinds.Escrow, 3), await trade.BalanceAsync(AccountKinds.Payable, 30)).ShouldBe(("0.0000", "18.0000"));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I12_What_a_node_committed_and_never_told_is_told_by_another_once_and_in_the_order_of_its_order(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = o => o.Goods == "G1" ? new UpstreamAnswer.Failed(UpstreamFault.Goods, "none left") : FakeUpstreams.Delivered();
        // Committed by a node that dies before its worker looks.
        var orders = new List<Order>();
        for (var i = 0; i < 5; i++) orders.Add(Trade.Done(await PlaceAsync(trade, $"a{i}")));
        await using var other = await trade.AnotherNodeAsync(replace: s => s.AddSingleton<IUpstreams>(upstreams));
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(StepAsync(trade), StepAsync(other));
            trade.Clock.Turn(TimeSpan.FromSeconds(1));
        }

        upstreams.Bought.Values.ShouldAllBe(times => times == 1);
        upstreams.Told.Select(t => t.Goods).Order().ShouldBe([.. Enumerable.Repeat("G1", 5), .. Enumerable.Repeat("G2", 5)]);
        foreach (var order in orders)
        {
            (await trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Delivered);
            var told = (await trade.Desk.PurchasesAsync(order.Id)).Select(p => upstreams.Told.ToList().FindIndex(t => t.Number == p.Id)).ToList();
            told.ShouldBeInOrder();
        }

        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_failed_retail_top_up_asks_the_channel_for_the_money_back_at_once(DatabaseKind kind)
    {
        var (trade, upstreams) = await OpenAsync(kind);
        await using var _ = trade;
        upstreams.OnBuy = _ => new UpstreamAnswer.Failed(UpstreamFault.Account, "wrong number");
        var opened = Trade.Done(await trade.Desk.RunAsync(new OrderCommand.Reserve(new StorefrontId(60), Trade.Leaf, "b1", new SkuId(21), 1, Money.Parse("11.50"),
            Money.Parse("0.07"), "test", null, "a@example.com", [1], trade.Clock.Now().AddMinutes(15), "buyer", Fields: Phone)));
        await trade.ProveAsync();
        Trade.Done(await trade.PayAsync(opened)).Status.ShouldBe(OrderStatus.Fulfilling);
        await StepAsync(trade);
        (await trade.Desk.FindAsync(opened.Id))!.Status.ShouldBe(OrderStatus.Refunded);
        (await trade.CountAsync("select count(*) from channel_refund where amount = 115000")).ShouldBe(1);
        await trade.ProveAsync();
    }

    private static Task<string?> NoticeAsync(Trade trade, string key) => trade.World.Get<PurchaseDesk>().NoticeAsync(
        key, new UpstreamNotice("POST", "", new Dictionary<string, string>(), ReadOnlyMemory<byte>.Empty));
}
