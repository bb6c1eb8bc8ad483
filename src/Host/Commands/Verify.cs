using Lianka.Host.Proof;
using Lianka.Platform;

namespace Lianka.Host.Commands;

/// <summary>Proves the invariants on one snapshot; changes nothing.</summary>
internal static class Verify
{
    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args.Length > 0) throw new UsageException("takes no arguments");
        await using var database = Composition.OpenDatabase(settings);
        if (database.SqliteFile is { } file && !File.Exists(file)) throw new FileNotFoundException($"There is no database at {file}.");
        return await Verification.RunAsync(database, TimeProvider.System, output) ? 0 : 1;
    }
}
