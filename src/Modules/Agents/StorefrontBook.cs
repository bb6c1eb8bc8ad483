using Lianka.Kernel;
using Lianka.Modules.Agents.Core;
using Lianka.Modules.Agents.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Agents;

/// <summary>The shops of merchants: their addresses, names, notices, colours, themes and contacts. Every change raises the version 'access'.</summary>
public sealed class StorefrontBook(Database database, IdSource ids, Access access, TimeProvider clock)
{
    /// <summary>How many shops one merchant may have.</summary>
    public const int PerMerchantMax = 10;

    /// <summary>The storefront of an address, open or closed; null when there is none. No database.</summary>
    public Storefront? FindBySlug(string slug) => access.FindStorefront(slug);

    /// <param name="tenant">The owner; another merchant's is as if it did not exist. Null: the operator.</param>
    public Task<Storefront?> FindAsync(MerchantId? tenant, StorefrontId id, CancellationToken cancel = default) =>
        database.ReadAsync(s => StorefrontRow.FindAsync(s, tenant, id), cancel);

    /// <summary>A merchant's shops, or all (at most 1,000), in the order in which they were made.</summary>
    public Task<List<Storefront>> ListAsync(MerchantId? merchant = null, CancellationToken cancel = default) => database.ReadAsync(async s =>
        (await s.QueryAsync<StorefrontRow>(
            $"{StorefrontRow.Select} where (@Merchant = 0 or merchant_id = @Merchant) order by id limit 1000",
            new { Merchant = merchant?.Value ?? 0 })).ConvertAll(r => r.ToStorefront()), cancel);

    public async Task<AgentsDecision<Storefront>> CreateAsync(MerchantId merchant, StorefrontDraft draft, CancellationToken cancel = default)
    {
        var id = await ids.NextAsync<OfStorefront>();
        var (shop, domain, errors) = Read(draft, id, merchant, clock.Now());
        if (errors.Count > 0) return new AgentsDecision<Storefront>.Refused(errors);
        var decision = await database.WriteAsync<AgentsDecision<Storefront>>(async s =>
        {
            await s.RaiseAccessAsync();
            if (await s.ScalarAsync<long>("select count(*) from merchant where id = @merchant", new { merchant }) == 0)
                return new AgentsDecision<Storefront>.Missing();
            if (await s.ScalarAsync<long>("select count(*) from storefront where merchant_id = @merchant", new { merchant }) >= PerMerchantMax)
                return new AgentsDecision<Storefront>.Refused([new("slug", "too_many",
                    $"At most {PerMerchantMax} storefronts.", $"最多 {PerMerchantMax} 个店铺。")]);
            var written = await s.ExecuteAsync(
                """
                insert into storefront (id, merchant_id, slug, name_zh, name_en, notice_zh, notice_en, brand, theme, contact, state, created_at)
                values (@Id, @Merchant, @Slug, @NameZh, @NameEn, @NoticeZh, @NoticeEn, @Brand, @Theme, @Contact, @State, @CreatedAt)
                on conflict (slug) do nothing
                """, Values(shop));
            if (written == 0) return new AgentsDecision<Storefront>.Refused([Refusals.Taken("slug")]);
            return new AgentsDecision<Storefront>.Saved(await ShopDomains.NameAsync(s, shop, domain));
        }, cancel);
        await access.RefreshAsync(cancel);
        return decision;
    }

    /// <param name="tenant">The owner; another merchant's is as if it did not exist. Null: the operator.</param>
    public async Task<AgentsDecision<Storefront>> UpdateAsync(
        MerchantId? tenant, StorefrontId id, StorefrontDraft draft, CancellationToken cancel = default)
    {
        var (shop, domain, errors) = Read(draft, id, default, default);
        if (errors.Count > 0) return new AgentsDecision<Storefront>.Refused(errors);
        var decision = await database.WriteAsync<AgentsDecision<Storefront>>(async s =>
        {
            await s.RaiseAccessAsync();
            if (await StorefrontRow.FindAsync(s, tenant, id) is null) return new AgentsDecision<Storefront>.Missing();
            if (await s.ScalarAsync<long>("select count(*) from storefront where slug = @Slug and id <> @Id", new { shop.Slug, shop.Id }) > 0)
                return new AgentsDecision<Storefront>.Refused([Refusals.Taken("slug")]);
            await s.ExecuteAsync(
                """
                update storefront set slug = @Slug, name_zh = @NameZh, name_en = @NameEn, notice_zh = @NoticeZh,
                    notice_en = @NoticeEn, brand = @Brand, theme = @Theme, contact = @Contact, state = @State
                where id = @Id
                """, Values(shop));
            return new AgentsDecision<Storefront>.Saved(await ShopDomains.NameAsync(s, (await StorefrontRow.FindAsync(s, tenant, id))!, domain));
        }, cancel);
        await access.RefreshAsync(cancel);
        return decision;
    }

    /// <summary>The shop as it would be with this draft. Nothing is saved, and what saving would refuse is as it is now.</summary>
    /// <param name="now">Null: there is none yet.</param>
    /// <remarks>Held by: tests/Unit/Agents/PreviewExamples.cs.</remarks>
    public static Storefront Preview(MerchantId merchant, Storefront? now, StorefrontDraft draft)
    {
        var kept = now is null ? new StorefrontDraft { Slug = "preview", NameZh = "店名", NameEn = "Shop name" } : StorefrontDraft.Of(now);
        var refused = Read(draft, default, merchant, default).Errors.Select(e => e.Field).ToHashSet(StringComparer.Ordinal);
        string Usable(string field, string typed, string before) => refused.Contains(field) ? before : typed;
        return Read(kept with
        {
            Slug = Usable("slug", draft.Slug, kept.Slug), NameZh = Usable("name_zh", draft.NameZh, kept.NameZh), NameEn = Usable("name_en", draft.NameEn, kept.NameEn),
            NoticeZh = Usable("notice_zh", draft.NoticeZh, kept.NoticeZh), NoticeEn = Usable("notice_en", draft.NoticeEn, kept.NoticeEn),
            Brand = Usable("brand", draft.Brand, kept.Brand), Theme = Usable("theme", draft.Theme, kept.Theme), Contact = Usable("contact", draft.Contact, kept.Contact),
            IsOpen = draft.IsOpen,
        }, now?.Id ?? default, merchant, now?.CreatedAt ?? default).Shop with { Domain = now?.Domain };
    }

    private static (Storefront Shop, string? Domain, IReadOnlyList<FieldError> Errors) Read(
        StorefrontDraft draft, StorefrontId id, MerchantId merchant, DateTimeOffset createdAt)
    {
        var check = new FieldCheck();
        var brand = check.Tint("brand", draft.Brand).ToLowerInvariant();
        if (brand.Length == 0 || check.Errors.Count > 0) brand = BrandColour.House;
        if (!StorefrontThemes.All.Contains(draft.Theme))
            check.Add("theme", "unknown_value", "Choose one of the themes offered.", "请选择给出的风格之一。");
        var shop = new Storefront(
            id, merchant, check.Slug("slug", draft.Slug), check.Name("name_zh", draft.NameZh), check.Name("name_en", draft.NameEn),
            check.Text("notice_zh", draft.NoticeZh, 500, lines: true), check.Text("notice_en", draft.NoticeEn, 500, lines: true),
            brand, BrandColour.InkOn(brand), draft.IsOpen, createdAt) { Theme = draft.Theme, Contact = check.Text("contact", draft.Contact, 200, lines: false) };
        var domain = draft.Domain is null ? null : DomainRules.Read(check, "domain", draft.Domain);
        return (shop, domain, check.Errors);
    }

    private static object Values(Storefront shop) => new
    {
        shop.Id,
        shop.Merchant,
        shop.Slug,
        shop.NameZh,
        shop.NameEn,
        shop.NoticeZh,
        shop.NoticeEn,
        shop.Brand,
        shop.Theme,
        shop.Contact,
        State = shop.IsOpen ? "open" : "closed",
        shop.CreatedAt,
    };
}
