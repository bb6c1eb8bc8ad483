using System.Data.Common;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payments;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Goes on with listings, rules for prices and sheets of goods that are too large for one press of a button. Any node may; a step is done by one of them.</summary>
internal sealed class ListingWork(Listings listings, Repricings repricings, GoodsImports goods, StorefrontFees fees, TimeProvider clock, ILogger<ListingWork> log) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var id in await listings.WaitingAsync(stoppingToken)) await listings.AdvanceAsync(id, await fees.NowAsync(stoppingToken), stoppingToken);
                foreach (var id in await repricings.WaitingAsync(stoppingToken)) await repricings.AdvanceAsync(id, stoppingToken);
                foreach (var id in await goods.WaitingAsync(stoppingToken)) await goods.AdvanceAsync(id, stoppingToken);
            }
            catch (DbException fault)
            {
                log.LogWarning(fault, "A listing, a rule for prices or a sheet of goods could not be gone on with; the next second tries again from where it stands.");
            }
        }
    }
}
