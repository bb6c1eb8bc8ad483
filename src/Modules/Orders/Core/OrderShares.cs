using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Modules.Orders.Core;

/// <summary>The frozen split of an order, for the units that were delivered and not refunded.</summary>
internal static class OrderShares
{
    /// <summary>The shares sum to what is still in escrow: the price of the remaining units, and their subsidy.</summary>
    public static SplitResult Of(Order order) => EscrowedOrder.Of(order).Split();

    /// <summary>Per party and role, how much less the second split gives than the first.</summary>
    public static List<SplitShare> Difference(IReadOnlyList<SplitShare> before, IReadOnlyList<SplitShare> after)
    {
        var result = new List<SplitShare>(before.Count);
        foreach (var share in before)
        {
            var rest = Money.Zero;
            foreach (var other in after)
                if (other.PartyId == share.PartyId && other.Role == share.Role) rest = other.Amount;
            var less = share.Amount - rest;
            if (!less.IsZero) result.Add(share with { Amount = less });
        }

        return result;
    }
}
