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
        foreach (var (lot, _) in lots
            .Where(l => l.Left > 0)
            .Select(l => (Lot: l, Priority: priority(l.Supply)))
            .Where(x => x.Priority is not null)
            .OrderBy(x => x.Priority)
            .ThenBy(x => x.Lot.ExpiresAt ?? DateTimeOffset.MaxValue)
            .ThenBy(x => x.Lot.CreatedAt)
            .ThenBy(x => x.Lot.Id))
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
}
