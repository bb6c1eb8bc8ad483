using System.Text;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Suppliers;
using Lianka.Platform.Data;

namespace Lianka.Tests.Integration.Upstream;

/// <summary>Three unlike protocols, each connected by its configuration alone, against the simulator.</summary>
public sealed class UpstreamTests
{
    public static TheoryData<string> Protocols => ["kasushou", "kayixin", "fulu"];

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_top_up_is_bought_once_and_followed_to_its_end(string protocol)
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(protocol);
        var order = world.Order("13800138100", count: 2);

        var bought = (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Accepted>();
        bought.UpstreamNo.ShouldNotBeNullOrEmpty();
        var done = (await UpstreamWorld.FollowAsync(upstream, order with { UpstreamNo = bought.UpstreamNo })).ShouldBeOfType<UpstreamAnswer.Succeeded>();
        (done.UpstreamNo, done.Charged?.ToString(), done.Delivered).ShouldBe((bought.UpstreamNo, "19.8000", null));
        done.Receipt.ShouldNotBeNullOrEmpty();
        // Told again, they refuse the number, which is no answer about the first purchase.
        (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Unknown>();
        (await world.Simulator.OrderAsync(order.OwnNo))!["purchases"]!.GetValue<int>().ShouldBe(1);
        (await upstream.QueryAsync(world.Order("13800138100"), default)).ShouldBeOfType<UpstreamAnswer.Absent>();
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_failure_says_whose_fault_it_is(string protocol)
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(protocol);
        var wrong = world.Order("13800138102");
        (await upstream.BuyAsync(wrong, default)).ShouldBeOfType<UpstreamAnswer.Accepted>();
        var failed = (await UpstreamWorld.FollowAsync(upstream, wrong)).ShouldBeOfType<UpstreamAnswer.Failed>();
        failed.Fault.ShouldBe(protocol == "fulu" ? UpstreamFault.Other : UpstreamFault.Account); // 福禄 does not say why.

        (await upstream.BuyAsync(world.Order("13800138103"), default)).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Goods);
        await world.Simulator.BehaveAsync(new JsonObject { ["balance"] = 1 });
        (await upstream.BuyAsync(world.Order("13800138100"), default)).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Balance);
    }

    [Theory, MemberData(nameof(Protocols))] // F35
    public async Task F35_without_a_readable_answer_nobody_knows_until_they_are_asked(string protocol)
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(protocol, limitSeconds: 1);
        foreach (var (name, behaviour) in new (string, JsonObject)[]
        {
            ("time-out", new JsonObject { ["hang_bps"] = 10_000 }), ("hung up", new JsonObject { ["abort_bps"] = 10_000 }), ("5xx", new JsonObject { ["error_bps"] = 10_000 }),
            ("HTML", new JsonObject { ["html_bps"] = 10_000 }), ("twice", new JsonObject { ["twice_bps"] = 10_000 }),
        })
        {
            (behaviour["delay_ms"], behaviour["sends_notices"]) = (0, false);
            await world.Simulator.BehaveAsync(behaviour);
            var order = world.Order("13900000001");
            (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Unknown>(name);
            (await UpstreamWorld.FollowAsync(upstream, order)).ShouldBeOfType<UpstreamAnswer.Succeeded>(name);
            (await world.Simulator.OrderAsync(order.OwnNo))!["purchases"]!.GetValue<int>().ShouldBe(1, name);
        }

        await world.Simulator.BehaveAsync(new JsonObject { ["delay_ms"] = 0, ["sends_notices"] = false });
        foreach (var (suffix, ends) in new (string, Type)[] { ("108", typeof(UpstreamAnswer.Succeeded)), ("109", typeof(UpstreamAnswer.Failed)) })
        {
            var order = world.Order("13800138" + suffix);
            (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Unknown>(suffix);
            (await UpstreamWorld.FollowAsync(upstream, order)).GetType().ShouldBe(ends, suffix);
        }

        // Down before anything was bought looks the same from here; only the question tells.
        var down = world.Order("13800138104");
        (await upstream.BuyAsync(down, default)).ShouldBeOfType<UpstreamAnswer.Unknown>();
        (await upstream.QueryAsync(down, default)).ShouldBeOfType<UpstreamAnswer.Absent>();
    }

    [Fact]
    public async Task Only_what_surely_stayed_here_is_not_sent()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var gone = await world.ConnectAsync(world.Draft("kasushou") with { BaseUrl = "http://127.0.0.1:9" });
        var upstream = (await world.Upstreams.OpenAsync(gone.Id))!;
        (await upstream.BuyAsync(world.Order("13800138100"), default)).ShouldBeOfType<UpstreamAnswer.NotSent>();
        // The same about a question would say that nobody bought.
        (await upstream.QueryAsync(world.Order("13800138100"), default)).ShouldBeOfType<UpstreamAnswer.Unknown>();

        var off = await world.ConnectAsync(world.Draft("kasushou") with { State = ConnectionState.Off });
        var closed = (await world.Upstreams.OpenAsync(off.Id))!;
        var order = world.Order("13800138100");
        (await closed.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.NotSent>();
        (await closed.QueryAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Absent>();
    }

    [Theory, MemberData(nameof(Protocols))] // F44
    public async Task F44_the_cap_is_told_and_what_was_taken_is_reported(string protocol)
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(protocol);
        // Each of two may cost 5; they ask 9.90.
        var dear = world.Order("13800138100", count: 2, cap: "10.0000");
        if (protocol != "fulu") // 福禄 takes no cap.
        {
            (await upstream.BuyAsync(dear, default)).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Price);
            (await world.Simulator.OrderAsync(dear.OwnNo)).ShouldBeNull();
        }

        var over = world.Order("13800138105", cap: "10.0000");
        (await upstream.BuyAsync(over, default)).ShouldBeOfType<UpstreamAnswer.Accepted>();
        (await UpstreamWorld.FollowAsync(upstream, over)).ShouldBeOfType<UpstreamAnswer.Succeeded>().Charged?.ToString().ShouldBe("14.8500");
    }

    [Theory, InlineData("kasushou"), InlineData("kayixin")]
    public async Task A_part_is_reported_as_a_part(string protocol)
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(protocol);
        var order = world.Order("13800138106", count: 4);
        await upstream.BuyAsync(order, default);
        var part = (await UpstreamWorld.FollowAsync(upstream, order)).ShouldBeOfType<UpstreamAnswer.Succeeded>();
        (part.Delivered, part.Charged?.ToString()).ShouldBe((2, "19.8000"));
    }

    [Fact]
    public async Task Cards_come_by_the_question_and_a_reversal_is_seen()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync("kasushou");
        var cards = world.Order("13800138100", count: 3, goods: "9001");
        await upstream.BuyAsync(cards, default);
        var got = (await UpstreamWorld.FollowAsync(upstream, cards)).ShouldBeOfType<UpstreamAnswer.Succeeded>();
        got.Cards.Select(c => c.Secret).ShouldBe([.. Enumerable.Range(1, 3).Select(i => $"{cards.OwnNo}-{i:D4}".ToUpperInvariant())]);

        await world.Simulator.TellAsync(cards.OwnNo, "reverse");
        (await upstream.QueryAsync(cards, default)).ShouldBeOfType<UpstreamAnswer.Failed>();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))] // F43
    public async Task F43_a_notice_counts_only_at_the_connection_whose_secret_signed_it(DatabaseKind kind)
    {
        await using var world = await UpstreamWorld.CreateAsync(kind);
        await using var ear = await NoticeEar.StartAsync();
        await world.World.Database.WriteAsync(s => s.ExecuteAsync("insert into setting (name, value) values ('upstream.base_url', @Url)", new { Url = ear.Address }));
        await world.Simulator.BehaveAsync(new JsonObject { ["delay_ms"] = 0, ["duplicate_notice_bps"] = 10_000 });
        var a = await world.ConnectAsync(world.Draft("kayixin", "10001"));
        var b = await world.ConnectAsync(world.Draft("kayixin", "10002"));
        var (upstreamA, upstreamB) = ((await world.Upstreams.OpenAsync(a.Id))!, (await world.Upstreams.OpenAsync(b.Id))!);
        var order = world.Order("13900000100");
        await upstreamA.BuyAsync(order, default);

        var (path, notice) = await ear.NextAsync();
        (await ear.NextAsync()).Path.ShouldBe(path, "They tell it twice.");
        path.ShouldBe(a.NoticePath);
        (await world.Upstreams.OfNoticeKeyAsync(path["/upstream/".Length..])).ShouldBe(a.Id);
        var news = upstreamA.Read(notice).ShouldNotBeNull();
        news.OwnNo.ShouldBe(order.OwnNo);
        news.Answer.ShouldBeOfType<UpstreamAnswer.Succeeded>().UpstreamNo.ShouldBe(news.UpstreamNo);
        upstreamA.Thanks.ShouldBe("ok");
        upstreamB.Read(notice).ShouldBeNull();
        upstreamA.Read(notice with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(notice.Body.Span).Replace(order.OwnNo, world.Order("1").OwnNo, StringComparison.Ordinal)) }).ShouldBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_connection_keeps_its_secrets_sealed_and_takes_changes_at_once(DatabaseKind kind)
    {
        await using var world = await UpstreamWorld.CreateAsync(kind);
        var made = await world.ConnectAsync(world.Draft("kasushou"));
        (await world.World.Database.ReadAsync(s => s.ScalarAsync<byte[]>("select secrets from connection where id = @Id", new { made.Id })))
            .ShouldNotBeNull().AsSpan().IndexOf("sim-key"u8).ShouldBe(-1);
        (await world.Upstreams.KnownSecretsAsync(made.Id)).ShouldBe(["user_id", "api_key"], ignoreOrder: true);
        var first = (await world.Upstreams.OpenAsync(made.Id))!;
        (await world.Upstreams.OpenAsync(made.Id)).ShouldBeSameAs(first);

        // An empty secret stays as it was; a wrong one is used at once.
        var draft = world.Draft("kasushou") with { Name = "Renamed", Secrets = new Dictionary<string, string> { ["api_key"] = "" } };
        Inventory.Goods.Saved(await world.Upstreams.UpdateAsync(made.Id, draft));
        var second = (await world.Upstreams.OpenAsync(made.Id))!;
        second.ShouldNotBeSameAs(first);
        (await second.BuyAsync(world.Order("13800138100"), default)).ShouldBeOfType<UpstreamAnswer.Accepted>();
        Inventory.Goods.Saved(await world.Upstreams.UpdateAsync(made.Id, draft with { Secrets = new Dictionary<string, string> { ["api_key"] = "wrong-key-0001" } }));
        var refused = (await (await world.Upstreams.OpenAsync(made.Id))!.BuyAsync(world.Order("13800138100"), default)).ShouldBeOfType<UpstreamAnswer.Failed>();
        refused.Fault.ShouldBe(UpstreamFault.Access);

        var bad = (Modules.Catalog.CatalogDecision<Connection>.Refused)await world.Upstreams.UpdateAsync(made.Id, draft with { Name = "", BaseUrl = "ftp://x", Config = "{}", Adapter = "http" });
        bad.Errors.Select(e => e.Field).ShouldBe(["name", "base_url", "config"]);
        (await world.Upstreams.ListAsync(world.Supplier)).Select(c => c.Name).ShouldBe(["Renamed"]);
        (await world.Upstreams.OpenAsync(made.Id + 1)).ShouldBeNull();
    }

    [Theory, InlineData("kasushou"), InlineData("kayixin"), InlineData("fulu"), InlineData("reloadly-airtime"), InlineData("reloadly-giftcards")]
    public async Task A_trial_shows_the_exchange_and_no_secret(string template)
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var made = await world.ConnectAsync(world.Draft(template));
        var order = world.Order("13800138100", goods: template.StartsWith("reloadly", StringComparison.Ordinal) ? "341:5.00" : "9001") with
        {
            Fields = new Dictionary<string, string> { ["account"] = "13800138100", ["email"] = "100@example.com" },
        };
        var balance = (await world.Upstreams.TryAsync(made.Id, UpstreamTrial.Balance, order)).ShouldNotBeNull();
        balance.Problem.ShouldBeNull();
        balance.Balance.ShouldNotBeNull();
        var buy = (await world.Upstreams.TryAsync(made.Id, UpstreamTrial.Buy, order))!;
        buy.Request.ShouldNotBeNull().ShouldContain(order.OwnNo);
        buy.Answer.ShouldBeNull();
        (await world.Simulator.OrderAsync(order.OwnNo)).ShouldBeNull("A trial buys nothing.");

        await (await world.Upstreams.OpenAsync(made.Id))!.BuyAsync(order, default);
        var query = (await world.Upstreams.TryAsync(made.Id, UpstreamTrial.Query, order))!;
        query.Reading.ShouldBeOfType<UpstreamAnswer.Succeeded>().Cards.ShouldBeEmpty();
        foreach (var exchange in new[] { balance, buy, query })
        {
            $"{exchange.Request}{exchange.Answer}".ShouldNotContain("sim-key");
            exchange.Answer?.ShouldNotContain($"{order.OwnNo}-0001".ToUpperInvariant());
        }
    }
}
