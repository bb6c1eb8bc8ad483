namespace Lianka.Modules.Inventory;

/// <summary>The open lots of some SKUs as one transaction has them locked; changes in memory as the batch decides.</summary>
/// <remarks>
/// <see cref="Lots"/> gives what <see cref="Drawing.Plan"/> decides on; <see cref="Take"/> and <see cref="GiveBack"/>
/// apply, so that the next order of the batch sees the effect. Not thread-safe.
/// </remarks>
public sealed class Stock
{
    private readonly Dictionary<SkuId, List<OpenLot>> _lots;

    public Stock(IEnumerable<OpenLot> lots) =>
        _lots = lots.GroupBy(l => l.Sku).ToDictionary(g => g.Key, g => g.ToList());

    public IReadOnlyList<OpenLot> Lots(SkuId sku) => _lots.GetValueOrDefault(sku) ?? [];

    /// <summary>Applies draws that <see cref="Drawing.Plan"/> gave for these lots.</summary>
    public void Take(SkuId sku, IReadOnlyList<Draw> draws) => throw new System.Diagnostics.UnreachableException();

    /// <summary>Cards that were drawn and never seen come back; the lot may be one that is not loaded.</summary>
    public void GiveBack(SkuId sku, LotId lot, CardRange cards) => throw new System.Diagnostics.UnreachableException();
}
