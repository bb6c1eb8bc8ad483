using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lianka.Kernel;
using Lianka.Modules.Consoles;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Consoles;
using Lianka.Tests.Integration.Shop;

namespace Lianka.Tests.Integration.Payments;

/// <summary>
/// F33, F34: guests pay through the simulator, which is another process; its statements, in each channel's own form, are fetched when the day is over, and
/// differ. Cases are settled until the day is closed with its proof.
/// </summary>
public sealed class SimulatedStatementTests(SimulatorProcess process) : IClassFixture<SimulatorProcess>
{
    private const string Note = "asked the channel";

    private Channels.ChannelSimulator Simulator => process.Simulator;

    public static TheoryData<DatabaseKind, string> Protocols => Of("wechat", "alipay", "unionpay", "stripe", "epay1", "epay2");

    /// <summary>Those whose statements tell what went back.</summary>
    public static TheoryData<DatabaseKind, string> TellingRefunds => Of("wechat", "alipay", "unionpay", "stripe");

    private static TheoryData<DatabaseKind, string> Of(params string[] protocols)
    {
        var data = new TheoryData<DatabaseKind, string>();
        foreach (var protocol in protocols)
        {
            data.Add(DatabaseKind.Sqlite, protocol);
            data.Add(DatabaseKind.Postgres, protocol);
        }

        return data;
    }

    /// <summary>A shop with one channel, and a simulator whose clock goes with the node's; it is noon in China.</summary>
    private sealed record Till(ShopWorld World, TurnedClock Clock, Channels.ChannelSimulator Simulator, Channel Channel) : IAsyncDisposable
    {
        public Reconciliation Books => World.Http.Get<Reconciliation>();
        public PaymentCaseDesk Cases => World.Http.Get<PaymentCaseDesk>();
        public DateOnly Today => ChannelDays.Of(Clock.Now());

        public async Task TurnAsync(TimeSpan by)
        {
            Clock.Turn(by);
            using var answer = await Simulator.Client.PostAsync($"/sim/clock?turn_ms={(long)by.TotalMilliseconds}", null);
            answer.EnsureSuccessStatusCode();
        }

        /// <summary>A guest buys, pays at the channel and opens the goods.</summary>
        public async Task<(OrderId Order, Attempt Attempt)> SellAsync()
        {
            var guest = World.NewGuest();
            var order = Guest.OrderOf(await guest.BuyAsync(await guest.ProductAsync()));
            var attempt = (await World.Payments.StartAsync(order, new PayAsk(World.Merchant, null, PayDevices.Desktop, "goods", "https://shop.example/back")))!.Attempt.ShouldNotBeNull();
            if (attempt.Shape == PayShape.Redirect) await Simulator.Client.GetStringAsync(attempt.PayValue);
            if (attempt.Shape == PayShape.Form)
            {
                using var sent = await Simulator.Client.PostAsync(attempt.PayValue, new FormUrlEncodedContent(JsonSerializer.Deserialize<Dictionary<string, string>>(attempt.PayFields!)!));
                sent.EnsureSuccessStatusCode();
            }

            await Simulator.TellAsync(attempt.OutNo, "pay");
            // Where no notice comes, our own question finds the money.
            await TurnAsync(TimeSpan.FromSeconds(6));
            await ShopWorld.UntilAsync(async () => (await World.Orders.FindAsync(order))!.Status == OrderStatus.Delivered);
            (await guest.GetAsync($"/s/{ShopWorld.Slug}/o/{order}")).Html.ShouldContain("CARD-");
            return (order, attempt);
        }

        public async Task FetchAsync(DateOnly day) => (await Books.FetchAsync(Channel, day)).ShouldBeOfType<ReconcileDecision.Done>();

        public async Task<PaymentCase> CaseAsync() => (await Cases.ListAsync(isOpen: true)).ShouldHaveSingleItem();

        public async Task WriteOffAsync(PaymentCase open)
        {
            (await Cases.WriteOffAsync(open.Id, "operator:one", Note)).ShouldBe(new ReconcileDecision.Done(IsAsked: true));
            (await Cases.WriteOffAsync(open.Id, "operator:one", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("same_person");
            (await Cases.WriteOffAsync(open.Id, "operator:two", Note)).ShouldBeOfType<ReconcileDecision.Done>();
        }

        public async Task<ChannelDay> CloseAsync(DateOnly day)
        {
            (await Books.CloseAsync(Channel, day, "operator:one")).ShouldBeOfType<ReconcileDecision.Done>();
            var closed = (await Books.FindAsync(Channel.Id, day))!;
            (closed.State, closed.Proof?.Length).ShouldBe((ChannelDayState.Closed, 64));
            return closed;
        }

        public Task<string> BalanceAsync(string kind) => World.Database.ReadAsync(async s => new Money(await s.ScalarAsync<long>(
            """
            select cast(coalesce(sum(case when a.id = t.credit_account then t.amount else -t.amount end), 0) as bigint)
            from account a join transfer t on a.id in (t.credit_account, t.debit_account) where a.kind = @kind and a.party_id = 0
            """, new { kind })).ToString());

        public async Task ProveAsync()
        {
            var output = new StringWriter();
            (await Host.Proof.Verification.RunAsync(World.Database, Clock, output)).ShouldBeTrue(output.ToString());
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();
    }

    private async Task<Till> OpenAsync(DatabaseKind kind, string protocol)
    {
        // Fresh databases number alike.
        using var reset = await Simulator.Client.PostAsync("/sim/reset", null);
        reset.EnsureSuccessStatusCode();
        var clock = new TurnedClock();
        var world = await ShopWorld.CreateAsync(kind, clock: clock);
        await world.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off'"));
        var identity = (await Simulator.IdentitiesAsync(protocol))[0];
        var values = ((JsonObject)identity["values"]!).ToDictionary(v => v.Key, v => (string)v.Value!);
        var made = await world.Http.Get<PaymentChannels>().CreateAsync(new ChannelDraft
        {
            Code = protocol, Protocol = protocol, NameZh = protocol, NameEn = protocol, BaseUrl = (string)identity["base_url"]!, Values = values,
        });
        var till = new Till(world, clock, Simulator, made.ShouldBeOfType<ChannelDecision.Saved>().Value);
        var china = clock.Now().ToOffset(TimeSpan.FromHours(8));
        await till.TurnAsync(new DateTimeOffset(china.Date.AddDays(1).AddHours(12), china.Offset) - china);
        return till;
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task F33_A_missing_line_and_one_fen_off_are_cases_and_the_settled_day_closes_with_a_proof(DatabaseKind kind, string protocol)
    {
        await using var till = await OpenAsync(kind, protocol);
        for (var i = 0; i < 3; i++) await till.SellAsync();
        await Simulator.BehaveAsync(new JsonObject { ["statement_missing"] = 1, ["statement_fen_off"] = 1 });
        var day = till.Today;
        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day);
        var off = await till.CaseAsync();
        (off.Kind, off.Gain.ToString(), off.Day).ShouldBe(("amount_differs", "0.0100", ChannelDays.Text(day)));
        (await till.Cases.BookAsync(off.Id, "operator:one", Note)).ShouldBeOfType<ReconcileDecision.Done>();
        (await till.Books.CloseAsync(till.Channel, day, "operator:one")).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("in_flight");

        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day.AddDays(1));
        var missing = await till.CaseAsync();
        (missing.Kind, missing.Gain.ToString(), missing.Day).ShouldBe(("missing_there", "-49.5000", ChannelDays.Text(day)));
        await till.WriteOffAsync(missing);
        var closed = await till.CloseAsync(day);
        var fees = protocol.StartsWith("epay", StringComparison.Ordinal) ? "0.0000" : "0.6000";
        (closed.Lines, closed.Net.ToString(), closed.Fees.ToString(), closed.Agrees).ShouldBe((2, "99.0100", fees, true));
        await till.CloseAsync(day.AddDays(1));
        (await till.BalanceAsync($"clearing:{protocol}")).ShouldBe((Money.Parse("-99.01") + Money.Parse(fees)).ToString());
        (await till.BalanceAsync("loss"), await till.BalanceAsync("suspense")).ShouldBe(("-49.5000", "0.0100"));
        await till.ProveAsync();
    }

    [Theory, MemberData(nameof(TellingRefunds))]
    public async Task F34_A_charge_back_after_the_goods_were_opened_stands_in_a_later_statement_and_is_written_off_by_two(DatabaseKind kind, string protocol)
    {
        await using var till = await OpenAsync(kind, protocol);
        var (order, attempt) = await till.SellAsync();
        var day = till.Today;
        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day);
        await till.CloseAsync(day);
        await Simulator.TellAsync(attempt.OutNo, "charge-back");
        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day.AddDays(1));
        var back = await till.CaseAsync();
        (back.Kind, back.Gain.ToString(), back.AttemptId, back.OrderId).ShouldBe(("unknown_refund", "-49.5000", attempt.Id, order));
        (await till.Cases.BookAsync(back.Id, "operator:one", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("no_gain");
        await till.WriteOffAsync(back);
        await till.CloseAsync(day.AddDays(1));
        (await till.BalanceAsync("loss")).ShouldBe("-49.5000");
        // What the channel kept of the payment, and Stripe for the dispute, is all that is left of it.
        (await till.BalanceAsync($"clearing:{protocol}")).ShouldBe(protocol == "stripe" ? "15.3000" : "0.3000");
        await till.ProveAsync();
    }

    [Theory, MemberData(nameof(TellingRefunds))]
    public async Task F34_A_charge_back_that_a_person_told_of_first_is_the_one_of_the_statement(DatabaseKind kind, string protocol)
    {
        await using var till = await OpenAsync(kind, protocol);
        var (_, attempt) = await till.SellAsync();
        var day = till.Today;
        (await till.Cases.ChargeBackAsync(attempt.Id, "49.50", "their letter")).ShouldBeOfType<ReconcileDecision.Done>();
        await till.WriteOffAsync(await till.CaseAsync());
        await Simulator.TellAsync(attempt.OutNo, "charge-back");
        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day);
        (await till.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        await till.CloseAsync(day);
        (await till.BalanceAsync("loss")).ShouldBe("-49.5000");
        await till.ProveAsync();
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task F33_What_was_given_back_whole_agrees_with_the_statement(DatabaseKind kind, string protocol)
    {
        await using var till = await OpenAsync(kind, protocol);
        var (order, _) = await till.SellAsync();
        await till.SellAsync();
        (await till.World.Orders.RunAsync(new OrderCommand.Refund(order, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        await ShopWorld.UntilAsync(async () => (await till.World.Payments.RefundsAsync(order)) is [{ State: RefundState.Done }]);
        var day = till.Today;
        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day);
        (await till.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        var isTold = !protocol.StartsWith("epay", StringComparison.Ordinal);
        (await till.CloseAsync(day)).Net.ToString().ShouldBe(isTold ? "49.5000" : "99.0000");
        (await till.BalanceAsync($"clearing:{protocol}")).ShouldBe(protocol switch { "stripe" => "-48.9000", _ when isTold => "-49.2000", _ => "-49.5000" });
        await till.ProveAsync();
    }

    [Theory, MemberData(nameof(TellingRefunds))]
    public async Task F33_A_file_that_the_operator_uploads_counts_once_and_another_days_or_merchants_is_refused(DatabaseKind kind, string protocol)
    {
        await using var till = await OpenAsync(kind, protocol);
        await till.World.Http.Get<People>().CreateAsync("zhou", Visitor.Password, Roles.Operator, 0, "Zhou");
        var (order, one) = await till.SellAsync();
        var (_, two) = await till.SellAsync();
        (await till.World.Orders.RunAsync(new OrderCommand.Refund(order, 1, "test", "k1", "test"))).ShouldBeOfType<OrderDecision.Done>();
        await ShopWorld.UntilAsync(async () => (await till.World.Payments.RefundsAsync(order)) is [{ State: RefundState.Done }]);
        var day = till.Today;
        await till.TurnAsync(TimeSpan.FromDays(1));
        var (own, other) = (await FileAsync(protocol, 0, day), await FileAsync(protocol, 1, day));
        const string Address = "/console/reconciliation/upload";
        var visitor = await Visitor.LoggedInAsync(till.World.Http, "zhou");
        var form = await visitor.GetAsync(Address);

        async Task<string> RefusedAsync(byte[] file, DateOnly at)
        {
            var page = await visitor.PostFileAsync(form, Address, "statement", file, ("channel", protocol), ("day", ChannelDays.Text(at)));
            page.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await till.World.CountAsync("select count(*) from statement_line")).ShouldBe(0);
            return page.Html;
        }

        (await RefusedAsync(own, day.AddDays(-1))).ShouldContain("It is of another day.");
        (await RefusedAsync(own, day.AddDays(1))).ShouldContain("This day is not over");
        // Stripe's says nowhere whose it is, but none of its lines is of a payment of ours.
        if (protocol == "stripe") other = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(own).Replace(one.OutNo, "1", StringComparison.Ordinal).Replace(two.OutNo, "2", StringComparison.Ordinal));
        (await RefusedAsync(other, day)).ShouldContain(protocol == "wechat" ? "It has no line" : "It is for another merchant number.");
        await RefusedAsync(own[..(own.Length / 2)], day);
        await RefusedAsync([], day);

        for (var times = 0; times < 2; times++)
        {
            (await visitor.PostFileAsync(form, Address, "statement", own, ("channel", protocol), ("day", ChannelDays.Text(day)))).Path.ShouldBe($"/console/reconciliation/{protocol}/{ChannelDays.Text(day)}");
            (await till.World.CountAsync("select count(*) from statement_line")).ShouldBe(3);
            (await till.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        }

        // What the channel itself says is the same.
        await till.FetchAsync(day);
        (await till.World.CountAsync("select count(*) from statement_line")).ShouldBe(3);
        await till.CloseAsync(day);
        (await visitor.PostFileAsync(form, Address, "statement", own, ("channel", protocol), ("day", ChannelDays.Text(day)))).Html.ShouldContain("This day is closed");
        await till.ProveAsync();
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task F33_Money_for_nobody_goes_back_by_the_channels_own_call_and_its_line_days_later_is_known(DatabaseKind kind, string protocol)
    {
        await using var till = await OpenAsync(kind, protocol);
        var (_, attempt) = await till.SellAsync();
        using (var made = await Simulator.Client.PostAsync($"/sim/trades/{attempt.OutNo}/foreign?out_no=another-shop-1&fen=888", null)) made.EnsureSuccessStatusCode();
        var day = till.Today;
        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day);
        var open = await till.CaseAsync();
        (open.Kind, open.Gain.ToString()).ShouldBe(("unknown_money", "8.8800"));
        (await till.Cases.GiveBackAsync(open.Id, "operator:one", Note)).ShouldBe(new ReconcileDecision.Done());
        await ShopWorld.UntilAsync(async () =>
        {
            // Whatever is asked again later is due by then.
            await till.TurnAsync(TimeSpan.FromSeconds(2));
            return (await till.Cases.ListAsync(isOpen: false)) is [{ Return: RefundState.Done }];
        });
        (await till.BalanceAsync("suspense")).ShouldBe("0.0000");
        await till.CloseAsync(day);
        await till.TurnAsync(TimeSpan.FromDays(1));
        await till.FetchAsync(day.AddDays(1));
        (await till.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        var closed = await till.CloseAsync(day.AddDays(1));
        var isTold = !protocol.StartsWith("epay", StringComparison.Ordinal);
        (closed.Lines, closed.Net.ToString()).ShouldBe(isTold ? (1, "-8.8800") : (0, "0.0000"));
        var summary = JsonNode.Parse(await Simulator.Client.GetStringAsync("/sim/summary"))!;
        ((int)summary["refunds"]!, (int)summary["refunded_fen"]!).ShouldBe((1, 888));
        await till.ProveAsync();
    }

    private async Task<byte[]> FileAsync(string protocol, int merchant, DateOnly day) => await Simulator.Client.GetByteArrayAsync(
        $"/sim/statement?channel={protocol}:{(string)(await Simulator.IdentitiesAsync(protocol))[merchant]["merchant"]!}&day={ChannelDays.Text(day)}");
}
