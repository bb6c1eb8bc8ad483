using System.Runtime.InteropServices;

namespace Lianka.Modules.Analytics.Core;

/// <summary>Adds sales and refunds up to days, for everyone who has a part in them.</summary>
/// <remarks>Held by: tests/Unit/Analytics/FoldSalesExamples.cs.</remarks>
internal static class FoldSales
{
    private const long Platform = 0;
    private const long Own = 0;

    public static Dictionary<SaleKey, SaleSums> Of(IEnumerable<SaleFact> facts)
    {
        var days = new Dictionary<SaleKey, SaleSums>();
        foreach (var fact in facts) Add(days, fact);
        return days;
    }

    private static void Add(Dictionary<SaleKey, SaleSums> days, SaleFact fact)
    {
        // Units that the order is about, before the movement and after it: shares are of units, so refunds in pieces take back exactly what was given.
        var before = fact.IsBack ? fact.Quantity - (fact.BackBefore / fact.UnitPrice) : 0;
        var after = fact.IsBack ? before - (fact.Amount / fact.UnitPrice) : fact.Quantity;
        var units = after - before;
        var sums = fact.IsBack
            ? new SaleSums(0, units, 0, 1, fact.Amount, 0)
            : new SaleSums(1, units, fact.Amount, 0, 0, 0);

        To(Platform, Own, fact.TopUnit * units);
        To(Platform, fact.A3 ?? fact.A2 ?? fact.A1 ?? fact.MerchantId, fact.TopUnit * units);
        To(fact.MerchantId, Own, Margin(fact, after) - Margin(fact, before));
        if (fact.A1 is { } a1) To(a1, fact.MerchantId, fact.A1Unit * units);
        if (fact is { A2: { } a2, A1: { } under2 }) To(a2, under2, fact.A2Unit * units);
        if (fact is { A3: { } a3, A2: { } under3 }) To(a3, under3, fact.A3Unit * units);

        void To(long party, long child, long earned)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(days, new SaleKey(party, child, fact.Day), out _);
            sum += sums with { Earned = earned };
        }
    }

    /// <summary>What the selling merchant has of so many units: its margin, less its part of the channel's fee (rounded down), and never less than nothing.</summary>
    private static long Margin(SaleFact fact, long units)
    {
        var margin = (fact.UnitPrice - fact.MerchantUnit) * units;
        return margin - Math.Min(fact.Fee * units / fact.Quantity, margin);
    }
}
