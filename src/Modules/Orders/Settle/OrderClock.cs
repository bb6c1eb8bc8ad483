using Lianka.Kernel;
using Lianka.Modules.Orders.Engine;
using Lianka.Platform.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Orders.Settle;

/// <summary>What happens to orders because time passes: reservations lapse, escrow is released, commission matures.</summary>
internal sealed partial class OrderClock(
    Database database, OrderEngine engine, SettleOrders settle, MatureCommission mature, TimeProvider clock, ILogger<OrderClock> log)
    : BackgroundService
{
    private const int LapseMax = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        do
        {
            try
            {
                await LapseAsync(stoppingToken);
                while (await settle.RunAsync(stoppingToken) == SettleOrders.ListMax) { }
                while (await mature.RunAsync(stoppingToken) == MatureCommission.BatchMax) { }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A job loop is a boundary: the next tick tries again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                TickFailed(fault);
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    /// <summary>Lets reservations lapse whose time is over, through the engine like every other change of an order.</summary>
    public async Task LapseAsync(CancellationToken cancel = default)
    {
        var due = await database.ReadAsync(s => s.QueryAsync<OrderId>(
            $"select id from orders where status = 1 and expires_at <= @Now order by expires_at limit {LapseMax}", new { Now = clock.Now() }), cancel);
        await Task.WhenAll(due.Select(id => engine.RunAsync(new OrderCommand.Expire(id), cancel)));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Error, "A tick of the order clock failed.")]
    private partial void TickFailed(Exception fault);
}
