using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Channels;
using Lianka.Modules.Payments.Channels.Epay;
using static Lianka.Tests.Integration.Channels.Pages;

namespace Lianka.Tests.Integration.Channels;

public sealed class EpayTests(ChannelWorld world) : IClassFixture<ChannelWorld>, IAsyncLifetime
{
    private ChannelSimulator Simulator => world.Simulator;
    private Epay1Protocol Version1 => new(world.Http, TimeProvider.System);
    private Epay2Protocol Version2 => new(world.Http, TimeProvider.System);

    private IChannelProtocol Version(int number) => number == 1 ? Version1 : Version2;

    public Task InitializeAsync() => Simulator.BehaveAsync([]);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(1, 0)] // Each merchant of the first version has another dialect.
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    public async Task A_trade_from_the_code_to_the_notice(int version, int merchant)
    {
        var (channel, path) = await world.OpenAsync(Version(version), merchant);
        var order = ChannelWorld.Order("alipay-qr", "12.30");
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Absent);
        var code = await channel.CreateAsync(order, default);
        code.Shape.ShouldBe(PayShape.Qr);
        (await channel.CreateAsync(order, default)).ShouldBe(code, "Told again, it is the same trade.");
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Open);

        await Simulator.TellAsync(order.OutNo, "pay");
        channel.Read(await world.NextAsync(path)).ShouldBe(new ChannelNotice(order.OutNo, code.TradeNo!, order.Amount, TradeState.Paid));
        var paid = await channel.QueryAsync(Ref(order), default);
        (paid.State, paid.TradeNo, paid.Amount).ShouldBe((TradeState.Paid, code.TradeNo, order.Amount));
        paid.PaidAt!.Value.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Paid, "What is paid cannot be closed.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_buyer_comes_with_the_form_of_the_page(int version)
    {
        var (channel, path) = await world.OpenAsync(Version(version));
        var order = ChannelWorld.Order("wxpay-page");
        var code = await channel.CreateAsync(order, default);
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Absent, "The site hears of it from the browser.");
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Open, "The browser may still come.");
        (await Simulator.SubmitAsync(code)).ShouldContain("49.50");
        await Simulator.TellAsync(order.OutNo, "pay");
        channel.Read(await world.NextAsync(path))!.OutNo.ShouldBe(order.OutNo);
    }

    [Fact]
    public async Task F25_Version_1_cannot_close_and_says_so()
    {
        var (channel, path) = await world.OpenAsync(Version1);
        var order = ChannelWorld.Order("alipay-qr");
        await channel.CreateAsync(order, default);
        (await channel.CloseAsync(Ref(order), default)).State.ShouldBe(TradeState.Open);
        await Simulator.TellAsync(order.OutNo, "pay");
        channel.Read(await world.NextAsync(path))!.State.ShouldBe(TradeState.Paid);
    }

    [Fact]
    public async Task F25_Version_2_closes_what_the_site_can_close()
    {
        var (channel, path) = await world.OpenAsync(Version2);
        var (code, page) = (ChannelWorld.Order("alipay-qr"), ChannelWorld.Order("wxpay-page"));
        await channel.CreateAsync(code, default);
        (await channel.CloseAsync(Ref(code), default)).State.ShouldBe(TradeState.Closed);
        await Simulator.SubmitAsync(await channel.CreateAsync(page, default));
        (await channel.CloseAsync(Ref(page), default)).State.ShouldBe(TradeState.Open, "This site cannot close trades of its page.");
        await Simulator.TellAsync(code.OutNo, "pay-late");
        channel.Read(await world.NextAsync(path))!.OutNo.ShouldBe(code.OutNo);
        (await channel.QueryAsync(Ref(code), default)).State.ShouldBe(TradeState.Paid);
    }

    [Fact]
    public async Task F30_Version_1_gives_back_whole_payments_once()
    {
        var (channel, order) = await PaidAsync(Version1);
        var whole = Refund(order, order.Amount);
        (await channel.QueryRefundAsync(whole, default)).Outcome.ShouldBe(RefundOutcome.Absent);
        (await channel.RefundAsync(Refund(order, Money.Parse("9.50")), default)).Outcome.ShouldBe(RefundOutcome.Failed, "A part told twice would go back twice.");
        await Simulator.BehaveAsync(new JsonObject { ["only"] = new JsonArray("refund"), ["abort_bps"] = 10_000 });
        await Should.ThrowAsync<ChannelException>(channel.RefundAsync(whole, default));
        await Simulator.BehaveAsync([]);
        (await channel.QueryRefundAsync(whole, default)).Outcome.ShouldBe(RefundOutcome.Done, "It was done; only the answer was lost.");
        (await channel.RefundAsync(whole, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await RefundsAsync(order)).ShouldBe(1);
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Paid, "A trade that was given back is still a paid one.");

        var (without, other) = await PaidAsync(Version1, merchant: 2);
        (await without.RefundAsync(Refund(other, other.Amount), default)).Outcome.ShouldBe(RefundOutcome.Failed);
        (await RefundsAsync(other)).ShouldBe(0);
    }

    [Fact]
    public async Task F30_Version_2_gives_back_parts_once_each_and_says_how_it_stands()
    {
        var (channel, order) = await PaidAsync(Version2);
        var part = Refund(order, Money.Parse("9.50"));
        (await channel.QueryRefundAsync(part, default)).Outcome.ShouldBe(RefundOutcome.Absent);
        await Simulator.BehaveAsync(new JsonObject { ["refund_pending_ms"] = 1_500 });
        (await channel.RefundAsync(part, default)).Outcome.ShouldBe(RefundOutcome.Pending);
        (await channel.RefundAsync(part, default)).Outcome.ShouldBe(RefundOutcome.Pending, "Told again.");
        await UntilAsync(async () => (await channel.QueryRefundAsync(part, default)).Outcome == RefundOutcome.Done);
        (await RefundsAsync(order)).ShouldBe(1);
        await Simulator.BehaveAsync(new JsonObject { ["refund_fail_bps"] = 10_000 });
        var failing = Refund(order, Money.Parse("1.00"));
        await channel.RefundAsync(failing, default);
        (await channel.QueryRefundAsync(failing, default)).Outcome.ShouldBe(RefundOutcome.Failed);
        var tooMuch = await channel.RefundAsync(Refund(order, Money.Parse("49.50")), default);
        (tooMuch.Outcome, tooMuch.Detail).ShouldBe((RefundOutcome.Failed, "退款金额大于可退金额"));
    }

    [Theory]
    [InlineData(1, "signature", "merchant")]
    [InlineData(2, "signature", "merchant", "time")]
    public async Task F27_Forged_notices_are_nothing(int version, params string[] lies)
    {
        var (channel, path) = await world.OpenAsync(Version(version));
        var order = ChannelWorld.Order("alipay-qr");
        await channel.CreateAsync(order, default);
        foreach (var lie in lies)
        {
            await Simulator.TellAsync(order.OutNo, $"notify?lie={lie}");
            channel.Read(await world.NextAsync(path)).ShouldBeNull(lie);
        }

        await Simulator.TellAsync(order.OutNo, "notify?lie=amount");
        channel.Read(await world.NextAsync(path))!.Amount.ShouldBe(Money.Parse("49.51"), "Told as it is, so that it differs.");
        await Simulator.TellAsync(order.OutNo, "notify");
        channel.Read(await world.NextAsync(path)).ShouldNotBeNull();
        (await channel.QueryAsync(Ref(order), default)).State.ShouldBe(TradeState.Open, "F28: rightly signed, and not true.");
    }

    [Fact]
    public async Task F31_A_key_is_changed_while_trades_are_open()
    {
        foreach (var (protocol, name, old) in (IEnumerable<(IChannelProtocol, string, string)>)[(Version1, "key", "key_old"), (Version2, "public_key", "public_key_old")])
        {
            var order = ChannelWorld.Order("alipay-qr");
            var (before, path) = await world.OpenAsync(protocol);
            var formerKey = (await world.TermsAsync(protocol))[name];
            await before.CreateAsync(order, default);
            await Simulator.RotateAsync(protocol.Name);
            var nextKey = (await world.TermsAsync(protocol))[name];
            var during = protocol.Open(await world.TermsAsync(protocol, path, 0, (name, formerKey), (old, nextKey)));
            await Simulator.TellAsync(order.OutNo, "pay");
            var notice = await world.NextAsync(path);
            before.Read(notice).ShouldBeNull("The former key alone does not know the new one.");
            during.Read(notice).ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task F32_What_is_no_answer_of_the_site_tells_nothing(int version)
    {
        var (channel, _) = await world.OpenAsync(Version(version));
        string[] ills = version == 1 ? ["error_bps", "html_bps", "abort_bps", "down_bps"] : ["error_bps", "html_bps", "abort_bps", "down_bps", "forged_answer_bps"];
        foreach (var ill in ills)
        {
            await Simulator.BehaveAsync(new JsonObject { [ill] = 10_000 });
            var order = ChannelWorld.Order("alipay-qr");
            foreach (var call in (Func<Task>[])[() => channel.CreateAsync(order, default), () => channel.QueryAsync(Ref(order), default)])
                (await Should.ThrowAsync<ChannelException>(call)).ShouldNotBeOfType<ChannelRefusedException>(ill);
        }

        await Simulator.BehaveAsync(new JsonObject { ["refuse_create_bps"] = 10_000 });
        (await Should.ThrowAsync<ChannelRefusedException>(channel.CreateAsync(ChannelWorld.Order("alipay-qr"), default))).Message.ShouldContain("关闭");
    }

    [Fact]
    public async Task The_list_of_orders_is_the_days_statement()
    {
        var (channel, order) = await PaidAsync(Version1, merchant: 1);
        await Should.ThrowAsync<ChannelException>(channel.StatementAsync(Today, default));
        var tomorrow = new Epay1Protocol(world.Http, new ShiftedClock(TimeSpan.FromDays(1))).Open(await world.TermsAsync(Version1, merchant: 1));
        var line = (await tomorrow.StatementAsync(Today, default)).Single(l => l.OutNo == order.OutNo);
        (line.Amount, line.Fee, line.RefundNo).ShouldBe((order.Amount, Money.Zero, null));
        var (second, _) = await PaidAsync(Version2);
        (await second.StatementAsync(Today.AddDays(-1), default)).ShouldBeEmpty();
    }

    private static DateOnly Today => DateOnly.FromDateTime(DateTimeOffset.UtcNow.AddHours(8).DateTime);

    private async Task<(IChannel Channel, ChannelOrder Order)> PaidAsync(IChannelProtocol protocol, int merchant = 0)
    {
        var (channel, path) = await world.OpenAsync(protocol, merchant);
        var order = ChannelWorld.Order("alipay-qr");
        await channel.CreateAsync(order, default);
        await Simulator.TellAsync(order.OutNo, "pay");
        await world.NextAsync(path);
        return (channel, order);
    }

    private static ChannelRefund Refund(ChannelOrder order, Money amount) => new(ChannelWorld.NewNo(), Ref(order), amount, order.Amount, "买家取消", DateTimeOffset.UtcNow);

    private async Task<int> RefundsAsync(ChannelOrder order) => ((JsonArray)(await Simulator.TradeAsync(order.OutNo))!["refunds"]!).Count;

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 100 && !await isSo(); i++) await Task.Delay(100);
        (await isSo()).ShouldBeTrue();
    }
}
