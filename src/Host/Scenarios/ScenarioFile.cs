using System.Text.Json;
using System.Text.Json.Serialization;
using Lianka.Modules.Agents;
using Lianka.Modules.Catalog;

namespace Lianka.Host.Scenarios;

/// <summary>A scenario as it stands in its JSON file: everything but secrets, which each installation makes for itself.</summary>
internal sealed record ScenarioFile
{
    public required IReadOnlyList<LevelPart> Levels { get; init; }
    public required IReadOnlyList<CategoryPart> Categories { get; init; }
    public required IReadOnlyList<PartyPart> Suppliers { get; init; }
    public required IReadOnlyList<ConnectionPart> Connections { get; init; }
    public required IReadOnlyList<ProductPart> Products { get; init; }
    public required IReadOnlyList<MerchantPart> Merchants { get; init; }
    public required IReadOnlyList<MarkupPart> Markups { get; init; }
    public required IReadOnlyList<TierPart> QuantityTiers { get; init; }
    public required IReadOnlyList<SpecialPart> SpecialPrices { get; init; }

    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter<Scenario>() },
    };

    public static ScenarioFile Load(string name)
    {
        using var content = typeof(ScenarioFile).Assembly.GetManifestResourceStream($"scenario/{name}.json")
            ?? throw new InvalidOperationException($"The scenario {name} is not part of this program.");
        return JsonSerializer.Deserialize<ScenarioFile>(content, _options)!;
    }
}

internal sealed record LevelPart(int Rank, string NameZh, string NameEn);

/// <param name="Scenario">Left out: a list.</param>
internal sealed record CategoryPart(string Slug, string NameZh, string NameEn, string Tint, Scenario Scenario = Scenario.List);

internal sealed record PartyPart(string Slug, string NameZh, string NameEn);

/// <param name="Template">The configuration that comes with the program; the system itself is the simulator.</param>
internal sealed record ConnectionPart(string Name, string Supplier, string Template, IReadOnlyDictionary<string, string> Secrets);

internal sealed record ProductPart
{
    public required string Slug { get; init; }
    public required string Category { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public required string Region { get; init; }
    public required string Initial { get; init; }
    public required string Tint { get; init; }
    public required string DescriptionZh { get; init; }
    public required string DescriptionEn { get; init; }
    public required string RedeemZh { get; init; }
    public required string RedeemEn { get; init; }
    public required string RedeemUrl { get; init; }
    public required IReadOnlyList<SkuPart> Skus { get; init; }
}

internal sealed record SkuPart
{
    public required string Code { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public required string FaceValue { get; init; }
    public required string FaceCurrency { get; init; }
    public required string SuggestedRetail { get; init; }
    public required string RetailFloor { get; init; }
    public required string RetailCeiling { get; init; }
    public required int QtyMax { get; init; }

    /// <summary>What a buyer gives for a direct SKU, a field a line; a SKU without is one of cards.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
    public required IReadOnlyList<SupplyPart> Supplies { get; init; }

    /// <summary>By rank of the level.</summary>
    public required IReadOnlyDictionary<string, string> LevelPrices { get; init; }
}

internal sealed record SupplyPart
{
    public required string Supplier { get; init; }
    public required string Cost { get; init; }
    public required int HoldSeconds { get; init; }
    public required int Priority { get; init; }

    /// <summary>The connection where a direct SKU is bought, by name, and what the goods are called there.</summary>
    public string? Connection { get; init; }
    public string UpstreamCode { get; init; } = "";
    public int Cards { get; init; }

    /// <summary>What a card looks like: <c>X</c> a letter or digit, <c>A</c> a letter, <c>9</c> a digit, all else itself.</summary>
    public string SecretPattern { get; init; } = "";

    /// <summary>Null where a card is a secret alone.</summary>
    public string? NumberPattern { get; init; }
    public int ExpiresDays { get; init; }
}

internal sealed record MerchantPart
{
    public required string Slug { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public required int Level { get; init; }

    /// <summary>The slug of a merchant that stands earlier in the file.</summary>
    public string? Parent { get; init; }
    public required string Wallet { get; init; }
    public required StorefrontPart Storefront { get; init; }
}

internal sealed record StorefrontPart
{
    public required string Slug { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
    public required string NoticeZh { get; init; }
    public required string NoticeEn { get; init; }
    public required string Brand { get; init; }

    /// <summary>Left out: the quiet one.</summary>
    public string Theme { get; init; } = StorefrontThemes.Calm;
    public required int RetailMarginBps { get; init; }
}

internal sealed record MarkupPart(string Parent, string Child, string Mode, string Value);

internal sealed record TierPart(string Sku, int MinQty, int OffBps);

internal sealed record SpecialPart(string Merchant, string Sku, string Price);
