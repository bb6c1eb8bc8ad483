using Lianka.Kernel;

namespace Lianka.Modules.Payments;

/// <summary>What a channel keeps of a payment, as agreed with it.</summary>
public static class ChannelFees
{
    /// <summary>What a storefront pays for each payment, whatever channel takes it; what channels really keep is the platform's gain or loss.</summary>
    public const long StorefrontBps = 60;

    /// <summary>What a storefront pays for a payment, rounded half away from zero to a fen: channels book whole fen.</summary>
    public static Money Expected(Money amount) => At(amount, StorefrontBps);

    /// <param name="bps">Basis points of the amount.</param>
    public static Money At(Money amount, long bps) =>
        new(Rounding.HalfAwayFromZero((Int128)amount.Units * bps, 10_000 * Money.UnitsPerFen) * Money.UnitsPerFen, amount.Currency);
}
