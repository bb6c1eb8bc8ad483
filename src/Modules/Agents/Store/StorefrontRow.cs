using Lianka.Modules.Agents;

namespace Lianka.Modules.Agents.Store;

internal sealed record StorefrontRow
{
    public const string Select =
        "select id, merchant_id, slug, name_zh, name_en, notice_zh, notice_en, brand, state, created_at from storefront";

    public StorefrontId Id { get; init; }
    public MerchantId MerchantId { get; init; }
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string NoticeZh { get; init; } = "";
    public string NoticeEn { get; init; } = "";
    public string Brand { get; init; } = "";
    public string State { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    public Storefront ToStorefront() => new(
        Id, MerchantId, Slug, NameZh, NameEn, NoticeZh, NoticeEn, Brand, BrandColour.InkOn(Brand), State == "open", CreatedAt);
}
