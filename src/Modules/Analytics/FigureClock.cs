using Lianka.Modules.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Analytics;

/// <summary>Folds while a node serves.</summary>
internal sealed partial class FigureClock(FigureFold fold, LedgerTimes times, TimeProvider clock, ILogger<FigureClock> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // There is something new whenever the ledger's own mark has moved.
        using var timer = new PeriodicTimer(times.FoldEvery / 2, clock);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(stoppingToken)) return;
                await fold.RunAsync(cancel: stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A job loop is a boundary: the next tick tries again, from the mark.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                FoldFailed(fault);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The figures could not be folded; the next tick tries again.")]
    private partial void FoldFailed(Exception fault);
}
