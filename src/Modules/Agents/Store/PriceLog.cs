using System.Globalization;
using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>What changed since a book was read, as the log of changes tells it.</summary>
/// <remarks>
/// Triggers write into <c>price_change</c> which SKU, merchant or price was touched, whoever did it. On PostgreSQL a row's
/// number is that of its transaction, and what counts is whether a snapshot saw that transaction: a smaller number may commit
/// after a larger one. On SQLite, where one writer follows the other, rows are counted.
/// </remarks>
internal sealed class PriceLog
{
    private readonly HashSet<long> _products = [], _suppliers = [];
    private readonly List<RetailPrice> _retails = [];

    private PriceLog()
    {
    }

    /// <summary>The version of what was read.</summary>
    public long Version { get; private set; }

    /// <summary>Up to where the log was seen.</summary>
    public LogMark? Mark { get; private set; }

    /// <summary>What the rows of the log name; null: everything has to be read.</summary>
    public PriceBookKeys? Touched { get; private set; }

    public IReadOnlyList<RetailPrice> Retails => _retails;

    /// <returns>Null when the version moved meanwhile.</returns>
    /// <exception cref="InvalidOperationException">This transaction has changed prices before it asked for the book, which it would share while it may still be rolled back.</exception>
    public static async Task<PriceLog?> ReadAsync(Session session, PriceBook have, int changesMost)
    {
        var isPostgres = session.Kind == DatabaseKind.Postgres;
        var log = new PriceLog();
        var reads = new ReadBatch(session);
        // First how far the log is seen, then its rows: what is committed in between is read now and once more the next time.
        reads.Add(isPostgres
            ? "select value, pg_current_snapshot()::text, coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0) from version where name = 'prices'"
            : "select value, cast(coalesce((select seq from sqlite_sequence where name = 'price_change'), 0) as text), 0 from version where name = 'prices'",
            row => (log.Version, log.Mark) = (row.GetInt64(0), MarkOf(isPostgres, row.GetString(1), row.GetInt64(2))));
        var (rows, isWhole, isOwn) = (0, have.Mark is null, false);
        if (have.Mark is { } since)
        {
            log.Touched = new PriceBookKeys();
            (string, object)[] args = isPostgres
                ? [("@First", since.First), ("@Snapshot", since.Snapshot), ("@Own", since.Own), ("@Most", changesMost + 1)]
                : [("@First", since.First), ("@Most", changesMost + 1)];
            reads.Add(isPostgres
                ? """
                  select distinct part, key, other, case when number = pg_current_xact_id_if_assigned()::text::bigint then 1 else 0 end
                  from price_change
                  where number >= @First and (number = @Own or not pg_visible_in_snapshot(number::text::xid8, @Snapshot::pg_snapshot))
                  limit @Most
                  """
                : "select distinct part, key, other, 0 from price_change where number >= @First limit @Most", row =>
            {
                rows++;
                isOwn |= row.GetInt64(3) == 1;
                isWhole |= !log.Note(row.GetString(0), row.GetInt64(1), row.GetInt64(2));
            }, args);
        }

        // Written under the lock of the version, whose number they carry: one that is missed has a larger one.
        reads.Add("select merchant_id, sku_id, price, listed from retail_price where changed > @Version",
            row => log._retails.Add(new(new(row.GetInt64(0)), new(row.GetInt64(1)), row.GetInt64(3) == 1 ? new Money(row.GetInt64(2)) : null)),
            ("@Version", have.Version));
        // Last what was taken out of the log, so that no row goes between the look at it and this one.
        var isMoved = false;
        reads.Add("select value, (select upto from price_change_gone) from version where name = 'prices'", row =>
        {
            isMoved = row.GetInt64(0) != log.Version;
            isWhole |= have.Mark is { } mark && row.GetInt64(1) >= mark.First;
        });
        await reads.RunAsync();
        if (isOwn) throw new InvalidOperationException("Load the price book first, change prices after.");
        if (isMoved) return null;
        if (isWhole || rows > changesMost) log.Touched = null;
        if (log.Touched is { } touched) await log.ExpandAsync(session, touched);
        return log;
    }

    /// <summary>Takes the oldest rows out of the log, so that about so many remain.</summary>
    public static async Task PruneAsync(Session session, long keep)
    {
        // One after the other: the row says what is gone before it is.
        await session.ScalarAsync<long>($"select upto from price_change_gone{session.ForUpdate}");
        if (session.Kind == DatabaseKind.Postgres)
        {
            // A restored copy may be in a server that has not come to these numbers yet, and would take them for news for ever. What a
            // statement sees is always below its own snapshot's end.
            const string isAhead = ">= pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
            await session.ExecuteAsync($"delete from price_change where number {isAhead}");
            await session.ExecuteAsync($"update price_change_gone set upto = 0 where upto {isAhead}");
        }

        // All of a transaction go, or none.
        if (await session.ScalarAsync<long?>("select number from price_change order by number desc limit 1 offset @keep", new { keep }) is not { } last) return;
        await session.ExecuteAsync("update price_change_gone set upto = @last where upto < @last", new { last });
        await session.ExecuteAsync("delete from price_change where number <= @last", new { last });
    }

    private static LogMark MarkOf(bool isPostgres, string seen, long own) => isPostgres
        // xmin:xmax:those under way; all below xmin have ended.
        ? new(long.Parse(seen.AsSpan(0, seen.IndexOf(':', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture), seen, own)
        : new(long.Parse(seen, NumberStyles.None, CultureInfo.InvariantCulture) + 1, "", 0);

    /// <returns>False: it may be anything.</returns>
    private bool Note(string part, long key, long other) => part switch
    {
        "sku" => Touched!.Skus.Add(new(key)) || true,
        "level" => Touched!.Levels.Add(new(key)) || true,
        "product" => _products.Add(key) || true,
        "supplier" => _suppliers.Add(key) || true,
        "merchant" => Touched!.Merchants.Add(new(key)) || true,
        "special" => Touched!.Specials.Add((new(key), new(other))) || true,
        "markup" => Touched!.Markups.Add((new(key), other == 0 ? null : new SkuId(other))) || true,
        _ => false,
    };

    /// <summary>A product means its SKUs, a supplier those it supplies. Which do no longer have a row of their own in the log.</summary>
    private async Task ExpandAsync(Session session, PriceBookKeys touched)
    {
        if (_products.Count > 0)
            touched.Skus.UnionWith(await session.QueryAsync<SkuId>(
                $"select id from sku where {session.AnyOf("product_id", "@Products")}", new { Products = session.List(_products) }));
        if (_suppliers.Count > 0)
            touched.Skus.UnionWith(await session.QueryAsync<SkuId>(
                $"select sku_id from supply where {session.AnyOf("supplier_id", "@Suppliers")}", new { Suppliers = session.List(_suppliers) }));
    }
}
