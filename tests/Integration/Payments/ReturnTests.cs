using Lianka.Kernel;
using Lianka.Modules.Payments;
using Lianka.Platform.Data;
using Lianka.Tests.Integration.Orders;

namespace Lianka.Tests.Integration.Payments;

/// <summary>F30, F33, I7: money that only a statement knows of goes back by a button, once, and its line in a later statement is known.</summary>
public sealed class ReturnTests
{
    private const string Note = "not ours";

    private static async Task<(ReconciliationTests.Day Day, PaymentCase Case)> OpenAsync(DatabaseKind kind, string amount = "8.88")
    {
        var day = await ReconciliationTests.OpenAsync(kind);
        day.Lines.Add(new StatementLine("not-ours", "X1", null, Money.Parse(amount), Money.Zero, day.One.CreatedAt));
        await day.FetchAsync();
        return (day, await day.CaseAsync());
    }

    private static async Task<Refund> RefundAsync(ReconciliationTests.Day day) =>
        (await day.Till.Trade.World.Database.ReadAsync(s => s.QueryAsync<Refund>("select * from channel_refund where line_id is not null"))).ShouldHaveSingleItem();

    private static string Code(ReconcileDecision decision) => decision.ShouldBeOfType<ReconcileDecision.Refused>().Error.Code;

    private static void Ok(ReconcileDecision decision) => decision.ShouldBe(new ReconcileDecision.Done());

    /// <summary>The next day's statement has the refund under our number, and both days close.</summary>
    private static async Task NextDayAsync(ReconciliationTests.Day day, Refund refund, string trade = "X1")
    {
        StatementLine back = new("not-ours", trade, refund.OutNo, refund.Amount, Money.Zero, day.One.CreatedAt.AddDays(1));
        day.Till.A.Statement = date => date > day.Date ? [back] : [.. day.Lines];
        await day.NextDayAsync();
        (await day.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        Ok(await day.CloseAsync());
        Ok(await day.Books.CloseAsync(day.Channel, day.Date.AddDays(1), "operator:one"));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Money_for_nobody_goes_back_and_its_line_of_a_later_day_is_known(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        (await day.Cases.ReturnsAsync([open]))[open.Id].ShouldBeNull();
        Code(await day.Cases.GiveBackAsync(open.Id, "operator:one", " ")).ShouldBe("bad_note");
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        (await day.BalanceAsync("suspense")).ShouldBe("8.8800");
        (await day.Cases.ListAsync(isOpen: false)).ShouldHaveSingleItem().Return.ShouldBe(RefundState.Pending);
        await day.Till.RefundAsync();
        var refund = await RefundAsync(day);
        var told = day.Till.A.Refunds.ShouldHaveSingleItem().Value.Refund;
        (told.RefundNo, told.Trade.TradeNo, told.Trade.OutNo, told.Amount.ToString(), told.Paid.ToString(), told.IsOfStatement).ShouldBe((refund.OutNo, "X1", "not-ours", "8.8800", "8.8800", true));
        (refund.State, refund.Way).ShouldBe((RefundState.Done, RefundWay.Channel));
        (await day.BalanceAsync("suspense"), await day.BalanceAsync()).ShouldBe(("0.0000", "-99.0000"));
        Code(await day.Cases.GiveBackAsync(open.Id, "operator:two", Note)).ShouldBe("not_returnable");
        await NextDayAsync(day, refund);
        (await day.BalanceAsync("suspense"), await day.BalanceAsync()).ShouldBe(("0.0000", "-98.4000"));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Eight_who_press_at_once_give_it_back_once(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        var pressed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => i % 4 == 3
            ? day.Cases.BookAsync(open.Id, $"operator:{i}", Note) : day.Cases.GiveBackAsync(open.Id, $"operator:{i}", Note))));
        pressed.Count(p => p is ReconcileDecision.Done).ShouldBeInRange(1, 2, "Booked first it may be given back after.");
        await day.Till.RefundAsync();
        day.Till.A.Refunds.Count.ShouldBe(1);
        (await day.BalanceAsync("suspense")).ShouldBe("0.0000");
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_was_booked_before_can_still_go_back_and_not_twice_when_it_went_in_the_console(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        Ok(await day.Cases.BookAsync(open.Id, "operator:one", Note));
        // Somebody gave a part back in the company's console: then the button would give back more than came.
        day.Lines.Add(new StatementLine("not-ours", "X1", "by-hand", Money.Parse("0.88"), Money.Zero, day.One.CreatedAt));
        await day.FetchAsync();
        var console = await day.CaseAsync();
        Ok(await day.Cases.BookAsync(console.Id, "operator:one", Note));
        Code(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note)).ShouldBe("not_returnable");
        // The whole of another one goes by the button; a line of the console is then no part of it.
        day.Lines.Add(new StatementLine("not-ours-2", "X2", null, Money.Parse("5"), Money.Zero, day.One.CreatedAt));
        await day.FetchAsync();
        var second = await day.CaseAsync();
        Ok(await day.Cases.BookAsync(second.Id, "operator:one", Note));
        Ok(await day.Cases.GiveBackAsync(second.Id, "operator:one", Note));
        day.Lines.Add(new StatementLine("not-ours-2", "X2", "by-hand-2", Money.Parse("5"), Money.Zero, day.One.CreatedAt));
        await day.FetchAsync();
        Code(await day.Cases.BookAsync((await day.CaseAsync()).Id, "operator:one", Note)).ShouldBe("no_gain");
        await day.Till.RefundAsync();
        (await day.BalanceAsync("suspense")).ShouldBe("8.0000");
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Where_the_channel_has_no_call_for_it_nothing_is_booked_and_it_says_so(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        day.Till.A.GivesNothingBack = new FieldError("case", "no_refunds", "Not here.", "这里不行。");
        (await day.Cases.ReturnsAsync([open]))[open.Id]!.Code.ShouldBe("no_refunds");
        Code(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note)).ShouldBe("no_refunds");
        (await day.BalanceAsync("suspense")).ShouldBe("0.0000");
        Ok(await day.Cases.BookAsync(open.Id, "operator:one", Note));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task From_the_limit_on_two_persons_agree(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind, "500");
        await using var _ = day;
        (await day.Cases.GiveBackAsync(open.Id, "operator:one", Note)).ShouldBe(new ReconcileDecision.Done(IsAsked: true));
        Code(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note)).ShouldBe("same_person");
        (await day.BalanceAsync("suspense")).ShouldBe("0.0000");
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:two", "yes"));
        (await day.Cases.ListAsync(isOpen: false)).ShouldHaveSingleItem().Note.ShouldBe($"operator:one: {Note}; yes");
        await day.Till.RefundAsync();
        await NextDayAsync(day, await RefundAsync(day));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Unknown_stays_unknown_until_the_channel_says_so(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        day.Till.A.RefundsEnd = RefundOutcome.Pending;
        day.Till.A.OnRefund = () => throw new ChannelException("the answer is lost");
        await day.Till.RefundAsync();
        (await RefundAsync(day)).State.ShouldBe(RefundState.Pending);
        (await day.BalanceAsync("suspense")).ShouldBe("8.8800");
        // It is asked about, and not told again.
        day.Till.A.OnRefund = () => throw new InvalidOperationException("told twice");
        var number = (await RefundAsync(day)).OutNo;
        day.Till.A.Refunds[number] = day.Till.A.Refunds[number] with { Outcome = RefundOutcome.Done };
        day.Till.Trade.Clock.Turn(TimeSpan.FromMinutes(1));
        await day.Till.RefundAsync();
        (await RefundAsync(day)).State.ShouldBe(RefundState.Done);
        day.Till.A.Refunds.Count.ShouldBe(1);
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Refused_it_is_a_case_that_is_told_again_or_ended_by_hand(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        day.Till.A.OnRefund = () => throw new ChannelRefusedException("TOO_LATE", "after a year");
        await day.Till.RefundAsync();
        var refused = await day.CaseAsync();
        (refused.Kind, refused.Detail, refused.OrderId).ShouldBe((PaymentCase.RefundFailed, "TOO_LATE", null));
        (await day.BalanceAsync("suspense")).ShouldBe("8.8800");
        Code(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note)).ShouldBe("not_returnable");
        var refunds = day.Till.Trade.World.Get<RefundDesk>();
        day.Till.A.Refunds.Clear();
        Ok(await refunds.RetryAsync(refused.Id, "operator:one"));
        await day.Till.RefundAsync();
        (await day.CaseAsync()).Id.ShouldBe(refused.Id);
        // In the channel's console: the statement's line has a number of its own, and is known by the trade.
        Ok(await refunds.ByHandAsync(refused.Id, isAtChannel: true, "C1", "operator:one"));
        (await day.BalanceAsync("suspense"), await day.BalanceAsync()).ShouldBe(("0.0000", "-99.0000"));
        day.Till.A.Statement = date => date > day.Date ? [new StatementLine("not-ours", "X1", "their-own", Money.Parse("8.88"), Money.Zero, day.One.CreatedAt)] : [.. day.Lines];
        await day.NextDayAsync();
        (await day.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        Ok(await day.CloseAsync());
        Ok(await day.Books.CloseAsync(day.Channel, day.Date.AddDays(1), "operator:one"));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_went_back_in_the_console_is_the_line_of_its_trade_and_amount_and_of_no_other(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        await InTheConsoleAsync(day, open);
        List<StatementLine> back = [Back(day, "X2"), Back(day, "X1", "8.87")];
        day.Till.A.Statement = date => date > day.Date ? [.. back] : [.. day.Lines];
        await day.NextDayAsync();
        var others = await day.Cases.ListAsync(isOpen: true);
        others.Select(c => $"{c.Kind} {c.Detail} {c.Gain}").Order(StringComparer.Ordinal).ShouldBe(["unknown_refund X1 -8.8700", "unknown_refund X2 -8.8800"]);
        (await LinkedAsync(day)).ShouldBe(0);
        back.Add(Back(day, "X1"));
        await day.Books.FetchAsync(day.Channel, day.Date.AddDays(1));
        (await day.Cases.ListAsync(isOpen: true)).Select(c => c.Id).ShouldBe(others.Select(c => c.Id), ignoreOrder: true);
        (await LinkedAsync(day), await LinkedAsync(day, "and trade_no = 'X1' and amount = 88800")).ShouldBe((1, 1));
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_went_back_in_the_console_is_one_line_when_another_day_has_it_again(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        await InTheConsoleAsync(day, open);
        day.Till.A.Statement = date => date == day.Date ? [.. day.Lines] : [Back(day, "X1", number: $"by-hand-{date:dd}")];
        await day.NextDayAsync();
        (await day.Cases.ListAsync(isOpen: true)).ShouldBeEmpty();
        day.Till.Trade.Clock.Turn(TimeSpan.FromDays(1));
        await day.Books.FetchAsync(day.Channel, day.Date.AddDays(2));
        var again = await day.CaseAsync();
        (again.Kind, again.Detail).ShouldBe(("unknown_refund", "X1"));
        (await LinkedAsync(day)).ShouldBe(1);
        await day.Till.Trade.ProveAsync();
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task What_the_channel_gave_back_by_our_call_is_no_line_of_its_console(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        await day.Till.RefundAsync();
        day.Till.A.Statement = date => date > day.Date ? [Back(day, "X1")] : [.. day.Lines];
        await day.NextDayAsync();
        var twice = await day.CaseAsync();
        (twice.Kind, twice.Detail).ShouldBe(("unknown_refund", "X1"));
        (await LinkedAsync(day)).ShouldBe(0);
        await day.Till.Trade.ProveAsync();
    }

    /// <summary>The channel refuses, and a person gives it back in the channel's console.</summary>
    private static async Task InTheConsoleAsync(ReconciliationTests.Day day, PaymentCase open)
    {
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        day.Till.A.OnRefund = () => throw new ChannelRefusedException("TOO_LATE", "after a year");
        await day.Till.RefundAsync();
        Ok(await day.Till.Trade.World.Get<RefundDesk>().ByHandAsync((await day.CaseAsync()).Id, isAtChannel: true, "C1", "operator:one"));
    }

    private static StatementLine Back(ReconciliationTests.Day day, string trade, string amount = "8.88", string? number = null) =>
        new("not-ours", trade, number ?? $"by-hand-{trade}-{amount}", Money.Parse(amount), Money.Zero, day.One.CreatedAt);

    private static Task<long> LinkedAsync(ReconciliationTests.Day day, string which = "") =>
        day.Till.Trade.CountAsync($"select count(*) from statement_line where refund_id is not null {which}");

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task A_second_trade_for_one_attempt_goes_back_and_the_first_stays(DatabaseKind kind)
    {
        await using var day = await ReconciliationTests.OpenAsync(kind);
        day.Lines.Add(ReconciliationTests.Day.Line(day.One, "X1"));
        await day.FetchAsync();
        var open = await day.CaseAsync();
        (open.Kind, open.AttemptId).ShouldBe(("unknown_money", day.One.Id));
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        await day.Till.RefundAsync();
        day.Till.A.Refunds.ShouldHaveSingleItem().Value.Refund.Trade.TradeNo.ShouldBe("X1");
        (await day.Till.Trade.CountAsync("select count(*) from payment_attempt where refunded <> 0")).ShouldBe(0);
        await NextDayAsync(day, await RefundAsync(day));
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Of_another_amount_than_asked_only_what_is_more_goes_back(DatabaseKind kind)
    {
        await using var day = await ReconciliationTests.OpenAsync(kind);
        day.Lines[1] = ReconciliationTests.Day.Line(day.Two, "T2", "50.00");
        await day.FetchAsync();
        var open = await day.CaseAsync();
        open.Kind.ShouldBe("amount_differs");
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        await day.Till.RefundAsync();
        var told = day.Till.A.Refunds.ShouldHaveSingleItem().Value.Refund;
        (told.Amount.ToString(), told.Paid.ToString()).ShouldBe(("0.5000", "50.0000"));
        await NextDayAsync(day, await RefundAsync(day), "T2");
    }

    [Theory, MemberData(nameof(World.Both), MemberType = typeof(World))]
    public async Task Missing_in_the_next_statements_it_is_a_case(DatabaseKind kind)
    {
        var (day, open) = await OpenAsync(kind);
        await using var _ = day;
        Ok(await day.Cases.GiveBackAsync(open.Id, "operator:one", Note));
        await day.Till.RefundAsync();
        // Done on the second day, in neither its statement nor the third's.
        await day.NextDayAsync();
        Ok(await day.CloseAsync());
        day.Till.Trade.Clock.Turn(TimeSpan.FromDays(1));
        await day.Books.FetchAsync(day.Channel, day.Date.AddDays(2));
        var missing = await day.CaseAsync();
        (missing.Kind, missing.Gain.ToString(), missing.AttemptId).ShouldBe(("refund_missing", "8.8800", null));
        (await day.Cases.ReturnsAsync([missing])).ShouldBeEmpty();
        Code(await day.Cases.GiveBackAsync(missing.Id, "operator:one", Note)).ShouldBe("not_returnable");
        Ok(await day.Cases.BookAsync(missing.Id, "operator:one", Note));
        await day.Till.Trade.ProveAsync();
    }
}
