using Lianka.Kernel;
using Lianka.Modules.Orders;
using Lianka.Modules.Payments;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Reconcile;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payments;

/// <summary>F33, F34, I6: statements of channels against payments and ledger, on both databases.</summary>
public sealed class ReconciliationTests
{
    private const string Note = "asked the channel";
    private static readonly Money _fee = Money.Parse("0.30");

    /// <summary>Two orders paid through channel a today.</summary>
    internal sealed record Day(AttemptTests.Till Till, Channel Channel, DateOnly Date, Attempt One, Attempt Two) : IAsyncDisposable
    {
        public Reconciliation Books => Till.Trade.World.Get<Reconciliation>();
        public PaymentCaseDesk Cases => Till.Trade.World.Get<PaymentCaseDesk>();
        public List<StatementLine> Lines { get; } = [Line(One, "T1"), Line(Two, "T2")];

        public static StatementLine Line(Attempt attempt, string trade, string amount = "49.50") =>
            new(attempt.OutNo, trade, null, Money.Parse(amount), _fee, attempt.CreatedAt);

        public async Task<ReconcileDecision> FetchAsync() => await Books.FetchAsync(Channel, Date);

        /// <summary>A day later, its statement is there and empty.</summary>
        public async Task NextDayAsync()
        {
            Till.Trade.Clock.Turn(TimeSpan.FromDays(1));
            await Books.FetchAsync(Channel, Date.AddDays(1));
        }

        public Task<ReconcileDecision> CloseAsync() => Books.CloseAsync(Channel, Date, "operator:one");

        public async Task<PaymentCase> CaseAsync() => (await Cases.ListAsync(isOpen: true)).ShouldHaveSingleItem();

        public async Task<string> RefusedAsync() => (await CloseAsync()).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code;

        public Task<string> BalanceAsync(string kind = "clearing:a") => Till.Trade.BalanceAsync(kind, 0);

        public async ValueTask DisposeAsync() => await Till.DisposeAsync();
    }

    internal static async Task<Day> OpenAsync(DatabaseKind kind)
    {
        var till = await AttemptTests.OpenAsync(kind);
        await till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update channel set state = 'off' where code = 'b'"));
        // Noon in China, so that the two orders and their payments are of one day.
        var now = till.Trade.Clock.Now().ToOffset(TimeSpan.FromHours(8));
        till.Trade.Clock.Turn(new DateTimeOffset(now.Date.AddDays(1).AddHours(12), now.Offset) - now);
        var (one, two) = (await till.StartAsync(await till.ReserveAsync("k1")), await till.StartAsync(await till.ReserveAsync("k2")));
        till.A.Pay(one.OutNo, "T1");
        till.A.Pay(two.OutNo, "T2");
        await till.FollowAsync(TimeSpan.FromSeconds(6));
        var channel = (await till.Trade.World.Get<PaymentChannels>().ListAsync()).First(c => c.Code == "a");
        var day = new Day(till, channel, ChannelDays.Of(till.Trade.Clock.Now()), one, two);
        till.A.Statement = date => date == day.Date ? [.. day.Lines] : [];
        (await day.FetchAsync()).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("not_over");
        till.Trade.Clock.Turn(TimeSpan.FromDays(1));
        return day;
    }

    private static void Ok(ReconcileDecision decision) => decision.ShouldBeOfType<ReconcileDecision.Done>();

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_day_that_agrees_is_closed_by_itself_and_the_clearing_account_is_what_the_channel_owes(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        var worker = day.Till.Trade.World.Get<StatementWorker>();
        await worker.StepAsync(default);
        var closed = (await day.Books.FindAsync(day.Channel.Id, day.Date))!;
        (closed.State, closed.Lines, closed.Net.ToString(), closed.Fees.ToString(), closed.Ledger.ToString()).ShouldBe((ChannelDayState.Closed, 2, "99.0000", "0.6000", "99.0000"));
        (await day.BalanceAsync(), await day.BalanceAsync("fees")).ShouldBe(("-98.4000", "-0.6000"));
        (await day.FetchAsync()).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("closed");
        Ok(await day.CloseAsync());
        await worker.StepAsync(default);
        Ok(await day.Books.PayOutAsync(day.Channel, "98.40", "B1", "operator:one"));
        (await day.Books.PayOutAsync(day.Channel, "98.40", "B1", "operator:one")).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("taken");
        (await day.BalanceAsync()).ShouldBe("0.0000");
        await day.Till.Trade.ProveAsync();
        await day.Till.Trade.World.Database.WriteAsync(s => s.ExecuteAsync("update statement_line set out_no = 'other' where trade_no = 'T1'"));
        (await day.Till.Trade.World.Database.ReadAsync(Reconciliation.ProveAsync)).ShouldBe([$"channel=a day={closed.Day}"]);
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F33_A_statement_that_is_read_twice_changes_nothing(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        day.Lines[1] = Day.Line(day.Two, "T2", "49.49");
        Ok(await day.FetchAsync());
        var first = await day.CaseAsync();
        day.Lines.Reverse();
        Ok(await day.FetchAsync());
        (await day.CaseAsync()).ShouldBe(first);
        (await day.Till.Trade.CountAsync("select count(*) from statement_line")).ShouldBe(2);
        // The channel corrects its statement: the case is gone by itself.
        day.Lines[0] = Day.Line(day.Two, "T2");
        Ok(await day.FetchAsync());
        (await day.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        Ok(await day.CloseAsync());
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F33_One_fen_off_is_a_case_that_two_persons_write_off(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        day.Lines[1] = Day.Line(day.Two, "T2", "49.49");
        await day.FetchAsync();
        var open = await day.CaseAsync();
        (open.Kind, open.Ours!.Value.ToString(), open.Theirs!.Value.ToString(), open.AttemptId).ShouldBe(("amount_differs", "49.5000", "49.4900", day.Two.Id));
        (await day.RefusedAsync()).ShouldBe("differences");
        (await day.Cases.BookAsync(open.Id, "operator:one", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("no_gain");
        (await day.Cases.WriteOffAsync(open.Id, "operator:one", " ")).ShouldBeOfType<ReconcileDecision.Refused>().Error.Field.ShouldBe("note");
        (await day.Cases.WriteOffAsync(open.Id, "operator:one", Note)).ShouldBe(new ReconcileDecision.Done(IsAsked: true));
        (await day.Cases.WriteOffAsync(open.Id, "operator:one", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("same_person");
        (await day.BalanceAsync("loss")).ShouldBe("0.0000");
        Ok(await day.Cases.WriteOffAsync(open.Id, "operator:two", Note));
        (await day.Cases.WriteOffAsync(open.Id, "operator:three", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("settled");
        Ok(await day.FetchAsync());
        Ok(await day.CloseAsync());
        (await day.BalanceAsync(), await day.BalanceAsync("loss")).ShouldBe(("-98.3900", "-0.0100"));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F33_A_missing_line_may_stand_in_the_next_days_statement_and_is_a_case_after_that(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        day.Lines.RemoveAt(1);
        await day.FetchAsync();
        (await day.RefusedAsync()).ShouldBe("in_flight");
        await day.NextDayAsync();
        var open = await day.CaseAsync();
        (open.Kind, open.Ours!.Value.ToString(), open.Theirs!.Value.ToString(), open.Day).ShouldBe(("missing_there", "49.5000", "0.0000", ChannelDays.Text(day.Date)));
        await day.Cases.WriteOffAsync(open.Id, "operator:one", Note);
        Ok(await day.Cases.WriteOffAsync(open.Id, "operator:two", Note));
        Ok(await day.CloseAsync());
        (await day.BalanceAsync()).ShouldBe("-49.2000");
        // It comes after all: the money is more than the books say by now.
        day.Till.A.Statement = date => date == day.Date.AddDays(1) ? [Day.Line(day.Two, "T2")] : [];
        await day.Books.FetchAsync(day.Channel, day.Date.AddDays(1));
        var late = await day.CaseAsync();
        (late.Kind, late.Gain.ToString()).ShouldBe(("ledger_differs", "49.5000"));
        Ok(await day.Cases.BookAsync(late.Id, "operator:one", Note));
        Ok(await day.Books.CloseAsync(day.Channel, day.Date.AddDays(1), "operator:one"));
        (await day.BalanceAsync(), await day.BalanceAsync("suspense")).ShouldBe(("-98.4000", "49.5000"));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Near_midnight_the_next_days_statement_settles_it(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        day.Lines.RemoveAt(1);
        await day.FetchAsync();
        day.Till.A.Statement = date => date == day.Date.AddDays(1) ? [Day.Line(day.Two, "T2")] : [.. day.Lines];
        await day.NextDayAsync();
        (await day.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        Ok(await day.CloseAsync());
        Ok(await day.Books.CloseAsync(day.Channel, day.Date.AddDays(1), "operator:one"));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Unknown_money_is_booked_as_nobodys_and_may_go_back_at_the_channel(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        day.Lines.Add(new StatementLine("not-ours", "X1", null, Money.Parse("8.88"), Money.Zero, day.One.CreatedAt));
        day.Lines.Add(new StatementLine("not-ours", "X2", "their-own", Money.Parse("1.00"), Money.Zero, day.One.CreatedAt));
        await day.FetchAsync();
        var cases = (await day.Cases.ListAsync(isOpen: true)).ToDictionary(c => c.Kind);
        (await day.Cases.WriteOffAsync(cases["unknown_money"].Id, "operator:one", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("no_loss");
        Ok(await day.Cases.BookAsync(cases["unknown_money"].Id, "operator:one", Note));
        (await day.Cases.BookAsync(cases["unknown_refund"].Id, "operator:one", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("no_gain");
        await day.Cases.WriteOffAsync(cases["unknown_refund"].Id, "operator:one", Note);
        Ok(await day.Cases.WriteOffAsync(cases["unknown_refund"].Id, "operator:two", Note));
        Ok(await day.CloseAsync());
        day.Till.A.Statement = _ => [new StatementLine("not-ours", "X1", "by-hand", Money.Parse("8.88"), Money.Zero, day.One.CreatedAt)];
        await day.NextDayAsync();
        Ok(await day.Cases.BookAsync((await day.CaseAsync()).Id, "operator:one", Note));
        Ok(await day.Books.CloseAsync(day.Channel, day.Date.AddDays(1), "operator:one"));
        (await day.BalanceAsync("suspense"), await day.BalanceAsync("loss"), await day.BalanceAsync()).ShouldBe(("0.0000", "-1.0000", "-97.4000"));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_that_only_the_statement_knows_of_is_taken_as_by_notice(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        var order = await day.Till.ReserveAsync("k3");
        var third = await day.Till.StartAsync(order);
        await day.Till.FollowAsync(TimeSpan.FromMinutes(16));
        day.Lines.Add(Day.Line(third, "T3"));
        await day.FetchAsync();
        // Their book does not say so: the statement alone is no proof.
        (await day.CaseAsync()).Kind.ShouldBe("unpaid_here");
        day.Till.A.Pay(third.OutNo, "T3");
        await day.FetchAsync();
        (await day.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        (await day.Till.StatusAsync(order)).ShouldBe(OrderStatus.Delivered);
        Ok(await day.CloseAsync());
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Refunds_are_matched_by_their_number(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        await day.FetchAsync();
        var order = (await day.Till.Trade.Desk.FindAsync((await day.Till.Trade.World.Database.ReadAsync(
            s => s.FirstAsync<Payment>("select * from payment where id = @PaymentId", new { day.One.PaymentId })))!.OrderId!.Value))!;
        Trade.Done(await day.Till.Trade.RefundAsync(order, 1));
        await day.Till.RefundAsync();
        var refund = (await day.Till.Desk.RefundsAsync(order.Id)).ShouldHaveSingleItem();
        StatementLine back = new(day.One.OutNo, "T1", PublicId.Encode(refund.Id), refund.Amount, -_fee, day.One.CreatedAt);
        day.Till.A.Statement = date => date > day.Date ? [back] : [.. day.Lines];
        await day.NextDayAsync();
        Ok(await day.CloseAsync());
        Ok(await day.Books.CloseAsync(day.Channel, day.Date.AddDays(1), "operator:one"));
        // They returned the fee.
        (await day.BalanceAsync(), await day.BalanceAsync("fees")).ShouldBe(("-49.2000", "-0.3000"));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task F34_A_charge_back_is_a_loss_that_two_persons_agree_to_and_the_statement_then_knows(DatabaseKind kind)
    {
        await using var day = await OpenAsync(kind);
        (await day.Cases.ChargeBackAsync(day.One.Id, "49.51", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("too_much");
        Ok(await day.Cases.ChargeBackAsync(day.One.Id, "49.50", Note));
        (await day.Cases.ChargeBackAsync(day.One.Id, "49.50", Note)).ShouldBeOfType<ReconcileDecision.Refused>().Error.Code.ShouldBe("known");
        var open = (await day.Cases.ListAsync(isOpen: true, payment: day.One.PaymentId)).ShouldHaveSingleItem();
        await day.Cases.WriteOffAsync(open.Id, "operator:one", Note);
        Ok(await day.Cases.WriteOffAsync(open.Id, "operator:two", Note));
        day.Lines.Add(new StatementLine(day.One.OutNo, "T1", "", Money.Parse("49.50"), Money.Zero, day.One.CreatedAt));
        await day.FetchAsync();
        Ok(await day.CloseAsync());
        (await day.BalanceAsync(), await day.BalanceAsync("loss")).ShouldBe(("-48.9000", "-49.5000"));
        await day.Till.Trade.ProveAsync();
    }
}
