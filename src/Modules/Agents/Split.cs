using Lianka.Kernel;

namespace Lianka.Modules.Agents;

/// <summary>Units of one order that came from one supplier at one cost.</summary>
public readonly record struct Supplied(SupplierId Supplier, Money UnitCost, long Units);

public enum SplitRole { Supplier, Ancestor, Merchant, Fees, Platform }

/// <summary>What one party gets of one order. The amount is positive.</summary>
/// <param name="PartyId">The supplier or merchant; 0 for the platform's own accounts.</param>
public readonly record struct SplitShare(SplitRole Role, long PartyId, Money Amount);

/// <summary>Who gets how much of what was delivered.</summary>
/// <param name="Subsidy">What the promotion's account adds, because units cost more than what reaches the platform.</param>
/// <param name="FeeOwed">
/// The part of the channel's fee that the selling merchant's margin does not cover. It is no share of this money: the
/// merchant owes it.
/// </param>
public sealed record SplitResult(IReadOnlyList<SplitShare> Shares, Money Subsidy, Money FeeOwed);

/// <summary>The split of a (partly) delivered order (domain.md, "Prices and the split").</summary>
/// <remarks>
/// Everything is whole units times amounts per unit, so nothing is divided and nothing is rounded.
/// The shares sum exactly to unitPrice × units + subsidy, and none is negative.
/// Held by: tests/Unit/Agents/SplitExamples.cs, SplitProperties.cs.
/// </remarks>
public static class Split
{
    /// <param name="unitPrice">What the payer pays per unit.</param>
    /// <param name="merchantUnit">price(m), which equals <paramref name="unitPrice"/> for wallet orders.</param>
    /// <param name="ancestors">As frozen at acceptance.</param>
    /// <param name="topUnit">eff(topmost), which pays the supplier.</param>
    /// <param name="fee">The channel's fee that the selling merchant bears, for the whole order.</param>
    /// <param name="delivered">Only delivered units: what was given back has no shares.</param>
    /// <returns>Shares above zero: suppliers, ancestors nearest first, merchant, fees, platform.</returns>
    /// <exception cref="ArgumentException">The amounts do not add up from top to buyer: a bug in the caller.</exception>
    public static SplitResult Of(
        Money unitPrice, Money merchantUnit, IReadOnlyList<AncestorShare> ancestors, Money topUnit, Money fee,
        MerchantId seller, IReadOnlyList<Supplied> delivered)
    {
        Check(unitPrice, merchantUnit, ancestors, topUnit, fee, delivered);
        var shares = new List<SplitShare>(delivered.Count + ancestors.Count + 3);
        long units = 0;
        Money platform = default, subsidy = default;
        foreach (var part in delivered)
        {
            units += part.Units;
            AddSupplier(shares, part.Supplier, part.UnitCost * part.Units);
            // Unit by unit: a dear supply is not paid from what a cheap one leaves, or the promotion's budget would
            // depend on which other units happened to be in the order.
            var left = (topUnit - part.UnitCost) * part.Units;
            if (left.IsNegative) subsidy -= left;
            else platform += left;
        }

        foreach (var ancestor in ancestors) Add(shares, SplitRole.Ancestor, ancestor.Merchant.Value, ancestor.Unit * units);

        var margin = (unitPrice - merchantUnit) * units;
        var feePaid = Money.Min(fee, margin);
        Add(shares, SplitRole.Merchant, seller.Value, margin - feePaid);
        Add(shares, SplitRole.Fees, 0, feePaid);
        Add(shares, SplitRole.Platform, 0, platform);
        return new(shares, subsidy, fee - feePaid);
    }

    private static void AddSupplier(List<SplitShare> shares, SupplierId supplier, Money amount)
    {
        var at = shares.FindIndex(s => s.PartyId == supplier.Value);
        if (at < 0) Add(shares, SplitRole.Supplier, supplier.Value, amount);
        else shares[at] = shares[at] with { Amount = shares[at].Amount + amount };
    }

    private static void Add(List<SplitShare> shares, SplitRole role, long party, Money amount)
    {
        if (amount.IsPositive) shares.Add(new(role, party, amount));
    }

    private static void Check(
        Money unitPrice, Money merchantUnit, IReadOnlyList<AncestorShare> ancestors, Money topUnit, Money fee,
        IReadOnlyList<Supplied> delivered)
    {
        var sum = topUnit;
        foreach (var ancestor in ancestors)
        {
            if (ancestor.Unit.IsNegative) throw new ArgumentException("An ancestor's share is negative.", nameof(ancestors));
            sum += ancestor.Unit;
        }

        if (sum != merchantUnit) throw new ArgumentException("The chain does not add up to the merchant's price.", nameof(ancestors));
        if (unitPrice < merchantUnit) throw new ArgumentException("The buyer pays less than the merchant.", nameof(unitPrice));
        if (topUnit.IsNegative) throw new ArgumentException("What reaches the platform is negative.", nameof(topUnit));
        if (fee.IsNegative) throw new ArgumentException("The fee is negative.", nameof(fee));
        foreach (var part in delivered)
            if (part.Units < 1 || !part.UnitCost.IsPositive)
                throw new ArgumentException("A delivered part needs units and a known cost.", nameof(delivered));
    }
}
