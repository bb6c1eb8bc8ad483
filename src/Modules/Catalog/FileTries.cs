using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>Counts the tries to read the file of a work before each of them: a file that ends its reader, and the whole node with it, is not read for ever.</summary>
/// <remarks>
/// The work's table has the columns id, state, tries and tried_at (0105-tries-of-files.sql). Who comes back, or is told to stop, takes its try away again, so those that are left are being done now or never came back.
/// Held by: tests/Integration/Catalog/GoodsImportTests.cs, tests/Integration/Agents/PriceFileTests.cs.
/// </remarks>
public static class FileTries
{
    /// <summary>So many read one file at the same time, or die of it.</summary>
    public const int Max = 3;

    /// <summary>Nobody reads for longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="table">A constant of the program.</param>
    /// <param name="readAsync">Not called when enough have tried, or are at it.</param>
    /// <returns>False: it is to be given up.</returns>
    public static async Task<bool> ReadAsync(Database database, string table, long id, DateTimeOffset now, Func<Task> readAsync, CancellationToken cancel)
    {
        var isBegun = await database.WriteAsync(async s => await s.ExecuteAsync(
            $"update {table} set tries = tries + 1, tried_at = @now where id = @id and state = 'previewing' and tries < @Max", new { id, now, Max }) > 0, cancel);
        if (!isBegun)
        {
            return await database.ReadAsync(s => s.ScalarAsync<long>(
                $"select count(*) from {table} where id = @id and state = 'previewing' and tries >= @Max and tried_at < @Then", new { id, Max, Then = now - Patience }), cancel) == 0;
        }

        var isBack = true;
        try
        {
            await readAsync();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            isBack = false;
            throw;
        }
        finally
        {
            if (isBack) await database.WriteAsync(s => s.ExecuteAsync($"update {table} set tries = tries - 1 where id = @id", new { id }), CancellationToken.None);
        }

        return true;
    }
}
