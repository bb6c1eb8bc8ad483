using Lianka.Kernel;
using Lianka.Modules.Suppliers;

namespace Lianka.Modules.Orders.Purchases;

/// <summary>What a supplier's system is told of as one purchase: one of ours, or several small ones of the same supply for the same account.</summary>
/// <param name="Number">Our own number on the wire: that of the purchase, or one of their own where they are several.</param>
/// <param name="Parts">All of them in the order of their numbers, those that are over included; at least one.</param>
/// <param name="IsFirst">It was not told yet.</param>
/// <remarks>Held by: tests/Unit/Orders/PurchaseCallExamples.cs.</remarks>
internal sealed record PurchaseCall(long Number, IReadOnlyList<Purchase> Parts, bool IsFirst)
{
    /// <summary>So long a small purchase waits for others to be told with it.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    public Purchase First => Parts[0];
    public bool IsMerged => Parts.Count > 1;
    public long Count => Parts.Sum(p => p.Count);
    public Money Cap => Parts.Aggregate(Money.Zero, (sum, p) => sum + (p.UnitCost * p.Count));
    public bool IsOpen => Parts.Any(p => p.IsOpen);

    /// <summary>What of a delivery belongs to each part; null: nothing was left for it.</summary>
    /// <remarks>
    /// The oldest come first. Asked again, a supplier may list the same cards in another order; sorted, each part finds its own again. The charge is
    /// divided by units, and the shares' sum is the charge.
    /// </remarks>
    public IReadOnlyList<UpstreamAnswer.Succeeded?> Shares(UpstreamAnswer.Succeeded answer)
    {
        if (!IsMerged) return [answer];
        var cards = answer.Cards.OrderBy(c => c.Secret, StringComparer.Ordinal).ThenBy(c => c.Number, StringComparer.Ordinal).ToList();
        var units = Math.Min(Count, cards.Count > 0 ? cards.Count : answer.Delivered ?? Count);
        var shares = new List<UpstreamAnswer.Succeeded?>();
        long given = 0;
        foreach (var part in Parts)
        {
            var own = Math.Min(part.Count, units - given);
            shares.Add(own == 0 ? null : answer with
            {
                Delivered = own,
                Cards = cards.Count > 0 ? cards.GetRange((int)given, (int)own) : [],
                Charged = answer.Charged is { } charged ? Charge(charged, given + own, units) - Charge(charged, given, units) : null,
            });
            given += own;
        }

        return shares;
    }

    /// <summary>Groups purchases that were not told yet: same supply, same account, not more units than the supply takes in one call.</summary>
    public static IEnumerable<List<Purchase>> Group(IEnumerable<(Purchase Purchase, string? Fields)> waiting, Func<SupplyId, long> unitsMax)
    {
        foreach (var alike in waiting.GroupBy(w => (w.Purchase.SupplyId, w.Fields)))
        {
            var group = new List<Purchase>();
            long units = 0;
            foreach (var (purchase, _) in alike.OrderBy(w => w.Purchase.Id))
            {
                if (group.Count > 0 && units + purchase.Count > unitsMax(purchase.SupplyId))
                {
                    yield return group;
                    (group, units) = ([], 0);
                }

                group.Add(purchase);
                units += purchase.Count;
            }

            yield return group;
        }
    }

    private static Money Charge(Money all, long units, long of) => new((long)((Int128)all.Units * units / of), all.Currency);
}
