using System.Diagnostics;
#pragma warning disable CS9113
using Lianka.Kernel;
using Lianka.Platform.Data;
using Lianka.Vault;

namespace Lianka.Modules.Inventory;

/// <summary>The front door of the stock: counts, lots, and the draws of the order engine.</summary>
public sealed class Inventory(Database database, CardVault vault, TimeProvider clock)
{
    /// <summary>Loads and locks, in id order, every lot of the SKUs from which cards can be drawn at <paramref name="now"/>.</summary>
    public Task<Stock> LoadStockAsync(Session session, IReadOnlyCollection<SkuId> skus, DateTimeOffset now) => throw new UnreachableException();

    /// <summary>Writes what was drawn from and given back to a loaded stock. In the transaction that loaded it.</summary>
    public Task SaveStockAsync(Session session, Stock stock) => throw new UnreachableException();

    /// <summary>Opens the cards of one delivery, by number. The caller has checked whose they are and logged the reveal.</summary>
    public Task<List<OpenedCard>> OpenCardsAsync(Session session, LotId lot, long fromSeq, long count) => throw new UnreachableException();

    /// <param name="id">Taken before the transaction.</param>
    public Task LogRevealAsync(Session session, long id, OrderId order, string actor, string address, DateTimeOffset at) => throw new UnreachableException();

    /// <summary>How many cards of each SKU can be sold now; SKUs with none are in it with 0.</summary>
    public Task<Dictionary<SkuId, long>> StockOfAsync(IReadOnlyCollection<SkuId> skus, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>How many cards of each of a supplier's supplies can be sold now.</summary>
    public Task<Dictionary<SupplyId, long>> StockOfSupplierAsync(SupplierId supplier, CancellationToken cancel = default) => throw new UnreachableException();

    public Task<LotPage> ListLotsAsync(LotFilter filter, CancellationToken cancel = default) => throw new UnreachableException();

    /// <summary>Takes a lot off sale, or puts it back.</summary>
    /// <param name="supplier">The tenant: null for the operator.</param>
    /// <returns>False: there is no such lot of this tenant.</returns>
    public Task<bool> SetLotStateAsync(LotId lot, LotState state, SupplierId? supplier, CancellationToken cancel = default) => throw new UnreachableException();
}
