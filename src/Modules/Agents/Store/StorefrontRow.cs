using Lianka.Modules.Agents.Core;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents.Store;

internal sealed record StorefrontRow
{
    public const string Select =
        """
        select id, merchant_id, slug, name_zh, name_en, notice_zh, notice_en, brand, theme, contact, state, created_at,
               domain, domain_token, domain_state, domain_checked_at, domain_answered
        from storefront
        """;

    public StorefrontId Id { get; init; }
    public MerchantId MerchantId { get; init; }
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string NoticeZh { get; init; } = "";
    public string NoticeEn { get; init; } = "";
    public string Brand { get; init; } = "";
    public string Theme { get; init; } = "";
    public string Contact { get; init; } = "";
    public string State { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public string Domain { get; init; } = "";
    public string DomainToken { get; init; } = "";
    public DomainState DomainState { get; init; }
    public DateTimeOffset? DomainCheckedAt { get; init; }
    public long DomainAnswered { get; init; }

    public Storefront ToStorefront() => new(
        Id, MerchantId, Slug, NameZh, NameEn, NoticeZh, NoticeEn, Brand, BrandColour.InkOn(Brand), State == "open", CreatedAt)
    {
        Theme = Theme,
        Contact = Contact,
        Domain = Domain.Length == 0 ? null : new ShopDomain(
            Domain, DomainState, DomainRules.RecordName(Domain), DomainRules.RecordText(DomainToken), DomainCheckedAt, DomainAnswered == 1),
    };

    /// <param name="tenant">The owner; another merchant's is as if it did not exist. Null: the operator.</param>
    public static async Task<Storefront?> FindAsync(Session s, MerchantId? tenant, StorefrontId id) =>
        (await s.FirstAsync<StorefrontRow>($"{Select} where id = @id and (@Tenant = 0 or merchant_id = @Tenant)",
            new { id, Tenant = tenant?.Value ?? 0 }))?.ToStorefront();
}
