using Lianka.Kernel;

namespace Lianka.Modules.Catalog;

/// <summary>One of the words that a column takes.</summary>
/// <param name="Value">As it is kept and compared.</param>
public sealed record GoodsWord(string Value, string Zh, string En, params string[] Others);

/// <summary>A column of a sheet of goods.</summary>
/// <param name="Key">As it stands in changes and problems; also a name of the column.</param>
/// <param name="Field">What the rules for a product or a SKU call it.</param>
public sealed record GoodsColumn(string Key, bool IsProduct, string Field, string Zh, string En, params string[] Others)
{
    public bool IsNumber { get; init; }

    /// <summary>None: any text.</summary>
    public IReadOnlyList<GoodsWord> Words { get; init; } = [];

    public string Title(bool isZh) => isZh ? Zh : En;

    /// <summary>A kept value as a sheet says it.</summary>
    public string Show(string value, bool isZh) => Words.FirstOrDefault(w => w.Value == value) is { } word ? isZh ? word.Zh : word.En : value;
}

/// <summary>What a sheet of goods looks like: a line for each SKU with the columns of its product. Read by the import, written by downloads.</summary>
/// <remarks>Held by: tests/Unit/Catalog/GoodsPlanExamples.cs.</remarks>
public static class GoodsSheet
{
    public const string ProductKey = "product", SkuKey = "sku";

    /// <summary>Lines of one file.</summary>
    public const int LinesMax = 50_000;

    private static readonly GoodsWord[] _states = [new("listed", "在售", "Listed", "上架"), new("off", "下架", "Off", "已下架")];

    public static IReadOnlyList<GoodsColumn> Columns { get; } =
    [
        new(ProductKey, true, "slug", "商品网址名", "Product slug", "商品编号", "商品编码", "slug"),
        new("category", true, "category", "分类", "Category", "商品分类", "类目"),
        new("product_name_zh", true, "name_zh", "商品中文名", "Product name in Chinese", "商品名称", "商品名"),
        new("product_name_en", true, "name_en", "商品英文名", "Product name in English"),
        new("region", true, "region", "地区", "Region"),
        new("product_state", true, "state", "商品状态", "Product state") { Words = _states },
        new("brand", true, "brand", "品牌", "Brand"),
        new("initial", true, "initial", "图标字", "Letters of the icon"),
        new("tint", true, "tint", "图标底色", "Colour of the icon"),
        new("description_zh", true, "description_zh", "中文介绍", "Description in Chinese", "商品介绍", "介绍"),
        new("description_en", true, "description_en", "英文介绍", "Description in English"),
        new("redeem_zh", true, "redeem_zh", "中文兑换步骤", "How to redeem in Chinese", "兑换步骤"),
        new("redeem_en", true, "redeem_en", "英文兑换步骤", "How to redeem in English"),
        new("redeem_url", true, "redeem_url", "兑换网址", "Redeem at"),
        new(SkuKey, false, "code", "规格编号", "SKU code", "规格编码", "编号", "code"),
        new("sku_name_zh", false, "name_zh", "规格中文名", "SKU name in Chinese", "规格名称", "规格名", "规格"),
        new("sku_name_en", false, "name_en", "规格英文名", "SKU name in English"),
        new("kind", false, "kind", "发货方式", "Delivery")
        {
            Words = [new("card", "自动发卡密", "Cards from stock", "卡密", "cards"), new("direct", "直充", "Direct top-up")],
        },
        new("face_value", false, "face_value", "面值", "Face value") { IsNumber = true },
        new("face_currency", false, "face_currency", "面值币种", "Face currency", "币种", "currency"),
        new("qty_max", false, "qty_max", "单次最多买", "Most per order", "单次最多") { IsNumber = true },
        new("sku_state", false, "state", "规格状态", "SKU state") { Words = _states },
        new("fields", false, "fields", "直充要买家填什么", "What a direct top-up asks for"),
        new("suggested_retail", false, "suggested_retail", "建议零售价", "Suggested retail price", "零售价") { IsNumber = true },
        new("retail_floor", false, "retail_floor", "最低零售价", "Lowest retail price", "最低价", "floor") { IsNumber = true },
        new("retail_ceiling", false, "retail_ceiling", "最高零售价", "Highest retail price", "最高价", "ceiling") { IsNumber = true },
    ];

    private static readonly Dictionary<string, GoodsColumn> _byKey = Columns.ToDictionary(c => c.Key);
    private static readonly Dictionary<string, GoodsColumn> _byName = new(
        from column in Columns
        from name in (string[])[column.Key, column.Zh, column.En, .. column.Others]
        group column by Folded(name) into each
        select KeyValuePair.Create(each.Key, each.Distinct().Single()));

    public static GoodsColumn? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The column that a header names; null: none that is read.</summary>
    public static GoodsColumn? Named(string header) => _byName.GetValueOrDefault(Folded(header));

    /// <summary>What the sheet says of a SKU and its product, in the order of <see cref="Columns"/>.</summary>
    /// <param name="sku">Null: a product that has none.</param>
    public static IEnumerable<(GoodsColumn Column, string Text)> Line(Product product, Sku? sku, IReadOnlyDictionary<long, string> categories, IReadOnlyDictionary<long, string> brands, bool isZh)
    {
        var (ofProduct, ofSku) = (Core.GoodsTexts.Of(product, categories, brands), sku is null ? null : Core.GoodsTexts.Of(sku));
        return Columns.Select(c => (c, c.Show((c.IsProduct ? ofProduct : ofSku)?.GetValueOrDefault(c.Key) ?? "", isZh)));
    }

    /// <summary>Case, blanks and signs do not tell headers apart.</summary>
    internal static string Folded(string header) =>
        string.Concat(FullWidth.Narrow(header).Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
