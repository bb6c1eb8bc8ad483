using Lianka.Platform.Data;
using Lianka.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lianka.Modules.Inventory;

public static class InventoryModule
{
    public static IServiceCollection AddInventory(this IServiceCollection services) => services
        .AddSingleton<Inventory>()
        .AddSingleton<ImportDesk>()
        .AddHostedService<Upkeep>();

    /// <summary>Gives up the imports of nodes that died, and learns the data keys that other nodes made.</summary>
    private sealed class Upkeep(ImportDesk desk, Database database, CardVault vault, TimeProvider clock, ILogger<Upkeep> log) : BackgroundService
    {
        private static readonly TimeSpan _every = TimeSpan.FromSeconds(30);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(_every, clock);
            try
            {
                do await LookAsync(stoppingToken);
                while (await timer.WaitForNextTickAsync(stoppingToken));
            }
            catch (OperationCanceledException)
            {
                // The node stops.
            }
        }

        private async Task LookAsync(CancellationToken cancel)
        {
            try
            {
                var swept = await desk.SweepAsync(cancel);
                if (swept > 0) log.LogWarning("{Count} interrupted imports were given up", swept);
                await VaultKeys.RefreshAsync(database, vault, clock, cancel);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogError(fault, "The upkeep of the stock failed; it is tried again");
            }
        }
    }
}
