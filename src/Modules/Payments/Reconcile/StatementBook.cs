using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments.Reconcile;

/// <summary>The stored side of reconciliation: lines, what is ours of them, days.</summary>
internal static class StatementBook
{
    /// <summary>Sums of one day's comparison.</summary>
    public sealed record Sums(long InFlight, long Lines, Money Paid, Money Back, Money Fees, Money Ours, Money Ledger, Money Booked);

    /// <summary>Until the transaction ends nobody else stores or closes days of the channel: a closed day's proof stands on all before it.</summary>
    public static async Task LockAsync(Session session, long channel)
    {
        if (session.Kind == DatabaseKind.Postgres) await session.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@about, 0))", new { about = $"statement:{channel}" });
    }

    public static Task<ChannelDay?> DayAsync(Session session, long channel, string day, bool isLocked = false) => session.FirstAsync<ChannelDay>(
        $"select * from channel_day where channel_id = @channel and day = @day{(isLocked ? session.ForUpdate : "")}", new { channel, day });

    /// <summary>Stores what is new; what the channel corrected on an open day is corrected, unless a person has settled it.</summary>
    public static async Task StoreAsync(Session session, long channel, string day, IReadOnlyList<StatementLine> lines, bool hasTradeNumbers)
    {
        foreach (var line in lines)
        {
            var refund = line.RefundNo is null ? null : await RefundAsync(session, channel, line.RefundNo);
            var attempt = await AttemptAsync(session, channel, line.OutNo) ?? (line.RefundNo is null ? null : await AttemptOfTradeAsync(session, channel, line.TradeNo));
            await session.ExecuteAsync(
                """
                insert into statement_line (channel_id, day, out_no, trade_no, back, refund_no, amount, fee, at, attempt_id, refund_id)
                values (@channel, @day, @OutNo, @TradeNo, @back, @refundNo, @Amount, @Fee, @At, @attempt, @refund)
                on conflict (channel_id, trade_no, back, refund_no) do update set amount = excluded.amount, fee = excluded.fee
                where statement_line.day = excluded.day and statement_line.settled = 0
                  and (statement_line.amount <> excluded.amount or statement_line.fee <> excluded.fee)
                """,
                new
                {
                    channel, day, line.OutNo, line.TradeNo, back = line.RefundNo is null ? 0 : 1, refundNo = line.RefundNo ?? "", line.Amount, line.At,
                    // A fee in the currency of another balance is not kept of our money.
                    Fee = line.Fee.Currency == Currency.Cny ? line.Fee : Money.Zero,
                    attempt = attempt is not null && (!hasTradeNumbers || attempt.TradeNo is null || attempt.TradeNo == line.TradeNo) ? attempt.Id : (long?)null, refund = refund?.Id,
                });
        }
    }

    /// <summary>True when one of the lines names an attempt of the channel.</summary>
    public static async Task<bool> KnowsAnyAsync(Session session, long channel, IReadOnlyList<StatementLine> lines) =>
        (await OfIdsAsync<Attempt>(session, "payment_attempt", lines.Select(l => PublicId.TryDecode(l.OutNo, out var id) ? id : 0).Distinct())).Exists(a => a.ChannelId == channel);

    /// <summary>The day's lines with what is ours, and what is ours without a line.</summary>
    public static async Task<(List<MatchLine> Lines, List<MatchOwn> Own)> LoadAsync(Session session, Channel channel, DateOnly day, IChannelProtocol protocol)
    {
        var rows = await session.QueryAsync<LineRow>(
            "select * from statement_line where channel_id = @Id and day = @day order by id", new { channel.Id, day = ChannelDays.Text(day) });
        var span = new { channel.Id, From = ChannelDays.Start(day), To = ChannelDays.Start(day.AddDays(1)) };
        var paid = await session.QueryAsync<Attempt>(
            """
            select * from payment_attempt a where a.channel_id = @Id and a.state = 'paid' and a.paid_at >= @From and a.paid_at < @To
              and not exists (select 1 from statement_line l where l.attempt_id = a.id and l.back = 0)
            """, span);
        var back = !protocol.StatesRefunds ? [] : await session.QueryAsync<Refund>(
            """
            select r.* from channel_refund r
            where r.channel_id = @Id and r.state = 'done' and r.way in ('channel', 'console') and r.done_at >= @From and r.done_at < @To
              and not exists (select 1 from statement_line l where l.refund_id = r.id)
            """, span);

        var refunds = (await OfIdsAsync<Refund>(session, "channel_refund", rows.Where(r => r.RefundId is not null).Select(r => r.RefundId!.Value))).Concat(back).ToDictionary(r => r.Id);
        var numbers = rows.Select(r => r.Own).Concat(rows.Select(r => r.AttemptId ?? 0)).Concat(refunds.Values.Select(r => r.AttemptId ?? 0));
        var attempts = (await OfIdsAsync<Attempt>(session, "payment_attempt", numbers.Distinct())).Where(a => a.ChannelId == channel.Id).ToDictionary(a => a.Id);
        foreach (var attempt in paid) attempts[attempt.Id] = attempt;
        var ledger = await LedgerAsync(session, attempts.Values, refunds.Values, attempts);
        var chargedBack = (await SettledAsync(session, attempts.Keys.Select(id => $"{PaymentCase.ChargeBack}:{id}"))).ToDictionary(c => c.AttemptId!.Value, c => c.Ours!.Value);

        return (rows.ConvertAll(row =>
        {
            var attempt = attempts.GetValueOrDefault(row.Own) ?? (row.Back == 1 ? attempts.GetValueOrDefault(row.AttemptId ?? 0) : null);
            var refund = row.RefundId is { } number ? refunds[number] : null;
            return new MatchLine(row.Id, row.ToLine(), attempt, refund, ledger.GetValueOrDefault(row.Back == 1 ? $"refund:{row.RefundId}" : $"attempt:{attempt?.Id}"),
                attempt is not null && row.Back == 1 && chargedBack.TryGetValue(attempt.Id, out var amount) ? amount : null, protocol.StatesTradeNumbers);
        }),
        [
            .. paid.Select(a => new MatchOwn(a, null, ledger.GetValueOrDefault($"attempt:{a.Id}"))),
            .. back.Select(r => new MatchOwn(attempts.GetValueOrDefault(r.AttemptId ?? 0), r, ledger.GetValueOrDefault($"refund:{r.Id}"))),
        ]);
    }

    /// <summary>What a person gave back in the channel's own console stands in its statement under a number that is not ours.</summary>
    public static Task LinkAsync(Session session, long channel, string day) => session.ExecuteAsync(
        """
        update statement_line set refund_id = (
            select min(r.id) from channel_refund r left join statement_line p on p.id = r.line_id
            where r.channel_id = statement_line.channel_id and (r.attempt_id = statement_line.attempt_id or p.trade_no = statement_line.trade_no)
              and r.way = 'console' and r.state = 'done' and r.amount = statement_line.amount and not exists (select 1 from statement_line o where o.refund_id = r.id))
        where channel_id = @channel and day = @day and back = 1 and refund_id is null and settled = 0
        """, new { channel, day });

    public static async Task SaveAsync(Session session, Channel channel, string day, IReadOnlyList<MatchItem> items)
    {
        foreach (var item in items.Where(i => i.Line is not null))
        {
            // A line that is other money than the attempt's must not hide that the attempt's own is missing.
            await session.ExecuteAsync("update statement_line set verdict = @verdict, attempt_id = @attempt, refund_id = @refund where id = @Id", new
            {
                verdict = Name(item.Verdict), item.Line!.Id, refund = item.Refund?.Id,
                attempt = item.Verdict == MatchVerdict.UnknownMoney ? null : item.Attempt?.Id,
            });
        }
    }

    public static async Task<List<StatementLine>> LinesAsync(Session session, long channel, string day) =>
        (await session.QueryAsync<LineRow>("select * from statement_line where channel_id = @channel and day = @day", new { channel, day })).ConvertAll(r => r.ToLine());

    /// <summary>Cases about these that moved money.</summary>
    public static async Task<List<PaymentCase>> SettledAsync(Session session, IEnumerable<string> about)
    {
        var found = new List<PaymentCase>();
        foreach (var some in about.Chunk(500))
            found.AddRange(await session.QueryAsync<PaymentCase>("select * from payment_case where resolution in ('booked', 'written_off') and about in @some", new { some }));
        return found;
    }

    public static string Name(MatchVerdict verdict) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());

    private static async Task<Attempt?> AttemptAsync(Session session, long channel, string outNo) => !PublicId.TryDecode(outNo, out var id) ? null
        : await session.FirstAsync<Attempt>("select * from payment_attempt where id = @id and channel_id = @channel", new { id, channel });

    /// <summary>What goes back may name the channel's number of the trade only: ours, or the one under which its payment stood in a statement.</summary>
    private static Task<Attempt?> AttemptOfTradeAsync(Session session, long channel, string tradeNo) => session.FirstAsync<Attempt>(
        """
        select * from payment_attempt where channel_id = @channel and (trade_no = @tradeNo or id = (
            select attempt_id from statement_line where channel_id = @channel and trade_no = @tradeNo and back = 0 and refund_no = ''))
        """, new { channel, tradeNo });

    private static async Task<Refund?> RefundAsync(Session session, long channel, string refundNo) => !PublicId.TryDecode(refundNo, out var id) ? null
        : await session.FirstAsync<Refund>(
            "select * from channel_refund where (id = @id or told_as = @id) and channel_id = @channel", new { id, channel });

    private static async Task<List<T>> OfIdsAsync<T>(Session session, string table, IEnumerable<long> ids)
    {
        var found = new List<T>();
        foreach (var some in ids.Chunk(500)) found.AddRange(await session.QueryAsync<T>($"select * from {table} where {session.AnyOf("id", "@ids")}", new { ids = session.List(some) }));
        return found;
    }

    /// <summary>What stands in the ledger by posting key, less what a person wrote off as missing.</summary>
    private static async Task<Dictionary<string, Money?>> LedgerAsync(
        Session session, IReadOnlyCollection<Attempt> attempts, IReadOnlyCollection<Refund> refunds, Dictionary<long, Attempt> byId)
    {
        var keys = attempts.Select(a => $"attempt:{a.Id}").Concat(refunds.Select(r => $"refund:{r.Id}")).ToList();
        var ledger = (await Statements.OfKeysAsync(session, keys)).ToDictionary(p => p.Key, p => (Money?)p.Value);
        // From before payments had attempts: the order itself booked it.
        foreach (var attempt in attempts.Where(a => a is { Booked: 0, State: AttemptState.Paid })) ledger[$"attempt:{attempt.Id}"] = attempt.Amount;
        foreach (var refund in refunds.Where(r => r.State == RefundState.Done && byId.GetValueOrDefault(r.AttemptId ?? 0)?.Booked == 0)) ledger[$"refund:{refund.Id}"] = refund.Amount;
        foreach (var settled in await SettledAsync(session, keys))
        {
            var about = settled.RefundId is { } refund ? $"refund:{refund}" : $"attempt:{settled.AttemptId}";
            ledger[about] = (ledger.GetValueOrDefault(about) ?? Money.Zero) - (settled.Ours!.Value.IsNegative ? -settled.Ours.Value : settled.Ours.Value);
        }

        return ledger;
    }

    private sealed record LineRow
    {
        public long Id { get; init; }
        public string OutNo { get; init; } = "";
        public string TradeNo { get; init; } = "";
        public long Back { get; init; }
        public string RefundNo { get; init; } = "";
        public Money Amount { get; init; }
        public Money Fee { get; init; }
        public DateTimeOffset At { get; init; }
        public long? AttemptId { get; init; }
        public long? RefundId { get; init; }

        /// <summary>The attempt that it names; 0: none of ours.</summary>
        public long Own => PublicId.TryDecode(OutNo, out var id) ? id : 0;

        public StatementLine ToLine() => new(OutNo, TradeNo, Back == 1 ? RefundNo : null, Amount, Fee, At);
    }
}
