using Lianka.Kernel;
using Lianka.Modules.Catalog.Core;
using Lianka.Modules.Catalog.Store;
using Lianka.Platform.Data;

namespace Lianka.Modules.Catalog;

/// <summary>What the contract in force says of a supplier.</summary>
public sealed record SupplierTerms
{
    public required SupplierId SupplierId { get; init; }
    public required long ContractId { get; init; }

    /// <summary>Taken from the cost of what is drawn from stock or delivered by hand.</summary>
    public required long CommissionBps { get; init; }

    /// <summary>What a new supply gets when none is said.</summary>
    public required long HoldSeconds { get; init; }

    /// <summary>Where accounts may be, separated by commas; empty: anywhere.</summary>
    public required string Regions { get; init; }
}

/// <summary>That goods are supplied by one supplier alone.</summary>
public sealed record ExclusiveProduct
{
    public required ProductId ProductId { get; init; }
    public required SupplierId SupplierId { get; init; }
}

/// <summary>The terms in force, as offers are read with them. Suppliers' contracts say what they are; here they are compared and put.</summary>
/// <remarks>Runs in the caller's transaction; the version 'prices' moves only when something changed. Held by: tests/Integration/Onboarding/ContractTests.cs.</remarks>
public static class Terms
{
    public static Task<List<SupplierTerms>> AllAsync(Session session) => session.QueryAsync<SupplierTerms>(
        "select supplier_id, contract_id, commission_bps, hold_seconds, regions from supplier_terms");

    public static Task<List<ExclusiveProduct>> ExclusivesAsync(Session session) =>
        session.QueryAsync<ExclusiveProduct>("select product_id, supplier_id from exclusive_product");

    /// <summary>Makes exactly these terms stand.</summary>
    public static async Task PutAsync(Session session, IReadOnlyCollection<SupplierTerms> terms, IReadOnlyCollection<ExclusiveProduct> exclusives)
    {
        var (there, kept) = (await AllAsync(session), await ExclusivesAsync(session));
        var changed = 0;
        // In one order on every node, so that two that do the same wait for each other and not in a ring.
        foreach (var gone in there.ExceptBy(terms.Select(t => t.SupplierId), t => t.SupplierId).OrderBy(t => t.SupplierId))
            changed += await session.ExecuteAsync("delete from supplier_terms where supplier_id = @SupplierId", gone);
        foreach (var term in terms.Except(there).OrderBy(t => t.SupplierId))
            changed += await session.ExecuteAsync(
                """
                insert into supplier_terms (supplier_id, contract_id, commission_bps, hold_seconds, regions)
                values (@SupplierId, @ContractId, @CommissionBps, @HoldSeconds, @Regions)
                on conflict (supplier_id) do update set contract_id = excluded.contract_id, commission_bps = excluded.commission_bps,
                    hold_seconds = excluded.hold_seconds, regions = excluded.regions
                """, term);
        foreach (var gone in kept.ExceptBy(exclusives.Select(e => e.ProductId), e => e.ProductId).OrderBy(e => e.ProductId))
            changed += await session.ExecuteAsync("delete from exclusive_product where product_id = @ProductId", gone);
        foreach (var exclusive in exclusives.Except(kept).OrderBy(e => e.ProductId))
            changed += await session.ExecuteAsync(
                """
                insert into exclusive_product (product_id, supplier_id) values (@ProductId, @SupplierId)
                on conflict (product_id) do update set supplier_id = excluded.supplier_id
                """, exclusive);
        if (changed > 0) await CatalogWrites.BumpAsync(session);
    }

    /// <summary>The goods that a supplier would sell, and another supplies alone.</summary>
    public static Task<List<Product>> ClosedAsync(Session session, SupplierId supplier) => session.QueryAsync<Product>(
        $"""
        {CatalogReads.Product} where exists (
            select 1 from exclusive_product e join sku k on k.product_id = e.product_id join supply y on y.sku_id = k.id
            where e.product_id = product.id and e.supplier_id <> @supplier and y.supplier_id = @supplier and y.state = 'active')
        order by id
        """, new { supplier });

    /// <summary>What a unit of a supply brings its supplier now; null: its cost is unknown.</summary>
    public static Money? Owed(Money? cost, bool isConnected, SupplierTerms? terms) =>
        cost is { } whole ? TermsRule.Owed(whole, terms?.CommissionBps ?? 0, isConnected) : null;

    internal static Task<SupplierTerms?> FindAsync(Session session, SupplierId supplier) => session.FirstAsync<SupplierTerms>(
        "select supplier_id, contract_id, commission_bps, hold_seconds, regions from supplier_terms where supplier_id = @supplier", new { supplier });

    /// <summary>What contracts have against a supply as it is to be saved: its regions, and that somebody else supplies the goods alone.</summary>
    internal static async Task<List<FieldError>> CheckAsync(Session session, Supply supply)
    {
        var errors = new List<FieldError>();
        var terms = await FindAsync(session, supply.SupplierId);
        if (TermsRule.NotAgreed(supply.Regions, terms?.Regions ?? "") is { Count: > 0 } not)
            errors.Add(new FieldError("regions", "not_agreed",
                $"The supplier's contract is for {terms!.Regions}; it does not have {string.Join(", ", not)}.", $"供应商合同约定的地区是 {terms.Regions}，不含 {string.Join("、", not)}。"));
        // What is off harms nobody: it is refused when it is to sell.
        if (supply.State == SupplyState.Active && await session.FirstAsync<NameRow>(
            """
            select r.name_zh, r.name_en from exclusive_product e join sku k on k.product_id = e.product_id join supplier r on r.id = e.supplier_id
            where k.id = @SkuId and e.supplier_id <> @SupplierId
            """, new { supply.SkuId, supply.SupplierId }) is { } other)
            errors.Add(new FieldError("supplier", "exclusive",
                $"By contract these goods are supplied by {other.NameEn} alone.", $"按合同，这个商品由「{other.NameZh}」独家供应。"));
        return errors;
    }

    private sealed record NameRow
    {
        public string NameZh { get; init; } = "";
        public string NameEn { get; init; } = "";
    }
}
