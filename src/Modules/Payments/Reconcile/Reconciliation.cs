using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Reconcile;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments;

/// <summary>The front door of reconciliation: statements of channels against payments and ledger, day by day.</summary>
/// <remarks>Everything may be done again: lines are stored once, a closed day does not change. Held by: tests/Integration/Payments/ReconciliationTests.cs.</remarks>
public sealed class Reconciliation
{
    /// <summary>So many days back statements are fetched for a channel that was never reconciled.</summary>
    private const int DaysBackMax = 31;

    private const string DayColumns =
        """
        select d.*, (select count(*) from payment_case k where k.channel_id = d.channel_id and k.day = d.day and k.closed_at is null) as differences
        from channel_day d
        """;

    private readonly Database _database;
    private readonly PaymentChannels _channels;
    private readonly TakeMoney _money;
    private readonly Ledger.Ledger _ledger;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    internal Reconciliation(Database database, PaymentChannels channels, TakeMoney money, Ledger.Ledger ledger, TimeProvider clock, ILogger<Reconciliation> logger) =>
        (_database, _channels, _money, _ledger, _clock, _logger) = (database, channels, money, ledger, clock, logger);

    /// <summary>The days of all channels or of one, newest first.</summary>
    public Task<List<ChannelDay>> DaysAsync(long? channel = null, int limit = 100, CancellationToken cancel = default) => _database.ReadAsync(s => s.QueryAsync<ChannelDay>(
        $"{DayColumns} {(channel is null ? "" : "where d.channel_id = @channel")} order by d.day desc, d.channel_id limit @limit", new { channel = channel ?? 0, limit }), cancel);

    public Task<ChannelDay?> FindAsync(long channel, DateOnly day, CancellationToken cancel = default) => _database.ReadAsync(
        s => s.FirstAsync<ChannelDay>($"{DayColumns} where d.channel_id = @channel and d.day = @day", new { channel, day = ChannelDays.Text(day) }), cancel);

    /// <summary>The lines of a day with what the comparison said of each, those that differ first.</summary>
    public Task<List<ComparedLine>> LinesAsync(long channel, DateOnly day, int limit = 500, CancellationToken cancel = default) => _database.ReadAsync(s => s.QueryAsync<ComparedLine>(
        """
        select l.*, a.payment_id from statement_line l left join payment_attempt a on a.id = l.attempt_id where l.channel_id = @channel and l.day = @day
        order by case when l.verdict = 'matched' then 1 else 0 end, l.id limit @limit
        """, new { channel, day = ChannelDays.Text(day), limit }), cancel);

    /// <summary>Fetches the statement of a day that is over, stores what is new and compares.</summary>
    /// <exception cref="ChannelException">The statement is not there, or the channel could not be asked.</exception>
    public Task<ReconcileDecision> FetchAsync(Channel channel, DateOnly day, CancellationToken cancel = default) =>
        TakeAsync(channel, day, open => open.StatementAsync(day, cancel), cancel);

    /// <summary>The same from a file that a person has from the channel's own console: read as the channel's own, stored once however often it comes.</summary>
    /// <returns>Refused with the field <c>file</c>, the line and what is wrong with it.</returns>
    public async Task<ReconcileDecision> ReadFileAsync(Channel channel, DateOnly day, ReadOnlyMemory<byte> file, CancellationToken cancel = default)
    {
        try
        {
            return await TakeAsync(channel, day, async open =>
            {
                var lines = open.ReadStatement(file, day);
                if (lines.Count > 0 && _channels.Protocol(channel.Protocol) is { FilesNameMerchant: false }
                    && !await _database.ReadAsync(s => StatementBook.KnowsAnyAsync(s, channel.Id, lines), cancel))
                    throw StatementFileException.OtherMerchant();
                return lines;
            }, cancel);
        }
        catch (StatementFileException fault)
        {
            return ReconcileDecision.No("file", "bad_file", fault.Message, fault.Zh);
        }
    }

    private async Task<ReconcileDecision> TakeAsync(Channel channel, DateOnly day, Func<IChannel, Task<IReadOnlyList<StatementLine>>> read, CancellationToken cancel)
    {
        if (_clock.Now() < ChannelDays.Start(day.AddDays(1)))
            return ReconcileDecision.No("day", "not_over", "This day is not over in China.", "这一天还没有过完（中国时间）。");
        await MakeDaysAsync(cancel);
        var text = ChannelDays.Text(day);
        if (await _database.ReadAsync(s => IsSealedAsync(s, channel.Id, text), cancel)) return Sealed();
        var open = await _channels.OpenToAskAsync(channel, cancel);
        // Our money there is yuan; whatever else an account does in other currencies is not ours.
        var lines = (await read(open)).Where(l => l.Amount.Currency == Currency.Cny).ToList();
        var now = _clock.Now();
        var isTaken = await _database.WriteAsync(async s =>
        {
            await StatementBook.LockAsync(s, channel.Id);
            if (await IsSealedAsync(s, channel.Id, text)) return false;
            await s.ExecuteAsync(
                "insert into channel_day (channel_id, day, state, due_at) values (@Id, @text, 'waiting', @now) on conflict (channel_id, day) do nothing", new { channel.Id, text, now });
            _ = await StatementBook.DayAsync(s, channel.Id, text, isLocked: true);
            await StatementBook.StoreAsync(s, channel.Id, text, lines, _channels.Protocol(channel.Protocol)!.StatesTradeNumbers);
            await s.ExecuteAsync("update channel_day set state = 'open', fetched_at = @now, fault = '' where channel_id = @Id and day = @text", new { channel.Id, text, now });
            return true;
        }, cancel);
        if (!isTaken) return Sealed();
        await CompareAsync(channel, day, cancel);
        // What was in flight beside it is settled now, or missing.
        await CompareAsync(channel, day.AddDays(-1), cancel);
        await CompareAsync(channel, day.AddDays(1), cancel);
        return new ReconcileDecision.Done();
    }

    /// <summary>Closed, or before a closed day, whose proof stands on what was before it.</summary>
    private static async Task<bool> IsSealedAsync(Session session, long channel, string day) => await session.ScalarAsync<long>(
        "select count(*) from channel_day where channel_id = @channel and day >= @day and state = 'closed'", new { channel, day }) > 0;

    private static ReconcileDecision.Refused Sealed() => ReconcileDecision.No("day", "closed", "This day is closed, or one after it.", "这一天或之后的日子已经结账。");

    /// <summary>Compares a day that is open; money that the channel has and we have not is asked about and taken first.</summary>
    public async Task CompareAsync(Channel channel, DateOnly day, CancellationToken cancel = default)
    {
        var text = ChannelDays.Text(day);
        if (await _database.ReadAsync(s => StatementBook.DayAsync(s, channel.Id, text), cancel) is not { State: ChannelDayState.Open }) return;
        if (_channels.Protocol(channel.Protocol) is not { } protocol) return;
        var (seen, _) = await _database.ReadAsync(s => StatementBook.LoadAsync(s, channel, day, protocol), cancel);
        foreach (var line in seen.Where(l => l.Line.RefundNo is null && l.Attempt is { State: not AttemptState.Paid })) await TakeAsync(channel, line, cancel);
        var hurried = seen.Where(l => l.Refund is { State: not RefundState.Done }).Select(l => l.Refund!.Id).ToList();
        var now = _clock.Now();
        await _database.WriteAsync(async s =>
        {
            // Their statement says that it is done: ask now, also where they had refused before.
            foreach (var refund in hurried)
                await s.ExecuteAsync("update channel_refund set state = 'pending', due_at = @now where id = @refund and state <> 'done'", new { refund, now });
            if (await StatementBook.DayAsync(s, channel.Id, text, isLocked: true) is not { State: ChannelDayState.Open }) return;
            await StatementBook.LinkAsync(s, channel.Id, text);
            var isNextThere = await IsFetchedAsync(s, channel.Id, day.AddDays(1), otherwise: false) && await IsFetchedAsync(s, channel.Id, day.AddDays(-1), otherwise: true);
            var (lines, own) = await StatementBook.LoadAsync(s, channel, day, protocol);
            var items = MatchRule.Day(lines, own, isNextThere);
            await StatementBook.SaveAsync(s, channel, text, items);
            await DayCases.SaveAsync(s, channel, text, items, now);
            await SumAsync(s, channel.Id, text, items);
        }, cancel);
    }

    /// <summary>Closes a day in which nothing is open, after the days before it: books what the channel kept, and writes the proof. Safe to repeat.</summary>
    public Task<ReconcileDecision> CloseAsync(Channel channel, DateOnly day, string actor, CancellationToken cancel = default) => _database.WriteAsync(async s =>
    {
        await StatementBook.LockAsync(s, channel.Id);
        var text = ChannelDays.Text(day);
        if (await s.FirstAsync<ChannelDay>($"{DayColumns} where d.channel_id = @Id and d.day = @text{(s.Kind == DatabaseKind.Postgres ? " for update of d" : "")}", new { channel.Id, text }) is not { } found)
            return new ReconcileDecision.Missing();
        if (found.State == ChannelDayState.Closed) return new ReconcileDecision.Done();
        var before = await s.FirstAsync<ChannelDay>("select * from channel_day where channel_id = @Id and day < @text order by day desc limit 1", new { channel.Id, text });
        if (found.State == ChannelDayState.Waiting) return ReconcileDecision.No("day", "no_statement", "Its statement is not here yet.", "对账单还没有拿到。");
        if (found.Differences > 0) return ReconcileDecision.No("day", "differences", "Differences are open.", "还有差异没有处理。");
        if (found.InFlight > 0) return ReconcileDecision.No("day", "in_flight", "Some of it may stand in the next day's statement.", "有些款项可能在次日的对账单里。");
        if (before is { State: not ChannelDayState.Closed }) return ReconcileDecision.No("day", "day_before", "The day before it is not closed.", "前一天还没有结账。");
        if (!found.Agrees) return ReconcileDecision.No("day", "sums", "Statement and ledger do not agree; compare again.", "对账单与账本不一致，请重新比对。");
        if (!found.Fees.IsZero)
        {
            var (own, kept) = (await _ledger.OpenAsync(s, channel.Account, Parties.Platform), await _ledger.OpenAsync(s, AccountKinds.Fees, Parties.Platform));
            var leg = found.Fees.IsPositive ? new Leg(kept, own, found.Fees, "channel_fees") : new Leg(own, kept, -found.Fees, "channel_fees");
            await _ledger.MustPostAsync(s, new Posting("channel_fees", actor, [leg], text, $"fees:{channel.Code}:{text}"));
        }

        var proof = DayProof.Of(before?.Proof ?? "", channel.Code, text, await StatementBook.LinesAsync(s, channel.Id, text));
        await s.ExecuteAsync("update channel_day set state = 'closed', proof = @proof, closed_at = @now, closed_by = @actor where channel_id = @Id and day = @text",
            new { channel.Id, text, proof, actor, now = _clock.Now() });
        return (ReconcileDecision)new ReconcileDecision.Done();
    }, cancel);

    /// <summary>Closed days whose lines or chain are not what their proof says; none on sound books.</summary>
    public static async Task<List<string>> ProveAsync(Session session)
    {
        var broken = new List<string>();
        foreach (var channel in await session.QueryAsync<Channel>("select id, code from channel order by id"))
        {
            var before = "";
            foreach (var day in await session.QueryAsync<ChannelDay>("select * from channel_day where channel_id = @Id order by day", new { channel.Id }))
            {
                if (day.State == ChannelDayState.Closed && day.Proof != DayProof.Of(before, channel.Code, day.Day, await StatementBook.LinesAsync(session, channel.Id, day.Day)))
                    broken.Add($"channel={channel.Code} day={day.Day}");
                before = day.Proof ?? "";
            }
        }

        return broken;
    }

    /// <summary>The channel's company has paid out to the bank: what it owes us is less, what the bank has is more. One reference is booked once.</summary>
    public async Task<ReconcileDecision> PayOutAsync(Channel channel, string amount, string reference, string actor, CancellationToken cancel = default)
    {
        var slip = reference.Trim();
        if (!Money.TryParse(amount, out var money) || !money.IsPositive) return ReconcileDecision.No("amount", "bad_amount", "An amount above zero.", "金额要大于零。");
        if (slip.Length is 0 or > 64) return ReconcileDecision.No("reference", "bad_reference", "1 to 64 characters.", "1 到 64 个字符。");
        return await _database.WriteAsync<ReconcileDecision>(async s =>
        {
            var (bank, own) = (await _ledger.OpenAsync(s, AccountKinds.Clearing("bank"), Parties.Platform), await _ledger.OpenAsync(s, channel.Account, Parties.Platform));
            return await _ledger.PostAsync(s, new Posting("channel_payout", actor, [new Leg(bank, own, money, "channel_payout")], slip, $"channel_payout:{channel.Code}:{slip}")) switch
            {
                PostDecision.Posted { IsReplay: false } => new ReconcileDecision.Done(),
                _ => ReconcileDecision.No("reference", "taken", "This reference is booked already.", "这个流水号已经入过账。"),
            };
        }, cancel);
    }

    /// <summary>Makes the days whose statements have to be fetched, from a channel's first payment on, and none before a closed one.</summary>
    public async Task MakeDaysAsync(CancellationToken cancel = default)
    {
        var today = ChannelDays.Of(_clock.Now());
        foreach (var row in await _database.ReadAsync(s => s.QueryAsync<FirstRow>(
            """
            select c.id, (select min(a.paid_at) from payment_attempt a where a.channel_id = c.id) as first_at,
                   (select max(d.day) from channel_day d where d.channel_id = c.id and d.state = 'closed') as closed_to from channel c
            """), cancel))
        {
            if (row.FirstAt is not { } first) continue;
            var from = ChannelDays.TryParse(row.ClosedTo, out var last) ? last.AddDays(1) : ChannelDays.Of(first);
            if (from < today.AddDays(-DaysBackMax)) from = today.AddDays(-DaysBackMax);
            var known = (await _database.ReadAsync(s => s.QueryAsync<ChannelDay>(
                "select * from channel_day where channel_id = @Id and day >= @from", new { row.Id, from = ChannelDays.Text(from) }), cancel)).Select(d => d.Day).ToHashSet();
            for (var day = from; day < today; day = day.AddDays(1))
            {
                if (known.Contains(ChannelDays.Text(day))) continue;
                await _database.WriteAsync(s => s.ExecuteAsync(
                    "insert into channel_day (channel_id, day, state, due_at) values (@Id, @day, 'waiting', @due) on conflict (channel_id, day) do nothing",
                    new { row.Id, day = ChannelDays.Text(day), due = ChannelDays.ReadyAt(day) }), cancel);
            }
        }
    }

    /// <summary>As by a notice: the channel's own book is asked, whatever its statement says.</summary>
    private async Task TakeAsync(Channel channel, MatchLine line, CancellationToken cancel)
    {
        try
        {
            var open = await _channels.OpenToAskAsync(channel, cancel);
            var attempt = line.Attempt!;
            var trade = await open.QueryAsync(line.HasTradeNo ? attempt.Ref with { TradeNo = attempt.TradeNo ?? line.Line.TradeNo } : attempt.Ref, cancel);
            if (trade.State == TradeState.Paid && trade.Amount == attempt.Amount && (!line.HasTradeNo || trade.TradeNo == line.Line.TradeNo))
                await _money.TakeAsync(attempt, channel, trade.TradeNo, cancel);
        }
        catch (ChannelException fault)
        {
            _logger.LogWarning("{Attempt} stands in the statement of {Channel} and could not be asked about: {Why}", line.Line.OutNo, channel.Code, fault.Message);
        }
    }

    private static async Task<bool> IsFetchedAsync(Session session, long channel, DateOnly day, bool otherwise) =>
        await StatementBook.DayAsync(session, channel, ChannelDays.Text(day)) is { } found ? found.State != ChannelDayState.Waiting : otherwise;

    private static async Task SumAsync(Session session, long channel, string day, List<MatchItem> items)
    {
        Money Of(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (a, b) => a + b);
        var (lines, counted) = (items.Where(i => i.Line is not null).Select(i => i.Line!.Line).ToList(), items.Where(i => !i.IsInFlight || i.Line is not null).ToList());
        await session.ExecuteAsync(
            """
            update channel_day set in_flight = @InFlight, lines = @Count, paid = @Paid, back = @Back, fees = @Fees, ours = @Ours, ledger = @Ledger,
                booked = coalesce((select sum(theirs - ours) from payment_case where channel_id = @channel and day = @day and resolution in ('booked', 'written_off')), 0)
            where channel_id = @channel and day = @day
            """,
            new
            {
                channel, day, InFlight = items.Count(i => i.IsInFlight), lines.Count, Paid = Of(lines.Where(l => l.RefundNo is null).Select(l => l.Amount)),
                Back = Of(lines.Where(l => l.RefundNo is not null).Select(l => l.Amount)), Fees = Of(lines.Select(l => l.Fee)),
                Ours = Of(counted.Select(i => i.Ours)), Ledger = Of(counted.Select(i => i.Ledger)),
            });
    }

    private sealed record FirstRow
    {
        public long Id { get; init; }
        public DateTimeOffset? FirstAt { get; init; }
        public string? ClosedTo { get; init; }
    }
}

/// <summary>A line of a statement and what the comparison said of it.</summary>
public sealed record ComparedLine
{
    public long Id { get; init; }
    public string OutNo { get; init; } = "";
    public string TradeNo { get; init; } = "";
    public long Back { get; init; }
    public string RefundNo { get; init; } = "";
    public Money Amount { get; init; }
    public Money Fee { get; init; }
    public DateTimeOffset At { get; init; }
    public string Verdict { get; init; } = "";
    public long? PaymentId { get; init; }
}
