using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>A SKU with the names that stand beside it on a page.</summary>
public sealed record SkuName
{
    public SkuId Id { get; init; }
    public string Code { get; init; } = "";
    public ProductId ProductId { get; init; }
    public string SkuNameZh { get; init; } = "";
    public string SkuNameEn { get; init; } = "";
    public string ProductNameZh { get; init; } = "";
    public string ProductNameEn { get; init; } = "";
}

/// <summary>Names for lists that know SKUs by their ids only.</summary>
public static class SkuNames
{
    private const string Select = """
        select s.id, s.code, s.product_id, s.name_zh as sku_name_zh, s.name_en as sku_name_en,
               p.name_zh as product_name_zh, p.name_en as product_name_en
        from sku s join product p on p.id = s.product_id
        """;

    /// <param name="skus">At most a page of them.</param>
    public static async Task<Dictionary<SkuId, SkuName>> OfAsync(Session session, IEnumerable<SkuId> skus)
    {
        var numbers = skus.Select(s => s.Value).Distinct().ToArray();
        if (numbers.Length == 0) return [];
        return (await session.QueryAsync<SkuName>($"{Select} where s.id in @numbers", new { numbers })).ToDictionary(s => s.Id);
    }

    /// <summary>Listed and unlisted SKUs, by product.</summary>
    public static Task<List<SkuName>> AllAsync(Session session, int limit) =>
        session.QueryAsync<SkuName>($"{Select} order by p.id, s.id limit @limit", new { limit });

    /// <summary>The SKUs of some products, in the order of these.</summary>
    public static async Task<List<SkuName>> OfProductsAsync(Session session, IReadOnlyList<ProductId> products)
    {
        var found = (await session.QueryAsync<SkuName>($"{Select} where {session.AnyOf("s.product_id", "@Products")} order by s.id",
            new { Products = session.List(products.Select(p => p.Value)) })).ToLookup(s => s.ProductId);
        return [.. products.SelectMany(p => found[p])];
    }
}
