using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Purchases;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Orders;

/// <summary>Orders whose suppliers' systems are another process that speaks their protocols and does everything wrong: what becomes of goods and money.</summary>
public sealed class SimulatedSupplierTests
{
    private static readonly string[] _protocols = ["kasushou", "kayixin", "fulu"];

    public static TheoryData<DatabaseKind, string> BothByProtocol
    {
        get
        {
            var data = new TheoryData<DatabaseKind, string>();
            foreach (var protocol in _protocols)
            {
                data.Add(DatabaseKind.Sqlite, protocol);
                data.Add(DatabaseKind.Postgres, protocol);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(BothByProtocol))]
    public async Task F35_A_purchase_that_worked_without_a_readable_answer_is_asked_about_and_never_bought_again(DatabaseKind kind, string protocol)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, [protocol]);
        var faults = new[] { "hang_bps", "abort_bps", "error_bps", "html_bps", "twice_bps" };
        foreach (var fault in faults)
        {
            await sim.BehaveAsync((fault, 10_000));
            var order = await sim.BuyAsync(fault);
            (order.Status, (await sim.PurchasesAsync(order)).ShouldHaveSingleItem().State).ShouldBe((OrderStatus.Fulfilling, PurchaseState.Unknown), fault);
            (order, var purchase) = (await sim.FollowAsync(order), (await sim.PurchasesAsync(order))[0]);
            (order.Status, order.Refunded).ShouldBe((OrderStatus.Delivered, Money.Zero), $"{fault}: {purchase.State} {purchase.Detail}");
        }

        (await sim.TheirsAsync()).ShouldBe((faults.Length, 9.00m * faults.Length));
        (await sim.WalletAsync()).ShouldBe("47.5000");
        (await sim.EarnedAsync(0)).ShouldBe("45.0000");
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_end_of_the_account_forces_every_outcome(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kasushou", "kayixin"]);
        await sim.BehaveAsync(("late_ms", 100));
        foreach (var (end, status, failure, purchases) in new (string, OrderStatus, string?, int)[]
        {
            ("100", OrderStatus.Delivered, null, 1), ("102", OrderStatus.Refunded, "account", 1), ("103", OrderStatus.Refunded, "goods", 2),
            ("105", OrderStatus.Delivered, null, 1), ("107", OrderStatus.Delivered, null, 1), ("108", OrderStatus.Delivered, null, 1), ("109", OrderStatus.Refunded, "other", 2),
        })
        {
            var before = await sim.WalletAsync();
            var order = await sim.FollowAsync(await sim.BuyAsync(end, $"13800138{end}"));
            (order.Status, order.Failure, (await sim.PurchasesAsync(order)).Count).ShouldBe((status, failure, purchases), end);
            (Money.Parse(before) - Money.Parse(await sim.WalletAsync())).ToString().ShouldBe(status == OrderStatus.Delivered ? "10.5000" : "0.0000", end);
            if (status == OrderStatus.Delivered) (await sim.Trade.Desk.ReceiptsAsync(order))[1].ShouldStartWith("SN", Case.Sensitive, end);
        }

        // Taken above the cost: delivered, and a person is told (F44).
        (await sim.Purchases.CasesAsync(isOpen: true)).ShouldHaveSingleItem().Kind.ShouldBe("overcharged");
        await sim.TheirsAsync();
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I4_A_supplier_that_is_down_leaves_the_order_to_a_person_with_the_money_in_escrow(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kayixin", "kasushou"]);
        var order = await sim.FollowAsync(await sim.BuyAsync("a", "13800138104"));
        (order.Status, await sim.WalletAsync(), await sim.Trade.BalanceAsync(AccountKinds.Escrow, 3)).ShouldBe((OrderStatus.Fulfilling, "89.5000", "10.5000"));
        sim.Trade.Clock.Turn(TimeSpan.FromMinutes(6));
        await sim.Trade.World.Get<PurchaseWorker>().AskPeopleAsync(default);
        var open = await sim.CaseAsync(order);
        open.Kind.ShouldBe("unknown");
        await sim.Trade.ProveAsync();
        // The person hears that nothing was bought there.
        (await sim.TheirsAsync()).Purchases.ShouldBe(0);
        (await sim.Purchases.FailAsync(open.PurchaseId, null, "told by telephone", isBuyersFault: true, "operator:1")).ShouldBe(PurchaseAnswer.Done);
        ((await sim.Trade.Desk.FindAsync(order.Id))!.Status, await sim.WalletAsync()).ShouldBe((OrderStatus.Refunded, "100.0000"));
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F2_A_node_that_stopped_before_or_after_its_call_buys_at_most_once(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kasushou"]);
        var (never, done) = (await sim.PlaceAsync("never"), await sim.PlaceAsync("done"));
        // The dead node took both; the call for one of them had reached the supplier.
        var now = sim.Trade.Clock.Now();
        (await sim.Trade.World.Database.WriteAsync(s => PurchaseStore.ClaimAsync(s, sim.Trade.World.Get<IdSource>(), _ => 1, 10, now, now.AddSeconds(30)))).Count.ShouldBe(2);
        var upstream = (await sim.Trade.World.Get<Upstreams>().OpenAsync(sim.Connections[0].Id))!;
        await upstream.BuyAsync(new UpstreamOrder
        {
            Number = (await sim.PurchasesAsync(done))[0].Id, Goods = SimulatedTrade.First, Count = 1, Cap = Money.Parse("9"), At = now,
            Fields = new Dictionary<string, string> { ["account"] = "13800138000" },
        }, default);
        await sim.StepAsync();
        (await sim.TheirsAsync()).Purchases.ShouldBe(1, "what is claimed is nobody else's");

        sim.Trade.Clock.Turn(TimeSpan.FromSeconds(40));
        (await sim.FollowAsync(done)).Status.ShouldBe(OrderStatus.Delivered);
        (never, var purchase) = (await sim.FollowAsync(never), (await sim.PurchasesAsync(never)).ShouldHaveSingleItem());
        (never.Status, purchase.State, purchase.Detail).ShouldBe((OrderStatus.Fulfilling, PurchaseState.Unknown, "absent"));
        (await sim.TheirsAsync()).ShouldBe((1, 9.00m));
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_comes_in_part_is_completed_elsewhere_and_each_supplier_earns_its_units(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kasushou", "kayixin"]);
        await sim.BehaveAsync(("partial_bps", 10_000));
        var order = await sim.FollowAsync(await sim.BuyAsync("a", quantity: 3));
        // Half of three is one; half of the two others one; for one unit there is no half, and nobody is left.
        (order.Status, order.Delivered, order.Refunded.ToString()).ShouldBe((OrderStatus.PartiallyDelivered, 2, "10.5000"));
        (await sim.TheirsAsync()).ShouldBe((2, 18.50m));
        (await sim.WalletAsync()).ShouldBe("79.0000");
        (await sim.EarnedAsync(0), await sim.EarnedAsync(1)).ShouldBe(("9.0000", "9.5000"));
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F44_A_price_above_the_cap_buys_nothing_and_the_next_supplier_is_asked(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kayixin", "kasushou"]);
        await sim.BehaveAsync(("prices", new JsonObject { [SimulatedTrade.First] = 9.01m, [SimulatedTrade.Second] = 9.50m }));
        var order = await sim.FollowAsync(await sim.BuyAsync("a"));
        order.Status.ShouldBe(OrderStatus.Delivered);
        (await sim.PurchasesAsync(order)).Select(p => (p.SupplierId, p.State, p.Fault)).ShouldBe(
            [(sim.Suppliers[0].Id, PurchaseState.Failed, "price"), (sim.Suppliers[1].Id, PurchaseState.Succeeded, null)]);
        (await sim.TheirsAsync()).ShouldBe((1, 9.50m));

        // Both are too dear: nothing is bought and everything is back.
        await sim.BehaveAsync(("prices", new JsonObject { [SimulatedTrade.First] = 9.01m, [SimulatedTrade.Second] = 9.51m }));
        order = await sim.FollowAsync(await sim.BuyAsync("b"));
        (order.Status, order.Failure, await sim.WalletAsync()).ShouldBe((OrderStatus.Refunded, "price", "89.5000"));
        (await sim.TheirsAsync()).Purchases.ShouldBe(1);
        (await sim.EarnedAsync(0), await sim.EarnedAsync(1)).ShouldBe(("0.0000", "9.5000"));
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F36_Cards_that_a_supplier_sells_twice_reach_one_buyer(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kasushou"], hasCards: true);
        await sim.BehaveAsync(("same_cards_bps", 10_000));
        var first = await sim.FollowAsync(await sim.BuyAsync("a", account: null, quantity: 2));
        first.Status.ShouldBe(OrderStatus.Delivered);
        var second = await sim.BuyAsync("b", account: null);
        sim.Trade.Clock.Turn(TimeSpan.FromSeconds(2));
        second = await sim.StepAsync(second);
        (second.Status, second.HoldReason, (await sim.CaseAsync(second)).Kind).ShouldBe((OrderStatus.Fulfilling, "duplicate_cards", "duplicate_cards"));
        (await sim.WalletAsync()).ShouldBe("68.5000");
        var seen = Trade.Done(await sim.Trade.Desk.RunAsync(new OrderCommand.Reveal(first.Id, Trade.Leaf, "key:test", "10.0.0.1")));
        (await sim.Trade.Desk.CardsAsync(seen)).Select(c => c.Secret).ShouldBe(["9001-0001", "9001-0002"]);
        await sim.Trade.ProveAsync();
        (await sim.Purchases.FailAsync((await sim.CaseAsync(second)).PurchaseId, null, "sold twice", isBuyersFault: false, "operator:1")).ShouldBe(PurchaseAnswer.Done);
        (await sim.WalletAsync()).ShouldBe("79.0000");
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F37_Stock_that_runs_out_under_a_burst_is_bought_elsewhere_and_a_supply_taken_off_finishes_what_it_has(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kayixin", "kasushou"], wallet: "1000.0000");
        await sim.BehaveAsync(("stock", new JsonObject { [SimulatedTrade.First] = 4 }));
        var orders = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => sim.PlaceAsync($"burst-{i}")));
        await sim.StepAsync();
        orders = await Task.WhenAll(orders.Select(async o => (await sim.Trade.Desk.FindAsync(o.Id))!));
        foreach (var (i, order) in orders.Index()) orders[i] = await sim.FollowAsync(order);
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered);
        // Between the order and the call the operator takes the second supply off: what was ordered from it is still bought there.
        var last = await sim.PlaceAsync("last");
        await sim.TurnOffAsync(1);
        last = await sim.FollowAsync(last);
        last.Status.ShouldBeOneOf(OrderStatus.Delivered, OrderStatus.Refunded);
        var refused = await sim.FollowAsync(await sim.BuyAsync("after"));
        (refused.Status, refused.Failure).ShouldBe((OrderStatus.Refunded, "goods"), "the first has none, the second is off");

        var delivered = orders.Append(last).Count(o => o.Status == OrderStatus.Delivered);
        var (purchases, charged) = await sim.TheirsAsync();
        purchases.ShouldBe(delivered);
        (await sim.WalletAsync()).ShouldBe((Money.Parse("1000") - (Money.Parse("10.50") * delivered)).ToString());
        (Money.Parse(await sim.EarnedAsync(0)) + Money.Parse(await sim.EarnedAsync(1))).ToString().ShouldBe(charged.ToString("0.0000", CultureInfo.InvariantCulture));
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F38_A_deposit_that_runs_out_while_orders_run_turns_them_to_the_next_supplier(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kasushou", "kayixin"], wallet: "1000.0000");
        var deposits = sim.Trade.World.Get<Deposits>();
        var ledger = sim.Trade.World.Get<Modules.Ledger.Ledger>();
        var first = sim.Suppliers[0].Id;
        foreach (var supplier in sim.Suppliers)
            (await deposits.PayInAsync(supplier.Id, "30", $"slip-{supplier.Id}", "operator:test")).ShouldBeOfType<DepositDecision.Posted>();
        (await deposits.SaveRatesAsync(new Dictionary<long, string> { [9] = "30" }, "0")).ShouldBeEmpty();
        await sim.Trade.World.Get<SupplierWatch>().RunAsync();

        // Rulings empty the first supplier's deposit while buyers buy.
        var draws = Enumerable.Range(0, 6).Select(i => Task.Run(() => sim.Trade.World.Database.WriteAsync(async s => await deposits.CompensateAsync(
            s, first, Money.Parse("10"), await ledger.OpenAsync(s, AccountKinds.Loss, Parties.Platform), $"ruling-{i}", "ruling", "operator:test")))).ToList();
        var orders = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => sim.PlaceAsync($"n{i}"))));
        await Task.WhenAll(draws);
        foreach (var (i, order) in orders.Index()) orders[i] = await sim.FollowAsync(order);
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered);
        (await sim.Trade.BalanceAsync(AccountKinds.Deposit, first.Value)).ShouldBe("0.0000");
        var after = await sim.FollowAsync(await sim.BuyAsync("after"));
        (after.Status, (await sim.PurchasesAsync(after)).ShouldHaveSingleItem().SupplierId).ShouldBe((OrderStatus.Delivered, sim.Suppliers[1].Id));
        (await sim.TheirsAsync()).Purchases.ShouldBe(13);
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F43_A_notice_moves_only_an_order_of_its_own_connection_and_only_once(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kayixin", "kayixin"]);
        await sim.BehaveAsync(("sends_notices", true), ("duplicate_notice_bps", 10_000));
        var order = await sim.BuyAsync("a");
        var (key, notice) = await sim.HearAsync();
        key.ShouldBe(sim.Connections[0].NoticeKey);

        // The second supplier knows the number and signs the same text with its own secret, for its own address and for the first's.
        var forged = Sign(notice, "10002");
        foreach (var (to, what) in new[] { (1, notice), (1, forged), (0, forged), (0, notice with { Body = Encoding.UTF8.GetBytes(Text(notice).Replace("\"status\":3", "\"status\":4", StringComparison.Ordinal)) }) })
            (await sim.Purchases.NoticeAsync(sim.Connections[to].NoticeKey, what)).ShouldBeNull($"to {to}");
        (await sim.Trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Fulfilling);

        (await sim.Purchases.NoticeAsync(key, notice)).ShouldBe("ok");
        (await sim.Trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Delivered);
        var (again, second) = await sim.HearAsync();
        (await sim.Purchases.NoticeAsync(again, second)).ShouldBe("ok");
        (await sim.WalletAsync()).ShouldBe("89.5000");
        (await sim.TheirsAsync()).ShouldBe((1, 9.00m));
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_delivery_that_the_supplier_takes_back_moves_no_money_and_is_a_case(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kayixin"]);
        await sim.BehaveAsync(("sends_notices", true), ("reverse_bps", 10_000), ("reverse_ms", 300));
        var order = await sim.BuyAsync("a");
        var (key, notice) = await sim.HearAsync();
        await sim.Purchases.NoticeAsync(key, notice);
        (await sim.Trade.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Delivered);
        (key, notice) = await sim.HearAsync();
        for (var times = 0; times < 2; times++) (await sim.Purchases.NoticeAsync(key, notice)).ShouldBe("ok");
        var open = await sim.CaseAsync(order);
        (open.Kind, open.Ours.ToString(), open.Theirs?.ToString(), open.Detail).ShouldBe(("reversed", "9.0000", "0.0000", "4: 运营商冲正"));
        ((await sim.Trade.Desk.FindAsync(order.Id))!.Status, await sim.WalletAsync()).ShouldBe((OrderStatus.Delivered, "89.5000"));
        await sim.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F35_F37_F44_A_hundred_orders_through_every_fault_at_once_end_and_the_books_agree_with_the_suppliers(DatabaseKind kind)
    {
        await using var sim = await SimulatedTrade.OpenAsync(kind, ["kasushou", "kayixin"], wallet: "3000.0000");
        await sim.BehaveAsync(("hang_bps", 300), ("abort_bps", 1_000), ("error_bps", 1_000), ("html_bps", 500), ("twice_bps", 500), ("fail_bps", 1_500), ("partial_bps", 1_500),
            ("late_bps", 1_500), ("late_ms", 300), ("stock", new JsonObject { [SimulatedTrade.First] = 150, [SimulatedTrade.Second] = 60 }));
        var orders = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => sim.PlaceAsync($"n{i}", quantity: 1 + (i % 3))));
        foreach (var (i, order) in orders.Index()) orders[i] = await sim.FollowAsync(await sim.StepAsync(order));
        orders.ShouldAllBe(o => o.Status == OrderStatus.Delivered || o.Status == OrderStatus.PartiallyDelivered || o.Status == OrderStatus.Refunded);
        var delivered = orders.Sum(o => o.Delivered);
        delivered.ShouldBeGreaterThan(100);
        orders.ShouldAllBe(o => o.Delivered + o.RefundedUnits == o.Quantity);
        (await sim.WalletAsync()).ShouldBe((Money.Parse("3000") - (Money.Parse("10.50") * delivered)).ToString());
        (await sim.Purchases.CasesAsync(isOpen: true)).ShouldBeEmpty();
        var (_, charged) = await sim.TheirsAsync();
        (Money.Parse(await sim.EarnedAsync(0)) + Money.Parse(await sim.EarnedAsync(1))).ToString().ShouldBe(charged.ToString("0.0000", CultureInfo.InvariantCulture));
        await sim.Trade.ProveAsync();
    }

    private static string Text(UpstreamNotice notice) => Encoding.UTF8.GetString(notice.Body.Span);

    /// <summary>As the customer <paramref name="account"/> of 卡易信 would sign it.</summary>
    private static UpstreamNotice Sign(UpstreamNotice notice, string account)
    {
#pragma warning disable CA5351 // What the protocol asks for.
        var sign = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{account}sim-key-{account}3.0{notice.Headers["X-Timestamp"]}{Text(notice)}")));
#pragma warning restore CA5351
        return notice with { Headers = new Dictionary<string, string>(notice.Headers) { ["X-App-Id"] = account, ["X-Signature"] = sign } };
    }
}
