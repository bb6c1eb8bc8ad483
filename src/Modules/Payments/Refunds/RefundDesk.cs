using Lianka.Kernel;
using Lianka.Modules.Ledger;
using Lianka.Modules.Payments.Refunds;
using Lianka.Platform.Data;

namespace Lianka.Modules.Payments;

/// <summary>The front door for persons who end refunds that a channel refuses for good: tried again, or given back by hand.</summary>
/// <remarks>Held by: tests/Integration/Payments/RefundWayTests.cs.</remarks>
public sealed class RefundDesk
{
    /// <summary>What is given back by hand of this and more takes two persons; an amount in yuan.</summary>
    public const string LimitSetting = "payment.by_hand_two_from";

    public static readonly Money LimitUnlessTold = Money.Parse("500");

    private const int ReferenceMax = 64;

    private readonly Database _database;
    private readonly IdSource _ids;
    private readonly PaymentChannels _channels;
    private readonly GiveBack _giveBack;
    private readonly TimeProvider _clock;

    internal RefundDesk(Database database, IdSource ids, PaymentChannels channels, GiveBack giveBack, TimeProvider clock) =>
        (_database, _ids, _channels, _giveBack, _clock) = (database, ids, channels, giveBack, clock);

    /// <summary>Tells the channel again. It is asked first: what it has done is not told twice, and what failed there is told under a new number.</summary>
    public async Task<ReconcileDecision> RetryAsync(long caseId, string actor, CancellationToken cancel = default)
    {
        if (await _database.ReadAsync(s => FindAsync(s, caseId), cancel) is not { } refund) return new ReconcileDecision.Missing();
        if (refund.State != RefundState.Failed) return UnderWay();
        var asked = await _database.ReadAsync(s => RefundAsk.OfAsync(s, refund), cancel);
        RefundAnswer answer;
        try
        {
            var (channel, open) = await _channels.OpenAsync(refund.ChannelId, cancel);
            answer = await open.QueryRefundAsync(asked, cancel);
            if (answer.Outcome == RefundOutcome.Done)
            {
                await _giveBack.ByChannelAsync(refund, channel, answer.RefundNo, cancel);
                return new ReconcileDecision.Done();
            }
        }
        catch (ChannelException fault)
        {
            return ReconcileDecision.No("case", "silent", $"The channel cannot be asked now: {fault.Message}", $"现在问不到通道：{fault.Message}");
        }

        var (now, fresh) = (_clock.Now(), await _ids.NextAsync());
        return await _database.WriteAsync<ReconcileDecision>(async s =>
        {
            if (await s.ExecuteAsync(
                """
                update channel_refund set state = 'pending', way = 'channel', refund_no = null, detail = '', told_as = @toldAs, attempts = @attempts, due_at = @now
                where id = @Id and state = 'failed'
                """,
                new
                {
                    refund.Id, now,
                    toldAs = answer.Outcome == RefundOutcome.Failed ? fresh : refund.ToldAs,
                    // What it never heard of is told at once, all else is asked about.
                    attempts = answer.Outcome == RefundOutcome.Pending ? 1 : 0,
                }) == 0) return UnderWay();
            await s.ExecuteAsync("update payment_case set asked_by = null, note = @actor where id = @caseId", new { actor, caseId });
            return new ReconcileDecision.Done();
        }, cancel);
    }

    /// <summary>A person has given it back: by a transfer from the bank, or in the channel's own console. From a limit on another has to agree.</summary>
    /// <param name="isAtChannel">In the channel's own console; its statement will name it.</param>
    /// <param name="reference">Of the bank, booked once; or the channel's number of the refund. The second person agrees to the first one's.</param>
    public async Task<ReconcileDecision> ByHandAsync(long caseId, bool isAtChannel, string reference, string actor, CancellationToken cancel = default)
    {
        var number = reference.Trim();
        if (number.Length > ReferenceMax) return ReconcileDecision.No("reference", "bad_reference", $"1 to {ReferenceMax} characters.", $"1 到 {ReferenceMax} 个字符。");
        return await _database.WriteAsync<ReconcileDecision>(async s =>
        {
            await LedgerWrites.EnterAsync(s);
            // The case is the lock: two who press at once come one after the other.
            var open = await s.FirstAsync<PaymentCase>($"select * from payment_case where id = @caseId{s.ForUpdate}", new { caseId });
            if (open is not { Kind: PaymentCase.RefundFailed, RefundId: { } id }) return new ReconcileDecision.Missing();
            if (open.ClosedAt is not null) return ReconcileDecision.No("case", "settled", "It is settled already.", "已经处理过了。");
            var refund = (await FindAsync(s, caseId))!;
            if (refund.State != RefundState.Failed) return UnderWay();
            var isAgreeing = open.AskedBy is not null && open.AskedBy != actor;
            if (isAgreeing)
            {
                if (!await _giveBack.EndAsync(s, id, refund.Way, refund.RefundNo!, actor)) return UnderWay();
                await s.ExecuteAsync("update payment_case set note = @note where id = @caseId", new { note = $"{open.AskedBy}: {refund.RefundNo}", caseId });
                return new ReconcileDecision.Done();
            }

            if (number.Length == 0) return ReconcileDecision.No("reference", "bad_reference", $"1 to {ReferenceMax} characters.", $"1 到 {ReferenceMax} 个字符。");
            if (!isAtChannel && await s.ScalarAsync<long>("select count(*) from channel_refund where way = 'bank' and refund_no = @number and id <> @id", new { number, id }) > 0)
                return ReconcileDecision.No("reference", "taken", "This reference is booked already.", "这个流水号已经入过账。");
            var way = isAtChannel ? RefundWay.Console : RefundWay.Bank;
            if (refund.Amount < await LimitAsync(s))
            {
                if (!await _giveBack.EndAsync(s, id, way, number, actor)) return UnderWay();
                await s.ExecuteAsync("update payment_case set note = @number where id = @caseId", new { number, caseId });
                return new ReconcileDecision.Done();
            }

            await s.ExecuteAsync("update channel_refund set way = @way, refund_no = @number where id = @id", new { way = way.ToString().ToLowerInvariant(), number, id });
            await s.ExecuteAsync("update payment_case set asked_by = @actor, note = @number where id = @caseId", new { actor, number, caseId });
            return new ReconcileDecision.Done(IsAsked: true);
        }, cancel);
    }

    private static Task<Refund?> FindAsync(Session session, long caseId) => session.FirstAsync<Refund>(
        "select r.* from payment_case k join channel_refund r on r.id = k.refund_id where k.id = @caseId and k.kind = @kind", new { caseId, kind = PaymentCase.RefundFailed });

    internal static async Task<Money> LimitAsync(Session session) =>
        Money.TryParse(await session.ScalarAsync<string>("select value from setting where name = @LimitSetting", new { LimitSetting }), out var limit) ? limit : LimitUnlessTold;

    private static ReconcileDecision.Refused UnderWay() => ReconcileDecision.No("case", "under_way", "It is under way, or back already.", "退款正在进行，或已经退回。");
}
