using Lianka.Kernel;
using Lianka.Modules.Agents;

namespace Lianka.Tests.Unit.Agents;

/// <summary>Builds small price books: one SKU with one supply at cost 40 unless said otherwise, merchants by number.</summary>
internal sealed class Book
{
    public static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly SkuId Sku = new(1);
    public static readonly SkuId OtherSku = new(2);

    private readonly List<SkuEntry> _skus = [SkuOf(Sku, "steam-50"), SkuOf(OtherSku, "steam-100")];
    private readonly List<SupplyEntry> _supplies =
        [new(new(1), Sku, new(1), Money.Parse("40"), 0, 1, true), new(new(2), OtherSku, new(1), Money.Parse("80"), 0, 1, true)];
    private readonly List<MerchantEntry> _merchants = [];
    private readonly List<LevelPrice> _levels = [];
    private readonly List<SpecialPrice> _specials = [];
    private readonly List<Markup> _markups = [];
    private readonly List<QuantityTier> _tiers = [];
    private readonly List<Promotion> _promotions = [];
    private readonly List<RetailPrice> _retails = [];
    private long _next = 100;

    private static SkuEntry SkuOf(SkuId id, string code) =>
        new(id, code, new(1), "card", 10_000, true, Money.Parse("1"), Money.Parse("1000"), Money.Parse("50"));

    public Book Merchant(long id, int level, long? parent = null, bool active = true)
    {
        _merchants.Add(new(new(id), $"m{id}", $"商{id}", $"Merchant {id}", level, parent is { } p ? new MerchantId(p) : null, active));
        return this;
    }

    /// <summary>Merchants 1 … n, each the parent of the next, on levels 1 … n.</summary>
    public Book Line(int length)
    {
        for (var i = 1; i <= length; i++) Merchant(i, i, i == 1 ? null : i - 1);
        return this;
    }

    public Book Level(int level, string price, SkuId? sku = null)
    {
        _levels.Add(new(sku ?? Sku, level, Money.Parse(price)));
        return this;
    }

    public Book Special(long merchant, string price, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        _specials.Add(new(_next++, new(merchant), Sku, Money.Parse(price), from ?? Now.AddDays(-1), to ?? Now.AddDays(1)));
        return this;
    }

    public Book Fixed(long parent, long child, string amount, SkuId? sku = null)
    {
        _markups.Add(new(_next++, new(parent), new(child), sku, true, Money.Parse(amount).Units));
        return this;
    }

    public Book Bps(long parent, long child, long bps, SkuId? sku = null)
    {
        _markups.Add(new(_next++, new(parent), new(child), sku, false, bps));
        return this;
    }

    public Book Tier(long quantityMin, long offBps)
    {
        _tiers.Add(new(_next++, Sku, quantityMin, offBps));
        return this;
    }

    public Book Promotion(long id, long offBps, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        _promotions.Add(new(id, Sku, offBps, from ?? Now.AddDays(-1), to ?? Now.AddDays(1), "大促", "Sale"));
        return this;
    }

    public Book Supply(Func<SupplyEntry, SupplyEntry> change)
    {
        _supplies[0] = change(_supplies[0]);
        return this;
    }

    public Book MoreSupply(long id, long priority)
    {
        _supplies.Add(new(new(id), Sku, new(id), Money.Parse("41"), 0, priority, true));
        return this;
    }

    public Book Listing(Func<SkuEntry, SkuEntry> change)
    {
        _skus[0] = change(_skus[0]);
        return this;
    }

    public Book Retail(long merchant, string price)
    {
        _retails.Add(new(new(merchant), Sku, Money.Parse(price)));
        return this;
    }

    public PriceBook Build() => new(new PriceBookContent
    {
        Version = 1,
        Skus = _skus,
        Supplies = _supplies,
        Merchants = _merchants,
        LevelPrices = _levels,
        Specials = _specials,
        Markups = _markups,
        Tiers = _tiers,
        Promotions = _promotions,
        Retails = _retails,
    });
}
