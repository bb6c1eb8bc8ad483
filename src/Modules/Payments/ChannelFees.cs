using Lianka.Kernel;

namespace Lianka.Modules.Payments;

/// <summary>What a channel keeps of a payment, as agreed with it.</summary>
public static class ChannelFees
{
    /// <summary>The test channel's fee: 60 basis points, which is what a small merchant pays elsewhere.</summary>
    public const long TestBps = 60;

    /// <summary>The expected fee, rounded half away from zero to a fen: channels book whole fen.</summary>
    public static Money Expected(string channel, Money amount) => channel switch
    {
        ChannelNames.Test => At(amount, TestBps),
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "No such channel."),
    };

    /// <param name="bps">Basis points of the amount.</param>
    public static Money At(Money amount, long bps) =>
        new(Rounding.HalfAwayFromZero((Int128)amount.Units * bps, 10_000 * Money.UnitsPerFen) * Money.UnitsPerFen, amount.Currency);
}

public static class ChannelNames
{
    public const string Test = "test";
}
