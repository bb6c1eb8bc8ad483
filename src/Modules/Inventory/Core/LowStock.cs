namespace Lianka.Modules.Inventory.Core;

/// <summary>When a supplier is told that its stock runs low, and when it has recovered.</summary>
/// <remarks>
/// An alert is raised once and stays until the stock is a quarter above what it fell below, so that stock that goes up
/// and down around the limit does not call again and again. Held by: tests/Unit/Inventory/StockForecastExamples.cs.
/// </remarks>
internal static class LowStock
{
    private const long Day = 86_400;

    /// <returns><c>out</c>, <c>units</c>, <c>days</c>, or null: there is enough.</returns>
    public static string? ReasonOf(long left, long? secondsLeft, StockLimit limit) =>
        left <= 0 ? "out" : left < limit.Units ? "units" : secondsLeft < limit.Days * Day ? "days" : null;

    public static bool IsRecovered(long left, long? secondsLeft, StockLimit limit) =>
        left > 0 && left * 4 >= limit.Units * 5 && (secondsLeft is not { } seconds || seconds * 4 >= limit.Days * Day * 5);
}
