using Lianka.Kernel;

namespace Lianka.Modules.Agents;

/// <summary>Why a retail price is refused, in the order in which the reasons are checked.</summary>
public enum RetailRefusal { NotPositive, NotWholeFen, BelowFloor, AboveCeiling, BelowCost }

/// <summary>Which retail prices a merchant may ask (domain.md, "Prices and the split").</summary>
public static class RetailRules
{
    /// <summary>Null when R may be asked: whole fen, within price control, and price(m) plus the fee is covered.</summary>
    /// <param name="retail">R per unit.</param>
    /// <param name="price">price(m) per unit.</param>
    /// <param name="expectedFee">What the channel is expected to keep of R.</param>
    public static RetailRefusal? Check(Money retail, Money price, Money expectedFee, Money floor, Money ceiling)
    {
        if (!retail.IsPositive) return RetailRefusal.NotPositive;
        if (!retail.IsWholeFen) return RetailRefusal.NotWholeFen;
        if (retail < floor) return RetailRefusal.BelowFloor;
        if (retail > ceiling) return RetailRefusal.AboveCeiling;
        return retail < price + expectedFee ? RetailRefusal.BelowCost : null;
    }

    /// <summary>A refusal as a problem of the field <c>price</c>.</summary>
    public static FieldError Problem(RetailRefusal why) => Core.Refusals.Of(why);

    /// <summary>The lowest R that may be asked at all: whole fen, from the floor, covering price(m) plus the fee of R itself.</summary>
    /// <returns>Null when it would stand above the ceiling.</returns>
    public static Money? Lowest(Money price, Func<Money, Money> expectedFee, Money floor, Money ceiling)
    {
        var lowest = Money.Max(price, floor).UpToFen();
        // The fee grows with R, but by at most a twentieth of it (StorefrontFees.BpsMax): each round is far smaller than the one before.
        for (var rounds = 0; rounds < 20 && lowest < price + expectedFee(lowest); rounds++) lowest = (price + expectedFee(lowest)).UpToFen();
        return Check(lowest, price, expectedFee(lowest), floor, ceiling) is null ? lowest : null;
    }
}
