using Lianka.Modules.Agents;
using Lianka.Modules.Inventory;

namespace Lianka.Modules.Orders.Core;

/// <summary>What delivery does to an order.</summary>
internal static class Delivering
{
    /// <summary>A moment of an order is never before an earlier one of it, although the clock that tells it may have been set back.</summary>
    public static DateTimeOffset NotBefore(DateTimeOffset earlier, DateTimeOffset now) => now < earlier ? earlier : now;

    /// <summary>All units are delivered now; the money may be released when the longest hold time has passed.</summary>
    public static Order Now(Order order, DateTimeOffset now)
    {
        long hold = 0;
        foreach (var part in order.Fulfilments) hold = Math.Max(hold, part.HoldSeconds);
        return order with
        {
            Status = OrderStatus.Delivered,
            Settlement = SettlementState.Escrowed,
            Delivered = order.Quantity,
            DeliveredAt = now,
            ReleaseAt = now + TimeSpan.FromSeconds(hold),
        };
    }

    /// <summary>The supplier's cost and the hold time that its grade asks for freeze here, with the actual supply known.</summary>
    public static Fulfilment[] Fulfilments(IReadOnlyList<Draw> draws, FulfilmentState state, PriceBook prices)
    {
        var parts = new Fulfilment[draws.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var draw = draws[i];
            var supply = prices.Supply(draw.Supply)!;
            parts[i] = new Fulfilment(i + 1, draw.Supply, draw.Supplier, draw.Lot, draw.FromSeq, draw.Count,
                supply.Cost!.Value, supply.EscrowSeconds, state);
        }

        return parts;
    }
}
