using Lianka.Kernel;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Work;

/// <summary>Hands refunds to their channels until they are accepted. The channel tells a repeated one by its number.</summary>
internal sealed class RefundWorker(Database database, PaymentDesk desk, TimeProvider clock, ILogger<RefundWorker> logger)
    : PollingWorker(TimeSpan.FromMilliseconds(500), logger)
{
    private const int BatchMax = 20;

    private sealed record Row
    {
        public long Id { get; init; }
        public PaymentId PaymentId { get; init; }
        public Money Amount { get; init; }
        public long Attempts { get; init; }
        public string Channel { get; init; } = "";
    }

    public override async Task StepAsync(CancellationToken cancel)
    {
        foreach (var refund in await ClaimAsync(cancel))
        {
            try
            {
                var accepted = await desk.Channel(refund.Channel).RefundAsync(refund.Id, refund.PaymentId, refund.Amount, cancel);
                if (!accepted)
                    logger.LogError("Refund {Refund} of {Payment} was refused by the channel and waits for a person", refund.Id, refund.PaymentId);
                await EndAsync(refund.Id, accepted ? "done" : "failed", cancel);
            }
            catch (ChannelException fault)
            {
                logger.LogWarning("Refund {Refund} was not taken yet: {Why}", refund.Id, fault.Message);
            }
        }
    }

    private Task<int> EndAsync(long id, string state, CancellationToken cancel) => database.WriteAsync(
        s => s.ExecuteAsync(
            "update channel_refund set state = @state, done_at = @now where id = @id and state = 'pending'", new { id, state, now = clock.Now() }),
        cancel);

    private async Task<List<Row>> ClaimAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        var due = await database.ReadAsync(
            s => s.ScalarAsync<long>("select count(*) from channel_refund where state = 'pending' and due_at <= @now", new { now }), cancel);
        if (due == 0) return [];
        return await database.WriteAsync(async s =>
        {
            var rows = await s.QueryAsync<Row>(
                $"""
                select r.id, r.payment_id, r.amount, r.attempts, p.channel from channel_refund r
                join payment p on p.id = r.payment_id
                where r.state = 'pending' and r.due_at <= @now order by r.due_at limit {BatchMax}
                """ + (s.Kind == DatabaseKind.Postgres ? " for update of r skip locked" : ""), new { now });
            foreach (var row in rows)
            {
                await s.ExecuteAsync("update channel_refund set attempts = attempts + 1, due_at = @next where id = @Id",
                    new { next = BackOff.NextRefund(now, row.Attempts), row.Id });
            }

            return rows;
        }, cancel);
    }
}
