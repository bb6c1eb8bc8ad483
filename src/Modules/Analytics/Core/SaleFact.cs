namespace Lianka.Modules.Analytics.Core;

/// <summary>One movement of an order's price: it was paid, or some of it went back.</summary>
internal sealed record SaleFact
{
    /// <summary>Days since 1970 in China.</summary>
    public long Day { get; init; }
    public bool IsBack { get; init; }

    /// <summary>It went back after the release.</summary>
    public bool IsLate { get; init; }

    /// <summary>Sold by a shop of the merchant's, not bought by it.</summary>
    public bool IsRetail { get; init; }

    /// <summary>In 1/10,000 yuan, positive either way.</summary>
    public long Amount { get; init; }

    /// <summary>What had gone back before; 0 for the payment itself.</summary>
    public long BackBefore { get; init; }
    public long MerchantId { get; init; }
    public long Quantity { get; init; }
    public long UnitPrice { get; init; }
    public long MerchantUnit { get; init; }
    public long? A1 { get; init; }
    public long A1Unit { get; init; }
    public long? A2 { get; init; }
    public long A2Unit { get; init; }
    public long? A3 { get; init; }
    public long A3Unit { get; init; }
    public long TopUnit { get; init; }
    public long Fee { get; init; }

    /// <summary>Units that the order was about before the movement: shares are of units, so refunds in pieces take back exactly what was given.</summary>
    public long UnitsBefore => IsBack ? Quantity - (BackBefore / UnitPrice) : 0;
    public long UnitsAfter => IsBack ? UnitsBefore - (Amount / UnitPrice) : Quantity;
    public long Units => UnitsAfter - UnitsBefore;

    /// <summary>What the movement gave the selling merchant or took from it: its margin, less its part of the channel's fee (rounded down), and never less than nothing.</summary>
    public long SellersShare => Margin(UnitsAfter) - Margin(UnitsBefore);

    private long Margin(long units)
    {
        var margin = (UnitPrice - MerchantUnit) * units;
        return margin - Math.Min(Fee * units / Quantity, margin);
    }
}

/// <summary>Whose day it is: all of a party's own sales (child 0), or those of one of its branches.</summary>
internal readonly record struct SaleKey(long Party, long Child, long Day);

/// <summary>What one day of <see cref="SaleKey"/> came to.</summary>
internal readonly record struct SaleSums(long Orders, long Units, long Sold, long Refunds, long Refunded, long Earned)
{
    public static SaleSums operator +(SaleSums a, SaleSums b) => checked(new(
        a.Orders + b.Orders, a.Units + b.Units, a.Sold + b.Sold, a.Refunds + b.Refunds, a.Refunded + b.Refunded, a.Earned + b.Earned));
}
