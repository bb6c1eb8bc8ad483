using System.Net;
using Lianka.Modules.Orders;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.OpenApi;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Faults;

/// <summary>F5 and F13: the database is gone, gives no connection, or a node holds what others need.</summary>
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task F5_While_the_database_is_gone_callers_hear_so_soon_and_nothing_is_lost_or_doubled()
    {
        CuttingProxy? proxy = null;
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Postgres, way: direct =>
        {
            (proxy, var connection) = CuttingProxy.Before(direct);
            return connection;
        });
        await using var _ = proxy!;
        (await world.Caller.BuyAsync("before")).Status.ShouldBe(HttpStatusCode.Created);
        (await ReadyAsync(world)).ShouldBe(HttpStatusCode.OK);

        proxy!.GoDown();
        (await ReadyAsync(world)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        // The first ones are tried for a while; whoever comes then is refused at once.
        var early = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.Caller.BuyAsync($"K-{i}")));
        var late = await world.Caller.BuyAsync("K-20");
        foreach (var answer in early.Append(late))
        {
            answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Code.ShouldBe("overloaded");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        proxy.ComeBack();
        for (var i = 0; i <= 20; i++)
        {
            Answer answer;
            while ((answer = await world.Caller.BuyAsync($"K-{i}")).Status == HttpStatusCode.ServiceUnavailable) await Task.Delay(100);
            answer.Status.ShouldBe(HttpStatusCode.Created, "a busy node has done nothing");
        }

        (await ReadyAsync(world)).ShouldBe(HttpStatusCode.OK);
        (await world.CountAsync("select count(*) from orders")).ShouldBe(22);
    }

    [Fact]
    public async Task F5_A_short_absence_is_waited_for_and_nobody_notices()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 30);
        var (proxy, connection) = CuttingProxy.Before(trade.World.Settings.Database);
        await using var _ = proxy;
        await using var node = await trade.AnotherNodeAsync(connection);
        Trade.Done(await node.PlaceAsync("warm"));
        proxy.GoDown();
        var asked = Enumerable.Range(0, 20).Select(i => node.PlaceAsync($"K-{i}")).ToList();
        await Task.Delay(300);
        proxy.ComeBack();
        foreach (var decision in await Task.WhenAll(asked)) Trade.Done(decision);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(21);
        await trade.ProveAsync();
    }

    [Fact]
    public async Task F5_When_all_shared_connections_are_taken_readers_hear_so_orders_go_on_and_it_passes_by_itself()
    {
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Postgres, way: direct => $"{direct};Maximum Pool Size=4;Timeout=1");
        (await world.Caller.BuyAsync("before")).Status.ShouldBe(HttpStatusCode.Created);
        var taken = new List<System.Data.Common.DbConnection>();
        while (taken.Count < 4) taken.Add(await world.Database.OpenAsync());

        (await ReadyAsync(world)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        var answer = await world.Caller.GetAsync("/api/v1/account");
        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "overloaded"));
        // The engine has a connection of its own.
        (await world.Caller.BuyAsync("A-1")).Status.ShouldBe(HttpStatusCode.Created);

        foreach (var connection in taken) await connection.DisposeAsync();
        while ((answer = await world.Caller.GetAsync("/api/v1/account")).Status == HttpStatusCode.ServiceUnavailable) await Task.Delay(100);
        answer.Status.ShouldBe(HttpStatusCode.OK);
        (await ReadyAsync(world)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task F5_When_the_server_has_no_connection_left_callers_hear_so_and_it_passes_by_itself()
    {
        var server = "";
        await using var world = await ApiWorld.CreateAsync(DatabaseKind.Postgres, way: direct =>
        {
            server = direct;
            return $"{direct};Username=few;Maximum Pool Size=4;Timeout=1";
        }, prepare: direct => RunAsync(direct,
            "create role few login connection limit 5; grant create on schema public to few; grant all on all tables in schema public to few; grant all on all sequences in schema public to few"));
        (await world.Caller.BuyAsync("before")).Status.ShouldBe(HttpStatusCode.Created);
        var taken = new List<System.Data.Common.DbConnection>();
        while (taken.Count < 4) taken.Add(await world.Database.OpenAsync());
        // The fifth is the engine's: it is ended, and somebody else is quicker.
        var own = string.Join(", ", taken.Select(c => ((Npgsql.NpgsqlConnection)c).ProcessID));
        await RunAsync(server, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'few' and pid not in ({own})");
        var rival = new Npgsql.NpgsqlConnection($"{server};Username=few;Pooling=false");
        await rival.OpenAsync();
        taken.Add(rival);

        (await ReadyAsync(world)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        var answer = await world.Caller.BuyAsync("A-1");
        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "overloaded"));

        foreach (var connection in taken) await connection.DisposeAsync();
        await Shop.ShopWorld.UntilAsync(async () => (await world.Caller.BuyAsync("A-1")).Status != HttpStatusCode.ServiceUnavailable);
        (await world.Caller.BuyAsync("A-1")).Status.ShouldBe(HttpStatusCode.OK, "it is there by now");
        (await ReadyAsync(world)).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task RunAsync(string server, string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection($"{server};Pooling=false");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task F13_A_node_that_freezes_in_a_transaction_holds_the_others_up_for_a_limited_time_and_comes_back_to_the_truth()
    {
        await using var trade = await Trade.OpenAsync(DatabaseKind.Postgres, cards: 30);
        var (proxy, connection) = CuttingProxy.Before($"{trade.World.Settings.Database};Options=-c idle_in_transaction_session_timeout=1s");
        await using var _ = proxy;
        await using var frozen = await trade.AnotherNodeAsync(connection);
        Trade.Done(await frozen.PlaceAsync("warm"));
        proxy.CutNext(Cut.Freeze);
        var asked = Enumerable.Range(0, 5).Select(i => frozen.PlaceAsync($"F-{i}")).ToList();
        while (proxy.Cuts == 0) await Task.Delay(10);

        // The same wallet, the same cards: it has to wait until the server ends the frozen node's transaction.
        foreach (var decision in await Task.WhenAll(Enumerable.Range(0, 10).Select(i => trade.PlaceAsync($"W-{i}")))) Trade.Done(decision);
        // One of the frozen node's buyers went to the other node meanwhile.
        var moved = Trade.Done(await trade.PlaceAsync("F-0"));

        proxy.Thaw();
        var answers = await Task.WhenAll(asked);
        Trade.Done(answers[0]).Id.ShouldBe(moved.Id);
        foreach (var decision in answers) Trade.Done(decision);
        (await trade.CountAsync("select count(*) from orders")).ShouldBe(16);
        await trade.ProveAsync();
    }

    [Fact]
    public async Task F13_Connections_of_a_node_carry_the_limit_unless_the_operator_set_another()
    {
        var connection = await PrivatePostgres.NewDatabaseAsync();
        (await LimitAsync(connection)).ShouldBe("15s");
        (await LimitAsync($"{connection};Options=-c statement_timeout=7min")).ShouldBe("15s");
        (await LimitAsync($"{connection};Options=-c idle_in_transaction_session_timeout=40s")).ShouldBe("40s");
    }

    private static async Task<string?> LimitAsync(string connection)
    {
        await using var database = Database.OpenPostgres(connection);
        return await database.ReadAsync(s => s.ScalarAsync<string>("show idle_in_transaction_session_timeout"));
    }

    private static async Task<HttpStatusCode> ReadyAsync(ApiWorld world)
    {
        using var answer = await world.Http.GetAsync("/health/ready");
        return answer.StatusCode;
    }
}
