using Lianka.Host.Scenarios;
using Lianka.Host.Web;
using Lianka.Modules.Consoles;
using Lianka.Platform;
using Lianka.Platform.Data;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Lianka.Host.Commands;

/// <summary>Runs one node until it is told to stop.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args.Length > 0) throw new UsageException("takes no arguments; the settings are environment variables");
        AddressesOf(settings);
        var scenario = settings.Scenario;
        if (scenario != "none" && !SeedScenario.Names.Contains(scenario))
            throw new SettingException($"LIANKA_SCENARIO must be none or one of: {string.Join(", ", SeedScenario.Names)}.");

        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await RefuseUnsafeAsync(settings, database, output);
        await using var app = AppBuilder.Build(settings, database, vault);
        var readiness = app.Services.GetRequiredService<Readiness>();
        // A balancer sees 503 from here on and sends the next request elsewhere.
        app.Lifetime.ApplicationStopping.Register(() => readiness.Phase = StartPhase.Stopping);
        await app.StartAsync();
        (DemoSimulator? suppliers, DemoSimulator? channels) = (null, null);
        try
        {
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
            if (scenario != "none")
            {
                readiness.Phase = StartPhase.Seeding;
                var stopping = app.Lifetime.ApplicationStopping;
                var starting = SeedScenario.StartChannelsAsync(app.Services, scenario, output, stopping);
                suppliers = await SeedScenario.StartSuppliersAsync(app.Services, scenario, output, stopping);
                channels = await starting;
                await SeedScenario.RunAsync(app.Services, scenario, addresses.First(), suppliers?.Address, channels?.Address, output, stopping);
            }

            readiness.Phase = StartPhase.Ready;
            foreach (var address in addresses) await output.WriteLineAsync($"Lianka is ready at {address}");
            if (await app.Services.GetRequiredService<FirstSetup>().OpenAsync() is { } path)
                await output.WriteLineAsync($"No operator yet. Make the operator account, once, at {addresses.First()}{path}");
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while seeding: the next start continues.
        }

        await app.WaitForShutdownAsync();
        // After the node: until then it may have something to ask them.
        if (suppliers is not null) await suppliers.DisposeAsync();
        if (channels is not null) await channels.DisposeAsync();
        return 0;
    }

    /// <summary>A database that may forget what it called committed takes no money (F11).</summary>
    /// <exception cref="SettingException">It is set so, and LIANKA_UNSAFE_DATABASE does not allow it.</exception>
    private static async Task RefuseUnsafeAsync(Settings settings, Database database, TextWriter output)
    {
        var faults = await Durability.FaultsAsync(database);
        if (faults.Count == 0) return;
        var words = "This database can lose orders and money that were already acknowledged, when it or its machine crashes:"
            + string.Concat(faults.Select(f => $"\n  {f.Name} is '{f.Value}': {f.Remedy}"));
        if (!settings.AllowsUnsafeDatabase)
            throw new SettingException($"{words}\nOnly where nothing may be lost because nothing is real: LIANKA_UNSAFE_DATABASE=allow");
        await output.WriteLineAsync($"WARNING, allowed by LIANKA_UNSAFE_DATABASE. {words}");
    }

    /// <summary>The addresses of LIANKA_URLS.</summary>
    /// <exception cref="SettingException">One of them is not an address to listen on.</exception>
    public static string[] AddressesOf(Settings settings)
    {
        var urls = settings.Urls.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // "http://*:80" is an address for Kestrel, though not a URI.
        foreach (var url in urls)
            if (!Uri.TryCreate(url.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal),
                    UriKind.Absolute, out var uri) || uri.Scheme != "http" || uri.AbsolutePath != "/")
                throw new SettingException($"LIANKA_URLS: '{url}' is not an address like http://127.0.0.1:5080 (TLS ends in front of the node).");
        return urls.Length > 0 ? urls : throw new SettingException("LIANKA_URLS names no address.");
    }
}
