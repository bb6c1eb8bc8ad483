using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Inventory;

/// <summary>One supply as its supplier sees it.</summary>
/// <param name="Outlook">Null: no cards were ever sent in.</param>
/// <param name="Why">What keeps it from being sold, as codes of <see cref="SupplyReasons"/> or of <see cref="StopReasons"/>; empty: it is on sale.</param>
/// <param name="Owed">What a unit brings: its cost less the commission of the contract. Null: its cost is unknown.</param>
public sealed record OwnSupply(SupplyLine Line, SkuKind Kind, Money? Owed, SupplyOutlook? Outlook, IReadOnlyList<string> Why)
{
    /// <summary>Units in stock; null: it is delivered without stock.</summary>
    public long? Left => Kind == SkuKind.Card ? Outlook?.Left ?? 0 : null;
}

/// <summary>Why a single supply is not sold.</summary>
public static class SupplyReasons
{
    public const string Off = "off";
    public const string Paused = "paused";
    public const string NoCost = "no_cost";
    public const string NotListed = "not_listed";
    public const string Brand = "brand";
    public const string Exclusive = "exclusive";
    public const string Suspended = "suspended";
    public const string OutOfStock = "out_of_stock";
}

/// <summary>A supplier's supplies with their stock, and why what is not sold is not. For its pages and its programs alike.</summary>
/// <remarks>Held by: tests/Integration/OpenApi/SupplierReadApiTests.cs.</remarks>
public sealed class OwnSupplies(Database database, Catalog.Catalog catalog, StockWatch watch)
{
    /// <summary>Something of the supplier's would sell, and is off for a reason beside stock and listing.</summary>
    public Task<bool> IsAnyStoppedAsync(SupplierId supplier, CancellationToken cancel = default) =>
        database.ReadAsync(s => Selling.IsAnyStoppedAsync(s, supplier), cancel);

    /// <summary>In the order of the catalog.</summary>
    /// <param name="products">Null: all.</param>
    public async Task<List<OwnSupply>> ListAsync(SupplierId supplier, IReadOnlyCollection<ProductId>? products = null, CancellationToken cancel = default)
    {
        var lines = await catalog.ListSuppliesAsync(supplier: supplier, products: products, cancel: cancel);
        var outlooks = (await watch.OutlooksAsync(supplier, products is null ? null : [.. lines.Select(l => l.SkuId)], cancel)).ToDictionary(o => o.Supply);
        var terms = await catalog.FindTermsAsync(supplier, cancel);
        var (checks, stops) = await database.ReadAsync(async s => (
            (await Selling.ChecksAsync(s, supplier, products)).ToDictionary(c => c.SupplyId), await Selling.StopsAsync(s, supplier)), cancel);
        // What was made between the two looks is there at the next one.
        return [.. from line in lines
                   where checks.ContainsKey(line.Id)
                   let outlook = outlooks.GetValueOrDefault(line.Id)
                   select new OwnSupply(line, checks[line.Id].Kind, Terms.Owed(line.Cost, line.ConnectionId is not null, terms), outlook, [.. Why(checks[line.Id], stops, outlook)])];
    }

    private static IEnumerable<string> Why(SupplyCheck check, List<SupplierStop> stops, SupplyOutlook? outlook)
    {
        if (check.Off == 1) yield return SupplyReasons.Off;
        if (check.Paused == 1) yield return SupplyReasons.Paused;
        if (check.NoCost == 1) yield return SupplyReasons.NoCost;
        if (check.Unlisted == 1) yield return SupplyReasons.NotListed;
        if (check.Suspended == 1) yield return SupplyReasons.Suspended;
        if (check.Unpermitted == 1) yield return SupplyReasons.Brand;
        if (check.Closed == 1) yield return SupplyReasons.Exclusive;
        foreach (var stop in stops) yield return stop.Reason;
        if (check.Kind == SkuKind.Card && (outlook?.Left ?? 0) == 0) yield return SupplyReasons.OutOfStock;
    }
}
