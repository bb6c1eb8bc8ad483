using System.Text;
using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.TopUps;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;
using Lianka.Tests.Integration.Payments;

namespace Lianka.Tests.Integration.TopUps;

/// <summary>A merchant's money through a channel: in its wallet once, whatever the channels do.</summary>
public sealed class TopUpTests
{
    private static readonly PayAsk _ask = new(new MerchantId(4242), null, PayDevices.Phone, "top-up", "http://shop.example/back");

    private sealed record Purse(AttemptTests.Till Till) : IAsyncDisposable
    {
        private readonly string _before = "100000.0000";

        public Trade Trade => Till.Trade;
        public TopUpDesk Desk => Trade.World.Get<TopUpDesk>();
        public BonusRules Bonuses => Trade.World.Get<BonusRules>();

        public async Task<TopUp> AskAsync(string amount, string key = "k", MerchantId? merchant = null) =>
            (await Desk.OpenAsync(merchant ?? Trade.Leaf, amount, key, "merchant:leaf")).ShouldBeOfType<TopUpDecision.Done>().Value;

        public async Task<string> RefusedAsync(string amount, string key = "k") =>
            (await Desk.OpenAsync(Trade.Leaf, amount, key, "merchant:leaf")).ShouldBeOfType<TopUpDecision.Refused>().Errors[0].Code;

        public async Task<Attempt> StartAsync(TopUp top) => (await Till.Desk.StartAsync(top.Payment, _ask))!.Attempt.ShouldNotBeNull();

        /// <summary>Paid at the channel that was chosen, and found by the follower.</summary>
        public async Task PayAsync(TopUp top, string trade)
        {
            var attempt = await StartAsync(top);
            (attempt.PayValue!.StartsWith("/a/", StringComparison.Ordinal) ? Till.A : Till.B).Pay(attempt.OutNo, trade);
            await Till.FollowAsync(TimeSpan.FromSeconds(6));
        }

        public async Task<TopUp> SeeAsync(TopUp top) => (await Desk.FindAsync(top.Id))!;

        /// <summary>What came into the wallet since the beginning.</summary>
        public async Task<string> GainAsync() => (Money.Parse(await Trade.BalanceAsync("wallet", Trade.Leaf.Value)) - Money.Parse(_before)).ToString();

        public async Task<BonusRule> RuleAsync(string steps = "100 10", string budget = "1000", string times = "", string total = "")
        {
            var now = Trade.Clock.Now();
            return (await Bonuses.CreateAsync(new BonusDraft("充送", "Bonus", steps, now, now.AddDays(2), times, total, budget), "operator:zhou")).ShouldBeOfType<BonusDecision.Saved>().Value;
        }

        public Task StepAsync() => Trade.World.Get<TopUpWorker>().StepAsync(default);

        public async Task<NoticeVerdict> NoticeAsync(string body)
        {
            var channel = (await Trade.World.Get<PaymentChannels>().ListAsync()).First(c => c.Code == "a");
            return await Trade.World.Get<Modules.Payments.Notices.TakeNotice>().TakeAsync(
                channel, Till.A, new RawNotice("POST", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body)), default);
        }

        public ValueTask DisposeAsync() => Till.DisposeAsync();
    }

    private static async Task<Purse> OpenAsync(DatabaseKind kind) => new(await AttemptTests.OpenAsync(kind));

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F26_Money_that_nobody_told_of_is_found_and_stands_in_the_wallet(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        var top = await purse.AskAsync("250.50");
        (top.State, top.FeeMax, top.Bonus).ShouldBe((TopUpState.Open, Money.Zero, Money.Zero));
        await purse.PayAsync(top, "T1");
        (await purse.GainAsync(), await purse.Trade.BalanceAsync("clearing:a", 0), await purse.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe(("250.5000", "-250.5000", "0.0000"));
        var paid = await purse.SeeAsync(top);
        (paid.State, paid.Fee, paid.Channel, paid.PaidAt is not null).ShouldBe((TopUpState.Paid, Money.Zero, "a", true));
        (await purse.Till.Desk.StartAsync(top.Payment, _ask))!.Problem.ShouldBe(PayProblem.Over);
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F23_F28_A_notice_is_asked_about_though_small_sums_are_trusted_and_five_of_them_pay_once(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        await purse.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("insert into setting (name, value) values ('payment.notice_trusted_below', '1000')"));
        var top = await purse.AskAsync("20");
        var attempt = await purse.StartAsync(top);
        (await purse.NoticeAsync($"signed {attempt.OutNo} T1 20")).ShouldBe(NoticeVerdict.UnpaidAtChannel, "signed, but the channel says unpaid");
        (await purse.GainAsync()).ShouldBe("0.0000");
        purse.Till.A.Pay(attempt.OutNo, "T1");
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => purse.NoticeAsync($"signed {attempt.OutNo} T1 20")));
        verdicts.ShouldAllBe(v => v == NoticeVerdict.Accepted || v == NoticeVerdict.Repeated);
        purse.Trade.Clock.Turn(TimeSpan.FromDays(1));
        (await purse.NoticeAsync($"signed {attempt.OutNo} T1 20")).ShouldBe(NoticeVerdict.Repeated);
        (await purse.GainAsync()).ShouldBe("20.0000");
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F29_Paid_on_two_channels_one_is_credited_and_the_other_goes_back_by_itself(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        var top = await purse.AskAsync("100");
        purse.Till.A.OnCreate = () => throw new ChannelException("no answer");
        var second = await purse.StartAsync(top);
        var first = (await purse.Till.Desk.AttemptsAsync(top.Payment))[0].Attempt;
        purse.Till.A.Trades[first.OutNo] = new ChannelTrade(TradeState.Paid, "T1", first.Amount);
        purse.Till.B.Pay(second.OutNo, "T1");
        await purse.Till.FollowAsync(TimeSpan.FromSeconds(20));
        await purse.Till.FollowAsync(TimeSpan.FromSeconds(20));
        await purse.Till.RefundAsync();
        (await purse.GainAsync()).ShouldBe("100.0000");
        var refund = (await purse.Till.Desk.RefundsAsync(top.Payment)).ShouldHaveSingleItem();
        (refund.Reason, refund.State, refund.Amount.ToString()).ShouldBe(("paid_twice", RefundState.Done, "100.0000"));
        (await purse.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("0.0000");
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F30_What_the_channel_refuses_to_give_back_comes_into_the_wallet_once(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        var top = await purse.AskAsync("100");
        purse.Till.A.OnCreate = () => throw new ChannelException("no answer");
        var second = await purse.StartAsync(top);
        var first = (await purse.Till.Desk.AttemptsAsync(top.Payment))[0].Attempt;
        purse.Till.A.Trades[first.OutNo] = new ChannelTrade(TradeState.Paid, "T1", first.Amount);
        purse.Till.B.Pay(second.OutNo, "T1");
        await purse.Till.FollowAsync(TimeSpan.FromSeconds(20));
        await purse.Till.FollowAsync(TimeSpan.FromSeconds(20));
        purse.Till.A.OnRefund = purse.Till.B.OnRefund = () => throw new ChannelRefusedException("TOO_LATE", "after a year");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => purse.Till.RefundAsync())));
        (await purse.GainAsync()).ShouldBe("200.0000");
        var refund = (await purse.Till.Desk.RefundsAsync(top.Payment)).ShouldHaveSingleItem();
        (refund.State, refund.Way, refund.Detail).ShouldBe((RefundState.Done, RefundWay.Wallet, "TOO_LATE"));
        (await purse.Trade.World.Get<PaymentCaseDesk>().ListAsync(isOpen: true)).ShouldBeEmpty();
        (await purse.Trade.BalanceAsync("clearing:orders", 0)).ShouldBe("0.0000");
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F25_Money_after_its_time_is_credited_all_the_same(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        await purse.RuleAsync(budget: "10");
        var top = await purse.AskAsync("100");
        var attempt = await purse.StartAsync(top);
        await purse.Till.FollowAsync(TimeSpan.FromHours(25));
        await purse.StepAsync();
        (await purse.SeeAsync(top)).State.ShouldBe(TopUpState.Over);
        (await purse.Till.Desk.FindAsync(top.Payment))!.State.ShouldBe(PaymentState.Closed);
        purse.Till.A.Trades[attempt.OutNo].State.ShouldBe(TradeState.Closed);
        // What it was promised is free again, and another merchant has it now.
        (await purse.AskAsync("100", "other", Trade.Middle)).Bonus.ShouldBe(Money.Parse("10"));
        purse.Till.A.Pay(attempt.OutNo, "T1");
        await purse.NoticeAsync($"signed {attempt.OutNo} T1 100");
        var paid = await purse.SeeAsync(top);
        (paid.State, paid.Bonus).ShouldBe((TopUpState.Paid, Money.Zero));
        (await purse.GainAsync()).ShouldBe("100.0000");
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_pay_code_lives_two_hours_and_the_next_one_pays_as_well(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        var top = await purse.AskAsync("100");
        var first = await purse.StartAsync(top);
        first.ExpiresAt.ShouldBe(first.CreatedAt.AddHours(2));
        purse.Trade.Clock.Turn(TimeSpan.FromHours(3));
        var second = await purse.StartAsync(top);
        second.Id.ShouldNotBe(first.Id);
        purse.Till.A.Trades[first.OutNo].State.ShouldBe(TradeState.Closed);
        purse.Till.A.Pay(second.OutNo, "T2");
        await purse.Till.FollowAsync(TimeSpan.FromSeconds(6));
        (await purse.GainAsync()).ShouldBe("100.0000");
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task The_merchant_bears_the_channels_fee_where_the_operator_says_so(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        (await purse.Desk.SetTermsAsync(new TopUpTermsDraft("10", "500", "700", "100", "24"))).ShouldBeEmpty();
        var top = await purse.AskAsync("100");
        top.FeeMax.ShouldBe(Money.Parse("1"));
        (await purse.Desk.SetTermsAsync(new TopUpTermsDraft("10", "500", "700", "500", "24"))).ShouldBeEmpty();
        await purse.PayAsync(top, "T1");
        // 60 basis points are agreed with the channel, less than what the merchant had to bear at most.
        (await purse.GainAsync(), await purse.Trade.BalanceAsync("fees", 0)).ShouldBe(("99.4000", "0.6000"));
        (await purse.RefusedAsync("9.99", "a"), await purse.RefusedAsync("501", "b"), await purse.RefusedAsync("0.001", "c")).ShouldBe(("below_minimum", "above_maximum", "not_whole_fen"));
        await purse.AskAsync("500", "d");
        (await purse.RefusedAsync("101", "e")).ShouldBe("above_daily_limit");
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I5_One_press_is_one_top_up_and_its_bonus_is_promised_once(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        await purse.RuleAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => purse.Desk.OpenAsync(Trade.Leaf, "100", "once", "merchant:leaf")));
        all.Select(d => ((TopUpDecision.Done)d).Value.Id).Distinct().Count().ShouldBe(1);
        all.Count(d => d is TopUpDecision.Done { IsReplay: false }).ShouldBe(1);
        (await purse.RefusedAsync("200", "once")).ShouldBe("key_conflict");
        (await purse.Bonuses.RunningAsync())[0].Used.ShouldBe(Money.Parse("10"));
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task I6_A_bonus_is_promised_within_its_budget_by_many_at_once_and_given_once(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        await purse.RuleAsync(budget: "25");
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => purse.AskAsync("100", $"k{i}")));
        asked.Count(t => t.Bonus == Money.Parse("10")).ShouldBe(2);
        foreach (var (top, i) in asked.Select((t, i) => (t, i))) await purse.PayAsync(top, $"T{i}");
        (await purse.GainAsync(), await purse.Trade.BalanceAsync("bonus", Trade.Leaf.Value), await purse.Trade.BalanceAsync("marketing", 0)).ShouldBe(("400.0000", "20.0000", "-20.0000"));
        (await purse.Bonuses.RunningAsync())[0].Used.ShouldBe(Money.Parse("20"));
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Of_many_at_once_only_as_many_are_opened_as_the_days_limit_allows(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        var terms = await purse.Desk.TermsAsync();
        (await purse.Desk.SetTermsAsync(new TopUpTermsDraft(terms.Min.ToString(), "100", "150", "0", "24"))).ShouldBeEmpty();
        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => purse.Desk.OpenAsync(Trade.Leaf, "100", $"k{i}", "merchant:leaf")));
        asked.Count(d => d is TopUpDecision.Done).ShouldBe(1);
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_merchants_limits_count_what_it_was_promised(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        var rule = await purse.RuleAsync(times: "1");
        (await purse.AskAsync("100", "k1")).Bonus.ShouldBe(Money.Parse("10"));
        (await purse.AskAsync("100", "k2")).Bonus.ShouldBe(Money.Zero);
        (await purse.AskAsync("100", "k3", Trade.Middle)).Bonus.ShouldBe(Money.Parse("10"));
        (await purse.Bonuses.EndAsync(rule.Id), await purse.Bonuses.EndAsync(rule.Id)).ShouldBe((true, false));
        (await purse.AskAsync("100", "k4", Trade.Top)).Bonus.ShouldBe(Money.Zero);
        await purse.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Bonus_comes_into_the_wallet_as_orders_are_settled_and_not_before(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        await purse.RuleAsync(steps: "100 60");
        // What was settled before the bonus does not count.
        await SellAsync("early");
        await purse.PayAsync(await purse.AskAsync("100"), "T1");
        await purse.StepAsync();
        var before = Money.Parse(await purse.GainAsync());
        (await purse.Trade.BalanceAsync("bonus", Trade.Leaf.Value)).ShouldBe("60.0000");
        await SellAsync("one");
        await purse.StepAsync();
        // An order of 48 brings 48 of the bonus, and the next one the rest.
        (await purse.Trade.BalanceAsync("bonus", Trade.Leaf.Value), Money.Parse(await purse.GainAsync()) - before).ShouldBe(("12.0000", Money.Zero));
        await purse.StepAsync();
        await SellAsync("two");
        await purse.StepAsync();
        await purse.StepAsync();
        (await purse.Trade.BalanceAsync("bonus", Trade.Leaf.Value), Money.Parse(await purse.GainAsync()) - before).ShouldBe(("0.0000", Money.Parse("-36")));
        (await purse.Trade.CountAsync("select count(*) from bonus_meter")).ShouldBe(0);
        await purse.Trade.ProveAsync();

        async Task SellAsync(string key)
        {
            Trade.Done(await purse.Trade.PlaceAsync(key));
            purse.Trade.Clock.Turn(TimeSpan.FromHours(2));
            await purse.Trade.SettleAsync();
            await purse.Trade.World.Get<Modules.Ledger.LedgerFold>().FoldAsync();
        }
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F45_Another_merchants_top_up_is_as_if_it_did_not_exist(DatabaseKind kind)
    {
        await using var purse = await OpenAsync(kind);
        var top = await purse.AskAsync("100");
        (await purse.Desk.FindAsync(top.Id, Trade.Middle)).ShouldBeNull();
        (await purse.Desk.ListAsync(Trade.Middle)).ShouldBeEmpty();
        (await purse.Desk.ListAsync(Trade.Leaf, TopUpState.Open)).ShouldHaveSingleItem().Id.ShouldBe(top.Id);
        (await purse.Desk.ListAsync(null, TopUpState.Paid)).ShouldBeEmpty();
    }
}
