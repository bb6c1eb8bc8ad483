using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Notices;

/// <summary>A channel tells us something: check it in the order of <see cref="NoticeVerdict"/>, log it, and take what is news.</summary>
internal sealed class TakeNotice(Database database, IdSource ids, TakeMoney money, TimeProvider clock, ILogger<TakeNotice> logger)
{
    /// <summary>Signed notices of less are believed without a question; 0 unless told: none.</summary>
    public const string TrustSetting = "payment.notice_trusted_below";

    /// <summary>Strangers can send as much as they like; so many of their forgeries a minute are kept, the rest only counted in the log.</summary>
    private const int ForgedPerMinuteMax = 60;

    private readonly Lock _gate = new();
    private DateTimeOffset _minute;
    private int _forged;

    public async Task<NoticeVerdict> TakeAsync(Channel channel, IChannel open, RawNotice raw, CancellationToken cancel)
    {
        var notice = open.Read(raw);
        var attempt = notice is null ? null : await FindAsync(notice.OutNo, cancel);
        var verdict = NoticeRule.Judge(channel.Id, notice, attempt);
        if (verdict == NoticeVerdict.UnknownPayment && notice!.RefundNo is { } back && await IsOfStatementAsync(channel, back, cancel)) verdict = NoticeVerdict.Refund;
        if (verdict == NoticeVerdict.Accepted && await IsAskedAsync(attempt!, cancel) && !await IsPaidThereAsync(open, attempt!, notice!, cancel))
            verdict = NoticeVerdict.UnpaidAtChannel;
        await LogAsync(channel, notice, attempt, verdict, cancel);
        if (verdict == NoticeVerdict.Accepted) await money.TakeAsync(attempt!, channel, notice!.TradeNo, cancel);
        if (verdict == NoticeVerdict.Refund) await HurryRefundAsync(channel, notice!.RefundNo!, cancel);
        return verdict;
    }

    /// <summary>What is small, of an attempt that nobody has given up, and for an order may be believed by its signature, if the operator says so.</summary>
    private async Task<bool> IsAskedAsync(Attempt attempt, CancellationToken cancel)
    {
        var below = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = @TrustSetting", new { TrustSetting }), cancel);
        if (!Money.TryParse(below, out var trusted) || attempt.Amount >= trusted || attempt.State != AttemptState.Open || attempt.Live == 0) return true;
        return await database.ReadAsync(s => s.ScalarAsync<string>("select purpose from payment where id = @PaymentId", new { attempt.PaymentId }), cancel)
            is not (PaymentPurposes.Order or PaymentPurposes.Basket);
    }

    /// <summary>A signed notice is a hint; the channel's own book is the proof (F28).</summary>
    private static async Task<bool> IsPaidThereAsync(IChannel open, Attempt attempt, ChannelNotice notice, CancellationToken cancel)
    {
        var trade = await open.QueryAsync(attempt.Ref with { TradeNo = attempt.TradeNo ?? notice.TradeNo }, cancel);
        return trade.State == TradeState.Paid && trade.TradeNo == notice.TradeNo && trade.Amount == attempt.Amount;
    }

    private async Task<Attempt?> FindAsync(string outNo, CancellationToken cancel) => PublicId.TryDecode(outNo, out var id)
        ? await database.ReadAsync(s => s.FirstAsync<Attempt>("select * from payment_attempt where id = @id", new { id }), cancel) : null;

    /// <summary>It gives back money of which only the statement knows: the trade has another's number.</summary>
    private async Task<bool> IsOfStatementAsync(Channel channel, string refundNo, CancellationToken cancel) => PublicId.TryDecode(refundNo, out var id)
        && await database.ReadAsync(s => s.ScalarAsync<long?>(
            "select id from channel_refund where (id = @id or told_as = @id) and channel_id = @Channel and line_id is not null", new { id, Channel = channel.Id }), cancel) is not null;

    private async Task HurryRefundAsync(Channel channel, string refundNo, CancellationToken cancel)
    {
        if (!PublicId.TryDecode(refundNo, out var id)) return;
        await database.WriteAsync(s => s.ExecuteAsync(
            "update channel_refund set due_at = @now where (id = @id or told_as = @id) and channel_id = @Channel and state = 'pending' and due_at > @now",
            new { now = clock.Now(), id, Channel = channel.Id }), cancel);
    }

    private async Task LogAsync(Channel channel, ChannelNotice? notice, Attempt? attempt, NoticeVerdict verdict, CancellationToken cancel)
    {
        if (verdict is not (NoticeVerdict.Accepted or NoticeVerdict.Repeated or NoticeVerdict.Refund))
            logger.LogWarning("A notice of channel {Channel} about {Payment} was refused: {Verdict}", channel.Code, attempt?.PaymentId, verdict);
        var now = clock.Now();
        if (verdict == NoticeVerdict.BadSignature && !IsKept(now)) return;
        var id = await ids.NextAsync();
        await database.WriteAsync(
            s => s.ExecuteAsync(
                """
                insert into payment_notice (id, channel, payment_id, attempt_id, trade_no, result, at)
                values (@id, @Code, @payment, @attempt, @tradeNo, @result, @now)
                """,
                new
                {
                    id, channel.Code, payment = attempt?.PaymentId.Value, attempt = attempt?.Id, tradeNo = notice is null ? "" : Short(notice.TradeNo),
                    result = JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString()), now,
                }),
            cancel);
    }

    private bool IsKept(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now - _minute >= TimeSpan.FromMinutes(1)) (_minute, _forged) = (now, 0);
            return ++_forged <= ForgedPerMinuteMax;
        }
    }

    private static string Short(string text) => text.Length <= 64 ? text : text[..64];
}
