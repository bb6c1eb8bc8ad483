using Lianka.Kernel;

namespace Lianka.Modules.Payments;

/// <summary>What is kept of a payment, by a channel or of a storefront.</summary>
public static class ChannelFees
{
    /// <param name="bps">Basis points of the amount.</param>
    /// <returns>Rounded half away from zero to a fen: channels book whole fen.</returns>
    public static Money At(Money amount, long bps) =>
        new(Rounding.HalfAwayFromZero((Int128)amount.Units * bps, 10_000 * Money.UnitsPerFen) * Money.UnitsPerFen, amount.Currency);
}
