using Lianka.Kernel;
using Lianka.Modules.Agents.Core;

namespace Lianka.Modules.Agents;

/// <summary>What one ancestor earns on each unit of an order.</summary>
public readonly record struct AncestorShare(MerchantId Merchant, Money Unit);

/// <summary>The price and the chain of one order, as frozen at acceptance. All amounts are per unit.</summary>
/// <param name="Unit">price(m): what the merchant pays.</param>
/// <param name="Ancestors">Nearest first, at most three; every share is zero or more.</param>
/// <param name="TopUnit">eff(topmost): what reaches the platform, which pays the supplier from it.</param>
/// <param name="Promotion">The running promotion that lowered the prices, if any.</param>
/// <param name="IsInverted">An ancestor pays more than the one below it; it earns nothing and the operator is told.</param>
public sealed record Terms(Money Unit, IReadOnlyList<AncestorShare> Ancestors, Money TopUnit, long? Promotion, bool IsInverted);

/// <summary>Everything that decides a price, as it stood at one version. Immutable; every look-up is a dictionary read.</summary>
/// <remarks>Held by: tests/Unit/Agents/PriceBookExamples.cs, PriceProperties.cs.</remarks>
public sealed class PriceBook
{
    /// <summary>The most ancestors a merchant may have, whatever the setting says (the law on pyramid selling).</summary>
    public const int AncestorsMax = 3;

    /// <summary>A book that offers nothing; older than any other.</summary>
    public static readonly PriceBook Empty = new(new PriceBookContent());

    private readonly Dictionary<SkuId, SkuEntry> _skus;
    private readonly Dictionary<string, SkuEntry> _skuByCode;
    private readonly Dictionary<SupplyId, SupplyEntry> _supplies;
    private readonly Dictionary<SkuId, SupplyEntry[]> _suppliesOfSku;
    private readonly HashSet<SkuId> _supplied;
    private readonly Dictionary<MerchantId, MerchantEntry> _merchants;
    private readonly Dictionary<string, MerchantEntry> _merchantBySlug;
    private readonly Dictionary<(SkuId, int), Money> _levelPrices;
    private readonly Dictionary<(MerchantId, SkuId), SpecialPrice[]> _specials;
    private readonly Dictionary<(MerchantId, SkuId?), Markup> _markups;
    private readonly Dictionary<SkuId, QuantityTier[]> _tiers;
    private readonly Dictionary<SkuId, Promotion[]> _promotions;
    private readonly Lazy<(ProductId[] Ordered, ILookup<ProductId, SkuEntry> Skus)> _products;

    internal PriceBook(PriceBookContent content)
    {
        Version = content.Version;
        Retails = content.Retails;
        _skus = content.Skus.ToDictionary(s => s.Id);
        _skuByCode = content.Skus.ToDictionary(s => s.Code);
        _supplies = content.Supplies.ToDictionary(s => s.Id);
        _suppliesOfSku = content.Supplies.GroupBy(s => s.Sku)
            .ToDictionary(g => g.Key, g => g.OrderBy(s => s.Rank).ThenBy(s => s.Id).ToArray());
        _supplied = [.. content.Supplies.Where(s => s.CanSell).Select(s => s.Sku)];
        _merchants = content.Merchants.ToDictionary(m => m.Id);
        _merchantBySlug = content.Merchants.ToDictionary(m => m.Slug);
        _levelPrices = content.LevelPrices.ToDictionary(p => (p.Sku, p.Level), p => p.Price);
        _specials = content.Specials.GroupBy(s => (s.Merchant, s.Sku))
            .ToDictionary(g => g.Key, g => g.OrderByDescending(s => s.From).ToArray());
        // A policy counts only while who set it is the parent: after a move, the former parent's means nothing.
        _markups = content.Markups
            .Where(m => _merchants.TryGetValue(m.Child, out var child) && child.Parent == m.Parent)
            .ToDictionary(m => (m.Child, m.Sku));
        _tiers = content.Tiers.GroupBy(t => t.Sku)
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.QuantityMin).ToArray());
        // The largest reduction first; of equal ones the older.
        _promotions = content.Promotions.GroupBy(p => p.Sku)
            .ToDictionary(g => g.Key, g => g.OrderByDescending(p => p.OffBps).ThenBy(p => p.Id).ToArray());
        _products = new(() =>
        {
            var skus = _skus.Values.OrderBy(s => s.Id).ToLookup(s => s.Product);
            return ([.. skus.Select(p => p.Key).Order()], skus);
        });
    }

    /// <summary>The version 'prices' this book was read at.</summary>
    public long Version { get; }

    public IReadOnlyCollection<SkuEntry> Skus => _skus.Values;

    /// <summary>The products that have SKUs, in the order in which they were made.</summary>
    public IReadOnlyList<ProductId> Products => _products.Value.Ordered;

    /// <summary>The SKUs of a product, in the order in which they were made.</summary>
    public IEnumerable<SkuEntry> SkusOf(ProductId product) => _products.Value.Skus[product];

    /// <summary>Some supply is active and has a cost.</summary>
    public bool IsAnythingSupplied => _supplied.Count > 0;

    public IReadOnlyCollection<MerchantEntry> Merchants => _merchants.Values;

    /// <summary>Listed retail prices by merchant, then SKU; the next book is made from these and what changed.</summary>
    internal Dictionary<MerchantId, Dictionary<SkuId, Money>> Retails { get; }

    public SkuEntry? Sku(SkuId sku) => _skus.GetValueOrDefault(sku);

    public SkuEntry? SkuByCode(string code) => _skuByCode.GetValueOrDefault(code);

    public MerchantEntry? Merchant(MerchantId merchant) => _merchants.GetValueOrDefault(merchant);

    public MerchantEntry? MerchantBySlug(string slug) => _merchantBySlug.GetValueOrDefault(slug);

    /// <summary>All supplies of a SKU in the order in which they are drawn, those that cannot sell included.</summary>
    public IReadOnlyList<SupplyEntry> Supplies(SkuId sku) => _suppliesOfSku.GetValueOrDefault(sku) ?? [];

    public SupplyEntry? Supply(SupplyId supply) => _supplies.GetValueOrDefault(supply);

    /// <summary>What the level list says; null: goods of this level are not offered.</summary>
    public Money? LevelPrice(SkuId sku, int level) => _levelPrices.TryGetValue((sku, level), out var price) ? price : null;

    /// <summary>The cost of the dearest supply that can sell: below it some units would lose money. Null: none can.</summary>
    public Money? Cost(SkuId sku) => Supplies(sku).Where(s => s.CanSell).Max(s => s.Cost);

    /// <summary>R: the merchant's own retail price per unit; null when the SKU is not on its shelves.</summary>
    /// <remarks>Says nothing about whether the SKU is offered now: ask <see cref="Terms"/> for that.</remarks>
    public Money? Retail(MerchantId merchant, SkuId sku) =>
        Retails.TryGetValue(merchant, out var shelf) && shelf.TryGetValue(sku, out var price) ? price : null;

    /// <summary>The SKUs on a merchant's shelves with their retail prices.</summary>
    public IReadOnlyDictionary<SkuId, Money> Shelf(MerchantId merchant) =>
        Retails.TryGetValue(merchant, out var shelf) ? shelf : _noShelf;

    private static readonly Dictionary<SkuId, Money> _noShelf = [];

    /// <summary>price(m, sku, qty, t) and the shares of everyone above m; null when it is not offered.</summary>
    /// <remarks>
    /// Not offered: the SKU or its product is off, no active supply of it has a known cost, the merchant is unknown or
    /// suspended, or nothing gives it a price. A suspended ancestor keeps its place and its share.
    /// </remarks>
    public Terms? Terms(MerchantId merchant, SkuId sku, long quantity, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        if (Sku(sku) is not { IsListed: true } || !_supplied.Contains(sku)) return null;
        if (Merchant(merchant) is not { IsActive: true } buyer) return null;

        var path = PathUp(buyer);
        var ancestors = new MerchantId[path.Count - 1];
        for (var i = 0; i < ancestors.Length; i++) ancestors[i] = path[i + 1].Id;
        return Chain.Of(ancestors, PricesAlong(path, sku, quantity, now), RunningPromotion(sku, now)?.Id);
    }

    /// <summary>The promotion that runs for this SKU now.</summary>
    public long? PromotionOf(SkuId sku, DateTimeOffset now) => RunningPromotion(sku, now)?.Id;

    /// <summary>Until when the terms of this moment cannot change by the mere passing of time.</summary>
    internal DateTimeOffset? NextChange(MerchantId merchant, SkuId sku, DateTimeOffset now)
    {
        var edges = (_promotions.GetValueOrDefault(sku) ?? []).SelectMany(p => new[] { p.From, p.To });
        if (Merchant(merchant) is { } buyer)
            foreach (var m in PathUp(buyer))
                edges = edges.Concat((_specials.GetValueOrDefault((m.Id, sku)) ?? []).SelectMany(s => new[] { s.From, s.To }));
        return edges.Where(at => at > now).Select(at => (DateTimeOffset?)at).Min();
    }

    /// <summary>Where a price list is upside down for one unit, at most so many.</summary>
    /// <remarks>
    /// Merchants that only the level list prices, all the way up, pay alike when their levels are alike: each such line of
    /// levels is looked at once, or ten thousand merchants times a thousand SKUs would keep the operator waiting.
    /// </remarks>
    internal IReadOnlyList<Inversion> Inversions(DateTimeOffset now, int max)
    {
        var found = new HashSet<Inversion>();
        var singular = _specials.Keys.Select(k => k.Item1).Concat(_markups.Values.Select(m => m.Child)).ToHashSet();
        var seen = new HashSet<string>();
        foreach (var merchant in _merchants.Values)
        {
            if (merchant.Parent is null) continue;
            var path = PathUp(merchant);
            if (!path.Exists(m => singular.Contains(m.Id)) && !seen.Add(string.Join(' ', path.Select(m => m.Level)))) continue;
            foreach (var sku in _skus.Values)
            {
                if (Terms(merchant.Id, sku.Id, 1, now) is not { IsInverted: true }) continue;
                var prices = PricesAlong(path, sku.Id, 1, now);
                var below = prices[0]!.Value;
                for (var i = 1; i < path.Count; i++)
                {
                    var own = prices[i] ?? below;
                    if (own > below) found.Add(new(path[i - 1].Id, path[i].Id, sku.Id, below, own));
                    if (found.Count == max) return [.. found];
                    below = Money.Min(own, below);
                }
            }
        }

        return [.. found];
    }

    private Money?[] PricesAlong(List<MerchantEntry> path, SkuId sku, long quantity, DateTimeOffset now)
    {
        var sources = new PriceSource[path.Count];
        for (var i = 0; i < path.Count; i++) sources[i] = SourceOf(path[i], sku, now);
        return Pricing.Prices(sources, TierBps(sku, quantity), RunningPromotion(sku, now)?.OffBps ?? 0);
    }

    private List<MerchantEntry> PathUp(MerchantEntry buyer)
    {
        var path = new List<MerchantEntry>(AncestorsMax + 1) { buyer };
        while (path[^1].Parent is { } parent)
        {
            // The tree's writers hold the limit; a longer path would be a broken database, and money must not follow it.
            if (path.Count > AncestorsMax) throw new InvalidOperationException($"{buyer.Id} has more than {AncestorsMax} ancestors.");
            path.Add(_merchants[parent]);
        }

        return path;
    }

    private PriceSource SourceOf(MerchantEntry merchant, SkuId sku, DateTimeOffset now)
    {
        Money? special = null;
        if (_specials.TryGetValue((merchant.Id, sku), out var specials))
            foreach (var s in specials)
                if (s.From <= now && now < s.To)
                {
                    special = s.Price;
                    break;
                }

        Markup? markup = _markups.TryGetValue((merchant.Id, sku), out var own) ? own
            : _markups.TryGetValue((merchant.Id, null), out var general) ? general
            : null;
        return new(special, markup, _levelPrices.TryGetValue((sku, merchant.Level), out var level) ? level : null);
    }

    private long TierBps(SkuId sku, long quantity)
    {
        if (_tiers.TryGetValue(sku, out var tiers))
            foreach (var tier in tiers)
                if (quantity >= tier.QuantityMin) return tier.OffBps;
        return 0;
    }

    private Promotion? RunningPromotion(SkuId sku, DateTimeOffset now)
    {
        if (_promotions.TryGetValue(sku, out var promotions))
            foreach (var promotion in promotions)
                if (promotion.From <= now && now < promotion.To) return promotion;
        return null;
    }
}
