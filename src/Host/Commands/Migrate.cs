using Lianka.Platform;

namespace Lianka.Host.Commands;

internal static class Migrate
{
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args.Length > 0) throw new UsageException("takes no arguments");
        await using var database = Composition.OpenDatabase(settings);
        var applied = await Composition.SchemaOf(database, TimeProvider.System).RunAsync();
        foreach (var name in applied) await output.WriteLineAsync($"applied {name}");
        await output.WriteLineAsync(applied.Count == 0 ? "nothing to do" : $"{applied.Count} applied");
        return 0;
    }
}
