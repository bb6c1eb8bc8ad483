using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>The arithmetic of one price: mark-ups and reductions.</summary>
internal static class Pricing
{
    /// <summary>The whole, in basis points.</summary>
    public const long Whole = 10_000;

    /// <summary>What a child pays under its parent's policy. Rounded half away from zero to 1/10,000.</summary>
    public static Money MarkedUp(Money parentPrice, Markup markup) =>
        parentPrice + (markup.IsFixed ? new Money(markup.Value) : parentPrice.AtBps(markup.Value));

    /// <summary>A price less the quantity tier and the promotion, one on top of the other.</summary>
    /// <remarks>One rounding for both, half away from zero to 1/10,000: two would make the order of the steps matter.</remarks>
    public static Money Reduced(Money price, long tierBps, long promotionBps) =>
        tierBps == 0 && promotionBps == 0 ? price : new Money(
            Rounding.HalfAwayFromZero((Int128)price.Units * (Whole - tierBps) * (Whole - promotionBps), Whole * Whole),
            price.Currency);

    /// <summary>price() of everyone from the buyer up, nearest first; null where nothing gives a price.</summary>
    /// <param name="sources">The buyer first, then its ancestors.</param>
    /// <remarks>
    /// Works from the top down, because a mark-up stands on the parent's price. That price has the tier and the promotion
    /// in it already, so they are not taken off a second time: the parent keeps the mark-up it set (decision 0010).
    /// </remarks>
    public static Money?[] Prices(ReadOnlySpan<PriceSource> sources, long tierBps, long promotionBps)
    {
        var prices = new Money?[sources.Length];
        for (var i = sources.Length - 1; i >= 0; i--)
        {
            var source = sources[i];
            var parent = i + 1 < sources.Length ? prices[i + 1] : null;
            prices[i] = source switch
            {
                { Special: { } special } => Reduced(special, tierBps, promotionBps),
                { Markup: { } markup } when parent is { } above => MarkedUp(above, markup),
                { Level: { } level } => Reduced(level, tierBps, promotionBps),
                _ => null,
            };
            // A reduction that leaves nothing is a mistake in a price list, not a gift.
            if (prices[i] is { IsPositive: false }) prices[i] = null;
        }

        return prices;
    }
}

/// <summary>What may give one merchant's price, in the order in which it applies.</summary>
internal readonly record struct PriceSource(Money? Special, Markup? Markup, Money? Level);
