using System.Data.Common;
using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>Why nothing of a supplier is offered. Several stand at once.</summary>
public static class StopReasons
{
    /// <summary>The deposit is below the required cover.</summary>
    public const string Deposit = "deposit";

    /// <summary>The business licence ran out.</summary>
    public const string Licence = "licence";

    /// <summary>The grade is the lowest.</summary>
    public const string Grade = "grade";
}

/// <summary>Whose name goods carry.</summary>
public sealed record Brand
{
    public required long Id { get; init; }
    public required string Slug { get; init; }
    public required string NameZh { get; init; }
    public required string NameEn { get; init; }
}

public sealed record BrandDraft
{
    public string Slug { get; init; } = "";
    public string NameZh { get; init; } = "";
    public string NameEn { get; init; } = "";
}

public sealed record SupplierStop
{
    public required SupplierId SupplierId { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset Since { get; init; }
}

/// <param name="From">A to E; null: none.</param>
/// <param name="To">A to E; null: none any more.</param>
public sealed record GradeChange(SupplierId Supplier, string? From, string? To);

/// <summary>That a supplier may sell a brand.</summary>
public sealed record BrandPermit
{
    public required SupplierId SupplierId { get; init; }
    public required long BrandId { get; init; }
}

/// <summary>A category in which a supplier would sell something if nothing stopped it.</summary>
public sealed record CoveredCategory
{
    public required SupplierId SupplierId { get; init; }
    public required long CategoryId { get; init; }
}

/// <summary>What keeps one supply from being offered; each 1 is a reason.</summary>
public sealed record SupplyCheck
{
    public required SupplyId SupplyId { get; init; }
    public required SkuKind Kind { get; init; }

    /// <summary>The operator took it off.</summary>
    public long Off { get; init; }

    /// <summary>The supplier stopped it for now.</summary>
    public long Paused { get; init; }
    public long NoCost { get; init; }

    /// <summary>The supplier is suspended by hand.</summary>
    public long Suspended { get; init; }

    /// <summary>The SKU or its product is off.</summary>
    public long Unlisted { get; init; }

    /// <summary>The goods are of a brand that the supplier has no valid authorisation for.</summary>
    public long Unpermitted { get; init; }

    /// <summary>By contract another supplies the goods alone.</summary>
    public long Closed { get; init; }
}

/// <summary>Who may sell what, beside the state that people set: brands with their permits, and stops with their reasons.</summary>
/// <remarks>
/// A product of a brand is offered only from suppliers with a permit, so a supply that was just made waits for its certificate.
/// Whoever knows a reason says for which suppliers it holds; the rest is compared here, and the version 'prices' moves only when
/// something changed. All but the lists runs in the caller's transaction.
/// </remarks>
public sealed class Selling(Database database, IdSource ids)
{
    public Task<List<Brand>> ListBrandsAsync(CancellationToken cancel = default) =>
        database.ReadAsync(s => s.QueryAsync<Brand>("select id, slug, name_zh, name_en from brand order by slug"), cancel);

    /// <param name="id">Null: a new one.</param>
    public async Task<CatalogDecision<Brand>> SaveBrandAsync(long? id, BrandDraft draft, CancellationToken cancel = default)
    {
        var (value, errors) = CatalogRules.Check(draft, id ?? await ids.NextAsync());
        if (errors.Count > 0) return new CatalogDecision<Brand>.Refused(errors);
        try
        {
            var written = await database.WriteAsync(s => s.ExecuteAsync(id is null
                ? "insert into brand (id, slug, name_zh, name_en) values (@Id, @Slug, @NameZh, @NameEn)"
                : "update brand set slug = @Slug, name_zh = @NameZh, name_en = @NameEn where id = @Id", value), cancel);
            return written == 1 ? new CatalogDecision<Brand>.Saved(value) : new CatalogDecision<Brand>.Missing();
        }
        catch (DbException fault) when (Database.IsDuplicate(fault))
        {
            return new CatalogDecision<Brand>.Refused([CatalogRules.Taken("slug")]);
        }
    }

    /// <summary>The stops of one supplier, or of all.</summary>
    public static Task<List<SupplierStop>> StopsAsync(Session session, SupplierId? supplier = null) => session.QueryAsync<SupplierStop>(
        $"select supplier_id, reason, since from supplier_stop {(supplier is null ? "" : "where supplier_id = @supplier")} order by supplier_id, since",
        new { supplier });

    public static Task<List<BrandPermit>> PermitsAsync(Session session, SupplierId? supplier = null) => session.QueryAsync<BrandPermit>(
        $"select supplier_id, brand_id from brand_permit {(supplier is null ? "" : "where supplier_id = @supplier")}", new { supplier });

    /// <summary>The brands of what a supplier would sell, and has no permit for.</summary>
    public static Task<List<Brand>> UnpermittedAsync(Session session, SupplierId supplier) => session.QueryAsync<Brand>(
        """
        select b.id, b.slug, b.name_zh, b.name_en from brand b
        where exists (select 1 from supply y join sku k on k.id = y.sku_id join product p on p.id = k.product_id
                      where p.brand_id = b.id and y.supplier_id = @supplier and y.state = 'active')
          and not exists (select 1 from brand_permit m where m.brand_id = b.id and m.supplier_id = @supplier)
        order by b.slug
        """, new { supplier });

    /// <summary>Something of the supplier's would sell, and is off for a reason beside stock and listing.</summary>
    /// <remarks>Begins with what is rare: stops, exclusive goods, brands without a permit. Most suppliers have thousands of supplies and none of these.</remarks>
    public static async Task<bool> IsAnyStoppedAsync(Session session, SupplierId supplier)
    {
        const string WouldSell = "y.supplier_id = @supplier and y.state = 'active' and y.paused = 0 and y.cost is not null";
        return await session.ScalarAsync<long>(
            $"""
            select case when (exists (select 1 from supplier where id = @supplier and state <> 'active') or exists (select 1 from supplier_stop where supplier_id = @supplier))
                    and exists (select 1 from supply y where {WouldSell})
                or exists (select 1 from exclusive_product e join sku k on k.product_id = e.product_id join supply y on y.sku_id = k.id
                           where e.supplier_id <> @supplier and {WouldSell})
                or exists (select 1 from product p join sku k on k.product_id = p.id join supply y on y.sku_id = k.id
                           where p.brand_id is not null and {WouldSell}
                             and not exists (select 1 from brand_permit m where m.supplier_id = @supplier and m.brand_id = p.brand_id))
                then 1 else 0 end
            """, new { supplier }) == 1;
    }

    /// <summary>What keeps each supply of a supplier from being offered, beside the reasons that stop the supplier as a whole.</summary>
    /// <param name="products">Null: all.</param>
    public static Task<List<SupplyCheck>> ChecksAsync(
        Session session, SupplierId supplier, IReadOnlyCollection<ProductId>? products = null) => session.QueryAsync<SupplyCheck>(
        $"""
        select y.id as supply_id, k.kind, case when y.state <> 'active' then 1 else 0 end as off, y.paused, case when y.cost is null then 1 else 0 end as no_cost,
               case when r.state <> 'active' then 1 else 0 end as suspended,
               case when k.state <> 'listed' or p.state <> 'listed' then 1 else 0 end as unlisted,
               case when p.brand_id is not null and not exists (select 1 from brand_permit m where m.brand_id = p.brand_id and m.supplier_id = y.supplier_id)
                    then 1 else 0 end as unpermitted,
               case when exists (select 1 from exclusive_product e where e.product_id = p.id and e.supplier_id <> y.supplier_id) then 1 else 0 end as closed
        from supply y join sku k on k.id = y.sku_id join product p on p.id = k.product_id join supplier r on r.id = y.supplier_id
        where y.supplier_id = @supplier{(products is null ? "" : $" and {session.AnyOf("p.id", "@Products")}")}
        """, new { supplier, Products = session.List((products ?? []).Select(p => p.Value)) });

    /// <summary>In which categories the suppliers, or one of them, would sell something: an active supply with a cost, of a listed SKU.</summary>
    /// <remarks>Stops, permits and the supplier's state are not looked at: what is off for a while is still to be covered, or it would
    /// come back by being off.</remarks>
    public static Task<List<CoveredCategory>> CategoriesAsync(Session session, SupplierId? supplier = null) => session.QueryAsync<CoveredCategory>(
        $"""
        select distinct y.supplier_id, p.category_id
        from supply y join sku k on k.id = y.sku_id join product p on p.id = k.product_id
        where y.state = 'active' and y.cost is not null and k.state = 'listed' and p.state = 'listed'
          {(supplier is null ? "" : "and y.supplier_id = @supplier")}
        """, new { supplier });

    /// <summary>Makes the reason stand for exactly these of the suppliers looked at.</summary>
    /// <param name="there">The stops of the suppliers looked at, read before that on which the reason rests: what changes meanwhile
    /// is then seen by the next look, and never undone by this one.</param>
    /// <returns>Those for whom it began to stand.</returns>
    public static async Task<List<SupplierId>> StopAsync(
        Session session, string reason, IReadOnlyCollection<SupplierStop> there, IReadOnlySet<SupplierId> suppliers, DateTimeOffset now)
    {
        var standing = there.Where(t => t.Reason == reason).ToDictionary(t => t.SupplierId);
        var begun = new List<SupplierId>();
        // In one order on every node, so that two that do the same wait for each other and not in a ring.
        foreach (var supplier in suppliers.Where(s => !standing.ContainsKey(s)).Order())
            if (await session.ExecuteAsync(
                    "insert into supplier_stop (supplier_id, reason, since) values (@supplier, @reason, @now) on conflict do nothing",
                    new { supplier, reason, now }) == 1)
                begun.Add(supplier);
        var ended = 0;
        foreach (var stop in standing.Values.Where(t => !suppliers.Contains(t.SupplierId)).OrderBy(t => t.SupplierId))
            ended += await session.ExecuteAsync(
                "delete from supplier_stop where supplier_id = @SupplierId and reason = @Reason and since = @Since", stop);
        if (begun.Count + ended > 0) await CatalogWrites.BumpAsync(session);
        return begun;
    }

    /// <summary>Makes exactly these grades act: on the hold time of what is sold from then on, and on where it is drawn from.</summary>
    /// <returns>Whose grade changed.</returns>
    public static async Task<List<GradeChange>> GradeAsync(Session session, IReadOnlyDictionary<SupplierId, string> grades)
    {
        var changes = new List<GradeChange>();
        // In one order on every node, so that two that do the same wait for each other and not in a ring.
        foreach (var was in await session.QueryAsync<GradeRow>("select id, grade from supplier order by id"))
        {
            var now = grades.GetValueOrDefault(was.Id);
            if (now == was.Grade) continue;
            if (await session.ExecuteAsync(
                    "update supplier set grade = @now where id = @Id and coalesce(grade, '') = coalesce(@Grade, '')", new { now, was.Id, was.Grade }) == 1)
                changes.Add(new GradeChange(was.Id, was.Grade, now));
        }

        if (changes.Count > 0) await CatalogWrites.BumpAsync(session);
        return changes;
    }

    private sealed record GradeRow
    {
        public SupplierId Id { get; init; }
        public string? Grade { get; init; }
    }

    /// <summary>Makes exactly these permits stand.</summary>
    /// <param name="there">All permits, read before that on which the new ones rest.</param>
    public static async Task PermitAsync(Session session, IReadOnlyCollection<BrandPermit> there, IReadOnlySet<BrandPermit> permits)
    {
        var changed = 0;
        foreach (var permit in permits.Except(there).OrderBy(p => (p.SupplierId, p.BrandId)))
            changed += await session.ExecuteAsync(
                "insert into brand_permit (supplier_id, brand_id) values (@SupplierId, @BrandId) on conflict do nothing", permit);
        foreach (var permit in there.Except(permits).OrderBy(p => (p.SupplierId, p.BrandId)))
            changed += await session.ExecuteAsync(
                "delete from brand_permit where supplier_id = @SupplierId and brand_id = @BrandId", permit);
        if (changed > 0) await CatalogWrites.BumpAsync(session);
    }
}
