using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Ledger;

/// <summary>How often the ledger's jobs run.</summary>
public sealed record LedgerTimes(TimeSpan FoldEvery, TimeSpan SweepEvery)
{
    public static readonly LedgerTimes Default = new(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));
}

/// <summary>Runs the fold and the sweep of lapsed holds while a node serves.</summary>
internal sealed class LedgerJobs(
    Database database, LedgerFold fold, Holds holds, LedgerTimes times, TimeProvider clock, ILogger<LedgerJobs> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EveryAsync("fold", times.FoldEvery, () => fold.FoldAsync(stoppingToken), stoppingToken),
        EveryAsync("sweep of holds", times.SweepEvery, () => SweepAsync(stoppingToken), stoppingToken));

    private async Task SweepAsync(CancellationToken cancel)
    {
        while (await database.WriteAsync(holds.ReleaseLapsedAsync, cancel) == Holds.SweepMax) cancel.ThrowIfCancellationRequested();
    }

    private async Task EveryAsync(string name, TimeSpan period, Func<Task> run, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period, clock);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(cancel)) return;
                await run();
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The job loop outlives every fault of one run: the next run starts from the database again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.LogError(fault, "The ledger's {Job} failed and will run again.", name);
            }
        }
    }
}
