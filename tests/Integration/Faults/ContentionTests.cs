using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Faults;

/// <summary>F6, F8, F18, F19, F20: others want the same rows, the same cards, the same money, or the disk.</summary>
public sealed class ContentionTests
{
    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task F6_A_transaction_that_the_database_ended_for_others_is_run_again_and_nobody_notices(string state)
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 30);
        // A sequence is not rolled back, so each failure counts.
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync($"""
            create sequence failures;
            create function fail() returns trigger language plpgsql as $$ begin
                if nextval('failures') <= 3 then raise exception 'provoked' using errcode = '{state}'; end if;
                return null; end $$;
            create trigger fail after insert on orders for each statement execute function fail()
            """));
        var decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => trade.PlaceAsync($"K-{i}")));
        foreach (var decision in decisions) Trade.Done(decision);
        (await trade.CountAsync("select last_value from failures")).ShouldBeGreaterThan(3);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(20);
        await trade.ProveAsync();
    }

    [Fact]
    public async Task F6_A_batch_that_meets_a_rival_with_the_locks_in_the_other_order_is_done_all_the_same()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 30);
        Trade.Done(await trade.PlaceAsync("warm"));
        // Nodes take wallets by id; this one does it the other way round, and is more patient than the second they have.
        await using var rival = await trade.World.Database.OpenAsync();
        await ExecuteAsync(rival, "set deadlock_timeout = '60s'; begin");
        await ExecuteAsync(rival, "select 1 from account where kind = 'wallet' and party_id = 3 for update");
        var asked = Enumerable.Range(0, 10).Select(i => trade.PlaceAsync($"K-{i}", merchant: new(i % 2 == 0 ? 1 : 3))).ToList();
        while (await trade.CountAsync("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 0) await Task.Delay(10);
        await ExecuteAsync(rival, "select 1 from account where kind = 'wallet' and party_id = 1 for update");
        // It comes so far only when the engine's batch has given way.
        await ExecuteAsync(rival, "rollback");
        foreach (var decision in await Task.WhenAll(asked)) Trade.Done(decision);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(11);
        await trade.ProveAsync();
    }

    [Fact]
    public async Task F8_A_slow_disk_fills_the_queue_to_its_limit_refuses_the_rest_at_once_and_loses_nothing()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 10_000, wallet: "1000000.0000");
        await trade.World.Database.WriteAsync(s => s.ExecuteAsync("""
            create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return null; end $$;
            create trigger slow after insert on orders for each statement execute function slow()
            """));
        var asked = new List<Task<OrderDecision>>();
        var refused = 0;
        for (var i = 0; i < 12_000; i++)
        {
            try
            {
                asked.Add(trade.PlaceAsync($"K-{i}"));
            }
            catch (EngineBusyException)
            {
                refused++;
            }

            trade.Desk.QueueLength.ShouldBeLessThanOrEqualTo(OrderDesk.QueueMax);
        }

        refused.ShouldBeGreaterThan(0);
        var done = 0;
        foreach (var answer in asked)
        {
            try
            {
                Trade.Done(await answer);
                done++;
            }
            catch (EngineBusyException)
            {
                // Its turn did not come within PurchaseAgeMax.
            }
        }

        done.ShouldBeGreaterThan(0);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(done, "who was told that nothing was done left nothing");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F18_A_thousand_buyers_for_one_card_and_for_the_last_seven(DatabaseKind kind)
    {
        foreach (var cards in (int[])[1, 7])
        {
            await using var trade = await Trade.OpenAsync(kind, cards);
            // Half of them through the shop, where cards are held first, half through the API.
            var decisions = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i =>
                i % 2 == 0 ? trade.PlaceAsync($"A-{i}", 1, new(1 + (i % 3))) : trade.ReserveAsync($"R-{i}", contact: (byte)i)));
            decisions.OfType<OrderDecision.Done>().Count().ShouldBe(cards);
            decisions.OfType<OrderDecision.Refused>().ShouldAllBe(r => r.Why == Refusal.StockShort);
            (await trade.CountAsync("select count(*) from orders")).ShouldBe(cards);
            await trade.ProveAsync();
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F19_Pay_cancel_expire_and_refund_of_one_order_at_once_on_two_nodes_give_goods_or_money(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 100);
        await using var other = await trade.AnotherNodeAsync();
        for (var round = 0; round < 12; round++)
        {
            var order = Trade.Done(await trade.ReserveAsync($"K-{round}", 2, contact: (byte)round));
            if (round % 3 == 0) trade.Clock.Turn(TimeSpan.FromMinutes(16));
            Func<Trade, Task<OrderDecision>>[] acts =
            [
                t => t.PayAsync(order), t => t.Desk.RunAsync(new OrderCommand.Cancel(order.Id, null, "test")),
                t => t.Desk.RunAsync(new OrderCommand.Expire(order.Id)), t => t.RefundAsync(order, 1), t => t.RefundAsync(order, 1, key: "r2"), t => t.PayAsync(order),
            ];
            await Task.WhenAll(acts.SelectMany((act, i) => (Task<OrderDecision>[])[act(i % 2 == 0 ? trade : other), act(i % 2 == 0 ? other : trade)]));
            var stored = (await trade.Desk.FindAsync(order.Id))!;
            stored.IsFinal.ShouldBeTrue();
            stored.RefundedUnits.ShouldBeLessThanOrEqualTo(2);
        }

        // What the channel kept is what was delivered and not given back.
        (await trade.CountAsync("select cast(coalesce(sum(amount - refunded), 0) as bigint) from payment where state = 'paid'"))
            .ShouldBe(await trade.CountAsync("select cast(coalesce(sum(total - refunded), 0) as bigint) from orders where status = 4"));
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F20_Buying_taking_out_and_setting_aside_from_one_wallet_at_once_never_overdraw_it(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 100, wallet: "960.0000");
        await using var other = await trade.AnotherNodeAsync();
        var wallet = await AccountAsync(trade, AccountKinds.Wallet, 3);
        var bank = await AccountAsync(trade, AccountKinds.Clearing("bank"), Parties.Platform);
        var ledger = trade.World.Get<Modules.Ledger.Ledger>();
        var holds = other.World.Get<Holds>();
        var until = trade.Clock.Now().AddHours(1);
        var price = Money.Parse("48.0000");

        // Sixty ask for what twenty can have.
        var bought = Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? trade : other).PlaceAsync($"A-{i}")).ToList();
        var taken = Enumerable.Range(0, 20).Select(i => trade.World.Database.WriteAsync(s =>
            ledger.PostAsync(s, new Posting("take_out", "test", [new Leg(wallet, bank, price, "take_out")], "test", $"out-{i}")))).ToList();
        var held = Enumerable.Range(0, 20).Select(i => other.World.Database.WriteAsync(s => holds.PlaceAsync(s, wallet, price, "test", until, $"hold-{i}"))).ToList();
        var done = (await Task.WhenAll(bought)).Count(d => d is OrderDecision.Done)
            + (await Task.WhenAll(taken)).Count(d => d is PostDecision.Posted)
            + (await Task.WhenAll(held)).Count(d => d is HoldDecision.Placed);
        done.ShouldBe(20);
        var account = (await trade.World.Database.WriteAsync(s => ledger.LockAsync(s, [wallet])))[wallet];
        account.Available.ShouldBe(Money.Zero);
        await trade.ProveAsync();
    }

    private static async Task<AccountId> AccountAsync(Trade trade, string kind, long party) =>
        (await trade.World.Database.ReadAsync(s => trade.World.Get<Modules.Ledger.Ledger>().FindAsync(s, kind, party)))!.Value;

    private static async Task ExecuteAsync(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
