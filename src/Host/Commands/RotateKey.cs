using Lianka.Modules.Inventory;
using Lianka.Platform;

namespace Lianka.Host.Commands;

internal static class RotateKey
{
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args.Length > 0) throw new UsageException("takes no arguments");
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        var (id, from) = await VaultKeys.RotateAsync(database, settings, TimeProvider.System);
        await output.WriteLineAsync($"data key {id} seals from {from:u} on");
        return 0;
    }
}
