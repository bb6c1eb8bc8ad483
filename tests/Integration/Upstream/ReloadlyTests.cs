using System.Text;
using System.Text.Json.Nodes;
using Lianka.Modules.Suppliers;

namespace Lianka.Tests.Integration.Upstream;

/// <summary>Reloadly by its public documentation, against the simulator. Its unit price is 5 dollars at 7.25.</summary>
public sealed class ReloadlyTests
{
    private const string Airtime = "reloadly-airtime", Gifts = "reloadly-giftcards", Unit = "341:5.00";

    [Fact]
    public async Task Airtime_is_bought_once_and_its_price_is_told_in_yuan()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(Airtime);
        var order = world.Order("13800138100", goods: Unit, cap: "36.2500");
        var done = (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Succeeded>();
        (done.Charged?.ToString(), done.Delivered).ShouldBe(("36.2500", null));
        (await upstream.QueryAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Succeeded>().UpstreamNo.ShouldBe(done.UpstreamNo);
        (await upstream.QueryAsync(order with { UpstreamNo = done.UpstreamNo }, default)).ShouldBeOfType<UpstreamAnswer.Succeeded>();
        // Told again, they know the number; that is a reason to ask, not a failure.
        (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Unknown>();
        (await world.Simulator.OrderAsync(order.OwnNo))!["purchases"]!.GetValue<int>().ShouldBe(1);
        // Their number of another purchase does not answer for this one (F43).
        (await upstream.QueryAsync(world.Order("1", goods: Unit) with { UpstreamNo = done.UpstreamNo }, default)).ShouldBeOfType<UpstreamAnswer.Unknown>();
        (await upstream.QueryAsync(world.Order("1", goods: Unit), default)).ShouldBeOfType<UpstreamAnswer.Absent>();
    }

    [Fact]
    public async Task Gift_cards_come_with_their_codes()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(Gifts);
        var order = world.Order("", count: 3, goods: "10:5.00", cap: "200.0000");
        var done = (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Succeeded>();
        done.Cards.Select(c => c.Secret).ShouldBe([.. Enumerable.Range(1, 3).Select(i => $"{order.OwnNo}-{i:D4}".ToUpperInvariant())]);
        done.Cards.ShouldAllBe(c => c.Number != null);

        await world.Simulator.BehaveAsync(new JsonObject { ["late_bps"] = 10_000, ["late_ms"] = 300 });
        var late = world.Order("", goods: "10:5.00");
        (await upstream.BuyAsync(late, default)).ShouldBeOfType<UpstreamAnswer.Accepted>().UpstreamNo.ShouldNotBeNull();
        (await UpstreamWorld.FollowAsync(upstream, late)).ShouldBeOfType<UpstreamAnswer.Succeeded>().Cards.Count.ShouldBe(1);
    }

    [Fact] // F35
    public async Task F35_a_purchase_without_an_answer_is_found_by_our_number()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        foreach (var template in new[] { Airtime, Gifts })
        {
            var upstream = await world.OpenAsync(template, limitSeconds: 1);
            foreach (var fault in new[] { "hang_bps", "abort_bps", "error_bps", "html_bps", "twice_bps" })
            {
                await world.Simulator.BehaveAsync(new JsonObject { [fault] = 10_000, ["delay_ms"] = 0 });
                var order = world.Order("13900000001", goods: Unit);
                (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Unknown>(fault);
                (await UpstreamWorld.FollowAsync(upstream, order)).ShouldBeOfType<UpstreamAnswer.Succeeded>(fault);
                (await world.Simulator.OrderAsync(order.OwnNo))!["purchases"]!.GetValue<int>().ShouldBe(1, fault);
            }

            await world.Simulator.BehaveAsync(new JsonObject { ["delay_ms"] = 0 });
        }
    }

    [Fact]
    public async Task Failures_are_told_apart()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(Airtime);
        (await upstream.BuyAsync(world.Order("13800138102", goods: Unit), default)).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Account);
        (await upstream.BuyAsync(world.Order("13800138103", goods: Unit), default)).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Goods);
        (await upstream.BuyAsync(world.Order("13800138104", goods: Unit), default)).ShouldBeOfType<UpstreamAnswer.Unknown>();
        var failed = world.Order("13800138109", goods: Unit);
        (await upstream.BuyAsync(failed, default)).ShouldBeOfType<UpstreamAnswer.Unknown>();
        (await UpstreamWorld.FollowAsync(upstream, failed)).ShouldBeOfType<UpstreamAnswer.Failed>();
        await world.Simulator.BehaveAsync(new JsonObject { ["balance"] = 1 });
        (await upstream.BuyAsync(world.Order("13800138100", goods: Unit), default)).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Balance);

        foreach (var (order, what) in new[] { (world.Order("13800138100", goods: "341"), "goods"), (world.Order("", goods: Unit), "no account"), (world.Order("13800138100", count: 2, goods: Unit), "two") })
            (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.NotSent>(what);
    }

    [Fact] // F44
    public async Task F44_nothing_is_sent_above_the_cap()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var upstream = await world.OpenAsync(Airtime);
        var order = world.Order("13800138100", goods: Unit, cap: "36.2499");
        (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Failed>().Fault.ShouldBe(UpstreamFault.Price);
        (await world.Simulator.OrderAsync(order.OwnNo)).ShouldBeNull();
        var over = (await upstream.BuyAsync(world.Order("13800138105", goods: Unit, cap: "36.2500"), default)).ShouldBeOfType<UpstreamAnswer.Succeeded>();
        over.Charged?.ToString().ShouldBe("54.3750");
    }

    [Fact]
    public async Task Without_a_token_nothing_was_bought()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        var draft = world.Draft(Airtime);
        var wrong = await world.ConnectAsync(draft with { Secrets = new Dictionary<string, string> { ["client_id"] = "10001", ["client_secret"] = "wrong-secret" } });
        var upstream = (await world.Upstreams.OpenAsync(wrong.Id))!;
        var order = world.Order("13800138100", goods: Unit);
        (await upstream.BuyAsync(order, default)).ShouldBeOfType<UpstreamAnswer.NotSent>().Detail.ShouldNotContain("wrong-secret");
        (await upstream.QueryAsync(order, default)).ShouldBeOfType<UpstreamAnswer.Unknown>();
    }

    [Fact] // F27
    public async Task F27_a_webhook_is_a_hint_and_only_from_them()
    {
        await using var world = await UpstreamWorld.CreateAsync();
        await using var ear = await NoticeEar.StartAsync();
        await world.Simulator.BehaveAsync(new JsonObject { ["delay_ms"] = 0, ["reloadly_webhook_url"] = $"{ear.Address}/upstream/x" });
        var upstream = await world.OpenAsync(Airtime);
        var order = world.Order("13800138100", goods: Unit);
        await upstream.BuyAsync(order, default);
        var (_, notice) = await ear.NextAsync();
        var news = upstream.Read(notice).ShouldNotBeNull();
        news.OwnNo.ShouldBe(order.OwnNo);
        news.Answer.ShouldBeOfType<UpstreamAnswer.Unknown>();
        upstream.Read(notice with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(notice.Body.Span).Replace("SUCCESSFUL", "FAILED", StringComparison.Ordinal)) }).ShouldBeNull();
        var silent = await world.ConnectAsync(world.Draft(Airtime) with { Secrets = new Dictionary<string, string> { ["client_id"] = "10001", ["client_secret"] = "sim-key-10001" } });
        (await world.Upstreams.OpenAsync(silent.Id))!.Read(notice).ShouldBeNull("Without a webhook secret nothing is believed.");
    }
}
