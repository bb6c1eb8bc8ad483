using Lianka.Platform.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lianka.Tests.Integration.Orders;

/// <summary>How much a database reads for a piece of work, in its own unit: rows (PostgreSQL), steps of its machine (SQLite).</summary>
internal static class ReadCount
{
    public static Task<long> OfAsync(World world, Func<Session, Task> work) => world.Database.ReadAsync(async s =>
    {
        if (s.Kind == DatabaseKind.Postgres)
        {
            const string rows = "select cast(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as bigint) from pg_stat_xact_user_tables";
            var before = await s.ScalarAsync<long>(rows);
            await work(s);
            return await s.ScalarAsync<long>(rows) - before;
        }

        const int tens = 10;
        var steps = 0L;
        var handle = ((SqliteConnection)s.Connection).Handle!;
        delegate_progress count = _ =>
        {
            steps += tens;
            return 0;
        };
        raw.sqlite3_progress_handler(handle, tens, count, null);
        try
        {
            await work(s);
        }
        finally
        {
            raw.sqlite3_progress_handler(handle, 0, null, null);
        }

        return steps;
    });
}
