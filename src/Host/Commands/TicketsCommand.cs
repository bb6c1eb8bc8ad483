using Lianka.Kernel;
using Lianka.Modules.FlashSales;
using Lianka.Modules.Orders;
using Lianka.Platform;

namespace Lianka.Host.Commands;

/// <summary>Issues the tickets of a campaign into a file: one a line, for buyers numbered from 1.</summary>
internal static class TicketsCommand
{
    public const string Arguments = "SALE COUNT FILE";

    /// <summary>More than any sale needs; a file of half a gigabyte.</summary>
    private const long CountMax = 10_000_000;

    public static async Task<int> RunAsync(Settings settings, string[] args, TextWriter output)
    {
        if (args is not [var number, var wanted, var file]) throw new UsageException($"takes {Arguments}");
        if (!SaleId.TryParse(number, out var id)) throw new UsageException($"'{number}' is not the number of a sale (sale_…)");
        if (!long.TryParse(wanted, out var count) || count is < 1 or > CountMax) throw new UsageException($"COUNT must be 1 to {CountMax}");
        var (database, vault) = await Composition.OpenAsync(settings, TimeProvider.System);
        await using var _ = database;
        using var __ = vault;
        await using var services = new ServiceCollection().AddLogging().AddLianka(settings, database, vault).BuildServiceProvider();
        if (await services.GetRequiredService<SaleBook>().FindAsync(id) is not { } sale) throw new UsageException($"there is no sale {number}");
        var desk = services.GetRequiredService<FlashDesk>();
        // A new file: a list that was handed out already is never written over.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(file, options);
        for (long buyer = 1; buyer <= count; buyer++) await writer.WriteLineAsync(desk.Issue(sale, $"campaign:{buyer}"));
        await output.WriteLineAsync($"{count} tickets of {sale.Id} in {file}");
        return 0;
    }
}
