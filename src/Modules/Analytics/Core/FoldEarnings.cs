using System.Runtime.InteropServices;

namespace Lianka.Modules.Analytics.Core;

/// <summary>Whose earnings: from its own shops (child 0), or through one of its branches.</summary>
internal readonly record struct EarningKey(long Party, long Child);

/// <summary>What has come of <see cref="EarningKey"/>.</summary>
internal readonly record struct EarningSums(long Orders, long Units, long Turnover, long Earned, long Released)
{
    public static EarningSums operator +(EarningSums a, EarningSums b) => checked(new(
        a.Orders + b.Orders, a.Units + b.Units, a.Turnover + b.Turnover, a.Earned + b.Earned, a.Released + b.Released));
}

/// <summary>Adds sales and refunds up, for every merchant that has a part in them.</summary>
/// <remarks>
/// What is released is told by settlements; a refund after it takes from what was released.
/// Held by: tests/Unit/Analytics/FoldEarningsExamples.cs.
/// </remarks>
internal static class FoldEarnings
{
    public const long Own = 0;

    /// <param name="merchant">Null: everyone's.</param>
    public static Dictionary<EarningKey, EarningSums> Of(IEnumerable<SaleFact> facts, long? merchant = null)
    {
        var earnings = new Dictionary<EarningKey, EarningSums>();
        foreach (var fact in facts)
        {
            if (fact.IsRetail) To(fact.MerchantId, Own, fact, fact.SellersShare);
            if (fact.A1 is { } a1) To(a1, fact.MerchantId, fact, fact.A1Unit * fact.Units);
            if (fact is { A2: { } a2, A1: { } under2 }) To(a2, under2, fact, fact.A2Unit * fact.Units);
            if (fact is { A3: { } a3, A2: { } under3 }) To(a3, under3, fact, fact.A3Unit * fact.Units);
        }

        return earnings;

        void To(long party, long child, SaleFact fact, long earned)
        {
            if (merchant is { } one && party != one) return;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(earnings, new EarningKey(party, child), out _);
            var orders = !fact.IsBack ? 1 : fact.UnitsAfter == 0 ? -1 : 0;
            sum += new EarningSums(orders, fact.Units, fact.IsBack ? -fact.Amount : fact.Amount, earned, fact.IsLate ? earned : 0);
        }
    }
}
