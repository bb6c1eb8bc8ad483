namespace Lianka.Platform.Data;

/// <summary>Finds a moment in a table whose ids rise with time, by halving: no index on the moment, no scan.</summary>
/// <remarks>
/// Ids rise with time but for a little: they come in blocks, from <see cref="IdSource"/> or drawn by a transaction that began earlier, and clocks differ. Whoever
/// asks keeps a distance of <see cref="Slack"/> to the moment it means, and still compares the moment in each row.
/// </remarks>
public static class MomentSearch
{
    /// <summary>In microseconds. Far more than a block of ids is used for and than the clocks of nodes may differ.</summary>
    public const long Slack = 3_600L * 1_000_000;

    /// <summary>It stops here: to look at so many rows more costs less than to go on halving.</summary>
    private const long CloseEnough = 256;

    private sealed record Stop
    {
        public long Id { get; init; }
        public long At { get; init; }
    }

    /// <param name="table">A table with the key <c>id</c>.</param>
    /// <param name="column">The column with the moment.</param>
    /// <param name="moment">In microseconds since 1970, as it stands in the database.</param>
    /// <param name="below">Only ids below this one.</param>
    /// <returns>Rows up to the first id are not later than the moment; those from the second on, and below <paramref name="below"/>, are.</returns>
    public static async Task<(long UpTo, long From)> FindAsync(Session session, string table, string column, long moment, long below = long.MaxValue)
    {
        var first = await session.FirstAsync<Stop>($"select id, {column} as at from {table} order by id limit 1");
        var last = await session.FirstAsync<Stop>($"select id, {column} as at from {table} where id < @below order by id desc limit 1", new { below });
        if (first is null || last is null) return (0, below);
        if (last.At <= moment) return (last.Id, below);
        if (first.At > moment) return (0, Math.Min(first.Id, below));
        var (low, high) = (first.Id, last.Id);
        while (high - low > CloseEnough)
        {
            var middle = low + ((high - low) / 2);
            var stop = await session.FirstAsync<Stop>($"select id, {column} as at from {table} where id >= @middle order by id limit 1", new { middle });
            if (stop is null || stop.Id >= high || stop.At > moment) high = middle;
            else low = stop.Id;
        }

        return (low, high);
    }
}
