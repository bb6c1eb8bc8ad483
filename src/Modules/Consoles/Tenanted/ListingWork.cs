using System.Data.Common;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;
using Lianka.Modules.Payments;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Consoles.Tenanted;

/// <summary>Goes on with listings, rules for prices and sheets of goods that are too large for one press of a button. Any node may; a step is done by one of them.</summary>
/// <remarks>Held by: tests/Integration/Consoles/GoodsImportPageTests.cs.</remarks>
internal sealed class ListingWork(Listings listings, Repricings repricings, GoodsImports goods, StorefrontFees fees, TimeProvider clock, ILogger<ListingWork> log) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await EachAsync("listing", listings.WaitingAsync, async (id, stop) => await listings.AdvanceAsync(id, await fees.NowAsync(stop), stop), stoppingToken);
            await EachAsync("rule for prices", repricings.WaitingAsync, repricings.AdvanceAsync, stoppingToken);
            await EachAsync("sheet of goods", goods.WaitingAsync, goods.AdvanceAsync, stoppingToken);
        }
    }

    /// <summary>What one of them meets is its own: those behind it go on.</summary>
    private async Task EachAsync(string what, Func<CancellationToken, Task<List<long>>> waitingAsync, Func<long, CancellationToken, Task> advanceAsync, CancellationToken stop)
    {
        List<long> waiting;
        try
        {
            waiting = await waitingAsync(stop);
        }
        catch (DbException fault)
        {
            log.LogWarning(fault, "The database does not say what waits; the next second asks again.");
            return;
        }

        foreach (var id in waiting)
        {
            try
            {
                await advanceAsync(id, stop);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning(fault, "The {What} {Id} could not be gone on with; the next second tries again from where it stands.", what, id);
            }
        }
    }
}
