using Lianka.Kernel;
using Lianka.Modules.Payments.Attempts;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Notices;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Work;

/// <summary>Asks channels about attempts, so that a lost notice loses no money (F26), closes those that are not wanted any more, and tells of money that nobody took.</summary>
internal sealed class PaymentFollower(
    Database database, PaymentChannels channels, TakeMoney money, PaidNews news, ChannelRouter router, TimeProvider clock, ILogger<PaymentFollower> logger)
    : PollingWorker(TimeSpan.FromSeconds(1), logger)
{
    private const int BatchMax = 64;

    public override async Task StepAsync(CancellationToken cancel)
    {
        // Beside each other: a channel that hangs must not keep the others' buyers waiting.
        await Parallel.ForEachAsync(await ClaimAsync(cancel), new ParallelOptions { MaxDegreeOfParallelism = BatchMax, CancellationToken = cancel },
            async (attempt, stop) =>
            {
                try
                {
                    await FollowAsync(attempt, stop);
                }
                catch (ChannelException fault)
                {
                    // Unknown is not failed: the attempt stays as it is and its next question is already due later.
                    logger.LogWarning("{Attempt} could not be followed: {Why}", attempt.OutNo, fault.Message);
                }
            });
        await news.TellAgainAsync(cancel);
        await EndPaymentsAsync(cancel);
    }

    /// <returns>How the attempt stands now, as far as the channel says.</returns>
    public async Task<TradeState> FollowAsync(Attempt attempt, CancellationToken cancel)
    {
        var (channel, open) = await channels.OpenAsync(attempt.ChannelId, cancel);
        var trade = await open.QueryAsync(attempt.Ref, cancel);
        var step = FollowRule.Next(attempt, trade, clock.Now());
        if (step == FollowStep.CloseAtChannel)
        {
            // The buyer may have paid in this very moment: then the channel answers paid, not closed.
            trade = await open.CloseAsync(attempt.Ref, cancel);
            step = FollowRule.AfterClose(attempt, trade, clock.Now());
        }

        switch (step)
        {
            case FollowStep.Take:
                await money.TakeAsync(attempt, channel, trade.TradeNo, cancel);
                break;
            case FollowStep.Close:
                if (await database.WriteAsync(s => s.ExecuteAsync(
                    "update payment_attempt set state = 'closed', live = 0, asked_at = null where id = @Id and state in ('new', 'open')", new { attempt.Id }), cancel) == 1
                    && attempt.IsSeen)
                    router.Failed(attempt, clock.Now());
                break;
            case FollowStep.Alarm:
                logger.LogError("{Attempt}: channel {Channel} took {Taken}, asked were {Asked}", attempt.OutNo, channel.Code, trade.Amount, attempt.Amount);
                await database.WriteAsync(s => PaymentCases.OpenAsync(s, new NewCase(
                    "amount_differs", $"attempt:{attempt.Id}", channel.Id, attempt.PaymentId, attempt.Id, null, attempt.Amount, trade.Amount, trade.TradeNo), clock.Now()), cancel);
                break;
        }

        return trade.State;
    }

    /// <summary>Payments whose time is over and that no attempt can pay any more are over, too.</summary>
    private async Task EndPaymentsAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        const string Over =
            """
            state = 'open' and expires_at <= @now and attempt_id is null
            and not exists (select 1 from payment_attempt a where a.payment_id = payment.id and a.state in ('new', 'open'))
            """;
        if (await database.ReadAsync(s => s.ScalarAsync<long?>($"select id from payment where {Over} limit 1", new { now }), cancel) is null) return;
        await database.WriteAsync(s => s.ExecuteAsync($"update payment set state = 'closed' where {Over}", new { now }), cancel);
    }

    private async Task<List<Attempt>> ClaimAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        if (await database.ReadAsync(
            s => s.ScalarAsync<long?>("select id from payment_attempt where asked_at <= @now limit 1", new { now }), cancel) is null) return [];
        return await database.WriteAsync(async s =>
        {
            var rows = await s.QueryAsync<Attempt>(
                $"select * from payment_attempt where asked_at <= @now order by asked_at limit {BatchMax}{s.ForUpdateSkipLocked}", new { now });
            foreach (var row in rows)
            {
                await s.ExecuteAsync("update payment_attempt set asked = asked + 1, asked_at = @next where id = @Id",
                    new { next = BackOff.NextQuestion(now, row.ExpiresAt, row.Asked), row.Id });
            }

            return rows;
        }, cancel);
    }
}
