using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Payments.Work;

/// <summary>Does due work of a table again and again. Several nodes may run the same worker beside each other.</summary>
internal abstract class PollingWorker(TimeSpan pause, ILogger logger) : BackgroundService
{
    /// <summary>Does what is due now; safe to call beside itself.</summary>
    public abstract Task StepAsync(CancellationToken cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pause);
        do
        {
            try
            {
                await StepAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop of a worker outlives any fault: what was due stays due and is tried again.
                logger.LogError(fault, "{Worker} met a fault and goes on", GetType().Name);
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
