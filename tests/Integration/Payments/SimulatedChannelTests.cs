using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Payments;

/// <summary>The channel simulator as a process, for all tests of a class.</summary>
public sealed class SimulatorProcess : IAsyncLifetime
{
    internal Channels.ChannelSimulator Simulator { get; private set; } = null!;

    public async Task InitializeAsync() => Simulator = await Channels.ChannelSimulator.StartAsync();

    public async Task DisposeAsync() => await Simulator.DisposeAsync();
}

/// <summary>Guests of a shop pay through WeChat Pay and Alipay, which are another process and do everything wrong: what becomes of goods and money.</summary>
public sealed class SimulatedChannelTests(SimulatorProcess process) : IClassFixture<SimulatorProcess>
{
    private Channels.ChannelSimulator Simulator => process.Simulator;

    /// <summary>A shop whose guests pay through the channels <c>wechat</c> (first) and <c>alipay</c>.</summary>
    private async Task<ShopWorld> OpenAsync(DatabaseKind kind, long holdSeconds = 900)
    {
        // Fresh databases number alike.
        using var reset = await Simulator.Client.PostAsync("/sim/reset", null);
        reset.EnsureSuccessStatusCode();
        var world = await ShopWorld.CreateAsync(kind, holdSeconds: holdSeconds);
        await world.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        foreach (var (protocol, priority) in new[] { ("wechat", "1"), ("alipay", "2") })
        {
            var identity = (await Simulator.IdentitiesAsync(protocol))[0];
            var made = await world.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft
            {
                Code = protocol, Protocol = protocol, NameZh = protocol, NameEn = protocol, BaseUrl = (string)identity["base_url"]!, Priority = priority,
                Values = ((JsonObject)identity["values"]!).ToDictionary(v => v.Key, v => (string)v.Value!),
            });
            (made as ChannelDecision.Refused)?.Errors.Select(e => $"{e.Field}: {e.En}").ShouldBeEmpty();
        }

        return world;
    }

    private static async Task<(OrderId Order, Attempt Attempt)> BuyAsync(ShopWorld world)
    {
        var guest = world.NewGuest();
        var order = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
        return (order, await AttemptAsync(world, order));
    }

    private static async Task<Attempt> AttemptAsync(ShopWorld world, OrderId order) => (await AttemptsAsync(world, order))[^1].Attempt;

    private static async Task<IReadOnlyList<(Attempt Attempt, Channel Channel)>> AttemptsAsync(ShopWorld world, OrderId order) =>
        await world.Payments.AttemptsAsync((await world.Payments.FindAsync(order))!.Id);

    /// <summary>A buyer opens what the page shows, and pays.</summary>
    private async Task PayAsync(Attempt attempt)
    {
        if (attempt.Shape == PayShape.Redirect) await Simulator.Client.GetStringAsync(attempt.PayValue);
        await Simulator.TellAsync(attempt.OutNo, "pay");
    }

    private static Task DeliveredAsync(ShopWorld world, OrderId order) =>
        ShopWorld.UntilAsync(async () => (await world.Orders.FindAsync(order))!.Status == OrderStatus.Delivered);

    /// <summary>Everything holds, and what the channels have taken and not given back is what stands in the books.</summary>
    private static async Task ProveAsync(ShopWorld world, string owed)
    {
        var output = new StringWriter();
        (await Host.Proof.Verification.RunAsync(world.Database, TimeProvider.System, output)).ShouldBeTrue(output.ToString());
        new Money(-await world.CountAsync("""
            select cast(coalesce(sum(t.amount), 0) as bigint) from (
                select case when t.kind = 'channel_paid' then -t.amount else t.amount end as amount from transfer t where t.kind in ('channel_paid', 'channel_back')) as t
            """)).ToString().ShouldBe(owed);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F23_The_same_notice_five_times_at_once_and_again_delivers_once(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        await Simulator.BehaveAsync(new JsonObject { ["notice_copies"] = 5 });
        var (order, attempt) = await BuyAsync(world);
        attempt.Shape.ShouldBe(PayShape.Qr);
        await PayAsync(attempt);
        await DeliveredAsync(world, order);
        await Simulator.TellAsync(attempt.OutNo, "notify?copies=5");
        (await world.StockAsync()).ShouldBe(9);
        await ProveAsync(world, "49.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F24_A_notice_before_the_answer_to_our_own_call_delivers(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        await Simulator.BehaveAsync(new JsonObject { ["notice_first_bps"] = 10_000 });
        var (order, _) = await BuyAsync(world);
        await DeliveredAsync(world, order);
        (await AttemptsAsync(world, order)).ShouldHaveSingleItem().Attempt.State.ShouldBe(AttemptState.Paid);
        await ProveAsync(world, "49.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_Money_after_the_end_of_the_reservation_buys_again(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind, holdSeconds: 2);
        // Alipay knows nothing of a trade that nobody has opened, so it is closed only two minutes after its time.
        await world.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off' where code = 'alipay'"));
        var (order, attempt) = await BuyAsync(world);
        await ShopWorld.UntilAsync(async () => (await AttemptAsync(world, order)).State == AttemptState.Closed && (await world.Orders.FindAsync(order))!.Status == OrderStatus.Expired);
        ((string)(await Simulator.TradeAsync(attempt.OutNo))!["status"]!).ShouldBe("closed");
        await Simulator.TellAsync(attempt.OutNo, "pay-late");
        await ShopWorld.UntilAsync(async () => (await world.Payments.FindAsync(order))!.MovedTo is not null);
        await DeliveredAsync(world, (await world.Payments.FindAsync(order))!.MovedTo!.Value);
        await ProveAsync(world, "49.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F26_Without_a_notice_our_question_finds_the_money(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        await Simulator.BehaveAsync(new JsonObject { ["sends_notices"] = false });
        var (order, attempt) = await BuyAsync(world);
        await PayAsync(attempt);
        await DeliveredAsync(world, order);
        (await world.CountAsync("select count(*) from payment_notice")).ShouldBe(0);
        await ProveAsync(world, "49.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F27_F28_Forged_notices_and_true_ones_of_money_that_is_not_there_change_nothing(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        var (order, attempt) = await BuyAsync(world);
        var channels = await world.Http.Get<PaymentChannels>().ListAsync();
        var other = new Uri(world.Http.Address, channels.First(c => c.Code == "alipay").NoticePath);
        foreach (var lie in new[] { "lie=signature", "lie=merchant", "lie=amount", "lie=currency", "lie=time", $"to={Uri.EscapeDataString($"{other}")}", "" })
            await Simulator.TellAsync(attempt.OutNo, $"notify?{lie}");
        (await world.Orders.FindAsync(order))!.Status.ShouldBe(OrderStatus.Placed);
        (await world.CountAsync("select count(*) from payment_notice where result in ('accepted', 'repeated')")).ShouldBe(0);
        (await world.CountAsync("select count(*) from payment_notice where result = 'unpaid_at_channel'")).ShouldBe(1);
        await ProveAsync(world, "0.0000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_Paid_at_both_channels_one_delivers_and_the_other_goes_back(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        // It opens the trade and its answer is lost, so the buyer is sent to the other channel; somebody scans the first code all the same.
        await Simulator.BehaveAsync(new JsonObject { ["html_bps"] = 10_000, ["only"] = new JsonArray("create", "close", "query"), ["sends_notices"] = false }, await NameAsync("wechat"));
        var (order, second) = await BuyAsync(world);
        var attempts = await AttemptsAsync(world, order);
        attempts.Select(a => a.Channel.Code).ShouldBe(["wechat", "alipay"]);
        await Simulator.TellAsync(attempts[0].Attempt.OutNo, "pay");
        await PayAsync(second);
        await DeliveredAsync(world, order);
        await Simulator.BehaveAsync([], await NameAsync("wechat"));
        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(order)) is [{ State: RefundState.Done }]);
        var refund = (await world.Payments.RefundsAsync(order))[0];
        (refund.Reason, refund.AttemptId).ShouldBe(("paid_twice", attempts[0].Attempt.Id));
        ((JsonArray)(await Simulator.TradeAsync(attempts[0].Attempt.OutNo))!["refunds"]!).Count.ShouldBe(1);
        (await world.StockAsync()).ShouldBe(9);
        await ProveAsync(world, "49.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_A_refund_whose_answer_is_lost_is_given_once(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        var (order, attempt) = await BuyAsync(world);
        await PayAsync(attempt);
        await DeliveredAsync(world, order);
        await Simulator.BehaveAsync(new JsonObject { ["abort_bps"] = 10_000, ["only"] = new JsonArray("refund", "refund-query") });
        (await world.Orders.RunAsync(new OrderCommand.Refund(order, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(order)) is [{ Attempts: > 1 }]);
        await Simulator.BehaveAsync([]);
        await ShopWorld.UntilAsync(async () => (await world.Payments.RefundsAsync(order)) is [{ State: RefundState.Done }]);
        ((JsonArray)(await Simulator.TradeAsync(attempt.OutNo))!["refunds"]!).Count.ShouldBe(1);
        await ProveAsync(world, "0.0000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F31_Keys_that_the_channel_changes_between_order_and_payment_lose_nothing(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        await Simulator.BehaveAsync(new JsonObject { ["notice_retry_ms"] = 200 });
        var (order, attempt) = await BuyAsync(world);
        await Simulator.RotateAsync("wechat");
        await PayAsync(attempt);
        await DeliveredAsync(world, order);
        await ProveAsync(world, "49.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F32_A_channel_in_a_brown_out_is_left_by_itself_and_no_money_is_lost(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        await Simulator.BehaveAsync(new JsonObject { ["html_bps"] = 1_500, ["error_bps"] = 1_500, ["abort_bps"] = 1_500, ["only"] = new JsonArray("create") }, await NameAsync("wechat"));
        for (var i = 0; i < 9; i++)
        {
            var (order, attempt) = await BuyAsync(world);
            attempt.State.ShouldBe(AttemptState.Open);
            await PayAsync(attempt);
            await DeliveredAsync(world, order);
        }

        (await world.StockAsync()).ShouldBe(1);
        await ProveAsync(world, "445.5000");
    }

    private static Guest InWeChat(ShopWorld world) => new(world) { Agent = "Mozilla/5.0 (Linux; Android 14) Mobile MicroMessenger/8.0.49" };

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Inside_WeChat_the_buyer_is_known_by_a_code_and_pays_by_its_script(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        var guest = InWeChat(world);
        var asked = await guest.BuyAsync(await guest.ProductAsync());
        asked.Html.ShouldNotContain("data-wechat-pay");
        // To WeChat, which sends the browser back with a code, for which it tells us the buyer's number.
        var page = await guest.GetAsync(asked.Href("/s/[^\"]+/ask/[^\"]+"));
        (page.Path, page.Html.Contains("data-wechat-pay", StringComparison.Ordinal)).ShouldBe((asked.Path, true));
        page.Html.ShouldNotContain("simulated-app-secret");
        var order = Guest.OrderOf(page);
        var attempt = await AttemptAsync(world, order);
        (attempt.Method, attempt.IsSeen).ShouldBe(("jsapi", true));
        ((string)(await Simulator.TradeAsync(attempt.OutNo))!["notes"]!["openid"]!).ShouldBe("oSimulatedBuyer-1900000001");
        await PayAsync(attempt);
        await DeliveredAsync(world, order);
        // Known for the next time.
        (await guest.BuyAsync(await guest.ProductAsync())).Html.ShouldContain("data-wechat-pay");
        await ProveAsync(world, "49.5000");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Inside_WeChat_an_answer_that_nobody_asked_for_tells_nothing_and_without_the_secret_there_is_no_way(DatabaseKind kind)
    {
        await using var world = await OpenAsync(kind);
        var guest = InWeChat(world);
        var asked = await guest.BuyAsync(await guest.ProductAsync());
        var page = await guest.GetAsync($"{asked.Path}/buyer?code=0123&state=0123");
        page.Html.ShouldContain("没能从微信确认是你");
        page.Html.ShouldContain("value=\"wechat\"");
        (await world.CountAsync("select count(*) from payment_attempt")).ShouldBe(0);
        // Nor somebody else's code while a question of this browser is open: it would pay as that one.
        await PointAsync(Simulator.Address, "http://127.0.0.1:1");
        await Should.ThrowAsync<HttpRequestException>(() => guest.GetAsync(asked.Href("/s/[^\"]+/ask/[^\"]+")));
        await PointAsync("http://127.0.0.1:1", Simulator.Address);
        using var stolen = await Simulator.Client.GetAsync("/connect/oauth2/authorize?appid=wx1900000001abcdef&redirect_uri=http%3A%2F%2Fx.example&response_type=code&scope=snsapi_base&state=1");
        var code = System.Text.RegularExpressions.Regex.Match(stolen.Headers.Location!.Query, "code=([0-9a-f]+)").Groups[1].Value;
        (await guest.GetAsync($"{asked.Path}/buyer?code={code}&state=0123")).Html.ShouldContain("没能从微信确认是你");
        var channel = (await world.Http.Get<PaymentChannels>().ListAsync()).First(c => c.Code == "wechat");
        channel.Methods.ShouldBe("");
        var values = ((JsonObject)(await Simulator.IdentitiesAsync("wechat"))[0]["values"]!).ToDictionary(v => v.Key, v => (string)v.Value!);
        values.Remove("app_secret");
        var made = await world.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft
        {
            Code = "plain", Protocol = "wechat", NameZh = "微信", NameEn = "WeChat", BaseUrl = Simulator.Address, Values = values,
        });
        made.ShouldBeOfType<ChannelDecision.Saved>().Value.Methods.ShouldBe("native,h5");
        (await world.Http.Get<PaymentChannels>().SwitchAsync(channel.Id, ChannelState.Off)).ShouldBeTrue();
        (await guest.GetAsync(asked.Path)).Html.ShouldContain("现在没有能用的支付方式");

        Task PointAsync(string from, string to) => world.Database.WriteAsync(s => s.ExecuteAsync(
            "update channel set config = replace(config, @from, @to), updated_at = updated_at + 1 where code = 'wechat'", new { from, to }));
    }

    private async Task<string> NameAsync(string protocol) => $"{protocol}:{(string)(await Simulator.IdentitiesAsync(protocol))[0]["merchant"]!}";
}
