using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

/// <summary>Reads a price book in the caller's transaction: what changed since the book at hand, or everything.</summary>
/// <remarks>Held by: tests/Integration/Agents/PriceChangeTests.cs.</remarks>
internal static class PriceBookReader
{
    public const string VersionSql = "select value from version where name = 'prices'";

    /// <summary>When more than so many things changed, everything is read.</summary>
    public const int ChangesMost = 50_000;

    public static Task<long> VersionAsync(Session session) => session.ScalarAsync<long>(VersionSql);

    /// <param name="have">An older book.</param>
    /// <returns>Null when prices changed meanwhile: read committed shows each statement a newer state.</returns>
    public static async Task<PriceBook?> LoadAsync(Session session, PriceBook have)
    {
        if (await PriceLog.ReadAsync(session, have, ChangesMost) is not { } log) return null;
        // The version also moves for what is not in the book, such as lots.
        if (log.Touched is { IsEmpty: true } none)
            return new PriceBook(have, none, new PriceBookContent { Version = log.Version, Mark = log.Mark, Retails = log.Retails });
        var now = await ReadAsync(session, log);
        if (await VersionAsync(session) != log.Version) return null;
        return log.Touched is { } touched ? new PriceBook(have, touched, now)
            // Of retail prices, which are the most, only those that changed were read here, too.
            : new PriceBook(have.OnlyShelves(), PriceBookKeys.Of(now), now);
    }

    private static async Task<PriceBookContent> ReadAsync(Session session, PriceLog log)
    {
        var isWhole = log.Touched is null;
        var keys = log.Touched ?? new PriceBookKeys();
        var now = new PriceBookContent { Version = log.Version, Mark = log.Mark, Retails = log.Retails };
        if (isWhole || keys.Skus.Count > 0)
        {
            var ofSkus = isWhole ? "" : $"where {session.AnyOf("sku_id", "@Skus")}";
            var args = new { Skus = session.List(keys.Skus.Select(s => s.Value)) };
            var offers = await Offers.LoadAsync(session, isWhole ? null : keys.Skus);
            now = now with
            {
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
                Tiers = (await session.QueryAsync<TierRow>($"select id, sku_id, min_qty, off_bps from quantity_tier {ofSkus}", args)).ConvertAll(r => r.ToTier()),
                Promotions = (await session.QueryAsync<PromotionRow>(
                    $"select id, sku_id, off_bps, from_at, to_at, name_zh, name_en from promotion {ofSkus}", args)).ConvertAll(r => r.ToPromotion()),
            };
        }

        if (isWhole || keys.Skus.Count + keys.Levels.Count > 0)
            now = now with
            {
                LevelPrices = (await session.QueryAsync<LevelPriceRow>(
                    $"select sku_id, level, price from level_price {(isWhole ? "" : $"where {session.AnyOf("sku_id", "@Skus")}")}",
                    new { Skus = session.List(keys.Skus.Union(keys.Levels).Select(s => s.Value)) }))
                    .ConvertAll(r => new LevelPrice(r.SkuId, (int)r.Level, r.Price)),
            };
        if (isWhole || keys.Merchants.Count > 0)
            now = now with
            {
                Merchants = (await session.QueryAsync<MerchantRow>(
                    $"select id, slug, name_zh, name_en, level, parent_id, state from merchant {(isWhole ? "" : $"where {session.AnyOf("id", "@Merchants")}")}",
                    new { Merchants = session.List(keys.Merchants.Select(m => m.Value)) })).ConvertAll(r => r.ToEntry()),
            };
        if (isWhole || keys.Specials.Count > 0)
            now = now with
            {
                Specials = (await session.QueryAsync<SpecialRow>(
                    $"select id, merchant_id, sku_id, price, from_at, to_at from special_price {(isWhole ? "" : OfPairs(session, "merchant_id, sku_id"))}",
                    Pairs(session, keys.Specials.Select(p => (p.Merchant.Value, p.Sku.Value))))).ConvertAll(r => r.ToSpecial()),
            };
        if (isWhole || keys.Markups.Count > 0)
            now = now with
            {
                Markups = (await session.QueryAsync<MarkupRow>(
                    $"select id, parent_id, child_id, sku_id, mode, value from markup {(isWhole ? "" : OfPairs(session, "child_id, coalesce(sku_id, 0)"))}",
                    Pairs(session, keys.Markups.Select(p => (p.Child.Value, p.Sku?.Value ?? 0))))).ConvertAll(r => r.ToMarkup()),
            };
        return now;
    }

    private static string OfPairs(Session session, string columns) => session.Kind == DatabaseKind.Postgres
        ? $"where ({columns}) in (select * from unnest(@Left, @Right))"
        : $"where ({columns}) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(@Left))";

    private static object Pairs(Session session, IEnumerable<(long Left, long Right)> pairs)
    {
        var list = pairs.ToList();
        return session.Kind == DatabaseKind.Postgres
            ? new { Left = list.Select(p => p.Left).ToArray(), Right = list.Select(p => p.Right).ToArray() }
            : new { Left = $"[{string.Join(',', list.Select(p => $"[{p.Left},{p.Right}]"))}]" };
    }

    private sealed record LevelPriceRow
    {
        public SkuId SkuId { get; init; }
        public long Level { get; init; }
        public Money Price { get; init; }
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
