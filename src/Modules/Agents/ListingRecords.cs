using Lianka.Kernel;

namespace Lianka.Modules.Agents;

public enum ListingStage { Previewing, Ready, Applying, Done }

/// <summary>What is to become of one SKU, or what became of it. Moved: its price was another one when it came to it, so it was left alone.</summary>
public enum ListingOutcome { Add, Change, Same, Off, Cannot, Moved }

/// <summary>What price control did, or why there is no price. NoPrice: none within price control covers price(m) and the fee.</summary>
public enum ListingNote { None, Floor, Ceiling, NotOffered, BelowCost, NoPrice }

/// <summary>Which goods: each part that is given narrows the choice.</summary>
public sealed record ListingChoice
{
    /// <summary>As in a search.</summary>
    public string Words { get; init; } = "";

    /// <summary>Slugs; none: all.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Marked rows; none: all.</summary>
    public IReadOnlyList<SkuId> Skus { get; init; } = [];

    /// <summary>Leaves prices that stand on the shelf already as they are.</summary>
    public bool KeepsOwn { get; init; }
}

/// <summary>One press of the button: a choice of goods and a rule, previewed, then done.</summary>
/// <param name="TakesOff">Takes the chosen goods off the shelf; the rule says nothing then.</param>
/// <param name="Total">How many SKUs the present stage has to go through; grows known with its first step.</param>
/// <param name="Changes">How many are, or were to be, added, changed or taken off.</param>
public sealed record Listing(
    long Id, MerchantId Merchant, bool TakesOff, ListingChoice Choice, RetailRule Rule, ListingStage State,
    long Total, long Done, long Changes, long Cannot, long Moved, DateTimeOffset CreatedAt)
{
    public bool IsRunning => State is ListingStage.Previewing or ListingStage.Applying;

    public long Percent => !IsRunning ? 100 : Total == 0 ? 0 : Done * 100 / Total;
}

/// <summary>One SKU of a <see cref="Listing"/>. All amounts are per unit.</summary>
/// <param name="Unit">price(m); null: not offered, or taken off without asking.</param>
/// <param name="Was">The retail price on the shelf at the preview.</param>
/// <param name="Fee">What the channel is expected to keep of <paramref name="Retail"/>.</param>
/// <param name="Lowest">The lowest price that could be asked, where there is none.</param>
public sealed record ListingRow(
    SkuId Sku, ListingOutcome Outcome, Money? Unit, Money? Was, Money? Retail, Money? Fee, Money? Lowest, ListingNote Note)
{
    /// <summary>What the merchant earns; null where there is no price.</summary>
    public Money? Margin => Retail is { } retail && Unit is { } unit && Fee is { } fee ? retail - unit - fee : null;
}
