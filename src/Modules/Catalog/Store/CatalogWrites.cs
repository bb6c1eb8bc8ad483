using Lianka.Kernel;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog.Store;

/// <summary>The SQL that changes the catalog. Each runs in the caller's transaction.</summary>
internal static class CatalogWrites
{
    /// <summary>Tells every node that its snapshot of offers is old. Last in a transaction: the row is everybody's.</summary>
    public static async Task BumpAsync(Session s)
    {
        var version = await s.ScalarAsync<long>("update version set value = value + 1 where name = 'prices' returning value");
        // Numbered while that row is locked: who has read up to a version has missed none with a lower one.
        await s.ExecuteAsync("update product set changed = @version where changed is null", new { version });
    }

    public static Task TouchProductAsync(Session s, ProductId product, DateTimeOffset at) =>
        s.ExecuteAsync("update product set updated_at = @at, changed = null where id = @product", new { product, at });

    public static async Task TouchSkuAsync(Session s, SkuId sku, DateTimeOffset at)
    {
        await s.ExecuteAsync("update sku set updated_at = @at where id = @sku", new { sku, at });
        await s.ExecuteAsync(
            "update product set updated_at = @at, changed = null where id = (select product_id from sku where id = @sku)", new { sku, at });
    }

    public static Task InsertAsync(Session s, Category c) => s.ExecuteAsync(
        "insert into category (id, slug, name_zh, name_en, tint, sort, scenario) values (@Id, @Slug, @NameZh, @NameEn, @Tint, @Sort, @Scenario)", Args(c));

    public static Task<int> UpdateAsync(Session s, Category c) => s.ExecuteAsync(
        "update category set slug = @Slug, name_zh = @NameZh, name_en = @NameEn, tint = @Tint, sort = @Sort, scenario = @Scenario where id = @Id", Args(c));

    public static Task InsertAsync(Session s, Supplier x) => s.ExecuteAsync(
        """
        insert into supplier (id, slug, name_zh, name_en, state, hold_seconds, created_at)
        values (@Id, @Slug, @NameZh, @NameEn, @State, @HoldSeconds, @CreatedAt)
        """,
        new { x.Id, x.Slug, x.NameZh, x.NameEn, State = Word(x.State), x.HoldSeconds, x.CreatedAt });

    public static Task<int> UpdateAsync(Session s, Supplier x) => s.ExecuteAsync(
        "update supplier set slug = @Slug, name_zh = @NameZh, name_en = @NameEn, state = @State, hold_seconds = @HoldSeconds where id = @Id",
        new { x.Id, x.Slug, x.NameZh, x.NameEn, State = Word(x.State), x.HoldSeconds });

    public static Task InsertAsync(Session s, Product p) => s.ExecuteAsync(
        """
        insert into product (id, slug, category_id, name_zh, name_en, region, initial, tint, description_zh, description_en,
                             redeem_zh, redeem_en, redeem_url, brand_id, state, updated_at, changed)
        values (@Id, @Slug, @CategoryId, @NameZh, @NameEn, @Region, @Initial, @Tint, @DescriptionZh, @DescriptionEn,
                @RedeemZh, @RedeemEn, @RedeemUrl, @BrandId, @State, @UpdatedAt, null)
        """, Args(p));

    public static Task<int> UpdateAsync(Session s, Product p) => s.ExecuteAsync(
        """
        update product set slug = @Slug, category_id = @CategoryId, name_zh = @NameZh, name_en = @NameEn, region = @Region,
               initial = @Initial, tint = @Tint, description_zh = @DescriptionZh, description_en = @DescriptionEn,
               redeem_zh = @RedeemZh, redeem_en = @RedeemEn, redeem_url = @RedeemUrl, brand_id = @BrandId, state = @State,
               updated_at = @UpdatedAt, changed = null
        where id = @Id
        """, Args(p));

    public static Task InsertAsync(Session s, Sku k) => s.ExecuteAsync(
        """
        insert into sku (id, code, product_id, kind, name_zh, name_en, face_value, face_currency, qty_max, suggested_retail,
                         retail_floor, retail_ceiling, fields, state, updated_at)
        values (@Id, @Code, @ProductId, @Kind, @NameZh, @NameEn, @FaceValue, @FaceCurrency, @QtyMax, @SuggestedRetail,
                @RetailFloor, @RetailCeiling, @Fields, @State, @UpdatedAt)
        """, Args(k));

    public static Task<int> UpdateAsync(Session s, Sku k) => s.ExecuteAsync(
        """
        update sku set code = @Code, product_id = @ProductId, kind = @Kind, name_zh = @NameZh, name_en = @NameEn,
               face_value = @FaceValue, face_currency = @FaceCurrency, qty_max = @QtyMax, suggested_retail = @SuggestedRetail,
               retail_floor = @RetailFloor, retail_ceiling = @RetailCeiling, fields = @Fields, state = @State, updated_at = @UpdatedAt
        where id = @Id
        """, Args(k));

    public static Task InsertAsync(Session s, Supply u) => s.ExecuteAsync(
        """
        insert into supply (id, sku_id, supplier_id, cost, hold_seconds, priority, connection_id, upstream_code, weight, daily_cap, regions,
                            batch_max, state)
        values (@Id, @SkuId, @SupplierId, @Cost, @HoldSeconds, @Priority, @ConnectionId, @UpstreamCode, @Weight, @DailyCap, @Regions,
                @BatchMax, @State)
        """, Args(u));

    /// <summary>SKU and supplier of a supply never change: its lots and sales hang on them.</summary>
    public static Task<int> UpdateAsync(Session s, Supply u) => s.ExecuteAsync(
        """
        update supply set cost = @Cost, hold_seconds = @HoldSeconds, priority = @Priority, connection_id = @ConnectionId,
               upstream_code = @UpstreamCode, weight = @Weight, daily_cap = @DailyCap, regions = @Regions, batch_max = @BatchMax, state = @State
        where id = @Id
        """, Args(u));

    // The databases hold enums as the lower-case words of the schema's checks.
    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static object Args(Category c) => new { c.Id, c.Slug, c.NameZh, c.NameEn, c.Tint, c.Sort, Scenario = Word(c.Scenario) };

    private static object Args(Product p) => new
    {
        p.Id, p.Slug, p.CategoryId, p.NameZh, p.NameEn, p.Region, p.Initial, p.Tint, p.DescriptionZh, p.DescriptionEn,
        p.RedeemZh, p.RedeemEn, p.RedeemUrl, p.BrandId, State = Word(p.State), p.UpdatedAt,
    };

    private static object Args(Sku k) => new
    {
        k.Id, k.Code, k.ProductId, Kind = Word(k.Kind), k.NameZh, k.NameEn, k.FaceValue, k.FaceCurrency, k.QtyMax,
        k.SuggestedRetail, k.RetailFloor, k.RetailCeiling, k.Fields, State = Word(k.State), k.UpdatedAt,
    };

    private static object Args(Supply u) => new
    {
        u.Id, u.SkuId, u.SupplierId, u.Cost, u.HoldSeconds, u.Priority, u.ConnectionId, u.UpstreamCode, u.Weight, u.DailyCap, u.Regions,
        u.BatchMax, State = Word(u.State),
    };
}
