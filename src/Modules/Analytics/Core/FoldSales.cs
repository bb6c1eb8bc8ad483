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
        var sums = fact.IsBack
            ? new SaleSums(0, fact.Units, 0, 1, fact.Amount, 0)
            : new SaleSums(1, fact.Units, fact.Amount, 0, 0, 0);

        To(Platform, Own, fact.TopUnit * fact.Units);
        To(Platform, fact.A3 ?? fact.A2 ?? fact.A1 ?? fact.MerchantId, fact.TopUnit * fact.Units);
        To(fact.MerchantId, Own, fact.SellersShare);
        if (fact.A1 is { } a1) To(a1, fact.MerchantId, fact.A1Unit * fact.Units);
        if (fact is { A2: { } a2, A1: { } under2 }) To(a2, under2, fact.A2Unit * fact.Units);
        if (fact is { A3: { } a3, A2: { } under3 }) To(a3, under3, fact.A3Unit * fact.Units);

        void To(long party, long child, long earned)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(days, new SaleKey(party, child, fact.Day), out _);
            sum += sums with { Earned = earned };
        }
    }
}
