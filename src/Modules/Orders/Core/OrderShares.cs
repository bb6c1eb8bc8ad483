using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Modules.Orders.Core;

/// <summary>The frozen split of an order, for the units that were delivered and not refunded.</summary>
internal static class OrderShares
{
    /// <summary>The shares sum to what is still in escrow: the price of the remaining units, and their subsidy.</summary>
    public static SplitResult Of(Order order)
    {
        var supplied = new List<Supplied>(order.Fulfilments.Count);
        foreach (var part in order.Fulfilments)
            if (part.State == FulfilmentState.Delivered) supplied.Add(new Supplied(part.Supplier, part.UnitCost, part.Count));
        return Split.Of(order.UnitPrice, order.MerchantUnit, order.Ancestors, order.TopUnit, FeeLeft(order), order.Merchant, supplied);
    }

    /// <summary>The channel's fee for what was not refunded.</summary>
    /// <remarks>
    /// It falls with the units and is rounded down, so that the merchant's margin, which covered the whole fee, always
    /// covers what is left of it.
    /// </remarks>
    public static Money FeeLeft(Order order) =>
        new((long)((Int128)order.Fee.Units * (order.Quantity - order.RefundedUnits) / order.Quantity), order.Fee.Currency);

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
