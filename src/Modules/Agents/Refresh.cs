using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Agents;

/// <summary>Looks every second whether prices or access moved, so that no request waits for a load.</summary>
/// <remarks>Orders do not depend on it: they check the version in their own transaction.</remarks>
internal sealed class Refresh(PriceBooks books, Access access, TimeProvider clock, ILogger<Refresh> log) : BackgroundService
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    /// <summary>Periods after which the log of price changes is shortened, and how many rows stay: ten times what a node reads from it.</summary>
    private const int PruneEach = 60, LogKeep = 10 * Store.PriceBookReader.ChangesMost;

    /// <summary>The first load is part of starting: a node that serves has both.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RunOnceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, clock);
        for (var i = 0; await timer.WaitForNextTickAsync(stoppingToken); i++)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
                if (i % PruneEach == 0) await books.PruneAsync(LogKeep, stoppingToken);
            }
            catch (DbException fault)
            {
                // The next second tries again; what is in memory stays in use, and orders look for themselves.
                log.LogWarning(fault, "Prices and access could not be refreshed.");
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken cancel)
    {
        await books.RefreshAsync(cancel);
        await access.RefreshAsync(cancel);
    }
}
