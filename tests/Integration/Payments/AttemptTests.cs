using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Work;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;
using Microsoft.Extensions.DependencyInjection;

namespace Lianka.Tests.Integration.Payments;

/// <summary>One payment, many attempts: the money of exactly one pays, whatever the channels do.</summary>
public sealed class AttemptTests
{
    private static readonly PayAsk _ask = new(new MerchantId(4242), null, PayDevices.Phone, "goods", "http://shop.example/back");

    internal sealed record Till(Trade Trade, FakeProtocol Fake) : IAsyncDisposable
    {
        public PaymentDesk Desk => Trade.World.Get<PaymentDesk>();
        public FakeChannel A => Fake.Of("a");
        public FakeChannel B => Fake.Of("b");

        public async Task<Order> ReserveAsync(string key) => Trade.Done(await Trade.Desk.RunAsync(new OrderCommand.Reserve(
            new(60), Trade.Leaf, key, Trade.Sku, 1, Money.Parse("49.50"), Money.Parse("0.30"), PaymentBook.Clearing, null, "a@example.com", [1],
            Trade.Clock.Now().AddMinutes(15), "buyer")));

        public async Task<Attempt> StartAsync(Order order, string? way = null) => (await Desk.StartAsync(order.Id, _ask with { Way = way }))!.Attempt.ShouldNotBeNull();

        public async Task FollowAsync(TimeSpan after = default)
        {
            Trade.Clock.Turn(after);
            await Trade.World.Get<PaymentFollower>().StepAsync(default);
        }

        public Task RefundAsync() => Trade.World.Get<RefundWorker>().StepAsync(default);

        public async Task<Payment> PaymentAsync(Order order) => (await Desk.FindAsync(order.Id))!;

        public async Task<OrderStatus> StatusAsync(Order order) => (await Trade.Desk.FindAsync(order.Id))!.Status;

        public async ValueTask DisposeAsync() => await Trade.DisposeAsync();
    }

    /// <summary>Channels a (first) and b; the test channel is off.</summary>
    internal static async Task<Till> OpenAsync(DatabaseKind kind)
    {
        var fake = new FakeProtocol();
        var trade = await Trade.OpenAsync(kind, 20, replace: s => s.AddSingleton<IChannelProtocol>(fake));
        await trade.World.Database.WriteAsync(async s =>
        {
            await s.ExecuteAsync("update channel set state = 'off'; insert into setting (name, value) values ('payment.base_url', 'http://node.example')");
            await trade.World.Get<Modules.Ledger.Ledger>().OpenAsync(s, "clearing:orders", 0);
        });
        foreach (var (code, priority) in new[] { ("a", "1"), ("b", "2") })
        {
            (await trade.World.Get<PaymentChannels>().CreateAsync(new ChannelDraft
            {
                Code = code, Protocol = "fake", NameZh = code, NameEn = code, Priority = priority, Values = new Dictionary<string, string> { ["name"] = code, ["key"] = "k" },
            })).ShouldBeOfType<ChannelDecision.Saved>();
        }

        return new Till(trade, fake);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_goes_from_the_channels_account_by_way_of_the_orders_account_to_the_order(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var attempt = await till.StartAsync(order);
        (await till.StartAsync(order)).Id.ShouldBe(attempt.Id);
        till.A.Pay(attempt.OutNo, "T1");
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        (await till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        (await till.Trade.BalanceAsync("clearing:a", 0), await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("-49.5000", "0.0000"));
        Trade.Done(await till.Trade.RefundAsync(order, 1));
        (await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("49.5000");
        await till.RefundAsync();
        (await till.Trade.BalanceAsync("clearing:a", 0), await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("0.0000", "0.0000"));
        (await till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem().State.ShouldBe(RefundState.Done);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F32_A_channel_that_gives_no_pay_code_is_left_for_the_next_and_closed_behind_the_buyer(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        till.A.OnCreate = () => throw new ChannelException("html with status 200");
        var order = await till.ReserveAsync("k");
        var attempt = await till.StartAsync(order);
        attempt.PayValue.ShouldStartWith("/b/");
        var attempts = await till.Desk.AttemptsAsync(attempt.PaymentId);
        attempts.Select(a => (a.Channel.Code, a.Attempt.State, a.Attempt.Live)).ShouldBe([("a", AttemptState.New, 0), ("b", AttemptState.Open, 1)]);
        // They did open it, only their answer was lost; it is closed there before anybody can pay.
        till.A.Trades[attempts[0].Attempt.OutNo] = new ChannelTrade(TradeState.Open, "", attempt.Amount);
        await till.FollowAsync(TimeSpan.FromSeconds(1));
        till.A.Trades[attempts[0].Attempt.OutNo].State.ShouldBe(TradeState.Closed);
        till.B.OnCreate = till.A.OnCreate;
        var other = await till.ReserveAsync("k2");
        (await till.Desk.StartAsync(other.Id, _ask))!.Problem.ShouldBe(PayProblem.Silent);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_Paid_on_two_channels_one_delivers_and_the_other_goes_back(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        till.A.OnCreate = () => throw new ChannelException("no answer");
        var second = await till.StartAsync(order);
        var first = (await till.Desk.AttemptsAsync(second.PaymentId))[0].Attempt;
        till.A.Trades[first.OutNo] = new ChannelTrade(TradeState.Paid, "T1", first.Amount);
        till.B.Pay(second.OutNo, "T1");
        await till.FollowAsync(TimeSpan.FromSeconds(20));
        await till.FollowAsync(TimeSpan.FromSeconds(20));
        (await till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        await till.RefundAsync();
        var refund = (await till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem();
        (refund.Reason, refund.State, refund.Amount.ToString()).ShouldBe(("paid_twice", RefundState.Done, "49.5000"));
        var used = (await till.PaymentAsync(order)).AttemptId;
        refund.AttemptId.ShouldNotBe(used!.Value);
        (await till.PaymentAsync(order)).Refunded.ShouldBe(Money.Zero);
        (await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("0.0000");
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_Another_way_is_opened_only_after_the_first_is_confirmed_closed(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set methods = 'native' where code = 'b'"));
        var order = await till.ReserveAsync("k");
        var first = (await till.Desk.StartAsync(order.Id, _ask with { Device = PayDevices.Desktop, Way = PayWays.Alipay }))!.Attempt!;
        var ask = _ask with { Device = PayDevices.Desktop, Way = PayWays.WeChat };
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set methods = 'page' where code = 'a'"));
        till.A.CanClose = false;
        (await till.Desk.StartAsync(order.Id, ask)).ShouldBe(new PayStart(await till.PaymentAsync(order), (await till.Desk.LiveAsync(first.PaymentId))!, PayProblem.NotClosed));
        till.A.OnClose = () => throw new ChannelException("timeout");
        (await till.Desk.StartAsync(order.Id, ask))!.Problem.ShouldBe(PayProblem.NotClosed);
        (till.A.CanClose, till.A.OnClose) = (true, null);
        var second = (await till.Desk.StartAsync(order.Id, ask))!.Attempt!;
        second.PayValue.ShouldStartWith("/b/");
        (await till.Desk.AttemptsAsync(first.PaymentId))[0].Attempt.State.ShouldBe(AttemptState.Closed);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_buyer_who_paid_before_changing_the_way_has_paid(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var first = await till.StartAsync(order, PayWays.Alipay);
        till.A.Pay(first.OutNo, "T1");
        var start = (await till.Desk.StartAsync(order.Id, _ask with { Device = PayDevices.Desktop, Way = PayWays.WeChat }))!;
        (start.Problem, start.Attempt).ShouldBe((PayProblem.Over, null));
        (await till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_Money_for_an_attempt_that_was_closed_pays_or_goes_back(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var attempt = await till.StartAsync(order);
        await till.FollowAsync(TimeSpan.FromMinutes(16));
        (await till.PaymentAsync(order)).State.ShouldBe(PaymentState.Closed);
        await till.Trade.Desk.RunAsync(new OrderCommand.Expire(order.Id));
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update sku set state = 'off'; update version set value = value + 1 where name = 'prices'"));
        till.A.Pay(attempt.OutNo, "T1");
        var channel = (await till.Trade.World.Get<PaymentChannels>().ListAsync()).First(c => c.Code == "a");
        await NoticeAsync(till, channel, $"signed {attempt.OutNo} T1 49.50");
        await till.RefundAsync();
        (await till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem().State.ShouldBe(RefundState.Done);
        (await till.Trade.BalanceAsync("clearing:a", 0), await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("0.0000", "0.0000"));
        await till.Trade.ProveAsync();
    }

    private static Task<Modules.Payments.Core.NoticeVerdict> NoticeAsync(Till till, Channel channel, string body) =>
        till.Trade.World.Get<Modules.Payments.Notices.TakeNotice>().TakeAsync(
            channel, till.Fake.Of(channel.Code), new RawNotice("POST", "", new Dictionary<string, string>(), System.Text.Encoding.UTF8.GetBytes(body)), default);

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I6_One_trade_of_a_channel_pays_one_attempt_and_the_other_is_a_case(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off' where code = 'b'"));
        var (one, two) = (await till.ReserveAsync("k1"), await till.ReserveAsync("k2"));
        var (first, second) = (await till.StartAsync(one), await till.StartAsync(two));
        till.A.Pay(first.OutNo, "T1");
        till.A.Pay(second.OutNo, "T1");
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        new[] { await till.StatusAsync(one), await till.StatusAsync(two) }.ShouldBe([OrderStatus.Delivered, OrderStatus.Placed], ignoreOrder: true);
        (await till.Trade.CountAsync("select count(*) from payment_case where kind = 'trade_reused'")).ShouldBe(1);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F2_Money_that_was_booked_by_a_node_that_died_then_is_told_by_another(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var attempt = await till.StartAsync(order);
        till.A.Pay(attempt.OutNo, "T1");
        // The engine is away when the channel tells of the money.
        await till.Trade.World.Get<Modules.Orders.Engine.OrderEngine>().StopAsync(default);
        var channel = (await till.Trade.World.Get<PaymentChannels>().ListAsync()).First(c => c.Code == "a");
        await Should.ThrowAsync<Exception>(() => NoticeAsync(till, channel, $"signed {attempt.OutNo} T1 49.50"));
        (await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("49.5000");
        await using var other = await till.Trade.AnotherNodeAsync(replace: s => s.AddSingleton<IChannelProtocol>(till.Fake));
        till.Trade.Clock.Turn(TimeSpan.FromSeconds(5));
        await other.World.Get<PaymentFollower>().StepAsync(default);
        (await other.Desk.FindAsync(order.Id))!.Status.ShouldBe(OrderStatus.Delivered);
        await other.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_A_refund_whose_answer_is_lost_is_asked_about_and_given_once(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var attempt = await till.StartAsync(order);
        till.A.Pay(attempt.OutNo, "T1");
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        (till.A.OnRefund, till.A.RefundsEnd) = (() => throw new ChannelException("timeout"), RefundOutcome.Pending);
        Trade.Done(await till.Trade.RefundAsync(order, 1));
        await till.RefundAsync();
        async Task<Refund> RefundAsync() => (await till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem();
        ((await RefundAsync()).State, (await RefundAsync()).AcceptedAt).ShouldBe((RefundState.Pending, null));
        till.Trade.Clock.Turn(TimeSpan.FromSeconds(2));
        await till.RefundAsync();
        ((await RefundAsync()).State, (await RefundAsync()).AcceptedAt is not null).ShouldBe((RefundState.Pending, true));
        foreach (var (no, known) in till.A.Refunds) till.A.Refunds[no] = known with { Outcome = RefundOutcome.Done };
        till.Trade.Clock.Turn(TimeSpan.FromMinutes(1));
        await till.RefundAsync();
        (await RefundAsync()).State.ShouldBe(RefundState.Done);
        till.A.Refunds.Count.ShouldBe(1);
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_refund_that_the_channel_refuses_is_a_case_and_the_money_stays_in_sight(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        till.A.RefundsEnd = RefundOutcome.Failed;
        var attempt = await till.StartAsync(order);
        till.A.Pay(attempt.OutNo, "T1");
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        Trade.Done(await till.Trade.RefundAsync(order, 1));
        await till.RefundAsync();
        (await till.Trade.CountAsync("select count(*) from payment_case where kind = 'refund_failed' and closed_at is null")).ShouldBe(1);
        (await till.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("49.5000");
        await till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Two_pages_at_once_open_one_attempt(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => till.Desk.StartAsync(order.Id, _ask)));
        starts.ShouldAllBe(s => s!.Attempt != null || s.Problem == PayProblem.Busy);
        (await till.Desk.AttemptsAsync(starts[0]!.Payment.Id)).Count.ShouldBe(1);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_An_address_counts_as_seen_when_it_is_handed_out_and_not_before(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        var later = (await till.Desk.StartAsync(order.Id, _ask with { GoesLater = true }))!.Attempt!;
        (later.IsSeen, later.State).ShouldBe((false, AttemptState.Open));
        // Nobody can have paid, so nobody is asked.
        var asked = 0;
        till.A.OnQuery = () =>
        {
            asked++;
            return Task.CompletedTask;
        };
        await till.FollowAsync(TimeSpan.FromSeconds(30));
        asked.ShouldBe(0);
        (await till.Desk.GoAsync(later.PaymentId, "0000000000001")).ShouldBeNull();
        (await till.Desk.GoAsync(new(1), later.OutNo)).ShouldBeNull();
        (await till.Desk.GoAsync(later.PaymentId, later.OutNo))!.IsSeen.ShouldBeTrue();
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        asked.ShouldBe(1);
        // Whoever asks for the address itself has it: another page's attempt that nobody had seen is seen then.
        var other = await till.ReserveAsync("k2");
        var unseen = (await till.Desk.StartAsync(other.Id, _ask with { GoesLater = true }))!.Attempt!;
        var handed = await till.StartAsync(other);
        (handed.Id, handed.IsSeen).ShouldBe((unseen.Id, true));
        // Too late to go.
        var last = (await till.Desk.StartAsync((await till.ReserveAsync("k3")).Id, _ask with { GoesLater = true }))!.Attempt!;
        till.Trade.Clock.Turn(TimeSpan.FromMinutes(16));
        (await till.Desk.GoAsync(last.PaymentId, last.OutNo)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Limits_of_amount_and_day_and_a_channel_that_is_off_leave_no_way_to_pay(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var order = await till.ReserveAsync("k");
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set amount_max = 490000 where code = 'a'; update channel set daily_limit = 500000 where code = 'b'"));
        var attempt = await till.StartAsync(order);
        attempt.PayValue.ShouldStartWith("/b/");
        till.B.Pay(attempt.OutNo, "T1");
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        (await till.Desk.StartAsync((await till.ReserveAsync("k2")).Id, _ask))!.Problem.ShouldBe(PayProblem.NoChannel);
        (await till.Desk.WaysAsync(PaymentPurposes.Order, _ask.Seller, Money.Parse("10"), PayDevices.Desktop, till.Trade.Clock.Now().AddMinutes(15))).ShouldBe([PayWays.Alipay, PayWays.WeChat], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_channel_kept_for_some_merchants_is_passed_by_for_others(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var channels = till.Trade.World.Get<PaymentChannels>();
        var first = (await channels.ListAsync()).First(c => c.Code == "a");
        var draft = new ChannelDraft { NameZh = "甲", NameEn = "A", Priority = "1", Values = new Dictionary<string, string> { ["name"] = "a" } };
        (await channels.UpdateAsync(first.Id, draft with { Merchants = "abc" })).ShouldBeOfType<ChannelDecision.Refused>()
            .Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(e => e.Field.ShouldBe("merchants"), e => e.En.ShouldContain("'abc'"));
        var theirs = new MerchantId(77);
        (await channels.UpdateAsync(first.Id, draft with { Merchants = $"{theirs}， {new MerchantId(78)} {theirs}" })).ShouldBeOfType<ChannelDecision.Saved>()
            .Value.Merchants.ShouldBe($"{theirs},{new MerchantId(78)}");
        (await till.StartAsync(await till.ReserveAsync("k"))).PayValue.ShouldStartWith("/b/");
        (await till.Desk.StartAsync((await till.ReserveAsync("k2")).Id, _ask with { Seller = theirs }))!.Attempt!.PayValue.ShouldStartWith("/a/");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F31_A_changed_key_counts_from_the_next_call_on_and_secrets_never_come_out(DatabaseKind kind)
    {
        await using var till = await OpenAsync(kind);
        var channels = till.Trade.World.Get<PaymentChannels>();
        var channel = (await channels.ListAsync()).First(c => c.Code == "a");
        var before = await channels.OpenAsync(channel);
        var draft = new ChannelDraft { NameZh = "甲", NameEn = "A", Values = new Dictionary<string, string> { ["name"] = "c" } };
        var changed = (await channels.UpdateAsync(channel.Id, draft)).ShouldBeOfType<ChannelDecision.Saved>().Value;
        (await channels.OpenAsync(changed)).ShouldBeSameAs(till.Fake.Of("c"));
        before.ShouldBeSameAs(till.A);
        (await channels.KnownSecretsAsync(channel.Id)).ShouldBe(["key"]);
        changed.Config.ShouldBe("""{"name":"c"}""");
        (await channels.UpdateAsync(channel.Id, draft with { Values = new Dictionary<string, string> { ["name"] = "c", ["key"] = "bad" } }))
            .ShouldBeOfType<ChannelDecision.Refused>().Errors.ShouldHaveSingleItem().Code.ShouldBe("bad_key");
        (await channels.CreateAsync(new ChannelDraft { Code = "Bank!", Protocol = "fake" })).ShouldBeOfType<ChannelDecision.Refused>()
            .Errors.Select(e => e.Field).ShouldBe(["name_zh", "name_en", "name", "key", "code"], ignoreOrder: true);
    }
}
