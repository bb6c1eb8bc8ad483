using Lianka.Kernel;

namespace Lianka.Modules.Agents.Core;

/// <summary>All that a price book knows of one SKU; a change of any of it makes a new one.</summary>
internal sealed class BookedSku
{
    public BookedSku(
        SkuEntry sku, IEnumerable<SupplyEntry> supplies, IEnumerable<LevelPrice> levels, IEnumerable<QuantityTier> tiers, IEnumerable<Promotion> promotions)
    {
        Sku = sku;
        Supplies = [.. supplies.OrderBy(s => s.Rank).ThenBy(s => s.Id)];
        IsSupplied = Array.Exists(Supplies, s => s.CanSell);
        _levels = [.. levels.Select(p => (p.Level, p.Price))];
        _tiers = [.. tiers.OrderByDescending(t => t.QuantityMin)];
        // The largest reduction first; of equal ones the older.
        Promotions = [.. promotions.OrderByDescending(p => p.OffBps).ThenBy(p => p.Id)];
    }

    private BookedSku(BookedSku of, IEnumerable<LevelPrice> levels)
    {
        (Sku, Supplies, IsSupplied, _tiers, Promotions) = (of.Sku, of.Supplies, of.IsSupplied, of._tiers, of.Promotions);
        _levels = [.. levels.Select(p => (p.Level, p.Price))];
    }

    private readonly (int Level, Money Price)[] _levels;
    private readonly QuantityTier[] _tiers;

    public SkuEntry Sku { get; }

    /// <summary>In the order in which they are drawn.</summary>
    public SupplyEntry[] Supplies { get; }

    /// <summary>Some supply can sell.</summary>
    public bool IsSupplied { get; }

    public Promotion[] Promotions { get; }

    /// <summary>The same with another level list.</summary>
    public BookedSku With(IEnumerable<LevelPrice> levels) => new(this, levels);

    public Money? LevelPrice(int level)
    {
        // Levels are a handful.
        foreach (var (at, price) in _levels)
            if (at == level) return price;
        return null;
    }

    public long TierBps(long quantity)
    {
        foreach (var tier in _tiers)
            if (quantity >= tier.QuantityMin) return tier.OffBps;
        return 0;
    }

    public Promotion? Running(DateTimeOffset now)
    {
        foreach (var promotion in Promotions)
            if (promotion.From <= now && now < promotion.To) return promotion;
        return null;
    }
}
