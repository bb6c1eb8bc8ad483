using Lianka.Modules.Orders;
using Lianka.Modules.Orders.Core;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Faults;

/// <summary>F2: a node stops at a named step, for good; another one hears the same command again.</summary>
public sealed class StoppedNodeTests
{
    public enum Step { BeforeLoading, Loaded, Decided, Committed }

    public static TheoryData<DatabaseKind, Step> Steps
    {
        get
        {
            var all = new TheoryData<DatabaseKind, Step>();
            foreach (var kind in (DatabaseKind[])[DatabaseKind.Sqlite, DatabaseKind.Postgres])
                foreach (var step in Enum.GetValues<Step>()) all.Add(kind, step);
            return all;
        }
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task F2_A_command_whose_node_stopped_at_any_step_is_done_once_when_it_comes_again(DatabaseKind kind, Step step)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 20);
        await using var stopping = await trade.AnotherNodeAsync(replace: s => s.AddSingleton<IOrderStore>(p =>
            new StoppingStore(ActivatorUtilities.CreateInstance<SqlOrderStore>(p), step)));

        async Task<Order> TwiceAsync(Func<Trade, Task<OrderDecision>> run)
        {
            await Should.ThrowAsync<NodeStoppedException>(() => run(stopping));
            var again = (await run(trade)).ShouldBeOfType<OrderDecision.Done>();
            return again.Order;
        }

        var paid = await TwiceAsync(t => t.ReserveAsync("paid", 2));
        await TwiceAsync(t => t.PayAsync(paid));
        await TwiceAsync(t => t.RefundAsync(paid, 1));
        var cancelled = await TwiceAsync(t => t.ReserveAsync("cancelled"));
        await TwiceAsync(t => t.Desk.RunAsync(new OrderCommand.Cancel(cancelled.Id, null, "test")));
        var bought = await TwiceAsync(t => t.PlaceAsync("bought", 3));
        await TwiceAsync(t => t.Desk.RunAsync(new OrderCommand.Reveal(bought.Id, null, "test", "10.0.0.1")));

        (await trade.CountAsync("select count(*) from orders")).ShouldBe(3);
        (await trade.CountAsync("select count(*) from transfer where order_id is not null")).ShouldBe(3, "paid, refunded, bought");
        (await trade.CountAsync("select count(*) from channel_refund")).ShouldBe(1);
        (await trade.CountAsync("select cast(sum(count) as bigint) from fulfilment where live = 1")).ShouldBe(4);
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F2_A_settlement_that_stops_before_its_commit_pays_nothing_and_the_next_pays_all(DatabaseKind kind)
    {
        await using var trade = await Trade.OpenAsync(kind, cards: 20, settlesAtOnce: true);
        for (var i = 0; i < 5; i++) Trade.Done(await trade.PlaceAsync($"A-{i}"));
        // It stops where it writes its last rows.
        await ExecuteAsync(trade, kind == DatabaseKind.Sqlite
            ? "create trigger stop before insert on commission_wait begin select raise(abort, 'stopped'); end"
            : "create function stop() returns trigger language plpgsql as $$ begin raise exception 'stopped'; end $$; create trigger stop before insert on commission_wait for each row execute function stop()");
        await Should.ThrowAsync<System.Data.Common.DbException>(trade.SettleAsync);
        (await trade.CountAsync("select count(*) from settlement")).ShouldBe(0);
        await trade.ProveAsync();

        await ExecuteAsync(trade, kind == DatabaseKind.Sqlite ? "drop trigger stop" : "drop trigger stop on commission_wait");
        (await trade.SettleAsync()).ShouldBe(5);
        (await trade.SettleAsync()).ShouldBe(0);
        await trade.ProveAsync();
    }

    private static Task ExecuteAsync(Trade trade, string sql) => trade.World.Database.WriteAsync(s => s.ExecuteAsync(sql));

    private sealed class NodeStoppedException() : Exception("The node stopped here.");

    /// <summary>From its step on nothing happens any more: what a process that is gone does.</summary>
    private sealed class StoppingStore(IOrderStore inner, Step step) : IOrderStore
    {
            public async Task RunAsync(IReadOnlyList<OrderCommand> commands, DateTimeOffset now, Action begun, Func<Loaded, BatchState> decide)
        {
            At(Step.BeforeLoading);
            await inner.RunAsync(commands, now, begun, loaded =>
            {
                At(Step.Loaded);
                var state = decide(loaded);
                At(Step.Decided);
                return state;
            });
            At(Step.Committed);
        }

        private void At(Step here)
        {
            if (here == step) throw new NodeStoppedException();
        }
    }
}
