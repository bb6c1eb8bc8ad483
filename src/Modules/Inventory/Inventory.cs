using Lianka.Kernel;
using Lianka.Modules.Inventory.Core;
using Lianka.Modules.Inventory.Store;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>The front door of the stock: counts, lots, and the draws of the order engine.</summary>
public sealed class Inventory(Database database, CardVault vault, Catalog.Catalog catalog, TimeProvider clock)
{
    private sealed record CardRow
    {
        public long Seq { get; init; }
        public byte[] Sealed { get; init; } = [];
    }

    /// <summary>Adds the reads of every lot of the SKUs from which cards can be drawn at <paramref name="now"/>.</summary>
    /// <remarks>Whether a lot's supply may be drawn from (offered, loss guard) is the caller's to say.</remarks>
    /// <param name="isLocking">Locks the lots, in id order; else <see cref="SaveStockAsync"/> finds out whether one changed.</param>
    /// <returns>Gives the stock once the reads have run, together with lots of other SKUs that the caller knows.</returns>
    public static Func<IEnumerable<OpenLot>, Stock> ReadStock(
        ReadBatch reads, Session session, IReadOnlyCollection<SkuId> skus, DateTimeOffset now, bool isLocking) =>
        StockStore.Read(reads, session, skus, now, isLocking);

    /// <summary>Writes what was drawn from and given back to a stock. In the transaction that read it.</summary>
    /// <exception cref="StaleReadException">A lot is no longer as it was read.</exception>
    public Task SaveStockAsync(Session session, Stock stock) => StockStore.SaveAsync(session, stock.Changes());

    /// <summary>Writes cards that were bought for an order. In the transaction that delivers them.</summary>
    public Task SaveBoughtAsync(Session session, BoughtLot lot, DateTimeOffset at) => BoughtCards.SaveAsync(session, lot, at);

    /// <summary>Opens the cards of one delivery, by number. The caller has checked whose they are and logged the reveal.</summary>
    /// <exception cref="InvalidOperationException">Not all of these cards are there.</exception>
    public async Task<List<OpenedCard>> OpenCardsAsync(Session session, LotId lot, long fromSeq, long count)
    {
        var end = fromSeq + count;
        var rows = await session.QueryAsync<CardRow>(
            "select seq, sealed from card where lot_id = @lot and seq >= @fromSeq and seq < @end order by seq", new { lot, fromSeq, end });
        if (rows.Count != count) throw new InvalidOperationException($"Lot {lot} has {rows.Count} of the {count} cards from {fromSeq}.");
        // A node that was frozen for long, or could not reach the database, may not know the newest key yet.
        if (!rows.TrueForAll(r => vault.HasKeyOf(r.Sealed))) await VaultKeys.RefreshAsync(session, vault, clock);
        var expiresAt = await session.ScalarAsync<long?>("select expires_at from lot where id = @lot", new { lot });
        return rows.ConvertAll(row =>
        {
            var (number, secret, kind) = CardText.Split(vault.Open(row.Sealed, CardText.Context(lot, row.Seq)));
            return new OpenedCard(lot, row.Seq, number, secret, kind, expiresAt is { } micros ? Instants.FromMicros(micros) : null);
        });
    }

    /// <param name="id">Taken before the transaction.</param>
    public Task LogRevealAsync(Session session, long id, OrderId order, string actor, string address, DateTimeOffset at) =>
        session.ExecuteAsync(
            "insert into reveal_log (id, order_id, actor, address, at) values (@id, @order, @actor, @address, @at)",
            new { id, order, actor, address, at });

    /// <summary>How many cards of each SKU can be sold now; SKUs with none are in it with 0.</summary>
    /// <remarks>Only unexpired lots on sale, of supplies that are offered. A hint: only the order engine decides.</remarks>
    public async Task<Dictionary<SkuId, long>> StockOfAsync(IReadOnlyCollection<SkuId> skus, CancellationToken cancel = default)
    {
        var counts = skus.Distinct().ToDictionary(k => k, _ => 0L);
        await database.ReadAsync(async s =>
        {
            var offered = await catalog.OfferedAsync(s, skus);
            foreach (var count in await LotStore.CountAsync(s, skus, null, clock.Now()))
                if (offered.Contains(count.SupplyId)) counts[count.SkuId] += count.Cards;
            // What is bought from a supplier has no stock here: as many as one order may ask for.
            foreach (var (sku, most) in await catalog.DirectAsync(s, skus)) counts[sku] = most;
            return 0;
        }, cancel);
        return counts;
    }

    /// <summary>How many cards of each of a supplier's supplies stand in unexpired lots on sale.</summary>
    public Task<Dictionary<SupplyId, long>> StockOfSupplierAsync(SupplierId supplier, CancellationToken cancel = default) =>
        database.ReadAsync(async s => (await LotStore.CountAsync(s, null, supplier, clock.Now()))
            .GroupBy(c => c.SupplyId).ToDictionary(g => g.Key, g => g.Sum(c => c.Cards)), cancel);

    /// <summary>Newest first.</summary>
    public Task<LotPage> ListLotsAsync(LotFilter filter, CancellationToken cancel = default) =>
        database.ReadAsync(s => LotStore.ListAsync(s, filter), cancel);

    /// <summary>Takes a lot off sale, or puts it back.</summary>
    /// <param name="supplier">The tenant: null for the operator.</param>
    /// <returns>False: there is no such lot of this tenant.</returns>
    public Task<bool> SetLotStateAsync(LotId lot, LotState state, SupplierId? supplier, CancellationToken cancel = default) =>
        database.WriteAsync(s => LotStore.SetStateAsync(s, lot, state, supplier), cancel);
}
