using Lianka.Modules.Inventory;
using Lianka.Platform;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Host.Commands;

/// <summary><c>rotate-keys</c>: a new data key, under which everything is sealed anew while everything goes on.</summary>
internal static class RotateKeys
{
    public const string Arguments = "[--wait | --status]";

    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args is not ([] or ["--wait"] or ["--status"])) throw new UsageException("takes --wait or --status, or nothing");
        var clock = TimeProvider.System;
        var (database, vault) = await Composition.OpenAsync(settings, clock);
        await using var _ = database;
        using var __ = vault;
        await using var services = new ServiceCollection().AddLianka(settings, database, vault).BuildServiceProvider();
        var resealing = new Resealing(database, vault, services.GetServices<SealedColumn>(), clock);
        if (args is ["--status"])
        {
            await output.WriteLineAsync(Text(await resealing.FindAsync()));
            return 0;
        }

        // Whoever waits for a rotation that is under way does not want another.
        if (args is [] || await resealing.FindAsync() is not { EndedAt: null })
        {
            var (id, from) = await VaultKeys.RotateAsync(database, settings, clock);
            await output.WriteLineAsync($"data key {id} seals from {from:u} on; running nodes re-seal everything after that (./lianka rotate-keys --status)");
        }

        if (args is ["--wait"]) await WaitAsync(database, vault, resealing, clock, output);
        return 0;
    }

    private static async Task WaitAsync(Database database, CardVault vault, Resealing resealing, TimeProvider clock, TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        var work = Task.CompletedTask;
        var last = "";
        while (true)
        {
            await VaultKeys.RefreshAsync(database, vault, clock);
            if (work.IsCompleted)
            {
                await work;
                work = resealing.RunAsync(stop.Token);
            }

            var progress = await resealing.FindAsync();
            if (Text(progress) is var text && text != last) await output.WriteLineAsync(last = text);
            if (progress is not { EndedAt: null }) break;
            await Task.Delay(_lookEvery);
        }

        await stop.CancelAsync();
        await Task.WhenAny(work);
    }

    private static string Text(ResealProgress? progress) => progress switch
    {
        null => "no data key was ever added",
        { EndedAt: { } ended } => $"data key {progress.KeyId}: done {ended:u}, {progress.Resealed} cards and {progress.Others} other secrets re-sealed",
        { Looked: 0, Resealed: 0 } => $"data key {progress.KeyId}: added {progress.StartedAt:u}, re-sealing has not begun",
        _ => $"data key {progress.KeyId}: {progress.Resealed} cards re-sealed, {progress.Looked} of {progress.Cards} looked at in this pass",
    };
}
