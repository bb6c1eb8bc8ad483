using System.Diagnostics;
using Lianka.Host;
using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Orders;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Lianka.Bench.Orders;

/// <summary>Orders straight into the engine, without HTTP: to have many in the tables, and to see what the engine does alone.</summary>
internal static class Filler
{
    private const int Callers = 1_024;

    /// <returns>Orders a second.</returns>
    public static async Task<double> RunAsync(string folder, string connection, long count, string tag)
    {
        var settings = new Settings(folder, "http://127.0.0.1:0", connection, "none", Market.MasterKey);
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = Market.Services(settings, database, vault);
        var book = await services.GetRequiredService<PriceBooks>().RefreshAsync();
        var skus = book.Skus.Select(s => s.Id).ToArray();
        var engine = services.GetServices<IHostedService>().Single(s => s.GetType().Name == "OrderEngine");
        await engine.StartAsync(default);
        var rate = await RunAsync(services, [.. book.Merchants.Select(m => m.Id)], () => skus[Random.Shared.Next(skus.Length)], count, tag);
        await engine.StopAsync(default);
        return rate;
    }

    /// <param name="skuOf">Of the next order.</param>
    /// <returns>Orders a second.</returns>
    public static async Task<double> RunAsync(ServiceProvider services, MerchantId[] merchants, Func<SkuId> skuOf, long count, string tag)
    {
        var desk = services.GetRequiredService<OrderDesk>();
        var max = Money.Parse("1000");
        var next = 0L;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (long no; (no = Interlocked.Increment(ref next)) <= count;)
            {
                var decision = await desk.RunAsync(new OrderCommand.Place(
                    OrderSource.Api, merchants[Random.Shared.Next(merchants.Length)], $"{tag}{no}", skuOf(),
                    1, max, null, null, "key:bench"));
                if (decision is not OrderDecision.Done) throw new InvalidOperationException($"Order {no} was refused: {decision}");
            }
        })));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
