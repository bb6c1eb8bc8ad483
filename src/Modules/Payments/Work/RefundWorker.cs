using Lianka.Kernel;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Refunds;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Work;

/// <summary>Tells channels to give money back until they have accepted, and asks until it is done. Each knows a refund by its number (F30).</summary>
internal sealed class RefundWorker(Database database, PaymentChannels channels, GiveBack giveBack, TimeProvider clock, ILogger<RefundWorker> logger)
    : PollingWorker(TimeSpan.FromMilliseconds(250), logger)
{
    private const int BatchMax = 64;

    public override async Task StepAsync(CancellationToken cancel) => await Parallel.ForEachAsync(
        await ClaimAsync(cancel), new ParallelOptions { MaxDegreeOfParallelism = BatchMax, CancellationToken = cancel }, async (refund, stop) =>
        {
            try
            {
                await TellAsync(refund, stop);
            }
            catch (ChannelException fault)
            {
                // Unknown is not failed: it is asked about, and told again with the same number where it never arrived.
                logger.LogWarning("Refund {Refund} was not taken yet: {Why}", refund.Id, fault.Message);
            }
        });

    private async Task TellAsync(Refund refund, CancellationToken cancel)
    {
        var asked = await database.ReadAsync(s => RefundAsk.OfAsync(s, refund), cancel);
        var (channel, open) = await channels.OpenAsync(refund.ChannelId, cancel);
        RefundAnswer answer;
        try
        {
            answer = refund.Attempts == 0 ? new RefundAnswer(RefundOutcome.Absent) : await open.QueryRefundAsync(asked, cancel);
            if (answer.Outcome == RefundOutcome.Absent) answer = await open.RefundAsync(asked, cancel);
        }
        catch (ChannelRefusedException no)
        {
            answer = new RefundAnswer(RefundOutcome.Failed, "", no.Code);
        }

        switch (answer.Outcome)
        {
            case RefundOutcome.Done:
                await giveBack.ByChannelAsync(refund, channel, answer.RefundNo, cancel);
                break;
            case RefundOutcome.Pending:
                await database.WriteAsync(s => s.ExecuteAsync(
                    "update channel_refund set accepted_at = coalesce(accepted_at, @now), refund_no = @RefundNo where id = @Id and state = 'pending'",
                    new { now = clock.Now(), answer.RefundNo, refund.Id }), cancel);
                break;
            case RefundOutcome.Failed:
                await giveBack.FailAsync(refund, channel, answer.Detail, cancel);
                break;
        }
    }

    private async Task<List<Refund>> ClaimAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        if (await database.ReadAsync(
            s => s.ScalarAsync<long?>("select id from channel_refund where state = 'pending' and due_at <= @now limit 1", new { now }), cancel) is null) return [];
        return await database.WriteAsync(async s =>
        {
            var rows = await s.QueryAsync<Refund>(
                $"select * from channel_refund where state = 'pending' and due_at <= @now order by due_at limit {BatchMax}{s.ForUpdateSkipLocked}", new { now });
            foreach (var row in rows)
            {
                await s.ExecuteAsync("update channel_refund set attempts = attempts + 1, due_at = @next where id = @Id",
                    new { next = BackOff.NextRefund(now, row.Attempts), row.Id });
            }

            return rows;
        }, cancel);
    }
}
