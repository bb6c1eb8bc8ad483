using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Faults;

/// <summary>F4: the connection to PostgreSQL is lost around a COMMIT.</summary>
public sealed class LostConnectionTests
{
    public static TheoryData<Cut> Cuts => [Cut.BeforeCommit, Cut.AfterCommit, Cut.CommitComesLate];

    [Theory, MemberData(nameof(Cuts))]
    public async Task F4_A_batch_whose_commit_is_cut_is_answered_truthfully_and_done_once(Cut cut)
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 50);
        var (proxy, connection) = CuttingProxy.Before(trade.World.Settings.Database);
        await using var _ = proxy;
        await using var node = await trade.AnotherNodeAsync(connection);
        Trade.Done(await node.PlaceAsync("warm"));

        proxy.CutNext(cut);
        var decisions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => node.PlaceAsync($"K-{i}")));
        proxy.Cuts.ShouldBe(1);
        decisions.Select(d => Trade.Done(d).Id).Distinct().Count().ShouldBe(20);
        decisions.ShouldAllBe(d => !((OrderDecision.Done)d).IsReplay, "nobody else had used these numbers");
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(21);
        (await trade.BalanceAsync(AccountKinds.Wallet, 3)).ShouldBe("98992.0000");
        await trade.ProveAsync();
    }

    [Theory, MemberData(nameof(Cuts))]
    public async Task F4_Every_kind_of_command_is_done_once_when_its_commit_is_cut(Cut cut)
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 50);
        var (proxy, connection) = CuttingProxy.Before(trade.World.Settings.Database);
        await using var _ = proxy;
        await using var node = await trade.AnotherNodeAsync(connection);
        Trade.Done(await node.PlaceAsync("warm"));

        async Task<Order> CutAsync(Func<Task<OrderDecision>> run)
        {
            proxy.CutNext(cut);
            return Trade.Done(await run());
        }

        var paid = await CutAsync(() => node.ReserveAsync("paid", 2));
        await trade.ChannelPaidAsync(paid);
        await CutAsync(() => node.PayAsync(paid));
        await CutAsync(() => node.RefundAsync(paid, 1));
        var cancelled = await CutAsync(() => node.ReserveAsync("cancelled"));
        await CutAsync(() => node.Desk.RunAsync(new OrderCommand.Cancel(cancelled.Id, null, "test")));
        var bought = await CutAsync(() => node.PlaceAsync("bought", revealTo: "10.0.0.1"));
        await CutAsync(() => node.Desk.RunAsync(new OrderCommand.Reveal(bought.Id, null, "test", "10.0.0.1")));
        proxy.Cuts.ShouldBe(7);

        (await trade.CountAsync("select count(*) from orders")).ShouldBe(4);
        (await trade.CountAsync("select count(*) from channel_refund")).ShouldBe(1);
        (await trade.Desk.FindAsync(paid.Id))!.RefundedUnits.ShouldBe(1);
        (await trade.Desk.FindAsync(cancelled.Id))!.Status.ShouldBe(OrderStatus.Cancelled);
        await trade.ProveAsync();
    }

    [Theory]
    [InlineData(Cut.BeforeCommit, 0)]
    [InlineData(Cut.AfterCommit, 1)]
    public async Task F4_Nobody_claims_to_know_what_became_of_a_commit_that_was_cut(Cut cut, long done)
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 0);
        var (proxy, connection) = CuttingProxy.Before(trade.World.Settings.Database);
        await using var _ = proxy;
        await using var database = Database.OpenPostgres(connection);
        proxy.CutNext(cut);
        await Should.ThrowAsync<CommitUnknownException>(() => database.WriteAsync(s => s.ExecuteAsync("insert into setting (name, value) values ('a', 'b')")));
        (await trade.CountAsync("select count(*) from setting where name = 'a'")).ShouldBe(done);
    }

    [Fact]
    public async Task F3_After_every_connection_was_ended_the_next_call_is_served()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 100);
        for (var round = 0; round < 5; round++)
        {
            // Many connections in the pool, all of them dead.
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => trade.World.Database.ReadAsync(s => s.ScalarAsync<string>("select pg_sleep(0.02)::text"))));
            await using (var killer = Database.OpenPostgres($"{trade.World.Settings.Database};Application Name=killer"))
                await killer.ReadAsync(s => s.ScalarAsync<long>(
                    "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as others"));
            (await trade.CountAsync("select count(*) from orders")).ShouldBe(round);
            Trade.Done(await trade.PlaceAsync($"K-{round}"));
        }

        await trade.ProveAsync();
    }
}
