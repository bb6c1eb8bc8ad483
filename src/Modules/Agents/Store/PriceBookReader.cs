using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>Reads a price book in the caller's transaction.</summary>
internal static class PriceBookReader
{
    public const string VersionSql = "select value from version where name = 'prices'";

    public static Task<long> VersionAsync(Session session) => session.ScalarAsync<long>(VersionSql);

    /// <param name="have">An older book, whose retail prices are taken over where they did not change since.</param>
    public static async Task<PriceBook> LoadAsync(Session session, long version, PriceBook have)
    {
        var offers = await Offers.LoadAsync(session);
        return new PriceBook(new PriceBookContent
        {
            Version = version,
            Skus = [.. offers.Skus.Select(s => new SkuEntry(
                s.Id, s.Code, s.ProductId, s.Kind, s.QtyMax, s.IsListed, s.RetailFloor, s.RetailCeiling, s.SuggestedRetail)
            {
                Fields = s.Fields,
            })],
            Supplies = [.. offers.Supplies.Select(s => new SupplyEntry(
                s.Id, s.SkuId, s.SupplierId, s.Cost, s.HoldSeconds, s.Priority, s.IsActive)
            {
                Connection = s.Connection,
                UpstreamCode = s.UpstreamCode,
                Weight = s.Weight,
                DailyCap = s.DailyCap,
                Regions = s.Regions,
                BatchMax = s.BatchMax,
                Grade = s.Grade,
            })],
            Merchants = (await session.QueryAsync<MerchantRow>(
                "select id, slug, name_zh, name_en, level, parent_id, state from merchant")).ConvertAll(r => r.ToEntry()),
            LevelPrices = (await session.QueryAsync<LevelPriceRow>(
                "select sku_id, level, price from level_price")).ConvertAll(r => new LevelPrice(r.SkuId, (int)r.Level, r.Price)),
            Specials = (await session.QueryAsync<SpecialRow>(
                "select id, merchant_id, sku_id, price, from_at, to_at from special_price")).ConvertAll(r => r.ToSpecial()),
            Markups = (await session.QueryAsync<MarkupRow>(
                "select id, parent_id, child_id, sku_id, mode, value from markup")).ConvertAll(r => r.ToMarkup()),
            Tiers = (await session.QueryAsync<TierRow>(
                "select id, sku_id, min_qty, off_bps from quantity_tier")).ConvertAll(r => r.ToTier()),
            Promotions = (await session.QueryAsync<PromotionRow>(
                "select id, sku_id, off_bps, from_at, to_at, name_zh, name_en from promotion")).ConvertAll(r => r.ToPromotion()),
            Retails = await RetailsAsync(session, have),
        });
    }

    private static async Task<Dictionary<MerchantId, Dictionary<SkuId, Money>>> RetailsAsync(Session session, PriceBook have)
    {
        var changed = await session.QueryAsync<RetailRow>(
            "select merchant_id, sku_id, price, listed from retail_price where changed > @Version", new { have.Version });
        if (changed.Count == 0) return have.Retails;
        var all = new Dictionary<MerchantId, Dictionary<SkuId, Money>>(have.Retails);
        foreach (var shelf in changed.GroupBy(r => r.MerchantId))
        {
            // A copy, because readers may hold the older book.
            var copy = all.TryGetValue(shelf.Key, out var old) ? new Dictionary<SkuId, Money>(old) : [];
            foreach (var row in shelf)
                if (row.Listed == 1) copy[row.SkuId] = row.Price;
                else copy.Remove(row.SkuId);
            all[shelf.Key] = copy;
        }

        return all;
    }

    private sealed record LevelPriceRow
    {
        public SkuId SkuId { get; init; }
        public long Level { get; init; }
        public Money Price { get; init; }
    }

    private sealed record RetailRow
    {
        public MerchantId MerchantId { get; init; }
        public SkuId SkuId { get; init; }
        public Money Price { get; init; }
        public long Listed { get; init; }
    }
}

internal sealed record MerchantRow
{
    public MerchantId Id { get; init; }
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public long Level { get; init; }
    public MerchantId? ParentId { get; init; }
    public string State { get; init; } = "";

    public MerchantEntry ToEntry() => new(Id, Slug, NameZh, NameEn, (int)Level, ParentId, State == "active");
}

internal sealed record SpecialRow
{
    public long Id { get; init; }
    public MerchantId MerchantId { get; init; }
    public SkuId SkuId { get; init; }
    public Money Price { get; init; }
    public DateTimeOffset FromAt { get; init; }
    public DateTimeOffset ToAt { get; init; }

    public SpecialPrice ToSpecial() => new(Id, MerchantId, SkuId, Price, FromAt, ToAt);
}

internal sealed record MarkupRow
{
    public long Id { get; init; }
    public MerchantId ParentId { get; init; }
    public MerchantId ChildId { get; init; }
    public SkuId? SkuId { get; init; }
    public string Mode { get; init; } = "";
    public long Value { get; init; }

    public Markup ToMarkup() => new(Id, ParentId, ChildId, SkuId, Mode == "fixed", Value);
}

internal sealed record TierRow
{
    public long Id { get; init; }
    public SkuId SkuId { get; init; }
    public long MinQty { get; init; }
    public long OffBps { get; init; }

    public QuantityTier ToTier() => new(Id, SkuId, MinQty, OffBps);
}

internal sealed record PromotionRow
{
    public long Id { get; init; }
    public SkuId SkuId { get; init; }
    public long OffBps { get; init; }
    public DateTimeOffset FromAt { get; init; }
    public DateTimeOffset ToAt { get; init; }
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";

    public Promotion ToPromotion() => new(Id, SkuId, OffBps, FromAt, ToAt, NameZh, NameEn);
}
