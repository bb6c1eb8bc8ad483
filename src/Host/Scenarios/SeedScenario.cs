using Lianka.Kernel;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Platform.Http;
using Lianka.Vault;

namespace Lianka.Host.Scenarios;

/// <summary>Fills a platform with a demo, through the front doors that people and the API use too.</summary>
/// <remarks>
/// Every step looks first whether its work is there, so a seeding that was killed is continued by the next start. When all
/// is done a setting says so, and later starts only write demo.json anew (the addresses may have changed).
/// </remarks>
internal static class SeedScenario
{
    public static readonly IReadOnlyList<string> Names = ["three-level-agents"];

    /// <summary>Starts the suppliers' systems that the scenario buys from.</summary>
    /// <returns>Null when they do not start.</returns>
    public static async Task<DemoSimulator?> StartSuppliersAsync(IServiceProvider services, string scenario, TextWriter output, CancellationToken cancel)
    {
        var file = ScenarioFile.Load(scenario);
        var last = await ActivatorUtilities.CreateInstance<DemoConnections>(services).AddressAsync(file, cancel);
        var passwords = await DemoPasswords.OpenAsync(services.GetRequiredService<Database>(), services.GetRequiredService<CardVault>(), scenario);
        return await DemoSuppliers.StartAsync(file, passwords.Of("suppliers"), last, services.GetRequiredService<GuardedHttp>(), output, cancel);
    }

    /// <summary>Starts the payment channels that the scenario's buyers may choose from.</summary>
    /// <returns>Null when they do not start.</returns>
    public static async Task<DemoSimulator?> StartChannelsAsync(IServiceProvider services, string scenario, TextWriter output, CancellationToken cancel)
    {
        var passwords = await DemoPasswords.OpenAsync(services.GetRequiredService<Database>(), services.GetRequiredService<CardVault>(), scenario);
        return await ActivatorUtilities.CreateInstance<DemoChannels>(services).StartAsync(
            passwords.Of("channels"), services.GetRequiredService<Settings>(), services.GetRequiredService<GuardedHttp>(), output, cancel);
    }

    /// <param name="suppliers">Where the demo's suppliers answer; null: nowhere, and what is bought from them goes back to the buyer.</param>
    /// <param name="channels">Where the demo's payment channels answer; null: nowhere, and buyers pay by the test channel.</param>
    /// <returns>False when the scenario had been seeded before.</returns>
    public static async Task<bool> RunAsync(
        IServiceProvider services, string scenario, string baseUrl, Uri? suppliers, Uri? channels, TextWriter output, CancellationToken cancel)
    {
        var database = services.GetRequiredService<Database>();
        var file = ScenarioFile.Load(scenario);
        var passwords = await DemoPasswords.OpenAsync(database, services.GetRequiredService<CardVault>(), scenario);
        var done = $"scenario:{scenario}:done";
        var connections = ActivatorUtilities.CreateInstance<DemoConnections>(services);
        var isFresh = await database.ReadAsync(s => s.ScalarAsync<string>("select value from setting where name = @done", new { done }), cancel) is null;
        // Beside the seeding: making the simulator's keys takes a second, once.
        var pointing = channels is null ? Task.CompletedTask : ActivatorUtilities.CreateInstance<DemoChannels>(services).PointAsync(channels, Reachable(baseUrl), output, cancel);
        if (isFresh)
        {
            await output.WriteLineAsync($"Filling the shop with the demo '{scenario}' …");
            var goods = await ActivatorUtilities.CreateInstance<DemoGoods>(services, connections).SeedAsync(file, cancel);
            await ActivatorUtilities.CreateInstance<DemoAgents>(services, scenario).SeedAsync(file, goods, cancel);
            await ActivatorUtilities.CreateInstance<DemoPeople>(services).SeedAsync(file, passwords, cancel);
            await ActivatorUtilities.CreateInstance<DemoChannels>(services).AddWalletsAsync(cancel);
            var at = services.GetRequiredService<TimeProvider>().Now().ToString("O");
            await database.WriteAsync(s => s.ExecuteAsync(
                "insert into setting (name, value) values (@done, @at) on conflict do nothing", new { done, at }), cancel);
        }

        await pointing;
        if (suppliers is not null) await connections.PointAsync(file, suppliers, cancel);
        var demo = await ActivatorUtilities.CreateInstance<DemoFile>(services).WriteAsync(file, passwords, Reachable(baseUrl), suppliers, channels, cancel);
        await output.WriteLineAsync(demo);
        return isFresh;
    }

    /// <summary>An address that a browser on this machine can open, for one that means "every interface".</summary>
    private static string Reachable(string url)
    {
        var uri = new UriBuilder(url.Replace("*", "127.0.0.1", StringComparison.Ordinal).Replace("+", "127.0.0.1", StringComparison.Ordinal));
        if (uri.Host is "0.0.0.0" or "[::]") uri.Host = "127.0.0.1";
        return uri.Uri.GetLeftPart(UriPartial.Authority);
    }
}

/// <summary>The demo's own file is not accepted by a front door: a bug in one of the two.</summary>
internal sealed class DemoRefusedException(string what, IEnumerable<FieldError> errors)
    : Exception($"{what}: {string.Join("; ", errors.Select(e => $"{e.Field} {e.Code}"))}");
