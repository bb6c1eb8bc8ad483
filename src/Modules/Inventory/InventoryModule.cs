using Lianka.Modules.Suppliers;
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
        .AddSingleton<BoughtCards>()
        .AddSingleton<ImportDesk>()
        .AddSingleton<Resealing>()
        .AddSingleton<CardTails>()
        .AddSingleton<StockWatch>()
        .AddSingleton<OwnSupplies>()
        .AddSingleton<ISupplierFigures, ImportFigures>()
        .AddHostedService<Upkeep>();

    /// <summary>
    /// Gives up the imports of nodes that died, learns the data keys that other nodes made and brings all secrets under the
    /// newest, and watches how long the stock lasts.
    /// </summary>
    private sealed class Upkeep(
        ImportDesk desk, StockWatch watch, Resealing resealing, CardTails tails, Database database, CardVault vault, TimeProvider clock, ILogger<Upkeep> log) : BackgroundService
    {
        private static readonly TimeSpan _every = TimeSpan.FromSeconds(30);

        // Beside the rest of the upkeep: among millions of cards they take minutes.
        private Task _resealing = Task.CompletedTask, _filling = Task.CompletedTask;

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

            await Task.WhenAll(_resealing, _filling);
        }

        private async Task ResealAsync(CancellationToken cancel)
        {
            var resealed = await resealing.RunAsync(cancel);
            if (resealed > 0) log.LogInformation("{Count} secrets were re-sealed under data key {Key}", resealed, vault.SealingKey);
        }

        private async Task FillAsync(CancellationToken cancel)
        {
            var looked = await tails.FillAsync(cancel);
            if (looked > 0) log.LogInformation("{Count} cards can be found by their last characters", looked);
        }

        private async Task BesideAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
        {
            try
            {
                await work(cancel);
            }
            catch (OperationCanceledException)
            {
                // The node stops; it goes on from where it was.
            }
            catch (Exception fault)
            {
                log.LogError(fault, "Work on all cards failed; it goes on from where it was");
            }
        }

        private async Task LookAsync(CancellationToken cancel)
        {
            try
            {
                var swept = await desk.SweepAsync(cancel);
                if (swept > 0) log.LogWarning("{Count} interrupted imports were given up", swept);
                await VaultKeys.RefreshAsync(database, vault, clock, cancel);
                var raised = await watch.LookAsync(cancel);
                if (raised > 0) log.LogInformation("{Count} supplies run low", raised);
                if (_resealing.IsCompleted) _resealing = BesideAsync(ResealAsync, cancel);
                if (_filling.IsCompleted) _filling = BesideAsync(FillAsync, cancel);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogError(fault, "The upkeep of the stock failed; it is tried again");
            }
        }
    }
}
