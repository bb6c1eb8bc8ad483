using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Reconcile;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payments;

/// <summary>Merchants' wallets as a channel: a storefront's order is paid once, out of one wallet, or not at all.</summary>
public sealed class WalletTests
{
    private const string Account = "clearing:wallet";

    /// <summary>The leaf's shop sells at 49.50; channel a is there as well.</summary>
    private sealed record Desk(AttemptTests.Till Till, Channel Channel) : IAsyncDisposable
    {
        public Trade Trade => Till.Trade;
        public WalletDesk Wallets => Trade.World.Get<WalletDesk>();
        public Reconciliation Books => Trade.World.Get<Reconciliation>();
        public IChannel Open { get; init; } = null!;

        /// <summary>A buyer has gone to the page.</summary>
        public async Task<(Order Order, Attempt Attempt, string Code)> GoAsync(string key = "k")
        {
            var order = await Till.ReserveAsync(key);
            var attempt = await Till.StartAsync(order, PayWays.Wallet);
            return (order, attempt, attempt.PayValue!["/console/merchant/pay/".Length..]);
        }

        public async Task<string> PayAsync(string code, MerchantId? payer = null) => await Wallets.PayAsync(code, payer ?? Trade.Middle, "merchant:middle") switch
        {
            WalletDecision.Done done => done.IsReplay ? "again" : "paid",
            WalletDecision.Refused no => no.Error.Code,
            _ => "missing",
        };

        public Task<string> WalletAsync(MerchantId? of = null) => Trade.BalanceAsync("wallet", (of ?? Trade.Middle).Value);

        /// <summary>Leaves so much in a wallet.</summary>
        public Task LeaveAsync(string amount, MerchantId? of = null) => Trade.World.Database.WriteAsync(async s =>
        {
            var ledger = Trade.World.Get<Modules.Ledger.Ledger>();
            var party = (of ?? Trade.Middle).Value;
            var (wallet, bank) = ((await ledger.FindAsync(s, "wallet", party))!.Value, (await ledger.FindAsync(s, "clearing:bank", 0))!.Value);
            await ledger.MustPostAsync(s, new Posting("take_out", "test", [new Leg(wallet, bank, Money.Parse("100000") - Money.Parse(amount), "take_out")], null, $"leave:{party}"));
        });

        public Task<long> CountAsync(string sql) => Trade.CountAsync(sql);

        public ValueTask DisposeAsync() => Till.DisposeAsync();
    }

    private static async Task<Desk> OpenAsync(DatabaseKind kind)
    {
        var till = await AttemptTests.OpenAsync(kind);
        // Noon in China, so that what a test does in seconds is of one day.
        var now = till.Trade.Clock.Now().ToOffset(TimeSpan.FromHours(8));
        till.Trade.Clock.Turn(new DateTimeOffset(now.Date.AddDays(1).AddHours(12), now.Offset) - now);
        var channels = till.Trade.World.Get<PaymentChannels>();
        var made = (await channels.CreateAsync(new ChannelDraft { Code = "wallet", Protocol = "wallet", NameZh = "余额", NameEn = "Balance", FeeBps = "0", Priority = "0" }))
            .ShouldBeOfType<ChannelDecision.Saved>().Value;
        return new Desk(till, made) { Open = await channels.OpenAsync(made) };
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_wallet_pays_and_the_goods_are_delivered(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (order, attempt, code) = await desk.GoAsync();
        code.Length.ShouldBe(32);
        attempt.ExpiresAt.ShouldBe((await desk.Till.PaymentAsync(order)).ExpiresAt, "there is no code that a company ends before");
        (await desk.PayAsync(attempt.OutNo)).ShouldBe("missing", "a number that can be guessed opens nothing");
        (await desk.PayAsync(code)).ShouldBe("paid");
        (await desk.WalletAsync(), await desk.Trade.BalanceAsync(Account, 0)).ShouldBe(("99950.5000", "49.5000"));
        await desk.Till.FollowAsync();
        (await desk.Till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        (await desk.Trade.BalanceAsync(Account, 0), await desk.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("0.0000", "0.0000"));
        // Told again, by whomever.
        (await desk.PayAsync(code), await desk.PayAsync(code, Trade.Leaf)).ShouldBe(("again", "settled"));
        await desk.Till.FollowAsync(TimeSpan.FromHours(1));
        (await desk.WalletAsync(), await desk.WalletAsync(Trade.Leaf)).ShouldBe(("99950.5000", "100000.0000"));
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task It_is_offered_for_orders_where_it_is_on_and_only_to_who_chooses_it(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        Task<IReadOnlyList<string>> WaysAsync(string purpose) =>
            desk.Till.Desk.WaysAsync(purpose, Trade.Leaf, Money.Parse("49.50"), PayDevices.Phone, desk.Trade.Clock.Now().AddMinutes(15));
        (await WaysAsync(PaymentPurposes.Order)).ShouldContain(PayWays.Wallet);
        (await WaysAsync(PaymentPurposes.TopUp)).ShouldBe([PayWays.Alipay]);
        var order = await desk.Till.ReserveAsync("k");
        (await desk.Till.StartAsync(order)).ChannelId.ShouldNotBe(desk.Channel.Id, "a buyer who wishes for nothing has no wallet");
        await desk.Trade.World.Get<PaymentChannels>().SwitchAsync(desk.Channel.Id, ChannelState.Off);
        (await WaysAsync(PaymentPurposes.Order)).ShouldNotContain(PayWays.Wallet);

        // A top-up that asks for it all the same gets none.
        await desk.Trade.World.Get<PaymentChannels>().SwitchAsync(desk.Channel.Id, ChannelState.Active);
        var top = new PaymentId(await desk.Trade.World.Get<IdSource>().NextAsync());
        var now = desk.Trade.Clock.Now();
        await desk.Trade.World.Database.WriteAsync(s => PaymentBook.OpenAsync(s, [new NewPayment(top, null, Money.Parse("100"), now.AddHours(1), PaymentPurposes.TopUp)], now));
        (await desk.Till.Desk.StartAsync(top, new PayAsk(Trade.Leaf, PayWays.Wallet, PayDevices.Phone, "top-up", "http://shop.example/back")))!.Problem.ShouldBe(PayProblem.NoChannel);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F15_Pressed_by_many_at_once_it_is_paid_once_out_of_one_wallet(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (order, _, code) = await desk.GoAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => desk.PayAsync(code, i % 2 == 0 ? Trade.Middle : Trade.Top)));
        answers.Count(a => a == "paid").ShouldBe(1);
        answers.ShouldAllBe(a => a == "paid" || a == "again" || a == "settled");
        await Task.WhenAll(desk.Till.FollowAsync(), desk.Till.FollowAsync());
        (Money.Parse(await desk.WalletAsync()) + Money.Parse(await desk.WalletAsync(Trade.Top))).ToString().ShouldBe("199950.5000");
        (await desk.Till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Too_little_of_its_own_pays_nothing_whatever_its_credit_line(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        await desk.LeaveAsync("49.4999");
        await desk.Trade.World.Database.WriteAsync(async s =>
        {
            var ledger = desk.Trade.World.Get<Modules.Ledger.Ledger>();
            await ledger.SetCreditAsync(s, (await ledger.FindAsync(s, "wallet", Trade.Middle.Value))!.Value, Money.Parse("1000"), "test");
        });
        var (order, _, code) = await desk.GoAsync();
        (await desk.PayAsync(code)).ShouldBe("too_little");
        (await desk.WalletAsync(), await desk.CountAsync("select count(*) from posting where kind = 'wallet_payment'")).ShouldBe(("49.4999", 0));
        (await desk.Wallets.AvailableAsync(Trade.Middle)).ToString().ShouldBe("49.4999");
        // What is held is not there either.
        await desk.Trade.World.Database.WriteAsync(async s =>
        {
            var ledger = desk.Trade.World.Get<Modules.Ledger.Ledger>();
            await desk.Trade.World.Get<Holds>().PlaceAsync(
                s, (await ledger.FindAsync(s, "wallet", Trade.Top.Value))!.Value, Money.Parse("99951"), "test", desk.Trade.Clock.Now().AddHours(1));
        });
        (await desk.PayAsync(code, Trade.Top)).ShouldBe("too_little");
        (await desk.PayAsync(code, Trade.Leaf)).ShouldBe("paid");
        await desk.Till.FollowAsync();
        (await desk.Till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_What_is_over_or_left_for_another_way_cannot_be_paid(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (late, _, code) = await desk.GoAsync();
        var (changed, first, other) = await desk.GoAsync("k2");
        // Another way is opened only after this one is closed, and it is at once.
        var next = await desk.Till.StartAsync(changed, PayWays.Alipay);
        (next.ChannelId == desk.Channel.Id, (await desk.Open.QueryAsync(first.Ref, default)).State).ShouldBe((false, TradeState.Closed));
        (await desk.PayAsync(other)).ShouldBe("over");
        desk.Trade.Clock.Turn(TimeSpan.FromMinutes(15));
        (await desk.PayAsync(code)).ShouldBe("over", "its time is over, also before the follower has closed it");
        await desk.Till.FollowAsync();
        (await desk.Wallets.FindAsync(code))!.State.ShouldBe(WalletPaymentState.Closed);
        (await desk.PayAsync(code)).ShouldBe("over");
        (await desk.Till.PaymentAsync(late)).State.ShouldBe(PaymentState.Closed);
        (await desk.WalletAsync(), await desk.CountAsync("select count(*) from posting where kind = 'wallet_payment'")).ShouldBe(("100000.0000", 0));
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_Money_whose_order_has_lapsed_meanwhile_x(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (order, _, code) = await desk.GoAsync();
        desk.Trade.Clock.Turn(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        (await desk.PayAsync(code)).ShouldBe("paid");
        // Nobody asks before the reservation has lapsed and its goods are off.
        desk.Trade.Clock.Turn(TimeSpan.FromMinutes(1));
        await desk.Trade.Desk.RunAsync(new OrderCommand.Expire(order.Id));
        await desk.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update sku set state = 'off'; update version set value = value + 1 where name = 'prices'"));
        await desk.Till.FollowAsync();
        await desk.Till.RefundAsync();
        (await desk.Till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem().State.ShouldBe(RefundState.Done);
        (await desk.WalletAsync()).ShouldBe("100000.0000");
        (await desk.Trade.BalanceAsync(Account, 0), await desk.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("0.0000", "0.0000"));
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_Closed_and_pressed_at_once_one_of_the_two_wins(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        for (var round = 0; round < 8; round++)
        {
            var (order, attempt, code) = await desk.GoAsync($"k{round}");
            var press = desk.PayAsync(code);
            var close = desk.Open.CloseAsync(attempt.Ref, default);
            var (pressed, closed) = (await press, await close);
            (pressed == "paid").ShouldBe(closed.State == TradeState.Paid, $"{pressed}, {closed.State}");
            if (pressed != "paid") pressed.ShouldBe("over");
            await desk.Till.FollowAsync();
            (await desk.Till.StatusAsync(order)).ShouldBe(pressed == "paid" ? OrderStatus.Delivered : OrderStatus.Placed);
            // A buyer has so many unpaid orders and no more.
            if (pressed != "paid") Trade.Done(await desk.Trade.Desk.RunAsync(new OrderCommand.Cancel(order.Id, Trade.Leaf, "buyer")));
        }

        // As the cashier does it: changing the way and paying meet.
        var (last, _, page) = await desk.GoAsync("last");
        var pay = desk.PayAsync(page);
        var start = await desk.Till.Desk.StartAsync(last.Id, new PayAsk(Trade.Leaf, PayWays.Alipay, PayDevices.Phone, "goods", "http://shop.example/back"));
        var isPaid = await pay == "paid";
        start!.Problem.ShouldBe(isPaid ? PayProblem.Over : PayProblem.None);
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_What_another_channel_has_paid_meanwhile_goes_back_to_the_wallet(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var order = await desk.Till.ReserveAsync("k");
        var first = await desk.Till.StartAsync(order, PayWays.Alipay);
        var attempt = await desk.Till.StartAsync(order, PayWays.Wallet);
        var code = attempt.PayValue!["/console/merchant/pay/".Length..];
        // The closed one is paid all the same, and both before anybody asks.
        var channel = (await desk.Till.Desk.AttemptsAsync(first.PaymentId)).First(a => a.Attempt.Id == first.Id).Channel.Code == "a" ? desk.Till.A : desk.Till.B;
        (await desk.PayAsync(code)).ShouldBe("paid");
        channel.Pay(first.OutNo, "T1");
        await desk.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update payment_attempt set asked_at = 1 where id = @Id; update payment_attempt set asked_at = 2 where id = @Own", new { first.Id, Own = attempt.Id }));
        await desk.Till.FollowAsync();
        await desk.Till.FollowAsync(TimeSpan.FromMinutes(2));
        (await desk.Till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        for (var i = 0; i < 3; i++) await desk.Till.RefundAsync();
        var back = (await desk.Till.Desk.RefundsAsync(first.PaymentId)).ShouldHaveSingleItem();
        (back.State, back.Reason).ShouldBe((RefundState.Done, "paid_twice"));
        (await desk.WalletAsync()).ShouldBe(back.AttemptId == attempt.Id ? "100000.0000" : "99950.5000");
        (await desk.Trade.BalanceAsync(Account, 0), await desk.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("0.0000", "0.0000"));
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_A_refund_goes_to_the_wallet_that_paid_once_however_often_it_is_told_and_never_more_than_it_paid(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (order, attempt, code) = await desk.GoAsync();
        ChannelRefund Ask(long number, string amount) => new(PublicId.Encode(number), attempt.Ref, Money.Parse(amount), attempt.Amount, "test", desk.Trade.Clock.Now());
        (await desk.Open.RefundAsync(Ask(1, "1"), default)).Outcome.ShouldBe(RefundOutcome.Failed, "it is not paid");
        await desk.PayAsync(code);
        await desk.Till.FollowAsync();
        Trade.Done(await desk.Trade.RefundAsync(order, 1));
        await Task.WhenAll(desk.Till.RefundAsync(), desk.Till.RefundAsync());
        var refund = (await desk.Till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem();
        refund.State.ShouldBe(RefundState.Done);
        (await desk.WalletAsync(), await desk.Trade.BalanceAsync(Account, 0)).ShouldBe(("100000.0000", "0.0000"));
        // Told again and asked about, by a node that has lost the answer; a further one finds nothing left.
        var told = new ChannelRefund(refund.OutNo, attempt.Ref, refund.Amount, attempt.Amount, refund.Reason, refund.CreatedAt);
        (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.Open.RefundAsync(told, default)))).ShouldAllBe(a => a.Outcome == RefundOutcome.Done);
        (await desk.Open.QueryRefundAsync(told, default)).Outcome.ShouldBe(RefundOutcome.Done);
        (await desk.Open.QueryRefundAsync(Ask(2, "1"), default)).Outcome.ShouldBe(RefundOutcome.Absent);
        (await desk.Open.RefundAsync(Ask(2, "0.01"), default)).Detail.ShouldBe("more_than_paid");
        (await desk.WalletAsync()).ShouldBe("100000.0000");
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_Parts_that_are_told_at_once_never_sum_to_more_than_was_paid(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (_, attempt, code) = await desk.GoAsync();
        await desk.PayAsync(code);
        var answers = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => desk.Open.RefundAsync(
            new ChannelRefund(PublicId.Encode(i), attempt.Ref, Money.Parse("10"), attempt.Amount, "test", desk.Trade.Clock.Now()), default)));
        answers.Count(a => a.Outcome == RefundOutcome.Done).ShouldBe(4);
        (await desk.WalletAsync(), await desk.Trade.BalanceAsync(Account, 0)).ShouldBe(("99990.5000", "9.5000"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F33_Its_own_statement_agrees_to_the_fen_and_the_day_closes_by_itself(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        var (one, two) = (await desk.GoAsync("k1"), await desk.GoAsync("k2"));
        await desk.PayAsync(one.Code);
        await desk.PayAsync(two.Code, Trade.Top);
        await desk.Till.FollowAsync();
        Trade.Done(await desk.Trade.RefundAsync(one.Order, 1));
        await desk.Till.RefundAsync();
        var day = ChannelDays.Of(desk.Trade.Clock.Now());
        await Should.ThrowAsync<ChannelException>(() => desk.Open.StatementAsync(day, default));
        desk.Trade.Clock.Turn(TimeSpan.FromDays(1));
        await desk.Trade.World.Get<StatementWorker>().StepAsync(default);
        var closed = (await desk.Books.FindAsync(desk.Channel.Id, day))!;
        (closed.State, closed.Lines, closed.Net.ToString(), closed.Fees.ToString(), closed.Ledger.ToString()).ShouldBe((ChannelDayState.Closed, 3, "49.5000", "0.0000", "49.5000"));
        (await desk.Trade.World.Get<PaymentCaseDesk>().ListAsync(isOpen: true)).ShouldBeEmpty();
        (await desk.Trade.BalanceAsync(Account, 0)).ShouldBe("0.0000");
        await desk.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F20_Orders_of_the_engine_and_presses_never_spend_the_same_money(DatabaseKind kind)
    {
        await using var desk = await OpenAsync(kind);
        // The engine remembers the wallet.
        Trade.Done(await desk.Trade.PlaceAsync("warm", merchant: Trade.Middle));
        var pages = new List<(Order Order, Attempt Attempt, string Code)>();
        for (var i = 0; i < 3; i++) pages.Add(await desk.GoAsync($"k{i}"));
        // Enough for three or four of the seven that come at once: an order is 47.00, a press 49.50.
        await desk.LeaveAsync("243");
        var before = Money.Parse(await desk.WalletAsync());
        var orders = Task.WhenAll(Enumerable.Range(0, 4).Select(i => desk.Trade.PlaceAsync($"api{i}", merchant: Trade.Middle)));
        var presses = Task.WhenAll(pages.Select(p => desk.PayAsync(p.Code)));
        var (placed, paid) = ((await orders).Count(o => o is OrderDecision.Done), (await presses).Count(p => p == "paid"));
        (await presses).ShouldAllBe(p => p == "paid" || p == "too_little");
        before.ToString().ShouldBe("196.0000");
        (placed + paid).ShouldBeGreaterThanOrEqualTo(3);
        (await desk.WalletAsync()).ShouldBe((before - (Money.Parse("47") * placed) - (Money.Parse("49.50") * paid)).ToString());
        Money.Parse(await desk.WalletAsync()).IsNegative.ShouldBeFalse();
        await desk.Till.FollowAsync();
        await desk.Trade.ProveAsync();
    }
}
