using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.WeChat;

namespace Lianka.Tests.Integration.Channels;

public sealed class WeChatTests(ChannelWorld world) : IClassFixture<ChannelWorld>, IAsyncLifetime
{
    private WeChatProtocol Protocol => new(world.Http, TimeProvider.System);
    private ChannelSimulator Simulator => world.Simulator;

    public Task InitializeAsync() => Simulator.BehaveAsync([]);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trade_from_the_code_to_the_statement(bool usesPublicKey)
    {
        await Simulator.BehaveAsync(new JsonObject { ["uses_public_key"] = usesPublicKey });
        // The first days of WeChat Pay's switch: certificates are known from before, the public key is new.
        var (channel, path) = usesPublicKey ? await world.OpenAsync(Protocol) : await world.OpenAsync(Protocol, 0, ("public_key", null), ("public_key_id", null));
        var order = ChannelWorld.Order("native");
        var trade = new TradeRef(order.OutNo, order.CreatedAt);

        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Absent);
        var code = await channel.CreateAsync(order, default);
        code.Shape.ShouldBe(PayShape.Qr);
        (await channel.CreateAsync(order, default)).Value.ShouldBe(code.Value, "Told again, it is the same trade.");
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Open);
        ((string)(await Simulator.TradeAsync(order.OutNo))!["subject"]!).ShouldBe(order.Subject);

        await Simulator.TellAsync(order.OutNo, "pay");
        var notice = channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        notice.ShouldBe(new ChannelNotice(order.OutNo, notice.TradeNo, order.Amount, TradeState.Paid));
        var paid = await channel.QueryAsync(trade, default);
        (paid.State, paid.TradeNo, paid.Amount).ShouldBe((TradeState.Paid, notice.TradeNo, order.Amount));
        paid.PaidAt!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await channel.CloseAsync(trade, default)).State.ShouldBe(TradeState.Paid, "What is paid cannot be closed.");

        var refund = new ChannelRefund(ChannelWorld.NewNo(), trade, Money.Parse("9.50"), order.Amount, "买家取消", DateTimeOffset.UtcNow);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Absent);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        ((JsonArray)(await Simulator.TradeAsync(order.OutNo))!["refunds"]!).Count.ShouldBe(1, "F30: told twice, given once.");
        var refunded = channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        (refunded.RefundNo, refunded.Refund, refunded.Amount, refunded.OutNo).ShouldBe((refund.RefundNo, RefundOutcome.Done, refund.Amount, order.OutNo));
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Paid, "A trade that was given back is still a paid one.");

        var lines = (await channel.StatementAsync(Today, default)).Where(l => l.OutNo == order.OutNo).ToList();
        lines.Count.ShouldBe(2);
        (lines[0].RefundNo, lines[0].Amount, lines[0].Fee, lines[0].TradeNo).ShouldBe((null, order.Amount, Money.Parse("0.30"), notice.TradeNo));
        (lines[1].RefundNo, lines[1].Amount, lines[1].Fee).ShouldBe((refund.RefundNo, refund.Amount, Money.Parse("-0.06")));
        (await channel.StatementAsync(Today.AddDays(-3), default)).ShouldBeEmpty("A day without trades.");
    }

    [Fact]
    public async Task Phones_get_an_address_and_the_app_gets_values_for_its_script()
    {
        var (channel, _) = await world.OpenAsync(Protocol);
        var h5 = await channel.CreateAsync(ChannelWorld.Order("h5"), default);
        h5.Shape.ShouldBe(PayShape.Redirect);
        h5.Value.ShouldEndWith("&redirect_url=https%3A%2F%2Fshop.example%2Forders%2F1");
        var script = await channel.CreateAsync(ChannelWorld.Order("jsapi"), default);
        script.Shape.ShouldBe(PayShape.Script);
        script.Fields!.Keys.ShouldBe(["appId", "timeStamp", "nonceStr", "package", "signType", "paySign"], ignoreOrder: true);
        script.Fields["package"].ShouldBe("prepay_id=" + script.Value);
    }

    [Fact]
    public async Task An_unpaid_trade_is_closed_and_a_late_success_is_told()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("native");
        await channel.CreateAsync(order, default);
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Closed);
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Closed);
        (await Should.ThrowAsync<ChannelRefusedException>(channel.CreateAsync(order, default))).Code.ShouldBe("ORDER_CLOSED");
        (await channel.CloseAsync(new TradeRef(ChannelWorld.NewNo(), DateTimeOffset.UtcNow), default)).State.ShouldBe(TradeState.Absent);

        await Simulator.TellAsync(order.OutNo, "pay-late");
        channel.Read(await world.NextAsync(path))!.State.ShouldBe(TradeState.Paid);
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Paid);
        // Not a refusal, after which another channel would be tried: this trade has the money.
        (await Should.ThrowAsync<ChannelException>(channel.CreateAsync(order, default))).ShouldNotBeOfType<ChannelRefusedException>();
    }

    [Fact] // F27
    public async Task F27_forged_notices_are_nothing()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("native");
        await channel.CreateAsync(order, default);
        foreach (var lie in (string[])["signature", "merchant", "time"])
        {
            await Simulator.TellAsync(order.OutNo, $"notify?lie={lie}");
            channel.Read(await world.NextAsync(path)).ShouldBeNull(lie);
        }

        // What is compared with the attempt comes out as it was told.
        await Simulator.TellAsync(order.OutNo, "notify?lie=amount");
        channel.Read(await world.NextAsync(path))!.Amount.ShouldBe(order.Amount + Money.Parse("0.01"));
        await Simulator.TellAsync(order.OutNo, "notify?lie=currency");
        channel.Read(await world.NextAsync(path))!.Amount.Currency.Code.ShouldBe("USD");

        await Simulator.TellAsync(order.OutNo, "notify");
        var genuine = await world.NextAsync(path);
        channel.Read(genuine).ShouldNotBeNull();
        for (var i = 0; i < genuine.Body.Length; i += 7)
        {
            var body = genuine.Body.ToArray();
            body[i] ^= 1;
            channel.Read(genuine with { Body = body }).ShouldBeNull();
        }

        foreach (var header in (string[])["Wechatpay-Serial", "Wechatpay-Signature", "Wechatpay-Nonce", "Wechatpay-Timestamp"])
        {
            channel.Read(genuine with { Headers = genuine.Headers.Where(h => h.Key != header).ToDictionary() }).ShouldBeNull(header);
            channel.Read(genuine with { Headers = genuine.Headers.ToDictionary(h => h.Key, h => h.Key == header ? "" : h.Value) }).ShouldBeNull(header);
        }

        var (other, _) = await world.OpenAsync(Protocol, merchant: 1);
        await other.QueryAsync(Ref(order), default);
        other.Read(genuine).ShouldBeNull("Another merchant's notice at our address.");
        var (noKeys, _) = await world.OpenAsync(Protocol, 0, ("public_key", null), ("public_key_id", null));
        noKeys.Read(genuine).ShouldBeNull("No key, nothing verified.");
    }

    [Fact] // F31
    public async Task F31_keys_rotated_mid_flight()
    {
        var (channel, path) = await world.OpenAsync(Protocol, 0, ("public_key", null), ("public_key_id", null));
        var order = ChannelWorld.Order("native");
        await channel.CreateAsync(order, default);
        await Simulator.RotateAsync("wechat");
        // The new serial is asked for at most once a minute: a new channel stands for the minute later.
        var (later, _) = await world.OpenAsync(Protocol, 0, ("public_key", null), ("public_key_id", null));
        (await later.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Open);
        await Simulator.TellAsync(order.OutNo, "pay");
        var notice = await world.NextAsync(path);
        later.Read(notice).ShouldNotBeNull();

        // Nothing has asked for certificates yet: the first try of the notice does, a later one is read.
        var (fresh, freshPath) = await world.OpenAsync(Protocol, 0, ("public_key", null), ("public_key_id", null));
        await Simulator.BehaveAsync(new JsonObject { ["notice_retry_ms"] = 300, ["notice_attempts"] = 20 });
        var second = ChannelWorld.Order("native");
        await fresh.CreateAsync(second, default);
        var (cold, _) = await world.OpenAsync(Protocol, 0, ("public_key", null), ("public_key_id", null));
        await Simulator.TellAsync(second.OutNo, "pay");
        var raw = await world.NextAsync(freshPath);
        cold.Read(raw).ShouldBeNull();
        for (var i = 0; i < 100 && cold.Read(raw) is null; i++) await Task.Delay(50);
        cold.Read(raw).ShouldNotBeNull();
    }

    [Fact] // F31
    public async Task F31_two_api_keys_while_one_takes_over()
    {
        await Simulator.BehaveAsync(new JsonObject { ["uses_public_key"] = true });
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("native");
        await channel.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "pay");
        var notice = await world.NextAsync(path);
        var known = (await world.TermsAsync(Protocol))["api_v3_key"];
        var other = new string('x', 32);
        (await world.OpenAsync(Protocol, 0, ("api_v3_key", other), ("api_v3_key_old", known))).Channel.Read(notice).ShouldNotBeNull();
        (await world.OpenAsync(Protocol, 0, ("api_v3_key", other))).Channel.Read(notice).ShouldBeNull();
    }

    [Theory] // F32
    [InlineData("down_bps")]
    [InlineData("error_bps")]
    [InlineData("html_bps")]
    [InlineData("abort_bps")]
    [InlineData("forged_answer_bps")]
    public async Task F32_what_is_no_signed_answer_is_nothing(string fault)
    {
        var (channel, _) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("native");
        await channel.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "pay");
        await Simulator.BehaveAsync(new JsonObject { [fault] = 10_000 });
        var refund = new ChannelRefund(ChannelWorld.NewNo(), Ref(order), order.Amount, order.Amount, "", DateTimeOffset.UtcNow);
        foreach (var call in (Func<Task>[])[() => channel.CreateAsync(ChannelWorld.Order("native"), default), () => channel.QueryAsync(Ref(order), default), () => channel.CloseAsync(Ref(order), default),
            () => channel.RefundAsync(refund, default), () => channel.QueryRefundAsync(refund, default), () => channel.StatementAsync(Today, default)])
            (await Should.ThrowAsync<ChannelException>(call)).ShouldNotBeOfType<ChannelRefusedException>();
        await Simulator.BehaveAsync([]);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(fault == "down_bps" ? RefundOutcome.Absent : RefundOutcome.Done, "F30: it was done, only the answer was lost.");
    }

    [Fact] // F30
    public async Task F30_refunds_that_take_time_fail_or_are_too_large()
    {
        await Simulator.BehaveAsync(new JsonObject { ["uses_public_key"] = true });
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("native");
        await channel.CreateAsync(order, default);
        ChannelRefund Refund(string amount) => new(ChannelWorld.NewNo(), Ref(order), Money.Parse(amount), order.Amount, "", DateTimeOffset.UtcNow);
        await Should.ThrowAsync<ChannelRefusedException>(channel.RefundAsync(Refund("1.00"), default));
        await Simulator.TellAsync(order.OutNo, "pay");
        await Should.ThrowAsync<ChannelRefusedException>(channel.RefundAsync(Refund("49.51"), default));

        await Simulator.BehaveAsync(new JsonObject { ["uses_public_key"] = true, ["refund_pending_ms"] = 400, ["refund_fail_bps"] = 10_000 });
        var failing = Refund("10.00");
        (await channel.RefundAsync(failing, default)).Outcome.ShouldBe(RefundOutcome.Pending);
        channel.Read(await world.NextAsync(path))!.RefundNo.ShouldBeNull();
        var told = channel.Read(await world.NextAsync(path))!;
        (told.RefundNo, told.Refund).ShouldBe((failing.RefundNo, RefundOutcome.Failed));
        (await channel.QueryRefundAsync(failing, default)).Outcome.ShouldBe(RefundOutcome.Failed);
        (await Should.ThrowAsync<ChannelRefusedException>(channel.RefundAsync(failing with { Amount = Money.Parse("11.00") }, default))).Code.ShouldBe("INVALID_REQUEST");
    }

    [Fact] // F24
    public async Task F24_a_notice_may_come_before_the_answer_to_create()
    {
        await Simulator.BehaveAsync(new JsonObject { ["uses_public_key"] = true, ["notice_first_bps"] = 10_000 });
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("native");
        (await channel.CreateAsync(order, default)).Shape.ShouldBe(PayShape.Qr);
        channel.Read(await world.NextAsync(path))!.OutNo.ShouldBe(order.OutNo);
    }

    [Fact]
    public async Task A_refusal_is_told_as_one()
    {
        await Simulator.BehaveAsync(new JsonObject { ["refuse_create_bps"] = 10_000 });
        var (channel, _) = await world.OpenAsync(Protocol);
        (await Should.ThrowAsync<ChannelRefusedException>(channel.CreateAsync(ChannelWorld.Order("native"), default))).Code.ShouldBe("NO_AUTH");
        var (stranger, _) = await world.OpenAsync(Protocol, 0, ("serial", "5FFF"));
        (await Should.ThrowAsync<ChannelException>(stranger.CreateAsync(ChannelWorld.Order("native"), default))).Message.ShouldContain("signature");
    }

    [Fact] // F33
    public async Task F33_statements_with_a_missing_line_and_one_fen_off()
    {
        var (channel, _) = await world.OpenAsync(Protocol, merchant: 1);
        var orders = new[] { ChannelWorld.Order("native", "10.00"), ChannelWorld.Order("native", "20.00"), ChannelWorld.Order("native", "30.00") };
        foreach (var order in orders)
        {
            await channel.CreateAsync(order, default);
            await Simulator.TellAsync(order.OutNo, "pay");
        }

        (await channel.StatementAsync(Today, default)).TakeLast(3).Select(l => l.Amount.Text(2)).ShouldBe(["10.00", "20.00", "30.00"]);
        await Simulator.BehaveAsync(new JsonObject { ["statement_missing"] = 1 });
        (await channel.StatementAsync(Today, default)).Select(l => l.OutNo).ShouldNotContain(orders[2].OutNo);
        await Simulator.BehaveAsync(new JsonObject { ["statement_fen_off"] = 1 });
        (await channel.StatementAsync(Today, default))[0].Amount.ShouldBe(Money.Parse("10.01"));
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8));

    private static TradeRef Ref(ChannelOrder order) => new(order.OutNo, order.CreatedAt);
}
