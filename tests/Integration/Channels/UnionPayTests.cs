using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.UnionPay;
using static Lianka.Tests.Integration.Channels.Pages;

namespace Lianka.Tests.Integration.Channels;

public sealed class UnionPayTests(ChannelWorld world) : IClassFixture<ChannelWorld>, IAsyncLifetime
{
    private ChannelSimulator Simulator => world.Simulator;
    private UnionPayProtocol Protocol => new(world.Http, TimeProvider.System);

    public Task InitializeAsync() => Simulator.BehaveAsync([]);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("front")]
    [InlineData("wap")]
    public async Task A_trade_from_the_form_to_the_statement(string method)
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order(method);
        var trade = Ref(order);
        var code = await channel.CreateAsync(order, default);
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Absent);
        (await channel.CloseAsync(trade, default)).State.ShouldBe(TradeState.Open, "The browser may still send the form.");
        (await Simulator.SubmitAsync(code)).ShouldContain("49.50");
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Open);
        ((string)(await Simulator.TradeAsync(order.OutNo))!["method"]!).ShouldBe(method);

        await Simulator.TellAsync(order.OutNo, "pay");
        var notice = channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        notice.ShouldBe(new ChannelNotice(order.OutNo, notice.TradeNo, order.Amount, TradeState.Paid));
        var paid = await channel.QueryAsync(trade, default);
        (paid.State, paid.TradeNo, paid.Amount).ShouldBe((TradeState.Paid, notice.TradeNo, order.Amount));
        paid.PaidAt!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await channel.CloseAsync(trade, default)).State.ShouldBe(TradeState.Paid, "What is paid cannot be closed.");

        await Simulator.BehaveAsync(new JsonObject { ["refund_pending_ms"] = 1_000 });
        var refund = new ChannelRefund(ChannelWorld.NewNo(), trade, Money.Parse("9.50"), order.Amount, "", DateTimeOffset.UtcNow);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Absent);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Pending, "Taken is not done.");
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Pending);
        var told = channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        told.ShouldBe(new ChannelNotice(order.OutNo, notice.TradeNo, refund.Amount, TradeState.Paid, refund.RefundNo, RefundOutcome.Done));
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        ((JsonArray)(await Simulator.TradeAsync(order.OutNo))!["refunds"]!).Count.ShouldBe(1, "F30: told three times, given once.");

        var lines = (await channel.StatementAsync(Today, default)).Where(l => l.OutNo == order.OutNo).ToList();
        lines.Select(l => (l.RefundNo, l.Amount, l.Fee, l.TradeNo)).ShouldBe(
            [(null, order.Amount, Money.Parse("0.30"), notice.TradeNo), (refund.RefundNo, refund.Amount, Money.Parse("-0.06"), notice.TradeNo)]);
        (await channel.StatementAsync(Today.AddDays(-3), default)).ShouldBeEmpty("A day without trades.");
        await Should.ThrowAsync<ChannelException>(channel.StatementAsync(Today.AddDays(1), default));
    }

    [Fact]
    public async Task F30_A_refund_may_fail_later()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("front");
        await Simulator.SubmitAsync(await channel.CreateAsync(order, default));
        var refund = new ChannelRefund(ChannelWorld.NewNo(), Ref(order), order.Amount, order.Amount, "", DateTimeOffset.UtcNow);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Failed, "It is not paid.");
        await Simulator.TellAsync(order.OutNo, "pay");
        await world.NextAsync(path);
        await Simulator.BehaveAsync(new JsonObject { ["refund_fail_bps"] = 10_000 });
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Pending);
        channel.Read(await world.NextAsync(path))!.Refund.ShouldBe(RefundOutcome.Failed);
        (await channel.QueryRefundAsync(refund, default)).ShouldBe(new RefundAnswer(RefundOutcome.Failed, (await channel.QueryRefundAsync(refund, default)).RefundNo, "99 交易失败"));
    }

    [Fact]
    public async Task F25_A_trade_ends_with_its_time_and_a_late_success_is_told()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("front") with { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) };
        await Simulator.SubmitAsync(await channel.CreateAsync(order, default));
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Open, "Not over for sure: clocks differ, and a payment may be under way.");
        var later = new UnionPayProtocol(world.Http, new ShiftedClock(TimeSpan.FromMinutes(11))).Open(await world.TermsAsync(Protocol, path));
        (await later.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Closed);
        await Simulator.TellAsync(order.OutNo, "pay-late");
        channel.Read(await world.NextAsync(path))!.State.ShouldBe(TradeState.Paid);
        (await later.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Paid);

        var unsent = ChannelWorld.Order("front");
        var muchLater = new UnionPayProtocol(world.Http, new ShiftedClock(TimeSpan.FromMinutes(131))).Open(await world.TermsAsync(Protocol, path));
        (await muchLater.CloseAsync(Ref(unsent), default)).State.ShouldBe(TradeState.Closed, "No form of it can be sent any more.");
    }

    [Fact]
    public async Task F27_Forged_notices_are_nothing()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("front");
        await Simulator.SubmitAsync(await channel.CreateAsync(order, default));
        foreach (var lie in (string[])["signature", "merchant"])
        {
            await Simulator.TellAsync(order.OutNo, $"notify?lie={lie}");
            channel.Read(await world.NextAsync(path)).ShouldBeNull(lie);
        }

        await Simulator.TellAsync(order.OutNo, "notify?lie=amount");
        channel.Read(await world.NextAsync(path))!.Amount.ShouldBe(Money.Parse("49.51"));
        await Simulator.TellAsync(order.OutNo, "notify?lie=currency");
        channel.Read(await world.NextAsync(path))!.Amount.Currency.ShouldNotBe(Currency.Cny);
        await Simulator.TellAsync(order.OutNo, "notify");
        channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Open, "F28: rightly signed, and not true.");
    }

    [Fact]
    public async Task F31_UnionPays_next_certificate_is_accepted_by_itself()
    {
        var (channel, path) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("front");
        await Simulator.SubmitAsync(await channel.CreateAsync(order, default));
        await Simulator.RotateAsync("unionpay");
        await Simulator.TellAsync(order.OutNo, "pay");
        channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Paid);
    }

    [Fact]
    public async Task F32_What_is_no_answer_of_UnionPay_tells_nothing()
    {
        var (channel, _) = await world.OpenAsync(Protocol);
        var order = ChannelWorld.Order("front");
        await Simulator.SubmitAsync(await channel.CreateAsync(order, default));
        foreach (var ill in (string[])["error_bps", "html_bps", "abort_bps", "down_bps", "forged_answer_bps"])
        {
            await Simulator.BehaveAsync(new JsonObject { [ill] = 10_000 });
            (await Should.ThrowAsync<ChannelException>(channel.QueryAsync(Ref(order), default))).ShouldNotBeOfType<ChannelRefusedException>(ill);
        }
    }

    [Fact]
    public async Task F33_A_statement_may_miss_a_line_or_be_a_fen_off()
    {
        var (channel, path) = await world.OpenAsync(Protocol, 1);
        for (var i = 0; i < 3; i++)
        {
            var order = ChannelWorld.Order("front");
            await Simulator.SubmitAsync(await channel.CreateAsync(order, default));
            await Simulator.TellAsync(order.OutNo, "pay");
            await world.NextAsync(path);
        }

        (await channel.StatementAsync(Today, default)).Count.ShouldBe(3);
        await Simulator.BehaveAsync(new JsonObject { ["statement_missing"] = 1, ["statement_fen_off"] = 1 });
        (await channel.StatementAsync(Today, default)).Select(l => l.Amount).ShouldBe([Money.Parse("49.51"), Money.Parse("49.50")]);
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTimeOffset.UtcNow.AddHours(8).DateTime);
}
