using Lianka.Kernel;
using Lianka.Modules.Payments.Core;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Notices;

/// <summary>Tells whoever is paid for that the money is there. Told as often as needed; they take it once.</summary>
internal sealed class PaidNews(Database database, IEnumerable<IPaymentListener> listeners, TimeProvider clock, ILogger<PaidNews> logger)
{
    private sealed record Row
    {
        public string Channel { get; init; } = "";
    }

    public async Task TellAsync(PaymentId id, CancellationToken cancel)
    {
        var payment = await database.ReadAsync(s => PaymentBook.FindAsync(s, id), cancel);
        if (payment is not { AttemptId: { } attempt, State: not PaymentState.Paid }) return;
        var channel = (await database.ReadAsync(s => s.FirstAsync<Row>(
            "select c.code as channel from payment_attempt a join channel c on c.id = a.channel_id where a.id = @attempt", new { attempt }), cancel))!.Channel;
        await listeners.First(l => l.Purpose == payment.Purpose).PaidAsync(payment, channel, cancel);
    }

    /// <summary>Tells again what was not taken at first.</summary>
    public async Task TellAgainAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        var due = await database.ReadAsync(
            s => s.QueryAsync<long>("select id from payment where told_at <= @Before and state <> 'paid' order by told_at limit 50", new { Before = now - BackOff.ToldAgainAfter }), cancel);
        foreach (var id in due)
        {
            await database.WriteAsync(s => s.ExecuteAsync("update payment set told_at = @now where id = @id and told_at is not null", new { now, id }), cancel);
            try
            {
                await TellAsync(new PaymentId(id), cancel);
            }
#pragma warning disable CA1031 // One listener's trouble is not the others': it is told again.
            catch (Exception fault) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogError(fault, "{Payment} is paid, and that could not be told", new PaymentId(id));
            }
        }
    }
}
