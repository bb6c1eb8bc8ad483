using Lianka.Kernel;

namespace Lianka.Modules.Catalog;

public enum ListingState { Listed, Off }

public enum SupplierState { Active, Suspended }

public enum SupplyState { Active, Off }

/// <summary>How a SKU is delivered: from imported cards, or by a call to the supplier.</summary>
public enum SkuKind { Card, Direct }

/// <summary>How buyers meet the goods of a category.</summary>
public enum Scenario
{
    /// <summary>Goods, page by page.</summary>
    List,

    /// <summary>One page: the account that is topped up, the values to choose from, the price.</summary>
    TopUp,

    /// <summary>By goods, with the regions and the values beside each other.</summary>
    Groups,
}

public sealed record Category
{
    public required long Id { get; init; }
    public required string Slug { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }

    /// <summary>A colour as <c>#rrggbb</c>, or empty.</summary>
    public string Tint { get; init; } = "";
    public long Sort { get; init; }
    public Scenario Scenario { get; init; }
}

public sealed record Supplier
{
    public required SupplierId Id { get; init; }
    public required string Slug { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public SupplierState State { get; init; }

    /// <summary>What a new supply gets as its hold time when none is said.</summary>
    public long HoldSeconds { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

public sealed record Product
{
    public required ProductId Id { get; init; }
    public required string Slug { get; init; }
    public required long CategoryId { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public string Region { get; init; } = "CN";

    /// <summary>One or two letters drawn on the tint where there is no picture.</summary>
    public string Initial { get; init; } = "";
    public string Tint { get; init; } = "";
    public string DescriptionZh { get; init; } = "";
    public string DescriptionEn { get; init; } = "";

    /// <summary>How to redeem, one step a line.</summary>
    public string RedeemZh { get; init; } = "";
    public string RedeemEn { get; init; } = "";
    public string RedeemUrl { get; init; } = "";

    /// <summary>Whose name the goods carry: only suppliers who are permitted to sell the brand are drawn from. Null: nobody's.</summary>
    public long? BrandId { get; init; }

    /// <summary>The hash of the picture that buyers see (<see cref="Pictures"/>); null: none.</summary>
    public string? Picture { get; init; }
    public ListingState State { get; init; }

    /// <summary>Moves with every change of the product, of its SKUs and of their supplies.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

public sealed record Sku
{
    public required SkuId Id { get; init; }

    /// <summary>The number outsiders use, for example <c>steam-50</c>.</summary>
    public required string Code { get; init; }
    public required ProductId ProductId { get; init; }
    public SkuKind Kind { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }

    /// <summary>In units of 1/10,000 of <see cref="FaceCurrency"/>; for show, never for arithmetic with prices.</summary>
    public long FaceValue { get; init; }
    public string FaceCurrency { get; init; } = "CNY";
    public long QtyMax { get; init; }
    public Money SuggestedRetail { get; init; }
    public Money RetailFloor { get; init; }
    public Money RetailCeiling { get; init; }

    /// <summary>What a buyer has to give for a direct SKU: see <see cref="AccountFields"/>.</summary>
    public string Fields { get; init; } = "";
    public ListingState State { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

public sealed record Supply
{
    public required SupplyId Id { get; init; }
    public required SkuId SkuId { get; init; }
    public required SupplierId SupplierId { get; init; }

    /// <summary>Per unit. Null: unknown, and then it is not offered.</summary>
    public Money? Cost { get; init; }

    /// <summary>How long the money of a delivered order waits before it is settled.</summary>
    public long HoldSeconds { get; init; }

    /// <summary>Lower is drawn first.</summary>
    public long Priority { get; init; }

    /// <summary>The supplier's system where a direct SKU is bought; null: people deliver by hand.</summary>
    public long? ConnectionId { get; init; }

    /// <summary>The supplier's own name of the goods.</summary>
    public string UpstreamCode { get; init; } = "";

    /// <summary>Parts what is sold between supplies that are equally good.</summary>
    public long Weight { get; init; } = 100;

    /// <summary>Units in a day of China; null: no limit.</summary>
    public long? DailyCap { get; init; }

    /// <summary>Values of the field <c>region</c> that it serves, separated by commas; empty: all.</summary>
    public string Regions { get; init; } = "";

    /// <summary>So many units of several orders may go in one call.</summary>
    public long BatchMax { get; init; } = 1;
    public SupplyState State { get; init; }
}

/// <summary>What became of a change: the row as it stands now, or every field that stands in its way.</summary>
public abstract record CatalogDecision<T>
{
    private CatalogDecision() { }

    public sealed record Saved(T Value) : CatalogDecision<T>;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : CatalogDecision<T>;

    /// <summary>There is no such row to change.</summary>
    public sealed record Missing : CatalogDecision<T>;
}

/// <summary>What a form, the command line or a scenario says about a category, unchecked.</summary>
public sealed record CategoryDraft
{
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string Tint { get; init; } = "";
    public string Sort { get; init; } = "0";
    public Scenario Scenario { get; init; }
}

public sealed record SupplierDraft
{
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public SupplierState State { get; init; }
    public string HoldSeconds { get; init; } = "0";
}

public sealed record ProductDraft
{
    /// <summary>What the form for a new product fills in.</summary>
    public const string TintOfNew = "#1f5f8b";

    public string Slug { get; init; } = "";
    public long CategoryId { get; init; }
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string Region { get; init; } = "CN";
    public string Initial { get; init; } = "";
    public string Tint { get; init; } = "";
    public string DescriptionZh { get; init; } = "";
    public string DescriptionEn { get; init; } = "";
    public string RedeemZh { get; init; } = "";
    public string RedeemEn { get; init; } = "";
    public string RedeemUrl { get; init; } = "";
    public long? BrandId { get; init; }
    public ListingState State { get; init; }

    /// <summary>The product as it stands, for a change of a part of it.</summary>
    public static ProductDraft Of(Product product) => new()
    {
        Slug = product.Slug, CategoryId = product.CategoryId, NameZh = product.NameZh, NameEn = product.NameEn, Region = product.Region,
        Initial = product.Initial, Tint = product.Tint, DescriptionZh = product.DescriptionZh, DescriptionEn = product.DescriptionEn,
        RedeemZh = product.RedeemZh, RedeemEn = product.RedeemEn, RedeemUrl = product.RedeemUrl, BrandId = product.BrandId, State = product.State,
    };
}

/// <summary>Amounts and numbers are text as typed: they are read in one place, strictly (F22).</summary>
public sealed record SkuDraft
{
    public string Code { get; init; } = "";
    public ProductId ProductId { get; init; }
    public SkuKind Kind { get; init; }
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string FaceValue { get; init; } = "";
    public string FaceCurrency { get; init; } = "CNY";
    public string QtyMax { get; init; } = "10000";
    public string SuggestedRetail { get; init; } = "";
    public string RetailFloor { get; init; } = "";
    public string RetailCeiling { get; init; } = "";
    public string Fields { get; init; } = "";
    public ListingState State { get; init; }
}

public sealed record SupplyDraft
{
    public const long PriorityMax = 10_000;

    public SkuId SkuId { get; init; }
    public SupplierId SupplierId { get; init; }

    /// <summary>Empty: unknown, and then it is not offered.</summary>
    public string Cost { get; init; } = "";

    /// <summary>Empty: for a new supply, what the supplier's contract says.</summary>
    public string HoldSeconds { get; init; } = "0";
    /// <summary>0 to <see cref="PriorityMax"/>.</summary>
    public string Priority { get; init; } = "100";

    /// <summary>A number, or empty.</summary>
    public string ConnectionId { get; init; } = "";
    public string UpstreamCode { get; init; } = "";
    public string Weight { get; init; } = "100";

    /// <summary>Empty: no limit.</summary>
    public string DailyCap { get; init; } = "";
    public string Regions { get; init; } = "";
    public string BatchMax { get; init; } = "1";
    public SupplyState State { get; init; }

    /// <summary>The supply as it stands, for a change of a part of it.</summary>
    public static SupplyDraft Of(Supply supply) => new()
    {
        SkuId = supply.SkuId, SupplierId = supply.SupplierId, Cost = supply.Cost?.ToString() ?? "", HoldSeconds = $"{supply.HoldSeconds}",
        Priority = $"{supply.Priority}", ConnectionId = $"{supply.ConnectionId}", UpstreamCode = supply.UpstreamCode, Weight = $"{supply.Weight}",
        DailyCap = $"{supply.DailyCap}", Regions = supply.Regions, BatchMax = $"{supply.BatchMax}", State = supply.State,
    };
}

/// <param name="Search">Words looked for in both languages' names, the slug and the SKU codes; null: all.</param>
/// <param name="After">The last product of the page before (the cursor).</param>
/// <param name="State">Null: in any state.</param>
/// <param name="Supplier">Only products of which it supplies something (the tenant of a supplier's pages).</param>
public sealed record ProductFilter(
    string? Search = null, string? Category = null, ListingState? State = null, DateTimeOffset? UpdatedSince = null,
    ProductId? After = null, int Limit = 50, bool HasSupply = false, SupplierId? Supplier = null);

/// <param name="Next">Ask with it as <see cref="ProductFilter.After"/> for the next page; null: this was the last.</param>
public sealed record ProductPage(IReadOnlyList<Product> Items, ProductId? Next);

/// <summary>A supply with the names that stand beside it on a page.</summary>
public sealed record SupplyLine
{
    public required SupplyId Id { get; init; }
    public required SkuId SkuId { get; init; }
    public required SupplierId SupplierId { get; init; }
    public Money? Cost { get; init; }
    public long HoldSeconds { get; init; }

    /// <summary>The supplier's: A to E; null: none.</summary>
    public string? Grade { get; init; }
    public long Priority { get; init; }
    public long? ConnectionId { get; init; }
    public SupplyState State { get; init; }

    /// <summary>1: its supplier stopped it for now.</summary>
    public long Paused { get; init; }
    public required string SkuCode { get; init; }
    public required string SkuNameZh { get; init; }
    public required string SkuNameEn { get; init; }
    public required string ProductNameZh { get; init; }
    public required string ProductNameEn { get; init; }
    public required string SupplierSlug { get; init; }
    public required string SupplierNameZh { get; init; }
    public required string SupplierNameEn { get; init; }
}
