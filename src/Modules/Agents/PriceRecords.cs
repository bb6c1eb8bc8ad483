using Lianka.Kernel;
using Lianka.Modules.Catalog;

namespace Lianka.Modules.Agents;

/// <param name="Code">The number outsiders use ("steam-50").</param>
/// <param name="Kind"><c>card</c> or <c>direct</c>.</param>
/// <param name="IsListed">The SKU and its product are both listed.</param>
/// <param name="Floor">Lowest retail price that price control allows, per unit.</param>
/// <param name="Ceiling">Highest retail price that price control allows, per unit.</param>
public sealed record SkuEntry(
    SkuId Id, string Code, ProductId Product, string Kind, long QuantityMax, bool IsListed, Money Floor, Money Ceiling, Money Suggested)
{
    /// <summary>Bought from the supplier for each order, not drawn from stock.</summary>
    public bool IsDirect => Kind == "direct";

    /// <summary>What the buyer of a direct SKU has to give.</summary>
    public IReadOnlyList<AccountField> Fields { get; init; } = [];
}

/// <param name="Cost">Per unit. Null: unknown, and then it is not offered, never taken for zero.</param>
/// <param name="HoldSeconds">As agreed; what counts is <see cref="EscrowSeconds"/>.</param>
/// <param name="Priority">Set by people, lower first; what counts is <see cref="Rank"/>.</param>
/// <param name="IsActive">The supply and its supplier are both active.</param>
public sealed record SupplyEntry(
    SupplyId Id, SkuId Sku, SupplierId Supplier, Money? Cost, long HoldSeconds, long Priority, bool IsActive)
{
    /// <summary>The supplier's system where a direct SKU is bought; null: people deliver it by hand.</summary>
    public long? Connection { get; init; }
    public string UpstreamCode { get; init; } = "";
    public long Weight { get; init; } = 100;

    /// <summary>Units in a day of China; null: no limit.</summary>
    public long? DailyCap { get; init; }

    /// <summary>Values of the field <c>region</c> that it serves; none: all.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];
    public long BatchMax { get; init; } = 1;

    /// <summary>The supplier's grade, A to E; null: none.</summary>
    public string? Grade { get; init; }

    /// <summary>How long the money for its goods stays in escrow after the delivery.</summary>
    public long EscrowSeconds => HoldSeconds + GradeEffect.Of(Grade).HoldSecondsMore;

    /// <summary>Lower is drawn first: those of a worse grade after all others, and else by priority.</summary>
    public long Rank => (GradeEffect.Of(Grade).Place * (SupplyDraft.PriorityMax + 1)) + Priority;

    /// <summary>Goods may be drawn from it.</summary>
    public bool CanSell => IsActive && Cost is { IsPositive: true };
}

public sealed record MerchantEntry(
    MerchantId Id, string Slug, string NameZh, string NameEn, int Level, MerchantId? Parent, bool IsActive);

public sealed record LevelPrice(SkuId Sku, int Level, Money Price);

/// <summary>A price agreed with one merchant, from a moment (included) to another (excluded). The later start wins.</summary>
public sealed record SpecialPrice(long Id, MerchantId Merchant, SkuId Sku, Money Price, DateTimeOffset From, DateTimeOffset To);

/// <summary>The parent's own policy for one child, over the parent's price.</summary>
/// <param name="Sku">Null: for all goods that have no policy of their own.</param>
/// <param name="Value">Units of 1/10,000 yuan when fixed, else basis points.</param>
public sealed record Markup(long Id, MerchantId Parent, MerchantId Child, SkuId? Sku, bool IsFixed, long Value);

/// <summary>From this quantity on, the unit price falls by so many basis points. The largest quantity reached counts.</summary>
public sealed record QuantityTier(long Id, SkuId Sku, long QuantityMin, long OffBps);

/// <summary>A reduction from a moment (included) to another (excluded). Of several, the largest counts.</summary>
public sealed record Promotion(
    long Id, SkuId Sku, long OffBps, DateTimeOffset From, DateTimeOffset To, string NameZh, string NameEn);

/// <summary>A listed retail price; null: the SKU is not on the merchant's shelves.</summary>
internal sealed record RetailPrice(MerchantId Merchant, SkuId Sku, Money? Price);

/// <summary>The rows of a price book, or those of what changed in it.</summary>
internal sealed record PriceBookContent
{
    public long Version { get; init; }

    /// <summary>How far the log of changes stands in it; null: it was not read from a database.</summary>
    public LogMark? Mark { get; init; }
    public IReadOnlyList<SkuEntry> Skus { get; init; } = [];
    public IReadOnlyList<SupplyEntry> Supplies { get; init; } = [];
    public IReadOnlyList<MerchantEntry> Merchants { get; init; } = [];
    public IReadOnlyList<LevelPrice> LevelPrices { get; init; } = [];
    public IReadOnlyList<SpecialPrice> Specials { get; init; } = [];
    public IReadOnlyList<Markup> Markups { get; init; } = [];
    public IReadOnlyList<QuantityTier> Tiers { get; init; } = [];
    public IReadOnlyList<Promotion> Promotions { get; init; } = [];
    public IReadOnlyList<RetailPrice> Retails { get; init; } = [];
}

/// <summary>What a change may have touched: of these the rows that are there now are all that there is.</summary>
internal sealed class PriceBookKeys
{
    public HashSet<SkuId> Skus { get; init; } = [];

    /// <summary>SKUs of which only level prices were touched; some may be among <see cref="Skus"/>, too.</summary>
    public HashSet<SkuId> Levels { get; init; } = [];
    public HashSet<MerchantId> Merchants { get; init; } = [];
    public HashSet<(MerchantId Merchant, SkuId Sku)> Specials { get; init; } = [];
    public HashSet<(MerchantId Child, SkuId? Sku)> Markups { get; init; } = [];

    public bool IsEmpty => Skus.Count + Levels.Count + Merchants.Count + Specials.Count + Markups.Count == 0;

    public static PriceBookKeys Of(PriceBookContent content) => new()
    {
        Skus = [.. content.Skus.Select(s => s.Id)],
        Merchants = [.. content.Merchants.Select(m => m.Id)],
        Specials = [.. content.Specials.Select(s => (s.Merchant, s.Sku))],
        Markups = [.. content.Markups.Select(m => (m.Child, m.Sku))],
    };
}

/// <summary>Up to where a transaction saw the log of changes.</summary>
/// <param name="First">The smallest number that it may have missed: all below it are seen, or never come.</param>
/// <param name="Snapshot">On PostgreSQL, which numbers from there on it saw.</param>
/// <param name="Own">On PostgreSQL, the transaction's own number, under which it may yet change something; 0: none.</param>
internal sealed record LogMark(long First, string Snapshot, long Own);
