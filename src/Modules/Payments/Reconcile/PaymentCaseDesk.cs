using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Reconcile;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>What persons do about cases of payments. Money moves by postings with the case's key: each case once.</summary>
/// <remarks>Held by: tests/Integration/Payments/ReconciliationTests.cs, tests/Integration/Payments/ReturnTests.cs.</remarks>
public sealed class PaymentCaseDesk(Database database, IdSource ids, Ledger.Ledger ledger, PaymentChannels channels, TimeProvider clock)
{
    private const int WordsMax = 200;

    /// <summary>Cases, newest first; of one channel's day, of one payment, or all.</summary>
    public Task<List<PaymentCase>> ListAsync(
        bool isOpen, long? before = null, int limit = 50, (long Channel, string Day)? of = null, PaymentId? payment = null, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<PaymentCase>(
            $"""
            select payment_case.*, (select {PaymentBook.OrderOf} from payment p where p.id = payment_case.payment_id) as order_id,
                   (select r.state from channel_refund r where r.line_id = payment_case.line_id and payment_case.resolution = 'booked') as "return"
            from payment_case where {(isOpen ? "closed_at is null" : "closed_at is not null and resolution <> 'vanished'")} and id < @before
            {(of is null ? "" : "and channel_id = @channel and day = @day")} {(payment is null ? "" : "and payment_id = @payment")} order by id desc limit @limit
            """, new { before = before ?? long.MaxValue, limit, channel = of?.Channel ?? 0, day = of?.Day ?? "", payment = payment ?? default }), cancel);

    public Task<PaymentCase?> FindAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<PaymentCase>("select * from payment_case where id = @id", new { id }), cancel);

    /// <summary>The channel has more for us than our books say: the difference is kept as money of nobody until it is known whose it is.</summary>
    public Task<ReconcileDecision> BookAsync(long id, string actor, string note, CancellationToken cancel = default) => SettleAsync(id, note, async (s, open) =>
    {
        if (!open.Gain.IsPositive)
        {
            // What went back to where unknown money came from is no loss.
            if (open.Kind != "unknown_refund" || await LeftAsync(s, open) < -open.Gain)
                return ReconcileDecision.No("case", "no_gain", "The channel has less than our books say: write it off.", "通道的钱比账上少，只能核销。");
        }

        return await PostAsync(s, open, AccountKinds.Suspense, "booked", actor, note);
    }, cancel);

    /// <summary>
    /// Money that pays nothing of ours goes back to whoever paid it: booked as nobody's where it is not yet, and given back by the channel, told until it is done.
    /// From <see cref="RefundDesk.LimitSetting"/> on a second person agrees. Pressed again, or by several at once, it goes back once.
    /// </summary>
    public async Task<ReconcileDecision> GiveBackAsync(long id, string actor, string note, CancellationToken cancel = default)
    {
        if (await FindAsync(id, cancel) is { } seen && await NoReturnAsync(seen, cancel) is { } why) return new ReconcileDecision.Refused(why);
        var refund = await ids.NextAsync();
        return await SettleAsync(id, note, async (s, open) =>
        {
            if (await ReturnableAsync(s, open) is not { } amount) return NotReturnable();
            if (amount >= await RefundDesk.LimitAsync(s))
            {
                if (open.AskedBy is null)
                {
                    await s.ExecuteAsync("update payment_case set asked_by = @actor, note = @note where id = @id", new { actor, note, id });
                    return new ReconcileDecision.Done(IsAsked: true);
                }

                if (open.AskedBy == actor) return ReconcileDecision.No("case", "same_person", "A second person must agree.", "需要另一个人同意。");
            }

            var words = open.AskedBy is null ? note : $"{open.AskedBy}: {open.Note}; {note}";
            if (open.ClosedAt is null) await PostAsync(s, open, AccountKinds.Suspense, "booked", actor, words);
            else
            {
                if (await LeftAsync(s, open) < amount) return NotReturnable();
                await s.ExecuteAsync("update payment_case set note = @words where id = @id", new { words, id });
            }

            await s.ExecuteAsync(
                """
                insert into channel_refund (id, channel_id, line_id, amount, reason, state, due_at, created_at)
                values (@refund, @ChannelId, @LineId, @amount, 'not_ours', 'pending', @now, @now)
                """, new { refund, open.ChannelId, open.LineId, amount, now = clock.Now() });
            return new ReconcileDecision.Done();
        }, cancel, isAfterBooking: true);
    }

    /// <summary>Which of the cases are about money that may go back to whoever paid it; with why the channel's own call cannot do it, or null where it can.</summary>
    public async Task<IReadOnlyDictionary<long, FieldError?>> ReturnsAsync(IEnumerable<PaymentCase> cases, CancellationToken cancel = default)
    {
        var returns = new Dictionary<long, FieldError?>();
        foreach (var one in cases)
        {
            if (await database.ReadAsync(s => ReturnableAsync(s, one), cancel) is not null) returns[one.Id] = await NoReturnAsync(one, cancel);
        }

        return returns;
    }

    /// <summary>The channel has less for us than our books say: asked by one person, done by another, it is our loss.</summary>
    public Task<ReconcileDecision> WriteOffAsync(long id, string actor, string note, CancellationToken cancel = default) => SettleAsync(id, note, async (s, open) =>
    {
        if (!open.Gain.IsNegative) return ReconcileDecision.No("case", "no_loss", "Nothing is lost: book it.", "没有损失，请入账。");
        if (open.AskedBy is null)
        {
            await s.ExecuteAsync("update payment_case set asked_by = @actor, note = @note where id = @id", new { actor, note, id });
            return new ReconcileDecision.Done(IsAsked: true);
        }

        return open.AskedBy == actor
            ? ReconcileDecision.No("case", "same_person", "A second person must agree.", "需要另一个人同意。")
            : await PostAsync(s, open, AccountKinds.Loss, "written_off", actor, $"{open.AskedBy}: {open.Note}; {note}");
    }, cancel);

    /// <summary>Ends a case that is not a difference of money, with a note.</summary>
    public Task<ReconcileDecision> EndAsync(long id, string actor, string note, CancellationToken cancel = default) => SettleAsync(id, note, async (s, open) =>
    {
        if (open.Kind == PaymentCase.RefundFailed) return ReconcileDecision.No("case", "refund", "The money is not back: try again, or give it back by hand.", "钱还没有退回：请重试，或人工退款。");
        if (open.IsDifference && !open.Gain.IsZero) return ReconcileDecision.No("case", "difference", "Book it or write it off.", "请入账或核销。");
        await s.ExecuteAsync("update payment_case set closed_at = @now, closed_by = @actor, note = @note where id = @id", new { now = clock.Now(), actor, note, id });
        return new ReconcileDecision.Done();
    }, cancel);

    /// <summary>A channel took money of a paid attempt back, after a dispute (F34). Writing it off needs two persons, like any loss.</summary>
    /// <param name="amount">In yuan; at most what the attempt still has.</param>
    public async Task<ReconcileDecision> ChargeBackAsync(long attemptId, string amount, string detail, CancellationToken cancel = default)
    {
        if (!Money.TryParse(amount, out var money) || !money.IsPositive) return ReconcileDecision.No("amount", "bad_amount", "An amount above zero.", "金额要大于零。");
        if (Words(detail) is not { } words) return BadNote();
        return await database.WriteAsync(async s =>
        {
            if (await s.FirstAsync<Attempt>($"select * from payment_attempt where id = @attemptId{s.ForUpdate}", new { attemptId }) is not { State: AttemptState.Paid } attempt)
                return new ReconcileDecision.Missing();
            if (money > attempt.Amount - attempt.Refunded)
                return ReconcileDecision.No("amount", "too_much", "More than is left of this payment.", "超过这笔支付剩下的钱。");
            if (await s.ScalarAsync<long>("select count(*) from payment_case where attempt_id = @attemptId and kind in ('unknown_refund', 'charge_back')", new { attemptId }) > 0)
                return ReconcileDecision.No("amount", "known", "This payment has such a case already.", "这笔支付已经有同样的记录。");
            await PaymentCases.OpenAsync(s, new NewCase(
                PaymentCase.ChargeBack, $"{PaymentCase.ChargeBack}:{attempt.Id}", attempt.ChannelId, attempt.PaymentId, attempt.Id, null, money, Money.Zero, words), clock.Now());
            return (ReconcileDecision)new ReconcileDecision.Done();
        }, cancel);
    }

    /// <param name="isAfterBooking">Also of one whose money was booked before.</param>
    private async Task<ReconcileDecision> SettleAsync(
        long id, string note, Func<Session, PaymentCase, Task<ReconcileDecision>> settle, CancellationToken cancel, bool isAfterBooking = false)
    {
        if (Words(note) is null) return BadNote();
        if (await FindAsync(id, cancel) is not { } seen) return new ReconcileDecision.Missing();
        return await database.WriteAsync(async s =>
        {
            // In the order in which comparing takes them: the channel, its day, the case.
            await LedgerWrites.EnterAsync(s);
            if (seen.ChannelId is { } channel) await StatementBook.LockAsync(s, channel);
            if (seen is { ChannelId: { } of, Day: { } day }) _ = await StatementBook.DayAsync(s, of, day, isLocked: true);
            var open = (await s.FirstAsync<PaymentCase>($"select * from payment_case where id = @id{s.ForUpdate}", new { id }))!;
            return open.ClosedAt is null || (isAfterBooking && open.Resolution == "booked")
                ? await settle(s, open) : ReconcileDecision.No("case", "settled", "It is settled already.", "已经处理过了。");
        }, cancel);
    }

    /// <returns>Null: it is no money that came for nothing of ours, or it goes back already.</returns>
    private static async Task<Money?> ReturnableAsync(Session session, PaymentCase about)
    {
        if (about is not { LineId: { } line, Gain.IsPositive: true } || (about.ClosedAt is not null && about.Resolution != "booked")) return null;
        if (await session.ScalarAsync<long?>("select id from channel_refund where line_id = @line", new { line }) is not null) return null;
        var attempt = await session.FirstAsync<Attempt>("select * from payment_attempt where id = @AttemptId", new { about.AttemptId });
        return await session.FirstAsync<ComparedLine>("select * from statement_line where id = @line and back = 0", new { line }) is { } paid ? ReturnRule.Amount(about, attempt, paid.Amount) : null;
    }

    private async Task<FieldError?> NoReturnAsync(PaymentCase about, CancellationToken cancel)
    {
        if (about is not { ChannelId: { } id, LineId: not null } || await channels.FindAsync(id, cancel) is not { } channel) return NotReturnable().Error;
        var line = (await database.ReadAsync(s => s.FirstAsync<ComparedLine>("select * from statement_line where id = @LineId", new { about.LineId }), cancel))!;
        try
        {
            var open = await channels.OpenToAskAsync(channel, cancel);
            return open.NoReturn(new StatementLine(line.OutNo, line.TradeNo, null, line.Amount, line.Fee, line.At), about.Gain);
        }
        catch (ChannelException)
        {
            return new FieldError("case", "unknown_protocol", "This channel cannot be told anything any more.", "这个通道已经无法调用。");
        }
    }

    private static ReconcileDecision.Refused NotReturnable() =>
        ReconcileDecision.No("case", "not_returnable", "It is no money to give back, or it goes back already.", "这不是可以退回的款项，或已经在退款。");

    /// <summary>What is booked as nobody's of a trade and has not gone back, nor is about to.</summary>
    private static async Task<Money> LeftAsync(Session session, PaymentCase about) => new(await session.ScalarAsync<long>(
        """
        select cast(coalesce((select sum(k.theirs - k.ours) from payment_case k where k.channel_id = @ChannelId and k.detail = @Detail and k.resolution = 'booked'
                                and k.kind in @kinds), 0)
                  - coalesce((select sum(r.amount) from channel_refund r join statement_line l on l.id = r.line_id
                              where l.channel_id = @ChannelId and l.trade_no = @Detail), 0) as bigint)
        """, new { about.ChannelId, about.Detail, kinds = (string[])[.. ReturnRule.Kinds, "unknown_refund"] }));

    private async Task<ReconcileDecision> PostAsync(Session session, PaymentCase open, string kind, string resolution, string actor, string note)
    {
        if (open.Day is null && open.Kind != PaymentCase.ChargeBack) return ReconcileDecision.No("case", "no_difference", "No statement says this yet.", "还没有对账单证明。");
        var code = (await session.ScalarAsync<string>("select code from channel where id = @ChannelId", new { open.ChannelId }))!;
        var (channel, other) = (await ledger.OpenAsync(session, AccountKinds.Clearing(code), Parties.Platform), await ledger.OpenAsync(session, kind, Parties.Platform));
        var leg = open.Gain.IsPositive ? new Leg(channel, other, open.Gain, $"case_{resolution}") : new Leg(other, channel, -open.Gain, $"case_{resolution}");
        await ledger.MustPostAsync(session, new Posting($"case_{resolution}", actor, [leg], $"{open.Kind} {open.About}", $"case:{open.Id}"));
        await session.ExecuteAsync("update payment_case set closed_at = @now, closed_by = @actor, note = @note, resolution = @resolution where id = @Id",
            new { now = clock.Now(), actor, note, resolution, open.Id });
        if (open.LineId is not null) await session.ExecuteAsync("update statement_line set settled = 1 where id = @LineId", new { open.LineId });
        if (open.Day is not null)
            await session.ExecuteAsync("update channel_day set booked = booked + @Gain where channel_id = @ChannelId and day = @Day", new { open.Gain, open.ChannelId, open.Day });
        return new ReconcileDecision.Done();
    }

    private static string? Words(string note) => note.Trim() is { Length: > 0 and <= WordsMax } words ? words : null;

    private static ReconcileDecision.Refused BadNote() => new(new FieldError("note", "bad_note", "Say why, in 1 to 200 characters.", "请写明原因，1 到 200 字。"));
}
