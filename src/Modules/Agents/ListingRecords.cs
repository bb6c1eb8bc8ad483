using Lianka.Kernel;
using Lianka.Modules.Catalog;

namespace Lianka.Modules.Agents;

/// <summary>What price control did, or why there is no price. NoPrice: none within price control covers price(m) and the fee. Of prices that a file has: BelowFloor, AboveCeiling.</summary>
public enum ListingNote { None, Floor, Ceiling, NotOffered, BelowCost, NoPrice, BelowFloor, AboveCeiling }

/// <summary>A choice of goods and a rule for a merchant's shelf, or a file with its prices.</summary>
public sealed record Listing : ChosenWork
{
    public required MerchantId Merchant { get; init; }

    /// <summary>Takes the chosen goods off the shelf.</summary>
    public required bool TakesOff { get; init; }

    /// <summary>Null: goods are taken off, or a file has the prices.</summary>
    public required RetailRule? Rule { get; init; }
}

/// <summary>One SKU of a <see cref="Listing"/>. All amounts are per unit.</summary>
/// <param name="Unit">price(m); null: not offered, or taken off without asking.</param>
/// <param name="Was">The retail price on the shelf at the preview.</param>
/// <param name="Fee">What the channel is expected to keep of <paramref name="Retail"/>.</param>
/// <param name="Lowest">The lowest price that could be asked, where there is none.</param>
public sealed record ListingRow(
    SkuId Sku, BulkOutcome Outcome, Money? Unit, Money? Was, Money? Retail, Money? Fee, Money? Lowest, ListingNote Note)
{
    /// <summary>What the merchant earns; null where there is no price.</summary>
    public Money? Margin => Retail is { } retail && Unit is { } unit && Fee is { } fee ? retail - unit - fee : null;
}
