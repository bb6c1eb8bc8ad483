using Lianka.Host.Scenarios;
using Lianka.Platform;

namespace Lianka.Host.Commands;

internal static class Seed
{
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args is not [var scenario]) throw new UsageException("needs the name of one scenario");
        if (!SeedScenario.Names.Contains(scenario))
            throw new UsageException($"there is no scenario '{scenario}'; there are: {string.Join(", ", SeedScenario.Names)}");
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = new ServiceCollection().AddLogging().AddLianka(settings, database, vault).BuildServiceProvider();
        var fresh = await SeedScenario.RunAsync(services, scenario, Serve.AddressesOf(settings)[0], suppliers: null, channels: null, output, CancellationToken.None);
        await output.WriteLineAsync(fresh ? $"seeded {scenario}" : $"{scenario} was there already");
        return 0;
    }
}
