using Lianka.Kernel;

namespace Lianka.Modules.Agents;

/// <summary>What became of a change: what stands now, or every field that stands in its way.</summary>
public abstract record AgentsDecision<T>
{
    private AgentsDecision() { }

    public sealed record Saved(T Value) : AgentsDecision<T>;

    public sealed record Refused(IReadOnlyList<FieldError> Errors) : AgentsDecision<T>;

    /// <summary>There is no such thing to change, or it is not the caller's.</summary>
    public sealed record Missing : AgentsDecision<T>;
}

/// <summary>A step of the operator's price list; rank 1 is the nearest to the platform.</summary>
public sealed record Level(int Rank, string NameZh, string NameEn);

public sealed record LevelDraft
{
    public string Rank { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
}

/// <param name="Depth">How many ancestors stand between it and the root of what was asked for; 0 is that root.</param>
public sealed record MerchantNode(MerchantEntry Merchant, int Depth);

/// <param name="Text">Part of the slug or of a name.</param>
/// <param name="After">Merchants after this one, in the order in which they were made; the cursor.</param>
public sealed record MerchantFilter(string? Text = null, int? Level = null, MerchantId? Parent = null, MerchantId? After = null, int Limit = 50);

public sealed record MerchantPage(IReadOnlyList<MerchantEntry> Merchants, MerchantId? Next);

public sealed record MerchantDraft
{
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string Level { get; init; } = "";

    /// <summary>Null: directly below the platform. Only a new merchant takes it from here; later it is moved.</summary>
    public MerchantId? Parent { get; init; }
}

/// <summary>One cell of the level price list; an empty price takes it out.</summary>
public sealed record LevelPriceDraft(SkuId Sku, int Level, string Price);

public sealed record SpecialPriceDraft
{
    public MerchantId Merchant { get; init; }
    public SkuId Sku { get; init; }
    public string Price { get; init; } = "";

    /// <summary>Null: from now on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Null: until it is ended.</summary>
    public DateTimeOffset? To { get; init; }
}

public sealed record MarkupDraft
{
    public MerchantId Child { get; init; }

    /// <summary>Null: for all goods that have no policy of their own.</summary>
    public SkuId? Sku { get; init; }

    /// <summary><c>fixed</c> or <c>bps</c>.</summary>
    public string Mode { get; init; } = "";

    /// <summary>An amount when fixed, for example <c>0.0500</c>; else basis points, for example <c>40</c>.</summary>
    public string Value { get; init; } = "";
}

public sealed record QuantityTierDraft(string QuantityMin, string OffBps);

public sealed record PromotionDraft
{
    public SkuId Sku { get; init; }
    public string OffBps { get; init; } = "";
    public DateTimeOffset From { get; init; }
    public DateTimeOffset To { get; init; }
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
}

/// <param name="Budget">What its account holds now for losses below cost.</param>
public sealed record FundedPromotion(Promotion Promotion, Money Budget);

/// <summary>A place where a price list is upside down: the ancestor pays more than the one below it.</summary>
public sealed record Inversion(MerchantId Merchant, MerchantId Ancestor, SkuId Sku, Money BelowPays, Money AncestorPays);

/// <summary>One SKU on a merchant's shelves, or taken off them.</summary>
public sealed record RetailLine(SkuId Sku, Money Price, bool IsListed);

/// <param name="Listed">How many SKUs have a price now that the margin gave.</param>
/// <param name="Left">Offered SKUs for which no price within price control covers cost and fee.</param>
public sealed record ShelfFilling(int Listed, IReadOnlyList<SkuId> Left);

/// <summary>A merchant's shop as buyers see it.</summary>
/// <param name="Brand">The colour of its surfaces, <c>#rrggbb</c>.</param>
/// <param name="Ink">The text on that colour, black or white, with a contrast of at least 4.5 to 1.</param>
public sealed record Storefront(
    StorefrontId Id, MerchantId Merchant, string Slug, string NameZh, string NameEn, string NoticeZh, string NoticeEn,
    string Brand, string Ink, bool IsOpen, DateTimeOffset CreatedAt)
{
    /// <summary>One of <see cref="StorefrontThemes"/>.</summary>
    public string Theme { get; init; } = StorefrontThemes.Calm;

    /// <summary>How buyers reach whoever runs it, in its own words; may be empty.</summary>
    public string Contact { get; init; } = "";

    /// <summary>Its own domain, proved or not; null: it has none.</summary>
    public ShopDomain? Domain { get; init; }

    /// <summary>Scheme and host at which others find it: its own domain where that is proved, else the node's.</summary>
    /// <param name="node">Scheme and host of the node.</param>
    public string OriginAt(string node) => Domain is { State: DomainState.Proved } domain ? $"https://{domain.Name}" : node;

    /// <summary>The whole address of a page, as others may keep it.</summary>
    /// <param name="path">Begins with a slash, or is empty.</param>
    public string AddressAt(string node, string path = "") =>
        $"{OriginAt(node)}{(Domain is not { State: DomainState.Proved } ? $"/s/{Slug}{path}" : path.Length > 0 ? path : "/")}";
}

public sealed record StorefrontDraft
{
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string NoticeZh { get; init; } = "";
    public string NoticeEn { get; init; } = "";

    /// <summary>Empty: the house's own.</summary>
    public string Brand { get; init; } = "";

    /// <summary>One of <see cref="StorefrontThemes"/>.</summary>
    public string Theme { get; init; } = StorefrontThemes.Calm;
    public string Contact { get; init; } = "";

    /// <summary>Empty: none; null: it stays as it is.</summary>
    public string? Domain { get; init; }
    public bool IsOpen { get; init; } = true;

    /// <summary>A draft that changes nothing.</summary>
    public static StorefrontDraft Of(Storefront shop) => new()
    {
        Slug = shop.Slug, NameZh = shop.NameZh, NameEn = shop.NameEn, NoticeZh = shop.NoticeZh, NoticeEn = shop.NoticeEn,
        Brand = shop.Brand, Theme = shop.Theme, Contact = shop.Contact, IsOpen = shop.IsOpen,
    };

    /// <summary>What stands in a form, by the names of its fields.</summary>
    public static StorefrontDraft Read(Func<string, string?> field) => new()
    {
        Slug = field("slug") ?? "", NameZh = field("name_zh") ?? "", NameEn = field("name_en") ?? "", NoticeZh = field("notice_zh") ?? "", NoticeEn = field("notice_en") ?? "",
        Brand = field("brand") ?? "", Theme = field("theme") ?? "", Contact = field("contact") ?? "", Domain = field("domain"), IsOpen = field("state") == "open",
    };
}
