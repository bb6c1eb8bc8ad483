using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.TopUps.Store;
using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.TopUps;

/// <summary>Ends top-ups whose time is over, so that their promises are free again, and brings bonus into wallets. Safe beside itself and other nodes.</summary>
internal sealed class TopUpWorker(Database database, Ledger.Ledger ledger, TimeProvider clock, ILogger<TopUpWorker> logger) : BackgroundService
{
    private const int BatchMax = 200;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    /// <summary>Money of the last moment is still on its way to us.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_pause, clock, stoppingToken);
                await StepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbException fault)
            {
                // What was due stays due.
                logger.LogError(fault, "Top-ups could not be looked after and are again in a moment");
            }
        }
    }

    private sealed record OverRow
    {
        public long Id { get; init; }
        public long? RuleId { get; init; }
        public Money Bonus { get; init; }
    }

    public async Task StepAsync(CancellationToken cancel)
    {
        var before = clock.Now() - _grace;
        if (await database.ReadAsync(s => s.ScalarAsync<long?>("select id from top_up where state = 'open' and expires_at <= @before limit 1", new { before }), cancel) is not null)
            await database.WriteAsync(s => EndAsync(s, before), cancel);
        foreach (var merchant in await database.ReadAsync(s => s.QueryAsync<long>("select merchant_id from bonus_meter order by merchant_id"), cancel))
        {
            var free = await database.WriteAsync(s => BonusMeter.CountAsync(s, ledger, new MerchantId(merchant)), cancel);
            if (free.IsPositive) logger.LogInformation("{Bonus} of {Merchant} came into its wallet", free, new MerchantId(merchant));
        }
    }

    private static async Task EndAsync(Session session, DateTimeOffset before)
    {
        // Each before its rule, as crediting locks them.
        var over = await session.QueryAsync<OverRow>(
            $"select id, rule_id, bonus from top_up where state = 'open' and expires_at <= @before order by id limit {BatchMax}{session.ForUpdateSkipLocked}", new { before });
        await session.ExecuteAsync($"update top_up set state = 'over' where {session.AnyOf("id", "@ids")}", new { ids = session.List(over.Select(o => o.Id)) });
        foreach (var rule in over.Where(o => o.RuleId is not null).GroupBy(o => o.RuleId!.Value).OrderBy(g => g.Key))
            await BonusStore.UseAsync(session, rule.Key, -rule.Aggregate(Money.Zero, (sum, o) => sum + o.Bonus));
    }
}
