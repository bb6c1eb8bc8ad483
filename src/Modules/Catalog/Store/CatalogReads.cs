using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog.Store;

internal static class CatalogReads
{
    public const string Category = "select id, slug, name_zh, name_en, tint, sort, scenario from category";
    public const string Supplier = "select id, slug, name_zh, name_en, state, hold_seconds, created_at from supplier";
    public const string Product =
        """
        select id, slug, category_id, name_zh, name_en, region, initial, tint, description_zh, description_en,
               redeem_zh, redeem_en, redeem_url, brand_id, picture, state, updated_at
        from product
        """;
    public const string Sku =
        """
        select id, code, product_id, kind, name_zh, name_en, face_value, face_currency, qty_max, suggested_retail,
               retail_floor, retail_ceiling, fields, state, updated_at
        from sku
        """;
    public const string Supply =
        """
        select id, sku_id, supplier_id, cost, hold_seconds, priority, connection_id, upstream_code, weight, daily_cap, regions, batch_max, state
        from supply
        """;

    public static Task<List<Category>> CategoriesAsync(Session s) => s.QueryAsync<Category>($"{Category} order by sort, id");

    public static async Task<ProductPage> ProductsAsync(Session s, ProductFilter filter)
    {
        var limit = Math.Clamp(filter.Limit, 1, 500);
        var where = new List<string> { "id > @After" };
        if (filter.State is not null) where.Add("state = @State");
        if (filter.UpdatedSince is not null) where.Add("updated_at >= @UpdatedSince");
        if (filter.Category is not null) where.Add("category_id = (select c.id from category c where c.slug = @Category)");
        if (filter.Supplier is not null) where.Add("id in (select k.product_id from supply u join sku k on k.id = u.sku_id where u.supplier_id = @Supplier)");
        if (filter.HasSupply) where.Add("exists (select 1 from sku k join supply u on u.sku_id = k.id where k.product_id = product.id)");
        if (!string.IsNullOrWhiteSpace(filter.Search))
            where.Add("""
                (lower(name_zh) like @Words escape '\' or lower(name_en) like @Words escape '\' or slug like @Words escape '\'
                 or exists (select 1 from sku k where k.product_id = product.id and k.code like @Words escape '\'))
                """);
        // One row more than the page tells whether there is another page.
        var rows = await s.QueryAsync<Product>($"{Product} where {string.Join(" and ", where)} order by id limit @Take", new
        {
            After = filter.After?.Value ?? 0,
            State = filter.State?.ToString().ToLowerInvariant(),
            filter.UpdatedSince,
            filter.Category,
            filter.Supplier,
            Words = Like(filter.Search),
            Take = limit + 1,
        });
        var isMore = rows.Count > limit;
        if (isMore) rows.RemoveAt(limit);
        return new ProductPage(rows, isMore ? rows[^1].Id : null);
    }

    public static Task<List<Product>> ProductsAsync(Session s, IReadOnlyCollection<ProductId> ids) =>
        s.QueryAsync<Product>($"{Product} where id in @Ids", new { Ids = ids.Select(p => p.Value).ToArray() });

    public static Task<long> VersionAsync(Session s) => s.ScalarAsync<long>("select value from version where name = 'prices'");

    /// <summary>What the products that changed after a version are found by.</summary>
    public static async Task<List<SearchEntry>> SearchEntriesAsync(Session s, long after)
    {
        var products = await s.QueryAsync<Product>(
            "select id, slug, category_id, name_zh, name_en from product where changed > @after", new { after });
        if (products.Count == 0) return [];
        var skus = (await s.QueryAsync<Sku>(
            """
            select k.id, k.code, k.product_id, k.name_zh, k.name_en
            from product p join sku k on k.product_id = p.id where p.changed > @after
            """, new { after })).ToLookup(k => k.ProductId);
        return products.ConvertAll(p => new SearchEntry(p.Id, p.CategoryId, SearchText.Of([p.NameZh, p.NameEn]),
            SearchText.Of([p.Slug, .. skus[p.Id].SelectMany(k => new[] { k.Code, k.NameZh, k.NameEn })])));
    }

    public static async Task<List<Sku>> SkusAsync(Session s, IReadOnlyCollection<ProductId> products)
    {
        if (products.Count == 0) return [];
        return await s.QueryAsync<Sku>(
            $"{Sku} where product_id in @Ids order by product_id, face_value, id", new { Ids = products.Select(p => p.Value).ToArray() });
    }

    /// <summary>What is null binds nothing.</summary>
    public static Task<List<SupplyLine>> SuppliesAsync(
        Session s, SkuId? sku, SupplierId? supplier, IReadOnlyCollection<ProductId>? products, IReadOnlyCollection<SupplyId>? supplies, int? limit)
    {
        var where = "where 1 = 1";
        if (sku is not null) where += " and u.sku_id = @sku";
        if (supplier is not null) where += " and u.supplier_id = @supplier";
        if (products is not null) where += $" and {s.AnyOf("p.id", "@Products")}";
        if (supplies is not null) where += $" and {s.AnyOf("u.id", "@Supplies")}";
        return s.QueryAsync<SupplyLine>(
            $"""
            select u.id, u.sku_id, u.supplier_id, u.cost, u.hold_seconds, x.grade, u.priority, u.connection_id, u.state, u.paused, k.code as sku_code,
                   k.name_zh as sku_name_zh, k.name_en as sku_name_en, p.name_zh as product_name_zh, p.name_en as product_name_en,
                   x.slug as supplier_slug, x.name_zh as supplier_name_zh, x.name_en as supplier_name_en
            from supply u join sku k on k.id = u.sku_id join product p on p.id = k.product_id join supplier x on x.id = u.supplier_id
            {where}
            order by p.id, k.face_value, k.id, u.priority, u.id{(limit is null ? "" : " limit @limit")}
            """, new { sku, supplier, limit, Products = s.List((products ?? []).Select(x => x.Value)), Supplies = s.List((supplies ?? []).Select(x => x.Value)) });
    }

    public static async Task<HashSet<SupplyId>> OfferedAsync(Session s, IReadOnlyCollection<SkuId> skus)
    {
        var offered = new HashSet<SupplyId>();
        foreach (var some in skus.Select(k => k.Value).Distinct().Chunk(400))
        {
            offered.UnionWith(await s.QueryAsync<SupplyId>(
                $"""
                select y.id from supply y join supplier r on r.id = y.supplier_id join sku k on k.id = y.sku_id
                join product p on p.id = k.product_id
                where y.sku_id in @some and y.cost is not null and {OfferedSql.IsActive}
                """, new { some }));
        }

        return offered;
    }

    /// <summary>Direct SKUs that some supply can deliver, with the most that one order may ask for.</summary>
    public static async Task<Dictionary<SkuId, long>> DirectAsync(Session s, IReadOnlyCollection<SkuId> skus)
    {
        var found = new Dictionary<SkuId, long>();
        foreach (var some in skus.Select(k => k.Value).Distinct().Chunk(400))
        {
            foreach (var row in await s.QueryAsync<DirectRow>(
                $"""
                select distinct k.id, k.qty_max from supply y join supplier r on r.id = y.supplier_id join sku k on k.id = y.sku_id
                join product p on p.id = k.product_id
                where y.sku_id in @some and k.kind = 'direct' and y.cost is not null and {OfferedSql.IsActive}
                """, new { some }))
                found[row.Id] = row.QtyMax;
        }

        return found;
    }

    private sealed record DirectRow
    {
        public SkuId Id { get; init; }
        public long QtyMax { get; init; }
    }

    /// <summary>The pattern for "contains", with the wildcards of LIKE taken as ordinary characters.</summary>
    private static string Like(string? search)
    {
        var text = (search ?? "").Trim().ToLowerInvariant();
        if (text.Length > 64) text = text[..64];
        return $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
    }
}
