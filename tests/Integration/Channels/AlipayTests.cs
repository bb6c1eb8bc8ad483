using System.Text;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Alipay;

namespace Lianka.Tests.Integration.Channels;

public sealed class AlipayTests(ChannelWorld world) : IClassFixture<ChannelWorld>, IAsyncLifetime
{
    private AlipayProtocol Protocol => new(world.Http, TimeProvider.System);
    private ChannelSimulator Simulator => world.Simulator;

    public Task InitializeAsync() => Simulator.BehaveAsync([]);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("page")]
    [InlineData("wap")]
    [InlineData("precreate")]
    public async Task A_trade_from_the_page_to_the_statement(string method)
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order(method);
        var trade = new TradeRef(order.OutNo, order.CreatedAt);
        var code = await channel.CreateAsync(order, default);
        code.Shape.ShouldBe(method == "precreate" ? PayShape.Qr : PayShape.Redirect);
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Absent, "Nobody has opened it.");
        (await channel.CloseAsync(trade, default)).State.ShouldBe(TradeState.Absent, "What nobody has opened cannot be closed, and can still be paid.");

        var page = await Simulator.Client.GetStringAsync(code.Value);
        page.ShouldContain("49.50");
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Open);
        ((string)(await Simulator.TradeAsync(order.OutNo))!["subject"]!).ShouldBe(order.Subject);
        await Simulator.TellAsync(order.OutNo, "pay");
        var notice = channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        notice.ShouldBe(new ChannelNotice(order.OutNo, notice.TradeNo, order.Amount, TradeState.Paid));
        var paid = await channel.QueryAsync(trade, default);
        (paid.State, paid.TradeNo, paid.Amount).ShouldBe((TradeState.Paid, notice.TradeNo, order.Amount));
        paid.PaidAt!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await channel.CloseAsync(trade, default)).State.ShouldBe(TradeState.Paid, "What is paid cannot be closed.");

        ChannelRefund Refund(string amount) => new(ChannelWorld.NewNo(), trade, Money.Parse(amount), order.Amount, "买家取消", DateTimeOffset.UtcNow);
        var (part, rest) = (Refund("9.50"), Refund("40"));
        (await channel.QueryRefundAsync(part, default)).Outcome.ShouldBe(RefundOutcome.Absent);
        (await channel.RefundAsync(part, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await channel.RefundAsync(part, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await channel.QueryRefundAsync(part, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await Should.ThrowAsync<ChannelRefusedException>(channel.RefundAsync(part with { Amount = Money.Parse("9.51") }, default))).Code.ShouldBe("ACQ.DISCORDANT_REPEAT_REQUEST");
        await Should.ThrowAsync<ChannelRefusedException>(channel.RefundAsync(Refund("40.01"), default));
        (await channel.RefundAsync(rest, default)).Outcome.ShouldBe(RefundOutcome.Done);
        ((JsonArray)(await Simulator.TradeAsync(order.OutNo))!["refunds"]!).Count.ShouldBe(2, "F30: told twice, given once.");
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Paid, "Alipay calls it closed; it was paid and given back.");

        var lines = (await channel.StatementAsync(Today, default)).Where(l => l.OutNo == order.OutNo).ToList();
        lines.Select(l => (l.RefundNo, l.Amount.Text(2), l.Fee.Text(2), l.TradeNo)).ShouldBe([
            (null, "49.50", "0.30", notice.TradeNo), (part.RefundNo, "9.50", "-0.06", notice.TradeNo), (rest.RefundNo, "40.00", "-0.24", notice.TradeNo)]);
        (await channel.StatementAsync(Today.AddDays(-3), default)).ShouldBeEmpty("A day without trades.");
        await Should.ThrowAsync<ChannelException>(channel.StatementAsync(Today.AddDays(1), default));
    }

    [Fact] // F25
    public async Task F25_an_opened_trade_is_closed_and_a_late_success_is_told()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("precreate");
        await channel.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "open");
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Closed);
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Closed);
        (await Should.ThrowAsync<ChannelRefusedException>(channel.CreateAsync(order, default))).Code.ShouldBe("ACQ.TRADE_HAS_CLOSE");
        await Simulator.TellAsync(order.OutNo, "pay-late");
        channel.Read(await world.NextAsync(path))!.State.ShouldBe(TradeState.Paid);
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Paid);
        (await Should.ThrowAsync<ChannelException>(channel.CreateAsync(order, default))).ShouldNotBeOfType<ChannelRefusedException>();
    }

    [Fact] // F27
    public async Task F27_forged_notices_are_nothing()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("precreate");
        await channel.CreateAsync(order, default);
        foreach (var lie in (string[])["signature", "merchant"])
        {
            await Simulator.TellAsync(order.OutNo, $"notify?lie={lie}");
            channel.Read(await world.NextAsync(path)).ShouldBeNull(lie);
        }

        await Simulator.TellAsync(order.OutNo, "notify?lie=amount");
        channel.Read(await world.NextAsync(path))!.Amount.ShouldBe(order.Amount + Money.Parse("0.01"));
        await Simulator.TellAsync(order.OutNo, "notify");
        var genuine = await world.NextAsync(path);
        channel.Read(genuine).ShouldNotBeNull();
        var text = Encoding.UTF8.GetString(genuine.Body.Span);
        for (var i = 0; i < genuine.Body.Length; i += 5)
        {
            var body = genuine.Body.ToArray();
            body[i] ^= 1;
            var changed = channel.Read(genuine with { Body = body });
            // %2f and %2F are the same text.
            if (changed is not null) changed.ShouldBe(channel.Read(genuine));
        }

        foreach (var (part, with) in (ReadOnlySpan<(string, string)>)[("total_amount=49.50", "total_amount=49.5"), ("sign_type=RSA2", "sign_type=RSA"), ("&sign_type=RSA2", ""), ("app_id=", "app%5Fid=1&app_id=")])
            channel.Read(genuine with { Body = Encoding.UTF8.GetBytes(text.Replace(part, with, StringComparison.Ordinal)) }).ShouldBeNull(with);
        (await world.OpenAsync(Protocol, merchant: 1)).Channel.Read(genuine).ShouldBeNull("Another application's notice at our address.");
        (await world.OpenAsync(Protocol, 0, ("seller_id", "2088000000000009"))).Channel.Read(genuine).ShouldBeNull("Another seller's.");
        channel.Reply(isTaken: true).ShouldBe(new NoticeReply(200, "success"));
    }

    [Fact] // F31
    public async Task F31_keys_rotated_mid_flight()
    {
        var old = (await world.TermsAsync(Protocol))["alipay_public_key"];
        var (before, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("precreate");
        await before.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "notify");
        var notice = await world.NextAsync(path);
        await Simulator.RotateAsync("alipay");
        await Should.ThrowAsync<ChannelException>(before.QueryAsync(Ref(order), default));
        var (after, _) = await world.OpenAsync(Protocol, 0, ("alipay_public_key_old", old));
        (await after.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Absent);
        after.Read(notice).ShouldNotBeNull("Signed with the key before.");
        (await world.OpenAsync(Protocol)).Channel.Read(notice).ShouldBeNull();
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
        var order = ChannelWorld.Order("precreate");
        await channel.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "pay");
        await Simulator.BehaveAsync(new JsonObject { [fault] = 10_000 });
        var refund = new ChannelRefund(ChannelWorld.NewNo(), Ref(order), order.Amount, order.Amount, "", DateTimeOffset.UtcNow);
        foreach (var call in (Func<Task>[])[() => channel.CreateAsync(ChannelWorld.Order("precreate"), default), () => channel.QueryAsync(Ref(order), default), () => channel.CloseAsync(Ref(order), default),
            () => channel.RefundAsync(refund, default), () => channel.QueryRefundAsync(refund, default), () => channel.StatementAsync(Today, default)])
            (await Should.ThrowAsync<ChannelException>(call)).ShouldNotBeOfType<ChannelRefusedException>();
        await Simulator.BehaveAsync([]);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(fault == "down_bps" ? RefundOutcome.Absent : RefundOutcome.Done, "F30: it was done, only the answer was lost.");
    }

    [Fact] // F30
    public async Task F30_a_refund_that_takes_time_is_told_again()
    {
        var (channel, _) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("precreate");
        await channel.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "pay");
        await Simulator.BehaveAsync(new JsonObject { ["refund_pending_ms"] = 1_500 });
        var refund = new ChannelRefund(ChannelWorld.NewNo(), Ref(order), order.Amount, order.Amount, "", DateTimeOffset.UtcNow);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Pending);
        for (var i = 0; i < 100 && (await channel.QueryRefundAsync(refund, default)).Outcome != RefundOutcome.Done; i++) await Task.Delay(50);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        ((JsonArray)(await Simulator.TradeAsync(order.OutNo))!["refunds"]!).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_is_told_as_one_and_a_strangers_call_is_not_answered()
    {
        await Simulator.BehaveAsync(new JsonObject { ["refuse_create_bps"] = 10_000 });
        var (channel, _) = await world.OpenAsync(Protocol);
        (await Should.ThrowAsync<ChannelRefusedException>(channel.CreateAsync(ChannelWorld.Order("precreate"), default))).Code.ShouldBe("ACQ.ACCESS_FORBIDDEN");
        var others = (await world.TermsAsync(Protocol, merchant: 1))["private_key"];
        var (stranger, _) = await world.OpenAsync(Protocol, 0, ("private_key", others));
        (await Should.ThrowAsync<ChannelException>(stranger.CreateAsync(ChannelWorld.Order("precreate"), default))).ShouldNotBeOfType<ChannelRefusedException>();
    }

    [Fact] // F33
    public async Task F33_statements_with_a_missing_line_and_one_fen_off()
    {
        var (channel, _) = await world.OpenAsync(Protocol, merchant: 1);
        var orders = new[] { ChannelWorld.Order("precreate", "10.00"), ChannelWorld.Order("precreate", "20.00"), ChannelWorld.Order("precreate", "30.00") };
        foreach (var order in orders)
        {
            await channel.CreateAsync(order, default);
            await Simulator.TellAsync(order.OutNo, "pay");
        }

        (await channel.StatementAsync(Today, default)).Select(l => l.Amount.Text(2)).ShouldBe(["10.00", "20.00", "30.00"]);
        await Simulator.BehaveAsync(new JsonObject { ["statement_missing"] = 1 });
        (await channel.StatementAsync(Today, default)).Select(l => l.OutNo).ShouldBe([orders[0].OutNo, orders[1].OutNo]);
        await Simulator.BehaveAsync(new JsonObject { ["statement_fen_off"] = 1 });
        (await channel.StatementAsync(Today, default))[0].Amount.ShouldBe(Money.Parse("10.01"));
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8));

    private static TradeRef Ref(ChannelOrder order) => new(order.OutNo, order.CreatedAt);
}
