using System.Data.Common;
using System.Text.Json;
using Lianka.Kernel;
using Lianka.Modules.Catalog;
using Lianka.Platform.Data;

namespace Lianka.Modules.Suppliers;

/// <summary>What a supplier wants buyers to read of goods.</summary>
public sealed record ProposalDraft
{
    /// <summary>Null: goods that are not listed yet.</summary>
    public ProductId? Product { get; init; }
    public long CategoryId { get; init; }
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
    public string DescriptionZh { get; init; } = "";
    public string DescriptionEn { get; init; } = "";
    public string RedeemZh { get; init; } = "";
    public string RedeemEn { get; init; } = "";

    /// <summary>The hash of the picture proposed with it; null: the picture stays as it is.</summary>
    public string? Picture { get; init; }
}

public enum ProposalState { Waiting, Passed, Refused }

public sealed record Proposal
{
    public long Id { get; init; }
    public SupplierId SupplierId { get; init; }

    /// <summary>The goods it is about; of new goods only once they are passed.</summary>
    public ProductId? ProductId { get; init; }
    public string Content { get; init; } = "";
    public ProposalState State { get; init; }
    public string Reason { get; init; } = "";
    public string DecidedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    public ProposalDraft Draft => JsonSerializer.Deserialize<ProposalDraft>(Content)!;
}

/// <summary>Goods, texts and pictures that suppliers propose. Nothing of it is listed before a person has passed it with a reason.</summary>
/// <remarks>
/// New goods come in as a product that is off, for the operator to complete. Texts of goods that are listed change with the verdict.
/// Held by: tests/Integration/Onboarding/ProposalTests.cs.
/// </remarks>
public sealed class Proposals(Database database, Catalog.Catalog catalog, Pictures pictures, IdSource ids, TimeProvider clock)
{
    /// <summary>So many of one supplier may wait.</summary>
    public const int WaitingMax = 50;

    private const string Columns =
        "select id, supplier_id, product_id, content, state, reason, decided_by, created_at, decided_at from product_proposal";

    /// <summary>Those that wait first, oldest first; then the others, newest first.</summary>
    /// <param name="supplier">The tenant; null: of all, for the operator.</param>
    public Task<List<Proposal>> ListAsync(SupplierId? supplier, CancellationToken cancel = default) => database.ReadAsync(s => s.QueryAsync<Proposal>(
        $"""
        {Columns} {(supplier is null ? "" : "where supplier_id = @supplier")}
        order by case when state = 'waiting' then 0 else 1 end, case when state = 'waiting' then created_at else -created_at end, id limit 200
        """, new { supplier }), cancel);

    public Task<Proposal?> FindAsync(long id, CancellationToken cancel = default) =>
        database.ReadAsync(s => s.FirstAsync<Proposal>($"{Columns} where id = @id", new { id }), cancel);

    /// <summary>The goods whose texts a supplier may propose to change: those it has a supply of.</summary>
    public async Task<List<Product>> ProductsAsync(SupplierId supplier, CancellationToken cancel = default)
    {
        var products = new List<Product>();
        foreach (var sku in (await catalog.ListSuppliesAsync(supplier: supplier, cancel: cancel)).Select(y => y.SkuId).Distinct())
        {
            var found = await catalog.FindSkuAsync(sku, cancel);
            if (found is not null && products.TrueForAll(p => p.Id != found.ProductId)
                && await catalog.FindProductAsync(found.ProductId, cancel) is { } product)
                products.Add(product);
        }

        return products;
    }

    /// <summary>Takes a proposal, which then waits for a person. Forbidden words are refused at once.</summary>
    /// <param name="content">A picture to go with it; null: none. Its hash is not taken from the draft.</param>
    public async Task<CatalogDecision<Proposal>> ProposeAsync(
        SupplierId supplier, ProposalDraft draft, string actor, byte[]? content = null, CancellationToken cancel = default)
    {
        if (draft.Product is { } about && (await ProductsAsync(supplier, cancel)).TrueForAll(p => p.Id != about))
            return new CatalogDecision<Proposal>.Missing();
        List<FieldError> errors = [.. await catalog.CheckProductAsync(Of(draft, "proposal", "CN"), cancel)];
        if (draft.Product is null && await catalog.FindCategoryAsync(draft.CategoryId, cancel) is null)
            errors.Add(new FieldError("category_id", "not_found", "There is no such entry.", "没有这一项。"));
        var read = content is null ? null : pictures.Read(content, actor);
        if (read is CatalogDecision<Picture>.Refused bad) errors.AddRange(bad.Errors);
        if (errors.Count > 0) return new CatalogDecision<Proposal>.Refused(errors);
        var picture = (read as CatalogDecision<Picture>.Saved)?.Value;
        draft = draft with { Picture = picture?.Hash };
        var proposal = new Proposal
        {
            Id = await ids.NextAsync(), SupplierId = supplier, ProductId = draft.Product, Content = JsonSerializer.Serialize(draft), CreatedAt = clock.Now(),
        };
        return await database.WriteAsync<CatalogDecision<Proposal>>(async s =>
        {
            if (await s.ScalarAsync<long>("select count(*) from product_proposal where supplier_id = @supplier and state = 'waiting'", new { supplier }) >= WaitingMax)
                return new CatalogDecision<Proposal>.Refused([new FieldError("name_zh", "too_many",
                    $"{WaitingMax} proposals are waiting already.", $"已有 {WaitingMax} 条在等审核。")]);
            if (picture is not null) await Pictures.KeepAsync(s, picture);
            await s.ExecuteAsync(
                """
                insert into product_proposal (id, supplier_id, product_id, content, state, created_at)
                values (@Id, @SupplierId, @ProductId, @Content, 'waiting', @CreatedAt)
                """, proposal);
            return new CatalogDecision<Proposal>.Saved(proposal);
        }, cancel);
    }

    /// <summary>Passes it: new goods become a product that is off, new texts and a new picture replace the old ones; in one transaction with the verdict.</summary>
    /// <param name="slug">The address of new goods; not looked at otherwise.</param>
    /// <returns>Missing when it does not wait any more.</returns>
    public async Task<CatalogDecision<Product>> PassAsync(long id, string slug, string reason, string actor, CancellationToken cancel = default)
    {
        var made = await ids.NextAsync<OfProduct>();
        try
        {
            return await database.WriteAsync(s => PassAsync(s, id, made, slug, reason, actor), cancel);
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            return new CatalogDecision<Product>.Refused([new FieldError("slug", "taken", "This is in use already; choose another.", "已被使用，请换一个。")]);
        }
    }

    private async Task<CatalogDecision<Product>> PassAsync(Session s, long id, ProductId made, string slug, string reason, string actor)
    {
        var proposal = await s.FirstAsync<Proposal>($"{Columns} where id = @id and state = 'waiting'{s.ForUpdate}", new { id });
        if (proposal is null) return new CatalogDecision<Product>.Missing();
        var draft = proposal.Draft;
        CatalogDecision<Product> decision;
        if (proposal.ProductId is not { } about)
            decision = await catalog.SaveProductAsync(s, made, Of(draft, slug, "CN") with { State = ListingState.Off });
        else if (await catalog.FindProductAsync(s, about) is { } now)
            decision = await catalog.SaveProductAsync(s, about, Of(draft, now.Slug, now.Region) with
            {
                CategoryId = now.CategoryId, Initial = now.Initial, Tint = now.Tint, RedeemUrl = now.RedeemUrl, BrandId = now.BrandId, State = now.State,
            });
        else
            return new CatalogDecision<Product>.Missing();
        if (decision is not CatalogDecision<Product>.Saved saved) return decision;
        if (draft.Picture is not null) await pictures.PutAsync(s, saved.Value.Id, draft.Picture);
        await s.ExecuteAsync(
            """
            update product_proposal set state = 'passed', product_id = @Product, reason = @reason, decided_by = @actor, decided_at = @Now where id = @id
            """, new { id, Product = saved.Value.Id, reason, actor, Now = clock.Now() });
        return decision;
    }

    /// <returns>False when it does not wait any more.</returns>
    public async Task<bool> RefuseAsync(long id, string reason, string actor, CancellationToken cancel = default) => await database.WriteAsync(s => s.ExecuteAsync(
        """
        update product_proposal set state = 'refused', reason = @reason, decided_by = @actor, decided_at = @Now
        where id = @id and state = 'waiting'
        """, new { id, reason, actor, Now = clock.Now() }), cancel) == 1;

    private static ProductDraft Of(ProposalDraft draft, string slug, string region) => new()
    {
        Slug = slug, Region = region, CategoryId = draft.CategoryId, NameZh = draft.NameZh, NameEn = draft.NameEn,
        DescriptionZh = draft.DescriptionZh, DescriptionEn = draft.DescriptionEn, RedeemZh = draft.RedeemZh, RedeemEn = draft.RedeemEn,
    };
}
