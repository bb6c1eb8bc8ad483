using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Notices;

/// <summary>A channel tells us something: check it in the order of <see cref="NoticeVerdict"/>, log it, and pass on what is news.</summary>
internal sealed class TakeNotice(
    Database database, IdSource ids, PaidNews news, TimeProvider clock, ILogger<TakeNotice> logger)
{
    /// <summary>Strangers can send as much as they like; so many of their forgeries a minute are kept, the rest only counted in the log.</summary>
    private const int ForgedPerMinuteMax = 60;

    private readonly Lock _gate = new();
    private DateTimeOffset _minute;
    private int _forged;

    public async Task<NoticeVerdict> TakeAsync(
        IPaymentChannel channel, ReadOnlyMemory<byte> body, Func<string, string?> header, CancellationToken cancel)
    {
        var notice = await channel.VerifyNoticeAsync(body, header);
        var payment = notice is null ? null : await FindAsync(notice.OutNo, cancel);
        var verdict = NoticeRule.Judge(channel.Name, channel.Merchant, notice, payment);
        if (verdict == NoticeVerdict.Accepted && !await IsPaidThereAsync(channel, payment!, notice!, cancel))
            verdict = NoticeVerdict.UnpaidAtChannel;
        await LogAsync(channel, notice, payment, verdict, cancel);
        if (verdict == NoticeVerdict.Accepted) await news.TellAsync(payment!, notice!.TradeNo, cancel);
        return verdict;
    }

    /// <summary>A signed notice is a hint; the channel's own book is the proof (F28).</summary>
    private static async Task<bool> IsPaidThereAsync(IPaymentChannel channel, Payment payment, Notice notice, CancellationToken cancel)
    {
        var trade = await channel.QueryAsync(payment.Id, cancel);
        return trade.State == TradeState.Paid && trade.TradeNo == notice.TradeNo && trade.Amount.Units == payment.Amount.Units;
    }

    private async Task<Payment?> FindAsync(string outNo, CancellationToken cancel) =>
        PaymentId.TryParse(outNo, out var id)
            ? await database.ReadAsync(s => s.FirstAsync<Payment>("select * from payment where id = @id", new { id }), cancel)
            : null;

    private async Task LogAsync(IPaymentChannel channel, Notice? notice, Payment? payment, NoticeVerdict verdict, CancellationToken cancel)
    {
        if (verdict is not (NoticeVerdict.Accepted or NoticeVerdict.Repeated))
            logger.LogWarning("A notice of channel {Channel} about {Payment} was refused: {Verdict}", channel.Name, payment?.Id, verdict);
        var now = clock.Now();
        if (verdict == NoticeVerdict.BadSignature && !IsKept(now)) return;
        var id = await ids.NextAsync();
        await database.WriteAsync(
            s => s.ExecuteAsync(
                """
                insert into payment_notice (id, channel, payment_id, trade_no, result, at)
                values (@id, @Name, @payment, @tradeNo, @result, @now)
                """,
                new
                {
                    id,
                    channel.Name,
                    payment = payment?.Id.Value,
                    tradeNo = notice is null ? "" : Short(notice.TradeNo),
                    result = JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString()),
                    now,
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
