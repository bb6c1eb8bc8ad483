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

    /// <summary>R for a wished margin over price(m): up to the fen, then clamped to price control.</summary>
    /// <returns>Null when no price within control covers price(m) plus the fee: then it is not listed.</returns>
    public static Money? WithMargin(Money price, long marginBps, Func<Money, Money> expectedFee, Money floor, Money ceiling)
    {
        var wished = (price + price.AtBps(marginBps)).UpToFen();
        var lowest = floor.UpToFen();
        var highest = new Money(ceiling.Units - (ceiling.Units % Money.UnitsPerFen), ceiling.Currency);
        var retail = Money.Min(Money.Max(wished, lowest), highest);
        return Check(retail, price, expectedFee(retail), floor, ceiling) is null ? retail : null;
    }
}
