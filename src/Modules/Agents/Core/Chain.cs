using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>The chain from the buying merchant to the platform (domain.md, "Prices and the split").</summary>
internal static class Chain
{
    /// <summary>The shares per unit, from everyone's price for the same SKU, quantity and moment.</summary>
    /// <param name="prices">
    /// price() of the buyer first, then of its ancestors, nearest first. An ancestor without a price of its own cannot buy,
    /// so it has no margin: what is paid below it passes through.
    /// </param>
    /// <returns>Null when the buyer has no price.</returns>
    public static Terms? Of(ReadOnlySpan<MerchantId> ancestors, ReadOnlySpan<Money?> prices, long? promotion)
    {
        if (prices[0] is not { } unit) return null;
        var shares = ancestors.Length == 0 ? [] : new AncestorShare[ancestors.Length];
        var below = unit;
        var inverted = false;
        for (var i = 0; i < ancestors.Length; i++)
        {
            var own = prices[i + 1] ?? below;
            inverted |= own > below;
            var effective = Money.Min(own, below);
            shares[i] = new(ancestors[i], below - effective);
            below = effective;
        }

        return new Terms(unit, shares, below, promotion, inverted);
    }
}
