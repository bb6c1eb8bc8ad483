using Lianka.Kernel;
using Lianka.Modules.Agents;
using Lianka.Modules.Ledger;

namespace Lianka.Modules.Orders.Core;

/// <summary>What the split of an order is made of: the parts frozen when it was accepted, and the deliveries that are left.</summary>
internal sealed record EscrowedOrder
{
    public required OrderId Id { get; init; }
    public required MerchantId Merchant { get; init; }
    public required AccountId EscrowAccount { get; init; }
    public required long Quantity { get; init; }
    public required long RefundedUnits { get; init; }
    public required Money UnitPrice { get; init; }
    public required Money MerchantUnit { get; init; }
    public required IReadOnlyList<AncestorShare> Ancestors { get; init; }
    public required Money TopUnit { get; init; }
    public required Money Fee { get; init; }

    /// <summary>Delivered and not refunded.</summary>
    public required IReadOnlyList<Supplied> Delivered { get; init; }

    /// <summary>One delivery of all units: everyone's part follows from the order's row, now and later.</summary>
    public required bool IsWhole { get; init; }

    public static EscrowedOrder Of(Order order)
    {
        var delivered = new List<Supplied>(order.Fulfilments.Count);
        foreach (var part in order.Fulfilments)
            if (part.State == FulfilmentState.Delivered) delivered.Add(new Supplied(part.Supplier, part.UnitCost, part.Count));
        return new EscrowedOrder
        {
            Id = order.Id,
            Merchant = order.Merchant,
            EscrowAccount = order.EscrowAccount,
            Quantity = order.Quantity,
            RefundedUnits = order.RefundedUnits,
            UnitPrice = order.UnitPrice,
            MerchantUnit = order.MerchantUnit,
            Ancestors = order.Ancestors,
            TopUnit = order.TopUnit,
            Fee = order.Fee,
            Delivered = delivered,
            IsWhole = order.OnlyPart is not null,
        };
    }

    public SplitResult Split() => Agents.Split.Of(UnitPrice, MerchantUnit, Ancestors, TopUnit, FeeLeft, Merchant, Delivered);

    /// <summary>The channel's fee for what was not refunded.</summary>
    /// <remarks>
    /// It falls with the units and is rounded down, so that the merchant's margin, which covered the whole fee, always
    /// covers what is left of it.
    /// </remarks>
    private Money FeeLeft => RefundedUnits == 0 ? Fee : new((long)((Int128)Fee.Units * (Quantity - RefundedUnits) / Quantity), Fee.Currency);
}
