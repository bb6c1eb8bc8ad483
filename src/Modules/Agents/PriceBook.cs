using System.Collections;
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
/// <remarks>
/// A changed book is made of the one before and shares with it all that did not change.
/// Held by: tests/Unit/Agents/PriceBookExamples.cs, PriceProperties.cs, tests/Integration/Agents/PriceChangeTests.cs.
/// </remarks>
public sealed class PriceBook
{
    /// <summary>The most ancestors a merchant may have, whatever the setting says (the law on pyramid selling).</summary>
    public const int AncestorsMax = 3;

    /// <summary>A book that offers nothing; older than any other.</summary>
    public static readonly PriceBook Empty = new();

    private readonly SharedMap<SkuId, BookedSku> _skus = SharedMap<SkuId, BookedSku>.Empty;
    private readonly SharedMap<string, SkuId> _skuByCode = SharedMap<string, SkuId>.Empty;
    private readonly SharedMap<SupplyId, SupplyEntry> _supplies = SharedMap<SupplyId, SupplyEntry>.Empty;
    private readonly SharedMap<ProductId, SkuEntry[]> _skusOfProduct = SharedMap<ProductId, SkuEntry[]>.Empty;
    private readonly SharedMap<MerchantId, MerchantEntry> _merchants = SharedMap<MerchantId, MerchantEntry>.Empty;
    private readonly SharedMap<string, MerchantId> _merchantBySlug = SharedMap<string, MerchantId>.Empty;
    private readonly SharedMap<(MerchantId, SkuId), SpecialPrice[]> _specials = SharedMap<(MerchantId, SkuId), SpecialPrice[]>.Empty;
    private readonly SharedMap<(MerchantId, SkuId?), Markup> _markups = SharedMap<(MerchantId, SkuId?), Markup>.Empty;
    private readonly SharedMap<MerchantId, SharedMap<SkuId, Money>> _shelves = SharedMap<MerchantId, SharedMap<SkuId, Money>>.Empty;
    private readonly int _supplied;
    private readonly Lazy<ProductId[]> _products = new(() => []);

    private PriceBook()
    {
    }

    private PriceBook(SharedMap<MerchantId, SharedMap<SkuId, Money>> shelves) => _shelves = shelves;

    internal PriceBook(PriceBookContent content)
        : this(Empty, PriceBookKeys.Of(content), content)
    {
    }

    /// <summary>The book before, in which only what was touched is made anew.</summary>
    /// <param name="now">Of what was touched, what is there now.</param>
    internal PriceBook(PriceBook before, PriceBookKeys touched, PriceBookContent now)
    {
        Version = now.Version;
        Mark = now.Mark;
        (_skus, _skuByCode, _supplies, _supplied) = WithSkus(before, touched, now);
        (var products, var isSame) = WithProducts(before, touched.Skus, now);
        _skusOfProduct = products;
        _products = isSame ? before._products : new(() => [.. products.Keys.Order()]);
        (_merchants, _merchantBySlug) = WithMerchants(before, touched.Merchants, now);
        _specials = WithSpecials(before._specials, touched.Specials, now);
        _markups = WithMarkups(before._markups, touched.Markups, now);
        _shelves = WithRetails(before._shelves, now.Retails);
    }

    /// <summary>Nothing but the retail prices, to read all else anew.</summary>
    internal PriceBook OnlyShelves() => new(_shelves);

    /// <summary>The version 'prices' this book was read at.</summary>
    public long Version { get; }

    /// <summary>How far the log of changes stands in this book.</summary>
    internal LogMark? Mark { get; }

    /// <summary>In no particular order.</summary>
    public IReadOnlyCollection<SkuEntry> Skus => new Counted<SkuEntry>(_skus.Count, _skus.Values.Select(s => s.Sku));

    /// <summary>The products that have SKUs, in the order in which they were made.</summary>
    public IReadOnlyList<ProductId> Products => _products.Value;

    /// <summary>The SKUs of a product, in the order in which they were made.</summary>
    public IEnumerable<SkuEntry> SkusOf(ProductId product) => _skusOfProduct.GetValueOrDefault(product) ?? [];

    /// <summary>Some supply is active and has a cost.</summary>
    public bool IsAnythingSupplied => _supplied > 0;

    /// <summary>In no particular order.</summary>
    public IReadOnlyCollection<MerchantEntry> Merchants => new Counted<MerchantEntry>(_merchants.Count, _merchants.Values);

    public SkuEntry? Sku(SkuId sku) => _skus.GetValueOrDefault(sku)?.Sku;

    public SkuEntry? SkuByCode(string code) => _skuByCode.TryGetValue(code, out var sku) ? Sku(sku) : null;

    public MerchantEntry? Merchant(MerchantId merchant) => _merchants.GetValueOrDefault(merchant);

    public MerchantEntry? MerchantBySlug(string slug) => _merchantBySlug.TryGetValue(slug, out var merchant) ? Merchant(merchant) : null;

    /// <summary>All supplies of a SKU in the order in which they are drawn, those that cannot sell included.</summary>
    public IReadOnlyList<SupplyEntry> Supplies(SkuId sku) => _skus.GetValueOrDefault(sku)?.Supplies ?? [];

    public SupplyEntry? Supply(SupplyId supply) => _supplies.GetValueOrDefault(supply);

    /// <summary>What the level list says; null: goods of this level are not offered.</summary>
    public Money? LevelPrice(SkuId sku, int level) => _skus.GetValueOrDefault(sku)?.LevelPrice(level);

    /// <summary>The cost of the dearest supply that can sell: below it some units would lose money. Null: none can.</summary>
    public Money? Cost(SkuId sku) => Supplies(sku).Where(s => s.CanSell).Max(s => s.Cost);

    /// <summary>R: the merchant's own retail price per unit; null when the SKU is not on its shelves.</summary>
    /// <remarks>Says nothing about whether the SKU is offered now: ask <see cref="Terms"/> for that.</remarks>
    public Money? Retail(MerchantId merchant, SkuId sku) =>
        _shelves.TryGetValue(merchant, out var shelf) && shelf.TryGetValue(sku, out var price) ? price : null;

    /// <summary>The SKUs on a merchant's shelves with their retail prices; the same object as long as they stay as they are.</summary>
    public IReadOnlyDictionary<SkuId, Money> Shelf(MerchantId merchant) => _shelves.GetValueOrDefault(merchant) ?? SharedMap<SkuId, Money>.Empty;

    /// <summary>price(m, sku, qty, t) and the shares of everyone above m; null when it is not offered.</summary>
    /// <remarks>
    /// Not offered: the SKU or its product is off, no active supply of it has a known cost, the merchant is unknown or
    /// suspended, or nothing gives it a price. A suspended ancestor keeps its place and its share.
    /// </remarks>
    public Terms? Terms(MerchantId merchant, SkuId sku, long quantity, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        if (_skus.GetValueOrDefault(sku) is not { Sku.IsListed: true, IsSupplied: true } booked) return null;
        if (Merchant(merchant) is not { IsActive: true } buyer) return null;

        var path = PathUp(buyer);
        var ancestors = new MerchantId[path.Count - 1];
        for (var i = 0; i < ancestors.Length; i++) ancestors[i] = path[i + 1].Id;
        var promotion = booked.Running(now);
        return Chain.Of(ancestors, PricesAlong(path, booked, quantity, promotion, now), promotion?.Id);
    }

    /// <summary>The promotion that runs for this SKU now.</summary>
    public long? PromotionOf(SkuId sku, DateTimeOffset now) => _skus.GetValueOrDefault(sku)?.Running(now)?.Id;

    /// <summary>Until when the terms of this moment cannot change by the mere passing of time.</summary>
    internal DateTimeOffset? NextChange(MerchantId merchant, SkuId sku, DateTimeOffset now)
    {
        var edges = (_skus.GetValueOrDefault(sku)?.Promotions ?? []).SelectMany(p => new[] { p.From, p.To });
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
        var singular = _specials.Keys.Select(k => k.Item1).Concat(_markups.Keys.Select(k => k.Item1)).ToHashSet();
        var seen = new HashSet<string>();
        // In one order, so that two books of the same prices name the same of those that are alike.
        var skus = _skus.Values.OrderBy(s => s.Sku.Id).ToList();
        foreach (var merchant in _merchants.Values.OrderBy(m => m.Id))
        {
            if (merchant.Parent is null) continue;
            var path = PathUp(merchant);
            if (!path.Exists(m => singular.Contains(m.Id)) && !seen.Add(string.Join(' ', path.Select(m => m.Level)))) continue;
            foreach (var booked in skus)
            {
                var sku = booked.Sku;
                if (Terms(merchant.Id, sku.Id, 1, now) is not { IsInverted: true }) continue;
                var prices = PricesAlong(path, booked, 1, booked.Running(now), now);
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

    private Money?[] PricesAlong(List<MerchantEntry> path, BookedSku sku, long quantity, Promotion? promotion, DateTimeOffset now)
    {
        var sources = new PriceSource[path.Count];
        for (var i = 0; i < path.Count; i++) sources[i] = SourceOf(path[i], sku, now);
        return Pricing.Prices(sources, sku.TierBps(quantity), promotion?.OffBps ?? 0);
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

    private PriceSource SourceOf(MerchantEntry merchant, BookedSku booked, DateTimeOffset now)
    {
        var sku = booked.Sku.Id;
        Money? special = null;
        if (_specials.TryGetValue((merchant.Id, sku), out var specials))
            foreach (var s in specials)
                if (s.From <= now && now < s.To)
                {
                    special = s.Price;
                    break;
                }

        return new(special, MarkupOf(merchant, sku) ?? MarkupOf(merchant, null), booked.LevelPrice(merchant.Level));
    }

    // A policy counts only while who set it is the parent: after a move, the former parent's means nothing.
    private Markup? MarkupOf(MerchantEntry merchant, SkuId? sku) =>
        _markups.TryGetValue((merchant.Id, sku), out var markup) && merchant.Parent == markup.Parent ? markup : null;

    private static (SharedMap<SkuId, BookedSku>, SharedMap<string, SkuId>, SharedMap<SupplyId, SupplyEntry>, int) WithSkus(
        PriceBook before, PriceBookKeys touched, PriceBookContent now)
    {
        var skus = before._skus.Change(now.Skus.Count);
        var codes = before._skuByCode.Change(now.Skus.Count);
        var supplies = before._supplies.Change(now.Supplies.Count);
        var supplied = before._supplied;
        var codeOf = now.Skus.ToDictionary(s => s.Id, s => s.Code);
        // All that was there goes first: two SKUs may have exchanged their codes, or a supply its SKU.
        foreach (var id in touched.Skus)
        {
            if (before._skus.GetValueOrDefault(id) is not { } was) continue;
            skus.Remove(id);
            if (codeOf.GetValueOrDefault(id) != was.Sku.Code) codes.Remove(was.Sku.Code);
            foreach (var supply in was.Supplies) supplies.Remove(supply.Id);
            if (was.IsSupplied) supplied--;
        }

        var (drawn, levels) = (now.Supplies.ToLookup(s => s.Sku), now.LevelPrices.ToLookup(p => p.Sku));
        var (tiers, promotions) = (now.Tiers.ToLookup(t => t.Sku), now.Promotions.ToLookup(p => p.Sku));
        foreach (var sku in now.Skus)
        {
            var booked = new BookedSku(sku, drawn[sku.Id], levels[sku.Id], tiers[sku.Id], promotions[sku.Id]);
            skus[sku.Id] = booked;
            if (before.SkuByCode(sku.Code)?.Id != sku.Id) codes[sku.Code] = sku.Id;
            foreach (var supply in booked.Supplies) supplies[supply.Id] = supply;
            if (booked.IsSupplied) supplied++;
        }

        foreach (var id in touched.Levels)
            if (!touched.Skus.Contains(id) && before._skus.GetValueOrDefault(id) is { } was) skus[id] = was.With(levels[id]);

        return (skus.Done(), codes.Done(), supplies.Done(), supplied);
    }

    private static (SharedMap<ProductId, SkuEntry[]>, bool IsSame) WithProducts(PriceBook before, HashSet<SkuId> touched, PriceBookContent now)
    {
        var products = before._skusOfProduct.Change(now.Skus.Count);
        var isSame = true;
        var come = now.Skus.ToLookup(s => s.Product);
        var gone = touched.Select(before.Sku).OfType<SkuEntry>().Select(s => s.Product);
        foreach (var product in come.Select(p => p.Key).Concat(gone).ToHashSet())
        {
            var wasThere = products.TryGetValue(product, out var had);
            SkuEntry[] has = [.. (had ?? []).Where(s => !touched.Contains(s.Id)).Concat(come[product]).OrderBy(s => s.Id)];
            if (has.Length == 0) products.Remove(product);
            else products[product] = has;
            isSame &= wasThere == has.Length > 0;
        }

        return (products.Done(), isSame);
    }

    private static (SharedMap<MerchantId, MerchantEntry>, SharedMap<string, MerchantId>) WithMerchants(
        PriceBook before, HashSet<MerchantId> touched, PriceBookContent now)
    {
        var (merchants, slugs) = (before._merchants.Change(now.Merchants.Count), before._merchantBySlug.Change(now.Merchants.Count));
        foreach (var id in touched)
        {
            if (before.Merchant(id) is not { } was) continue;
            merchants.Remove(id);
            slugs.Remove(was.Slug);
        }

        foreach (var merchant in now.Merchants) (merchants[merchant.Id], slugs[merchant.Slug]) = (merchant, merchant.Id);
        return (merchants.Done(), slugs.Done());
    }

    private static SharedMap<(MerchantId, SkuId), SpecialPrice[]> WithSpecials(
        SharedMap<(MerchantId, SkuId), SpecialPrice[]> before, HashSet<(MerchantId, SkuId)> touched, PriceBookContent now)
    {
        var specials = before.Change(touched.Count);
        foreach (var pair in touched) specials.Remove(pair);
        foreach (var pair in now.Specials.GroupBy(s => (s.Merchant, s.Sku))) specials[pair.Key] = [.. pair.OrderByDescending(s => s.From)];
        return specials.Done();
    }

    private static SharedMap<(MerchantId, SkuId?), Markup> WithMarkups(
        SharedMap<(MerchantId, SkuId?), Markup> before, HashSet<(MerchantId, SkuId?)> touched, PriceBookContent now)
    {
        var markups = before.Change(touched.Count);
        foreach (var pair in touched) markups.Remove(pair);
        foreach (var markup in now.Markups) markups[(markup.Child, markup.Sku)] = markup;
        return markups.Done();
    }

    private static SharedMap<MerchantId, SharedMap<SkuId, Money>> WithRetails(
        SharedMap<MerchantId, SharedMap<SkuId, Money>> before, IReadOnlyList<RetailPrice> prices)
    {
        var shelves = before.Change();
        foreach (var shelf in prices.GroupBy(p => p.Merchant))
        {
            var changed = (before.GetValueOrDefault(shelf.Key) ?? SharedMap<SkuId, Money>.Empty).Change();
            foreach (var (_, sku, price) in shelf)
                if (price is { } listed) changed[sku] = listed;
                else changed.Remove(sku);
            shelves[shelf.Key] = changed.Done();
        }

        return shelves.Done();
    }

    /// <summary>What is enumerated, with its number known.</summary>
    private sealed class Counted<T>(int count, IEnumerable<T> items) : IReadOnlyCollection<T>
    {
        public int Count => count;

        public IEnumerator<T> GetEnumerator() => items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
