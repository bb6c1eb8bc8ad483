using Lianka.Kernel;

namespace Lianka.Modules.Catalog.Core;

/// <summary>What a category, supplier, product, SKU and supply must look like. Reads drafts, touches nothing.</summary>
/// <remarks>Held by: tests/Unit/Catalog/CatalogRulesExamples.cs.</remarks>
internal static class CatalogRules
{
    public const long HoldSecondsMax = 365L * 24 * 60 * 60;

    public static (Category Value, IReadOnlyList<FieldError> Errors) Check(CategoryDraft draft, long id)
    {
        var check = new FieldCheck();
        check.Defined("scenario", draft.Scenario);
        return (new Category
        {
            Id = id,
            Slug = check.Slug("slug", draft.Slug),
            NameZh = check.Name("name_zh", draft.NameZh),
            NameEn = check.Name("name_en", draft.NameEn),
            Tint = check.Tint("tint", draft.Tint),
            Sort = check.Number("sort", draft.Sort, 0, 1_000_000),
            Scenario = draft.Scenario,
        }, check.Errors);
    }

    public static (Brand Value, IReadOnlyList<FieldError> Errors) Check(BrandDraft draft, long id)
    {
        var check = new FieldCheck();
        return (new Brand
        {
            Id = id,
            Slug = check.Slug("slug", draft.Slug),
            NameZh = check.Name("name_zh", draft.NameZh),
            NameEn = check.Name("name_en", draft.NameEn),
        }, check.Errors);
    }

    public static (Supplier Value, IReadOnlyList<FieldError> Errors) Check(SupplierDraft draft, SupplierId id, DateTimeOffset createdAt)
    {
        var check = new FieldCheck();
        check.Defined("state", draft.State);
        return (new Supplier
        {
            Id = id,
            Slug = check.Slug("slug", draft.Slug),
            NameZh = check.Name("name_zh", draft.NameZh),
            NameEn = check.Name("name_en", draft.NameEn),
            State = draft.State,
            HoldSeconds = check.Number("hold_seconds", draft.HoldSeconds, 0, HoldSecondsMax),
            CreatedAt = createdAt,
        }, check.Errors);
    }

    public static (Product Value, IReadOnlyList<FieldError> Errors) Check(ProductDraft draft, ProductId id, DateTimeOffset now)
    {
        var check = new FieldCheck();
        check.Defined("state", draft.State);
        return (new Product
        {
            Id = id,
            Slug = check.Slug("slug", draft.Slug),
            CategoryId = draft.CategoryId,
            NameZh = check.Name("name_zh", draft.NameZh),
            NameEn = check.Name("name_en", draft.NameEn),
            Region = check.Letters("region", draft.Region, 2, 8),
            Initial = check.Text("initial", draft.Initial, 4, lines: false),
            Tint = check.Tint("tint", draft.Tint),
            DescriptionZh = check.Text("description_zh", draft.DescriptionZh, 4_000, lines: true),
            DescriptionEn = check.Text("description_en", draft.DescriptionEn, 4_000, lines: true),
            RedeemZh = check.Text("redeem_zh", draft.RedeemZh, 4_000, lines: true),
            RedeemEn = check.Text("redeem_en", draft.RedeemEn, 4_000, lines: true),
            RedeemUrl = check.HttpsUrl("redeem_url", draft.RedeemUrl),
            BrandId = draft.BrandId,
            State = draft.State,
            UpdatedAt = now,
        }, check.Errors);
    }

    public static (Sku Value, IReadOnlyList<FieldError> Errors) Check(SkuDraft draft, SkuId id, DateTimeOffset now)
    {
        var check = new FieldCheck();
        check.Defined("kind", draft.Kind);
        check.Defined("state", draft.State);
        var sku = new Sku
        {
            Id = id,
            Code = check.Slug("code", draft.Code),
            ProductId = draft.ProductId,
            Kind = draft.Kind,
            NameZh = check.Name("name_zh", draft.NameZh),
            NameEn = check.Name("name_en", draft.NameEn),
            FaceValue = check.Amount("face_value", draft.FaceValue).Units,
            FaceCurrency = check.Letters("face_currency", draft.FaceCurrency, 3, 3),
            QtyMax = check.Number("qty_max", draft.QtyMax, 1, 10_000),
            SuggestedRetail = check.Amount("suggested_retail", draft.SuggestedRetail, wholeFen: true),
            RetailFloor = check.Amount("retail_floor", draft.RetailFloor, wholeFen: true),
            RetailCeiling = check.Amount("retail_ceiling", draft.RetailCeiling, wholeFen: true),
            Fields = draft.Fields.Trim().ReplaceLineEndings("\n"),
            State = draft.State,
            UpdatedAt = now,
        };
        foreach (var error in AccountFields.Parse(sku.Fields).Errors) check.Add(error);
        if (sku is { Kind: SkuKind.Card, Fields.Length: > 0 })
            check.Add("fields", "card_has_fields", "Goods that are delivered as cards ask for nothing.", "卡密商品不需要填写账号信息。");
        // A field that could not be read is zero here and has its own error already.
        if (sku.RetailFloor.IsPositive && sku.SuggestedRetail.IsPositive && sku.RetailFloor > sku.SuggestedRetail)
            check.Add("retail_floor", "above_suggested", "The floor is above the suggested price.", "最低零售价高于建议零售价。");
        if (sku.RetailCeiling.IsPositive && sku.SuggestedRetail.IsPositive && sku.RetailCeiling < sku.SuggestedRetail)
            check.Add("retail_ceiling", "below_suggested", "The ceiling is below the suggested price.", "最高零售价低于建议零售价。");
        return (sku, check.Errors);
    }

    public static (Supply Value, IReadOnlyList<FieldError> Errors) Check(SupplyDraft draft, SupplyId id)
    {
        var check = new FieldCheck();
        check.Defined("state", draft.State);
        return (new Supply
        {
            Id = id,
            SkuId = draft.SkuId,
            SupplierId = draft.SupplierId,
            // Unknown is not zero: a supply without a cost is kept, but never offered.
            Cost = draft.Cost.Length == 0 ? null : check.Amount("cost", draft.Cost),
            HoldSeconds = check.Number("hold_seconds", draft.HoldSeconds, 0, HoldSecondsMax),
            Priority = check.Number("priority", draft.Priority, 0, SupplyDraft.PriorityMax),
            ConnectionId = draft.ConnectionId.Length == 0 ? null : check.Number("connection_id", draft.ConnectionId, 1, 999_999_999_999_999),
            UpstreamCode = check.Text("upstream_code", draft.UpstreamCode, 100, lines: false),
            Weight = check.Number("weight", draft.Weight, 1, 1_000),
            DailyCap = draft.DailyCap.Length == 0 ? null : check.Number("daily_cap", draft.DailyCap, 1, 1_000_000_000),
            Regions = check.Text("regions", draft.Regions, 500, lines: false),
            BatchMax = check.Number("batch_max", draft.BatchMax, 1, 1_000),
            State = draft.State,
        }, check.Errors);
    }

    /// <summary>What buyers read of a product, by field.</summary>
    public static IReadOnlyList<(string Field, string Text)> TextsOf(Product p) =>
    [
        ("name_zh", p.NameZh), ("name_en", p.NameEn), ("description_zh", p.DescriptionZh), ("description_en", p.DescriptionEn),
        ("redeem_zh", p.RedeemZh), ("redeem_en", p.RedeemEn),
    ];

    public static IReadOnlyList<(string Field, string Text)> TextsOf(Sku k) => [("name_zh", k.NameZh), ("name_en", k.NameEn)];

    /// <summary>What forbidden words are looked for in. What is off may hold any word: nobody reads it, and it has to be opened to be put right.</summary>
    public static IReadOnlyList<(string Field, string Text)> ListedTextsOf(Product p) => p.State == ListingState.Listed ? TextsOf(p) : [];

    public static IReadOnlyList<(string Field, string Text)> ListedTextsOf(Sku k) => k.State == ListingState.Listed ? TextsOf(k) : [];

    public static FieldError Taken(string field) =>
        new(field, "taken", "This is in use already; choose another.", "已被使用，请换一个。");

    public static FieldError Unknown(string field) =>
        new(field, "not_found", "There is no such entry.", "没有这一项。");
}
