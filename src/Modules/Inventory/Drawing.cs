namespace Lianka.Modules.Inventory;

/// <summary>Which cards an order gets. Pure.</summary>
public static class Drawing
{
    /// <summary>
    /// Lots in order of supply priority, expiry (none last), age; of each lot first its returned cards, then the cursor.
    /// </summary>
    /// <param name="priority">Lower first; null: this supply is not allowed for the order.</param>
    /// <returns>Draws that add up to <paramref name="quantity"/>; null when the stock is short, and then nothing.</returns>
    public static IReadOnlyList<Draw>? Plan(IReadOnlyList<OpenLot> lots, long quantity, Func<SupplyId, long?> priority) =>
        throw new System.Diagnostics.UnreachableException();
}
