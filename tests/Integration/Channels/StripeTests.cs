using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Stripe;
using static Lianka.Tests.Integration.Channels.Pages;

namespace Lianka.Tests.Integration.Channels;

public sealed class StripeTests(ChannelWorld world) : IClassFixture<ChannelWorld>, IAsyncLifetime
{
    private ChannelSimulator Simulator => world.Simulator;
    private StripeProtocol Protocol => new(world.Http, TimeProvider.System);

    public Task InitializeAsync() => Simulator.BehaveAsync([]);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_trade_from_the_page_to_the_statement()
    {
        var (channel, path) = await OpenAsync();
        var order = ChannelWorld.Order("checkout");
        var trade = Ref(order);
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Absent);
        var code = await channel.CreateAsync(order, default);
        code.Shape.ShouldBe(PayShape.Redirect);
        (await channel.CreateAsync(order, default)).ShouldBe(code, "Told again, it is the same session.");
        (await channel.QueryAsync(trade, default)).TradeNo.ShouldBe(code.TradeNo, "Found by our number alone.");
        ((string)(await Simulator.TradeAsync(order.OutNo))!["subject"]!).ShouldBe(order.Subject);

        await Simulator.TellAsync(order.OutNo, "pay");
        channel.Read(await world.NextAsync(path)).ShouldBe(new ChannelNotice(order.OutNo, code.TradeNo!, order.Amount, TradeState.Paid));
        foreach (var asked in (TradeRef[])[trade, trade with { TradeNo = code.TradeNo }])
        {
            var paid = await channel.QueryAsync(asked, default);
            (paid.State, paid.TradeNo, paid.Amount).ShouldBe((TradeState.Paid, code.TradeNo, order.Amount));
        }

        (await channel.CloseAsync(trade, default)).State.ShouldBe(TradeState.Paid, "What is paid cannot be closed.");

        var refund = new ChannelRefund(ChannelWorld.NewNo(), trade, Money.Parse("9.50"), order.Amount, "", DateTimeOffset.UtcNow);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Absent);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await RefundsAsync(order)).ShouldBe(1, "F30: told twice, given once.");
        var told = channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        (told.RefundNo, told.Refund, told.Amount, told.OutNo).ShouldBe((refund.RefundNo, RefundOutcome.Done, refund.Amount, order.OutNo));
        (await channel.QueryAsync(trade, default)).State.ShouldBe(TradeState.Paid, "A trade that was given back is still a paid one.");

        await Should.ThrowAsync<ChannelException>(channel.StatementAsync(Today, default));
        var tomorrow = new StripeProtocol(world.Http, new ShiftedClock(TimeSpan.FromDays(1))).Open(await world.TermsAsync(Protocol));
        var lines = (await tomorrow.StatementAsync(Today, default)).Where(l => l.OutNo == order.OutNo).ToList();
        lines.Select(l => (l.RefundNo, l.Amount, l.Fee)).ShouldBe([(null, order.Amount, Money.Parse("0.30")), (refund.RefundNo, refund.Amount, Money.Zero)], ignoreOrder: true);
        (await channel.StatementAsync(Today.AddDays(-3), default)).ShouldBeEmpty("A day without trades.");
    }

    [Fact]
    public async Task Lists_are_read_to_their_last_page()
    {
        var (channel, _) = await OpenAsync(merchant: 1);
        await Simulator.BehaveAsync(new JsonObject { ["notice_first_bps"] = 10_000, ["sends_notices"] = false });
        var first = ChannelWorld.Order("checkout");
        await channel.CreateAsync(first, default);
        for (var i = 0; i < 24; i++) await channel.CreateAsync(ChannelWorld.Order("checkout"), default);
        (await channel.QueryAsync(Ref(first), default)).State.ShouldBe(TradeState.Paid, "The oldest stands on the last page.");
        var tomorrow = new StripeProtocol(world.Http, new ShiftedClock(TimeSpan.FromDays(1))).Open(await world.TermsAsync(Protocol, merchant: 1));
        (await tomorrow.StatementAsync(Today, default)).Count.ShouldBe(25);
        await Simulator.BehaveAsync(new JsonObject { ["statement_missing"] = 1, ["statement_fen_off"] = 1 });
        var wrong = await tomorrow.StatementAsync(Today, default); // F33
        (wrong.Count, wrong.Count(l => l.Amount == Money.Parse("49.51"))).ShouldBe((24, 1));
    }

    [Fact]
    public async Task An_unpaid_session_is_expired_and_a_late_success_is_told()
    {
        var (channel, path) = await OpenAsync();
        var order = ChannelWorld.Order("checkout");
        var code = await channel.CreateAsync(order, default);
        (await channel.CloseAsync(Ref(order, code.TradeNo), default)).State.ShouldBe(TradeState.Closed);
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Closed);
        (await channel.CloseAsync(new TradeRef(ChannelWorld.NewNo(), DateTimeOffset.UtcNow), default)).State.ShouldBe(TradeState.Absent);
        await Simulator.TellAsync(order.OutNo, "pay-late");
        channel.Read(await world.NextAsync(path))!.State.ShouldBe(TradeState.Paid);
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Paid);
    }

    [Fact]
    public async Task F30_A_lost_answer_to_a_refund_is_made_up_by_asking()
    {
        var (channel, path) = await OpenAsync();
        var order = ChannelWorld.Order("checkout");
        await channel.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "pay");
        await world.NextAsync(path);
        var refund = new ChannelRefund(ChannelWorld.NewNo(), Ref(order), Money.Parse("9.50"), order.Amount, "", DateTimeOffset.UtcNow);
        await Simulator.BehaveAsync(new JsonObject { ["only"] = new JsonArray("refund"), ["abort_bps"] = 10_000, ["refund_pending_ms"] = 60_000, ["refund_fail_bps"] = 0 });
        await Should.ThrowAsync<ChannelException>(channel.RefundAsync(refund, default));
        await Simulator.BehaveAsync([]);
        (await channel.QueryRefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Pending);
        (await channel.RefundAsync(refund, default)).Outcome.ShouldBe(RefundOutcome.Pending);
        (await RefundsAsync(order)).ShouldBe(1);
        var tooMuch = await channel.RefundAsync(refund with { RefundNo = ChannelWorld.NewNo(), Amount = order.Amount }, default);
        (tooMuch.Outcome, tooMuch.Detail.Split(':')[0]).ShouldBe((RefundOutcome.Failed, "charge_already_refunded"));
    }

    [Fact]
    public async Task F27_Forged_events_are_nothing()
    {
        var (channel, path) = await OpenAsync();
        var order = ChannelWorld.Order("checkout");
        await channel.CreateAsync(order, default);
        foreach (var lie in (string[])["signature", "merchant", "time"])
        {
            await Simulator.TellAsync(order.OutNo, $"notify?lie={lie}");
            channel.Read(await world.NextAsync(path)).ShouldBeNull(lie);
        }

        await Simulator.TellAsync(order.OutNo, "notify?lie=amount");
        channel.Read(await world.NextAsync(path))!.Amount.ShouldBe(Money.Parse("49.51"));
        await Simulator.TellAsync(order.OutNo, "notify?lie=currency");
        channel.Read(await world.NextAsync(path))!.Amount.Currency.Code.ShouldBe("USD");
        await Simulator.TellAsync(order.OutNo, "notify");
        channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Open, "F28: rightly signed, and not true.");
    }

    [Fact]
    public async Task F31_Both_secrets_verify_while_one_is_being_changed()
    {
        var (channel, path) = await OpenAsync();
        var order = ChannelWorld.Order("checkout");
        await channel.CreateAsync(order, default);
        await Simulator.RotateAsync("stripe");
        await Simulator.TellAsync(order.OutNo, "pay");
        var notice = await world.NextAsync(path);
        channel.Read(notice).ShouldNotBeNull("Stripe signs with both secrets for a day.");
        Protocol.Open(await world.TermsAsync(Protocol)).Read(notice).ShouldNotBeNull();
        await Simulator.RotateAsync("stripe");
        await Simulator.TellAsync(order.OutNo, "notify");
        var later = await world.NextAsync(path);
        channel.Read(later).ShouldBeNull("The first secret is over.");
    }

    [Fact]
    public async Task F32_What_is_no_answer_of_Stripe_tells_nothing()
    {
        var (channel, _) = await OpenAsync();
        foreach (var ill in (string[])["error_bps", "html_bps", "abort_bps", "down_bps"])
        {
            await Simulator.BehaveAsync(new JsonObject { [ill] = 10_000 });
            var order = ChannelWorld.Order("checkout");
            foreach (var call in (Func<Task>[])[() => channel.CreateAsync(order, default), () => channel.QueryAsync(Ref(order), default)])
                (await Should.ThrowAsync<ChannelException>(call)).ShouldNotBeOfType<ChannelRefusedException>(ill);
        }

        await Simulator.BehaveAsync(new JsonObject { ["refuse_create_bps"] = 10_000 });
        (await Should.ThrowAsync<ChannelRefusedException>(channel.CreateAsync(ChannelWorld.Order("checkout"), default))).Code.ShouldBe("account_invalid");
        var (stranger, _) = await world.OpenAsync(Protocol, 0, ("secret_key", "sk_test_somebodyelse01"));
        var refused = await Should.ThrowAsync<ChannelRefusedException>(stranger.CreateAsync(ChannelWorld.Order("checkout"), default));
        (refused.Code, refused.Message.Contains("sk_", StringComparison.Ordinal)).ShouldBe(("unauthorized", false));
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    // What people do in Stripe's console: the address of notices is the account's.
    private async Task<(IChannel Channel, string Path)> OpenAsync(int merchant = 0)
    {
        var (channel, path) = await world.OpenAsync(Protocol, merchant);
        var terms = await world.TermsAsync(Protocol, path, merchant);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{terms.BaseUrl}/v1/webhook_endpoints") { Content = new FormUrlEncodedContent([new("url", terms.NotifyUrl)]) };
        request.Headers.Authorization = new("Bearer", terms["secret_key"]);
        using var answer = await Simulator.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (channel, path);
    }

    private async Task<int> RefundsAsync(ChannelOrder order) => ((JsonArray)(await Simulator.TradeAsync(order.OutNo))!["refunds"]!).Count;
}
