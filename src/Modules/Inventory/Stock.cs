namespace Lianka.Modules.Inventory;

/// <summary>The open lots of some SKUs as one transaction has them locked; changes in memory as the batch decides.</summary>
/// <remarks>
/// <see cref="Lots"/> gives what <see cref="Drawing.Plan"/> decides on; <see cref="Take"/> and <see cref="GiveBack"/>
/// apply, so that the next order of the batch sees the effect. Not thread-safe.
/// Errors: cards that are not there to be taken, or come back twice, are bugs and throw.
/// </remarks>
public sealed class Stock
{
    private readonly Dictionary<LotId, OpenLot> _loaded;
    private readonly Dictionary<SkuId, List<OpenLot>> _lots;
    private readonly List<(LotId Lot, SkuId Sku, CardRange Cards)> _elsewhere = [];
    private readonly HashSet<SkuId> _givenBackTo = [];

    public Stock(IEnumerable<OpenLot> lots)
    {
        _loaded = lots.ToDictionary(l => l.Id);
        _lots = _loaded.Values.GroupBy(l => l.Sku).ToDictionary(g => g.Key, g => g.ToList());
    }

    /// <summary>The SKUs that have a lot here.</summary>
    public IReadOnlyCollection<SkuId> Skus => _lots.Keys;

    /// <summary>The SKUs that cards came back to.</summary>
    public IReadOnlyCollection<SkuId> GivenBackTo => _givenBackTo;

    public IReadOnlyList<OpenLot> Lots(SkuId sku) => _lots.GetValueOrDefault(sku) ?? [];

    /// <summary>Applies draws that <see cref="Drawing.Plan"/> gave for these lots.</summary>
    public void Take(SkuId sku, IReadOnlyList<Draw> draws)
    {
        foreach (var draw in draws) Change(sku, draw.Lot, lot => Without(lot, draw));
    }

    /// <summary>Cards that were drawn and never seen come back; the lot may be one that is not loaded.</summary>
    public void GiveBack(SkuId sku, LotId lot, CardRange cards)
    {
        if (cards.FromSeq < 1 || cards.Count < 1) throw new ArgumentOutOfRangeException(nameof(cards));
        _givenBackTo.Add(sku);
        if (_loaded.ContainsKey(lot)) Change(sku, lot, l => With(l, cards));
        else _elsewhere.Add((lot, sku, cards));
    }

    /// <summary>What differs from what was loaded.</summary>
    internal StockChanges Changes()
    {
        var cursors = new List<(LotId Lot, long Was, long Next)>();
        var gone = new List<(LotId Lot, CardRange Cards)>();
        var came = new List<(LotId Lot, SkuId Sku, CardRange Cards)>();
        foreach (var lot in _lots.Values.SelectMany(l => l))
        {
            var before = _loaded[lot.Id];
            if (ReferenceEquals(before, lot)) continue;
            if (before.Next != lot.Next) cursors.Add((lot.Id, before.Next, lot.Next));
            gone.AddRange(before.Returned.Except(lot.Returned).Select(r => (lot.Id, r)));
            came.AddRange(lot.Returned.Except(before.Returned).Select(r => (lot.Id, lot.Sku, r)));
        }

        came.AddRange(_elsewhere);
        return new StockChanges(cursors, gone, came);
    }

    private void Change(SkuId sku, LotId id, Func<OpenLot, OpenLot> change)
    {
        var lots = _lots[sku];
        var at = lots.FindIndex(l => l.Id == id);
        if (at < 0) throw new InvalidOperationException($"Lot {id} is not among the loaded lots of {sku}.");
        lots[at] = change(lots[at]);
    }

    private static OpenLot Without(OpenLot lot, Draw draw)
    {
        if (!draw.IsReturned)
        {
            return draw.FromSeq == lot.Next && draw.Count <= lot.Total - lot.Next + 1
                ? lot with { Next = lot.Next + draw.Count }
                : throw new InvalidOperationException($"Lot {lot.Id} does not stand at {draw.FromSeq} with {draw.Count} cards.");
        }

        var left = new List<CardRange>(lot.Returned);
        var at = left.FindIndex(r => r.FromSeq == draw.FromSeq && r.Count >= draw.Count);
        if (at < 0) throw new InvalidOperationException($"Lot {lot.Id} has no returned cards at {draw.FromSeq}.");
        var rest = new CardRange(draw.FromSeq + draw.Count, left[at].Count - draw.Count);
        if (rest.Count > 0) left[at] = rest;
        else left.RemoveAt(at);
        return lot with { Returned = left };
    }

    /// <summary>Neighbours grow together, so that a large order later needs few deliveries.</summary>
    private static OpenLot With(OpenLot lot, CardRange cards)
    {
        if (cards.End > lot.Next) throw new InvalidOperationException($"Cards from {cards.FromSeq} of lot {lot.Id} were never drawn.");
        var merged = new List<CardRange>(lot.Returned.Count + 1);
        foreach (var range in lot.Returned.Append(cards).OrderBy(r => r.FromSeq))
        {
            if (merged.Count == 0 || merged[^1].End < range.FromSeq) merged.Add(range);
            else if (merged[^1].End == range.FromSeq) merged[^1] = new CardRange(merged[^1].FromSeq, merged[^1].Count + range.Count);
            else throw new InvalidOperationException($"Cards from {range.FromSeq} of lot {lot.Id} came back twice.");
        }

        return lot with { Returned = merged };
    }
}

internal sealed record StockChanges(
    IReadOnlyList<(LotId Lot, long Was, long Next)> Cursors,
    IReadOnlyList<(LotId Lot, CardRange Cards)> Gone,
    IReadOnlyList<(LotId Lot, SkuId Sku, CardRange Cards)> Came);
