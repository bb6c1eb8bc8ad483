using Lianka.Kernel;
using Lianka.Modules.Payments.Core;
using Lianka.Modules.Payments.Work;
using Lianka.Platform.Data;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Reconcile;

/// <summary>Fetches the statements of days that are over, until they are there, and closes days in which everything agrees.</summary>
internal sealed class StatementWorker(Database database, PaymentChannels channels, Reconciliation reconciliation, TimeProvider clock, ILogger<StatementWorker> logger)
    : PollingWorker(TimeSpan.FromMinutes(1), logger)
{
    private const int BatchMax = 32;

    public override async Task StepAsync(CancellationToken cancel)
    {
        await reconciliation.MakeDaysAsync(cancel);
        foreach (var due in await ClaimAsync(cancel)) await FetchAsync(due, cancel);
        await CloseAsync(cancel);
    }

    private async Task FetchAsync(ChannelDay due, CancellationToken cancel)
    {
        if (await channels.FindAsync(due.ChannelId, cancel) is not { } channel || !ChannelDays.TryParse(due.Day, out var day)) return;
        try
        {
            await reconciliation.FetchAsync(channel, day, cancel);
        }
        catch (ChannelException fault)
        {
            logger.LogWarning("The statement of {Channel} of {Day} is not there yet: {Why}", channel.Code, due.Day, fault.Message);
            var why = fault.Message.Length <= 200 ? fault.Message : fault.Message[..200];
            await database.WriteAsync(s => s.ExecuteAsync(
                "update channel_day set fault = @why where channel_id = @ChannelId and day = @Day and state = 'waiting'", new { why, due.ChannelId, due.Day }), cancel);
        }
    }

    /// <summary>The oldest first: each day's proof stands on the one before it.</summary>
    private async Task CloseAsync(CancellationToken cancel)
    {
        var open = await database.ReadAsync(s => s.QueryAsync<ChannelDay>("select * from channel_day where state = 'open' order by channel_id, day limit 1000"), cancel);
        foreach (var of in open.GroupBy(d => d.ChannelId))
        {
            if (await channels.FindAsync(of.Key, cancel) is not { } channel) continue;
            foreach (var each in of)
            {
                if (!ChannelDays.TryParse(each.Day, out var day)) continue;
                // A refund that the statement has may have been done by now.
                if (each.InFlight > 0) await reconciliation.CompareAsync(channel, day, cancel);
                if (await reconciliation.CloseAsync(channel, day, "system", cancel) is not ReconcileDecision.Done) break;
            }
        }
    }

    private async Task<List<ChannelDay>> ClaimAsync(CancellationToken cancel)
    {
        var now = clock.Now();
        if (await database.ReadAsync(s => s.ScalarAsync<long?>("select channel_id from channel_day where state = 'waiting' and due_at <= @now limit 1", new { now }), cancel) is null) return [];
        return await database.WriteAsync(async s =>
        {
            var rows = await s.QueryAsync<ChannelDay>(
                $"select * from channel_day where state = 'waiting' and due_at <= @now order by day, channel_id limit {BatchMax}{s.ForUpdateSkipLocked}", new { now });
            foreach (var row in rows)
            {
                await s.ExecuteAsync("update channel_day set tries = tries + 1, due_at = @next where channel_id = @ChannelId and day = @Day",
                    new { next = ChannelDays.Again(now, row.Tries), row.ChannelId, row.Day });
            }

            return rows;
        }, cancel);
    }
}
