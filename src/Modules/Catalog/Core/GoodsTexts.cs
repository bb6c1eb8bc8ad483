using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>Products and SKUs as the texts of a sheet's columns, and drafts made of such texts.</summary>
internal static class GoodsTexts
{
    /// <summary>A product as the form for a new one has it before anything is typed.</summary>
    public static Dictionary<string, string> NewProduct() =>
        new() { ["region"] = "CN", ["product_state"] = "listed", ["tint"] = ProductDraft.TintOfNew };

    public static Dictionary<string, string> NewSku()
    {
        var draft = new SkuDraft();
        return new() { ["kind"] = "card", ["face_currency"] = draft.FaceCurrency, ["qty_max"] = draft.QtyMax, ["sku_state"] = "listed" };
    }

    /// <param name="categories">Slugs by id.</param>
    /// <param name="brands">Slugs by id.</param>
    public static Dictionary<string, string> Of(Product p, IReadOnlyDictionary<long, string> categories, IReadOnlyDictionary<long, string> brands) => new()
    {
        [GoodsSheet.ProductKey] = p.Slug,
        ["category"] = categories.GetValueOrDefault(p.CategoryId) ?? "",
        ["product_name_zh"] = p.NameZh,
        ["product_name_en"] = p.NameEn,
        ["region"] = p.Region,
        ["product_state"] = Word(p.State),
        ["brand"] = p.BrandId is { } brand ? brands.GetValueOrDefault(brand) ?? "" : "",
        ["initial"] = p.Initial,
        ["tint"] = p.Tint,
        ["description_zh"] = p.DescriptionZh,
        ["description_en"] = p.DescriptionEn,
        ["redeem_zh"] = p.RedeemZh,
        ["redeem_en"] = p.RedeemEn,
        ["redeem_url"] = p.RedeemUrl,
    };

    public static Dictionary<string, string> Of(Sku k) => new()
    {
        [GoodsSheet.SkuKey] = k.Code,
        ["sku_name_zh"] = k.NameZh,
        ["sku_name_en"] = k.NameEn,
        ["kind"] = Word(k.Kind),
        ["face_value"] = new Money(k.FaceValue).Text(2),
        ["face_currency"] = k.FaceCurrency,
        ["qty_max"] = $"{k.QtyMax}",
        ["sku_state"] = Word(k.State),
        ["fields"] = k.Fields,
        ["suggested_retail"] = k.SuggestedRetail.Text(2),
        ["retail_floor"] = k.RetailFloor.Text(2),
        ["retail_ceiling"] = k.RetailCeiling.Text(2),
    };

    /// <param name="category">0: unknown.</param>
    public static ProductDraft ProductOf(Dictionary<string, string> texts, long category, long? brand) => new()
    {
        Slug = At(texts, GoodsSheet.ProductKey), CategoryId = category, NameZh = At(texts, "product_name_zh"), NameEn = At(texts, "product_name_en"),
        Region = At(texts, "region"), Initial = At(texts, "initial"), Tint = At(texts, "tint"),
        DescriptionZh = At(texts, "description_zh"), DescriptionEn = At(texts, "description_en"),
        RedeemZh = At(texts, "redeem_zh"), RedeemEn = At(texts, "redeem_en"), RedeemUrl = At(texts, "redeem_url"),
        BrandId = brand, State = Of<ListingState>(At(texts, "product_state")),
    };

    public static SkuDraft SkuOf(Dictionary<string, string> texts, ProductId product) => new()
    {
        Code = At(texts, GoodsSheet.SkuKey), ProductId = product, NameZh = At(texts, "sku_name_zh"), NameEn = At(texts, "sku_name_en"),
        Kind = Of<SkuKind>(At(texts, "kind")), FaceValue = At(texts, "face_value"), FaceCurrency = At(texts, "face_currency"), QtyMax = At(texts, "qty_max"),
        SuggestedRetail = At(texts, "suggested_retail"), RetailFloor = At(texts, "retail_floor"), RetailCeiling = At(texts, "retail_ceiling"),
        Fields = At(texts, "fields"), State = Of<ListingState>(At(texts, "sku_state")),
    };

    private static string At(Dictionary<string, string> texts, string key) => texts.GetValueOrDefault(key) ?? "";

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    // What is none of the words was refused when the cell was read.
    private static T Of<T>(string word) where T : struct, Enum => Enum.TryParse<T>(word, ignoreCase: true, out var value) ? value : default;
}
