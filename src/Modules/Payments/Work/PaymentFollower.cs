using Lianka.Kernel;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Notices;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Work;

/// <summary>Asks channels about open payments, so that a lost notice loses no money (F26), and closes those whose time is over.</summary>
internal sealed class PaymentFollower(
    Database database, PaymentDesk desk, PaidNews news, TimeProvider clock, ILogger<PaymentFollower> logger)
    : PollingWorker(TimeSpan.FromSeconds(1), logger)
{
    private const int BatchMax = 20;

    public override async Task StepAsync(CancellationToken cancel)
    {
        foreach (var payment in await ClaimAsync(cancel))
        {
            try
            {
                await FollowAsync(payment, cancel);
            }
            catch (ChannelException fault)
            {
                // Unknown is not failed: the payment stays open and its next question is already due later.
                logger.LogWarning("{Payment} could not be followed: {Why}", payment.Id, fault.Message);
            }
        }
    }

    private async Task FollowAsync(Payment payment, CancellationToken cancel)
    {
        var channel = desk.Channel(payment.Channel);
        var trade = await channel.QueryAsync(payment.Id, cancel);
        var step = FollowRule.Next(payment, trade, clock.Now());
        if (step == FollowStep.CloseAtChannel)
        {
            // The buyer may have paid in this very moment: then the channel answers paid, not closed.
            trade = await channel.CloseAsync(payment.Id, cancel);
            step = FollowRule.Next(payment, trade, clock.Now());
        }

        switch (step)
        {
            case FollowStep.Announce:
                await news.TellAsync(payment, trade.TradeNo, cancel);
                break;
            case FollowStep.Close:
                await database.WriteAsync(
                    s => s.ExecuteAsync("update payment set state = 'closed' where id = @Id and state = 'open'", new { payment.Id }), cancel);
                break;
            case FollowStep.Alarm:
                logger.LogError("{Payment}: the channel took {Taken}, asked were {Asked}", payment.Id, trade.Amount, payment.Amount);
                break;
        }
    }

    private async Task<List<Payment>> ClaimAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        var due = await database.ReadAsync(
            s => s.ScalarAsync<long>("select count(*) from payment where state = 'open' and asked_at <= @now", new { now }), cancel);
        if (due == 0) return [];
        return await database.WriteAsync(async s =>
        {
            var rows = await s.QueryAsync<Payment>(
                $"select * from payment where state = 'open' and asked_at <= @now order by asked_at limit {BatchMax}{s.ForUpdateSkipLocked}",
                new { now });
            foreach (var row in rows)
            {
                await s.ExecuteAsync("update payment set asked = asked + 1, asked_at = @next where id = @Id",
                    new { next = BackOff.NextQuestion(now, row.ExpiresAt, row.Asked), row.Id });
            }

            return rows;
        }, cancel);
    }
}
