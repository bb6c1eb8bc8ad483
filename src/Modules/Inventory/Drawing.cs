namespace Lianka.Modules.Inventory;

/// <summary>Which cards an order gets. Pure.</summary>
/// <remarks>Held by: tests/Unit/Inventory/DrawingProperties.cs.</remarks>
public static class Drawing
{
    /// <summary>
    /// Lots in order of supply priority, expiry (none last), age; of each lot first its returned cards, then the cursor.
    /// </summary>
    /// <param name="priority">Lower first; null: this supply is not allowed for the order.</param>
    /// <returns>Draws that add up to <paramref name="quantity"/>; null when the stock is short, and then nothing.</returns>
    public static IReadOnlyList<Draw>? Plan(IReadOnlyList<OpenLot> lots, long quantity, Func<SupplyId, long?> priority)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(quantity);
        var draws = new List<Draw>();
        var missing = quantity;
        foreach (var lot in InOrder(lots, priority))
        {
            // A draw always starts where a returned range or the cursor starts: the unique index on deliveries rests on it.
            foreach (var range in lot.Returned)
            {
                Take(lot, range.FromSeq, range.Count, isReturned: true);
                if (missing == 0) return draws;
            }

            Take(lot, lot.Next, lot.Total - lot.Next + 1, isReturned: false);
            if (missing == 0) return draws;
        }

        return null;

        void Take(OpenLot lot, long from, long there, bool isReturned)
        {
            var count = Math.Min(there, missing);
            if (count <= 0) return;
            draws.Add(new Draw(lot.Id, lot.Supply, lot.Supplier, from, count, isReturned));
            missing -= count;
        }
    }

    private static List<OpenLot> InOrder(IReadOnlyList<OpenLot> lots, Func<SupplyId, long?> priority)
    {
        var allowed = new List<(long Priority, OpenLot Lot)>(lots.Count);
        foreach (var lot in lots)
            if (lot.Left > 0 && priority(lot.Supply) is { } own) allowed.Add((own, lot));
        // Nearly always there is one.
        if (allowed.Count > 1) allowed.Sort(static (a, b) => Compare(a, b));
        return allowed.ConvertAll(a => a.Lot);
    }

    private static int Compare((long Priority, OpenLot Lot) a, (long Priority, OpenLot Lot) b)
    {
        var byPriority = a.Priority.CompareTo(b.Priority);
        if (byPriority != 0) return byPriority;
        var byExpiry = (a.Lot.ExpiresAt ?? DateTimeOffset.MaxValue).CompareTo(b.Lot.ExpiresAt ?? DateTimeOffset.MaxValue);
        if (byExpiry != 0) return byExpiry;
        var byAge = a.Lot.CreatedAt.CompareTo(b.Lot.CreatedAt);
        return byAge != 0 ? byAge : a.Lot.Id.CompareTo(b.Lot.Id);
    }
}
