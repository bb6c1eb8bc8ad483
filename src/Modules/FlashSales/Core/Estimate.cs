using Lianka.Modules.Orders;

namespace Lianka.Modules.FlashSales.Core;

/// <summary>What somebody in the waiting room may hope for, from nothing but what is known.</summary>
/// <remarks>
/// A unit comes free only when a reservation is not paid in time. How many do so is measured in this sale; before much is
/// known, one in ten is assumed.
/// </remarks>
internal static class Estimate
{
    private const long Assumed = 1, AssumedOf = 10, Whole = 1_000;

    /// <summary>Of a thousand reserved units, how many come back.</summary>
    public static long ReturnedPerMille(FlashSale sale) =>
        (sale.Lapsed + Assumed) * Whole / (sale.Lapsed + sale.Sold + AssumedOf);

    /// <param name="unpaid">What the database told of, the earliest deadline first.</param>
    /// <param name="fresh">What was reserved since.</param>
    /// <param name="ahead">Units that people in front want.</param>
    /// <param name="left">Units that are free now.</param>
    /// <returns>How good the chance is, and when the turn is expected; null: not from what is reserved now.</returns>
    public static (Chance Chance, DateTimeOffset? At) Of(
        FlashSale sale, IReadOnlyList<UnpaidUnits> unpaid, UnpaidUnits fresh, long ahead, long left, DateTimeOffset now)
    {
        if (ahead < left) return (Chance.Likely, now);
        var share = ReturnedPerMille(sale);
        var returned = left * Whole;
        var open = left;
        DateTimeOffset? at = null;
        for (var i = 0; i <= unpaid.Count; i++)
        {
            var units = i < unpaid.Count ? unpaid[i] : fresh;
            open += units.Units;
            returned += units.Units * share;
            if (at is null && returned > ahead * Whole) at = units.Until;
        }

        if (at is not null) return (Chance.Likely, at);
        // More than all that is reserved now would have to come back, some of it twice.
        return (ahead < open ? Chance.Possible : Chance.Unlikely, null);
    }

    /// <summary>When to ask again: soon at the head of the line, seldom far behind it.</summary>
    public static TimeSpan PauseFor(long ahead) => TimeSpan.FromSeconds(Math.Min(2 + (ahead / 1_000), 20));
}
